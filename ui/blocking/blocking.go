// Package blocking asks before a customer is blocked or unblocked, and has the
// desk do it.
package blocking

import (
	"context"
	"errors"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
	"github.com/latchdesk/latchdesk/ui/work"
)

// Asker asks on one window.
type Asker struct {
	Canvas fyne.Canvas
	Desk   *desk.Desk
	Work   *work.Work
	Actor  func() data.Actor
}

// question is all that differs between the two directions.
type question struct {
	want    data.Status
	title   string
	text    string
	button  string
	style   widgets.Style
	effects []string
	done    string // what a notice says where somebody else did it first
	act     func(ctx context.Context, version int64) (data.Outcome, error)
}

// Ask opens the dialog that fits the customer's status.
func (a *Asker) Ask(c data.Customer) *widgets.Dialog {
	if c.Status(a.Desk.Now()) == data.Blocked {
		return a.ask(c, a.unblocking(c))
	}
	return a.ask(c, a.blocking(c))
}

// AskTo opens the dialog that brings about the wanted status, or says that
// somebody else has done it already. What was asked for is never turned round.
func (a *Asker) AskTo(want data.Status, c data.Customer) {
	switch {
	case c.Status(a.Desk.Now()) != want:
		a.Ask(c)
	case want == data.Blocked:
		a.tooLate(a.blocking(c))
	default:
		a.tooLate(a.unblocking(c))
	}
}

func (a *Asker) tooLate(q question) {
	widgets.NewNotice(a.Canvas, q.title, "Someone was faster. "+q.done, "OK").Show()
}

func (a *Asker) blocking(c data.Customer) question {
	by := a.Actor()
	return question{
		want:   data.Blocked,
		title:  "Block Customer",
		text:   "Are you sure you want to block this customer?",
		button: "Block",
		style:  widgets.Danger,
		effects: []string{
			"New messages are held, not shown, and make no sound.",
			"Nothing can be sent to this customer from this desk.",
			"The chat and its history stay. You can unblock at any time.",
		},
		done: "This customer is blocked already. Nothing was changed.",
		act: func(ctx context.Context, version int64) (data.Outcome, error) {
			return a.Desk.Block(ctx, by, c.ID, data.BlockRequest{Version: version})
		},
	}
}

func (a *Asker) unblocking(c data.Customer) question {
	by := a.Actor()
	return question{
		want:   data.Active,
		title:  "Unblock Customer",
		text:   "Are you sure you want to unblock this customer?",
		button: "Unblock",
		style:  widgets.Confirm,
		effects: []string{
			"New messages are shown again, with sound and unread mark.",
			"You can write to this customer again.",
			heldEffect(c.Held),
		},
		done: "This customer is not blocked any more. Nothing was changed.",
		act: func(ctx context.Context, version int64) (data.Outcome, error) {
			return a.Desk.Unblock(ctx, by, c.ID, data.UnblockRequest{Version: version})
		},
	}
}

func heldEffect(held int) string {
	switch held {
	case 0:
		return "No messages were held."
	case 1:
		return "1 held message comes into the chat, at its own time."
	}
	return fmt.Sprintf("%d held messages come into the chat, at their own time.", held)
}

func (a *Asker) ask(c data.Customer, q question) *widgets.Dialog {
	var dialog *widgets.Dialog
	confirm := func() {
		dialog.SetBusy(true)
		version := c.Version
		var out data.Outcome
		a.Work.Act(func(ctx context.Context) (err error) {
			out, err = q.act(ctx, version)
			return err
		}, func(err error) {
			dialog.SetBusy(false)
			switch {
			case err == nil:
				dialog.Close()
			case errors.Is(err, data.ErrChanged) && out.Customer.Status(a.Desk.Now()) == q.want:
				dialog.Close()
				a.tooLate(q)
			case errors.Is(err, data.ErrChanged):
				c = out.Customer
				dialog.SetError("Someone changed this customer meanwhile. Look again, then confirm once more.")
			default:
				dialog.SetError(desk.Explain(err))
			}
		})
	}
	dialog = widgets.NewDialog(a.Canvas, q.title, body(c, q), widgets.WithConfirm(q.button, q.style, confirm))
	dialog.Show()
	return dialog
}

// body names the customer under the question, and what the act will do.
func body(c data.Customer, q question) fyne.CanvasObject {
	avatar := widgets.NewAvatar(36)
	avatar.Set(data.Initials(c.Name), string(c.Phone), false)
	name := widgets.NewTextLine(theme.Text, theme.Body)
	name.SetStyle(fyne.TextStyle{Bold: true})
	name.SetText(c.Title())
	phone := widgets.NewTextLine(theme.Muted, theme.Caption)
	phone.SetText(c.Phone.Pretty())
	who := container.NewBorder(nil, nil, container.NewCenter(avatar), nil,
		container.New(layout.NewCustomPaddedLayout(0, 0, 8, 0), container.New(layout.NewCustomPaddedVBoxLayout(0), name, phone)))
	effects := container.New(layout.NewCustomPaddedVBoxLayout(4))
	for _, effect := range q.effects {
		effects.Add(widgets.NewBullet(effect))
	}
	return container.New(layout.NewCustomPaddedVBoxLayout(12),
		widgets.NewParagraph(q.text, theme.Text, theme.Body), who, effects)
}
