package bulk

import (
	"context"
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/blocking"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

func (a *Asker) askBlock(k known) {
	by := a.Actor()
	options := blocking.NewBlockOptions(k.reasons, data.Typed{})
	ids, names := k.sure, k.sureNames
	var d *widgets.Dialog
	var asked []fyne.CanvasObject
	question, who := newQuestion(data.Blocked, names, len(ids))
	if n := len(k.Active) - len(k.sure); n > 0 {
		leave := widgets.NewCheck("Leave "+them(n)+" out", func(leave bool) {
			if ids, names = k.Active, k.names; leave {
				ids, names = k.sure, k.sureNames
			}
			question.SetText(questionOf(data.Blocked, len(ids)))
			who.SetText(andMore(names, len(ids)))
			d.ConfirmButton().SetText(buttonOf(data.Blocked, len(ids)))
			d.SetTitle(titleOf(data.Blocked, len(ids)))
		})
		leave.Checked = true
		asked = append(asked, leave)
	}
	texts := k.doubts
	var sure *widgets.Check
	if k.hasty {
		texts = append(texts, "This makes more than 10 blocks in 10 minutes. Make sure that all of them are meant.")
		sure = widgets.NewCheck("I have read this and want to block", nil)
		asked = append(asked, sure)
	}
	body := about(question, who,
		"New messages are held, not shown, and make no sound.",
		"Nothing can be sent to them from this desk.",
		"The chats and their history stay. You can unblock at any time.",
		alreadySo(len(k.Blocked), "is blocked already and stays so.", "are blocked already and stay so."),
	)
	if len(texts) > 0 {
		body.Add(blocking.Caution(texts, asked...))
	}
	body.Add(options.Box)
	choices := []widgets.DialogOption{widgets.WithConfirm(buttonOf(data.Blocked, len(ids)), widgets.Danger, func() {
		if len(ids) == 0 {
			d.SetError("There is nobody left to block.")
			return
		}
		if sure != nil && !sure.Checked {
			d.SetError("These are many. Tick the box first.")
			return
		}
		ask, err := options.Request(a.Desk.Now())
		if err != nil {
			d.SetError(desk.Explain(err))
			return
		}
		meant := ids
		a.start(d, deed{want: data.Blocked, count: len(meant), do: func(ctx context.Context, told func(desk.Progress)) (desk.BulkResult, error) {
			return a.Desk.BlockMany(ctx, by, meant, ask, told)
		}})
	})}
	if sure != nil {
		choices = append(choices, widgets.WithFocus(sure))
	}
	d = widgets.NewDialog(a.Canvas, titleOf(data.Blocked, len(ids)), body, choices...)
	d.Show()
}

func (a *Asker) askUnblock(k known) {
	by, ids := a.Actor(), k.Blocked
	options := blocking.NewUnblockOptions(k.Held, data.Typed{})
	question, who := newQuestion(data.Active, k.names, len(ids))
	body := about(question, who,
		"New messages are shown again, with sound and unread mark.",
		"You can write to them again.",
		heldEffect(k.Held),
		alreadySo(len(k.Active), "is not blocked and stays so.", "are not blocked and stay so."),
	)
	body.Add(options.Box)
	var d *widgets.Dialog
	d = widgets.NewDialog(a.Canvas, titleOf(data.Active, len(ids)), body,
		widgets.WithConfirm(buttonOf(data.Active, len(ids)), widgets.Confirm, func() {
			ask := options.Request()
			a.start(d, deed{want: data.Active, count: len(ids), do: func(ctx context.Context, told func(desk.Progress)) (desk.BulkResult, error) {
				return a.Desk.UnblockMany(ctx, by, ids, ask, told)
			}})
		}))
	d.Show()
}

// newQuestion asks, and names the first of so many customers.
func newQuestion(want data.Status, names []string, count int) (question, who *widgets.Paragraph) {
	question = widgets.NewParagraph(questionOf(want, count), theme.Text, theme.Body)
	who = widgets.NewParagraph(andMore(names, count), theme.Text, theme.Body)
	who.SetStyle(fyne.TextStyle{Bold: true})
	return question, who
}

// about says whom it is about under the question, then what the act will do.
func about(question, who fyne.CanvasObject, effects ...string) *fyne.Container {
	list := container.New(layout.NewCustomPaddedVBoxLayout(4))
	for _, effect := range effects {
		if effect != "" {
			list.Add(widgets.NewBullet(effect))
		}
	}
	return container.New(layout.NewCustomPaddedVBoxLayout(12), question, who, list)
}

// andMore names the first of so many.
func andMore(names []string, count int) string {
	if count == 0 {
		return "Nobody"
	}
	switch more := count - len(names); {
	case more > 0:
		return strings.Join(names, ", ") + " and " + widgets.FormatCount(more) + " more"
	case len(names) > 1:
		return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
	}
	return strings.Join(names, "")
}

// verbOf is the word for what is to be done.
func verbOf(want data.Status) string {
	if want == data.Blocked {
		return "Block"
	}
	return "Unblock"
}

func titleOf(want data.Status, n int) string { return verbOf(want) + " " + customers(n, "Customer") }

func questionOf(want data.Status, n int) string {
	whom := "these customers"
	if n == 1 {
		whom = "this customer"
	}
	return "Are you sure you want to " + strings.ToLower(verbOf(want)) + " " + whom + "?"
}

func buttonOf(want data.Status, n int) string { return verbOf(want) + " " + widgets.FormatCount(n) }

func customers(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return widgets.FormatCount(n) + " " + word + "s"
}

func them(n int) string {
	if n == 1 {
		return "this one"
	}
	return "these " + widgets.FormatCount(n)
}

func alreadySo(n int, one, many string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 of those selected " + one
	}
	return widgets.FormatCount(n) + " of those selected " + many
}

func nothingToDo(want data.Status, n int) string {
	is := "blocked already"
	if want == data.Active {
		is = "not blocked"
	}
	if n == 1 {
		return "This customer is " + is + ". Nothing was changed."
	}
	return "These customers are all " + is + ". Nothing was changed."
}

func heldEffect(held int) string {
	switch held {
	case 0:
		return "No messages were held."
	case 1:
		return "1 held message comes into its chat, at its own time."
	}
	return fmt.Sprintf("%s held messages come into their chats, each at its own time.", widgets.FormatCount(held))
}
