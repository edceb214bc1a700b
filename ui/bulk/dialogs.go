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

func (a *BulkController) showBlock(k dialogData) {
	by := a.Actor()
	options := blocking.NewBlockOptions(k.reasons, data.Typed{})
	ids, names := k.unwarned, k.unwarnedNames
	var d *widgets.Dialog
	var asked []fyne.CanvasObject
	question, who := newPrompt(data.Blocked, names, len(ids))
	if n := len(k.Active) - len(k.unwarned); n > 0 {
		leave := widgets.NewCheck("Leave "+theseText(n)+" out", func(leave bool) {
			if ids, names = k.Active, k.names; leave {
				ids, names = k.unwarned, k.unwarnedNames
			}
			question.SetText(promptText(data.Blocked, len(ids)))
			who.SetText(joinNames(names, len(ids)))
			d.ConfirmButton().SetText(buttonText(data.Blocked, len(ids)))
			d.SetTitle(dialogTitle(data.Blocked, len(ids)))
		})
		leave.Checked = true
		asked = append(asked, leave)
	}
	texts := k.warnings
	var sure *widgets.Check
	if k.tooMany {
		texts = append(texts, "This makes more than 10 blocks in 10 minutes. Make sure that all of them are meant.")
		sure = widgets.NewCheck("I have read this and want to block", nil)
		asked = append(asked, sure)
	}
	body := newDialogBody(question, who,
		"New messages are held, not shown, and make no sound.",
		"Nothing can be sent to them from this desk.",
		"The chats and their history stay. You can unblock at any time.",
		unchangedText(len(k.Blocked), "is blocked already and stays so.", "are blocked already and stay so."),
	)
	if len(texts) > 0 {
		body.Add(blocking.NewCautionBox(texts, asked...))
	}
	body.Add(options.Box)
	choices := []widgets.DialogOption{widgets.WithConfirm(buttonText(data.Blocked, len(ids)), widgets.Danger, func() {
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
		a.run(d, bulkAction{want: data.Blocked, count: len(meant), run: func(ctx context.Context, told func(desk.Progress)) (desk.BulkResult, error) {
			return a.Desk.BlockMany(ctx, by, meant, ask, told)
		}})
	})}
	if sure != nil {
		choices = append(choices, widgets.WithFocus(sure))
	}
	d = widgets.NewDialog(a.Canvas, dialogTitle(data.Blocked, len(ids)), body, choices...)
	d.Show()
}

func (a *BulkController) showUnblock(k dialogData) {
	by, ids := a.Actor(), k.Blocked
	options := blocking.NewUnblockOptions(k.Held, data.Typed{})
	question, who := newPrompt(data.Active, k.names, len(ids))
	body := newDialogBody(question, who,
		"New messages are shown again, with sound and unread mark.",
		"You can write to them again.",
		heldEffectText(k.Held),
		unchangedText(len(k.Active), "is not blocked and stays so.", "are not blocked and stay so."),
	)
	body.Add(options.Box)
	var d *widgets.Dialog
	d = widgets.NewDialog(a.Canvas, dialogTitle(data.Active, len(ids)), body,
		widgets.WithConfirm(buttonText(data.Active, len(ids)), widgets.Confirm, func() {
			ask := options.Request()
			a.run(d, bulkAction{want: data.Active, count: len(ids), run: func(ctx context.Context, told func(desk.Progress)) (desk.BulkResult, error) {
				return a.Desk.UnblockMany(ctx, by, ids, ask, told)
			}})
		}))
	d.Show()
}

// newPrompt asks, and names the first of so many customers.
func newPrompt(want data.Status, names []string, count int) (question, who *widgets.Paragraph) {
	question = widgets.NewParagraph(promptText(want, count), theme.Text, theme.Body)
	who = widgets.NewParagraph(joinNames(names, count), theme.Text, theme.Body)
	who.SetStyle(fyne.TextStyle{Bold: true})
	return question, who
}

// newDialogBody says whom it is about under the question, then what the act will do.
func newDialogBody(question, who fyne.CanvasObject, effects ...string) *fyne.Container {
	list := container.New(layout.NewCustomPaddedVBoxLayout(4))
	for _, effect := range effects {
		if effect != "" {
			list.Add(widgets.NewBullet(effect))
		}
	}
	return container.New(layout.NewCustomPaddedVBoxLayout(12), question, who, list)
}

// joinNames names the first of so many.
func joinNames(names []string, count int) string {
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

// verb is the word for what is to be done.
func verb(want data.Status) string {
	if want == data.Blocked {
		return "Block"
	}
	return "Unblock"
}

func dialogTitle(want data.Status, n int) string { return verb(want) + " " + pluralize(n, "Customer") }

func promptText(want data.Status, n int) string {
	whom := "these customers"
	if n == 1 {
		whom = "this customer"
	}
	return "Are you sure you want to " + strings.ToLower(verb(want)) + " " + whom + "?"
}

func buttonText(want data.Status, n int) string { return verb(want) + " " + widgets.FormatCount(n) }

func pluralize(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return widgets.FormatCount(n) + " " + word + "s"
}

func theseText(n int) string {
	if n == 1 {
		return "this one"
	}
	return "these " + widgets.FormatCount(n)
}

func unchangedText(n int, one, many string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 of those selected " + one
	}
	return widgets.FormatCount(n) + " of those selected " + many
}

func nothingToDoText(want data.Status, n int) string {
	is := "blocked already"
	if want == data.Active {
		is = "not blocked"
	}
	if n == 1 {
		return "This customer is " + is + ". Nothing was changed."
	}
	return "These customers are all " + is + ". Nothing was changed."
}

func heldEffectText(held int) string {
	switch held {
	case 0:
		return "No messages were held."
	case 1:
		return "1 held message comes into its chat, at its own time."
	}
	return fmt.Sprintf("%s held messages come into their chats, each at its own time.", widgets.FormatCount(held))
}
