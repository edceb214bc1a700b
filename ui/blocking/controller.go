// Package blocking asks before a customer is blocked or unblocked, and has the
// desk do it. It shows what is held and changes a block in force, too.
package blocking

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/precheck"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// Controller asks on one window.
type Controller struct {
	Canvas fyne.Canvas
	Desk   *desk.Desk
	Runner *async.Runner
	Actor  func() data.Actor
	// Reads is where it is read what a dialog shows: one is opened at a time,
	// however often it is asked for.
	Slot *async.Slot
	// OnDone is told what was done, with what can take it back.
	OnDone func(data.Outcome)
}

// action is one of the things that can be done to a customer.
type action func(ctx context.Context, version int64) (data.Outcome, error)

// dialogSpec is a dialog: what it asks, and how what was answered is done.
type dialogSpec struct {
	want        data.Status
	title       string
	prompt      string
	button      string
	style       widgets.Style
	effects     []string
	impact      []string               // what it touches, of this customer
	warnings    *riskWarnings          // nil where nothing speaks against it
	options     fyne.CanvasObject      // what else can be said
	action      func() (action, error) // reads the options; an error is shown in the dialog
	alreadyDone string                 // what a notice says where somebody else did it first
}

// dialogData is what is read before a dialog opens, so that it opens whole.
type dialogData struct {
	customer data.Customer
	reasons  []string
	facts    precheck.Facts
}

// Open opens the dialog that fits the customer's status.
func (a *Controller) Open(customer int64) {
	a.loadAndShow(customer, func(k dialogData) dialogSpec {
		if k.customer.Status(a.Desk.Now()) == data.Blocked {
			return a.unblockSpec(k, data.Typed{})
		}
		return a.blockSpec(k, data.Typed{})
	})
}

// OpenFor opens the dialog that brings about the wanted status, filled in with
// what was typed, or says that somebody else has done it already. What was
// asked for is never turned round.
func (a *Controller) OpenFor(customer int64, typed data.Typed) {
	a.loadAndShow(customer, func(k dialogData) dialogSpec {
		if typed.Want == data.Active {
			return a.unblockSpec(k, typed)
		}
		return a.blockSpec(k, typed)
	})
}

func (a *Controller) loadAndShow(customer int64, choose func(dialogData) dialogSpec) {
	agent := a.Actor().Name
	async.Load(a.Slot, func(ctx context.Context) (k dialogData, err error) {
		if k.customer, err = a.Desk.Customer(ctx, customer); err != nil {
			return k, err
		}
		if k.reasons, err = a.Desk.Reasons(ctx); err != nil {
			return k, err
		}
		if k.customer.Status(a.Desk.Now()) == data.Active {
			k.facts = a.assess(ctx, customer, agent)
		}
		return k, nil
	}, func(k dialogData) {
		q := choose(k)
		if k.customer.Status(a.Desk.Now()) == q.want {
			a.notifyAlreadyDone(q)
			return
		}
		a.show(k.customer, q)
	})
}

// assess collects what speaks for and against a block. Where it cannot be read
// the dialog opens without: the act itself stays possible.
func (a *Controller) assess(ctx context.Context, customer int64, agent string) precheck.Facts {
	facts, err := precheck.Collect(ctx, a.Desk, customer, agent)
	if err != nil && ctx.Err() == nil {
		slog.Error("cannot look before a block", "error", err)
	}
	return facts
}

func (a *Controller) notifyAlreadyDone(q dialogSpec) {
	widgets.NewNotice(a.Canvas, q.title, "Someone was faster. "+q.alreadyDone, "OK").Show()
}

func (a *Controller) show(c data.Customer, q dialogSpec) {
	var dialog *widgets.Dialog
	confirm := func() {
		do, err := q.action()
		if err != nil {
			dialog.SetError(desk.Explain(err))
			return
		}
		dialog.SetBusy(true)
		version := c.Version
		var out data.Outcome
		a.Runner.Enqueue(func(ctx context.Context) (err error) {
			out, err = do(ctx, version)
			return err
		}, func(err error) {
			dialog.SetBusy(false)
			switch {
			case err == nil:
				dialog.Close()
				a.OnDone(out)
			case errors.Is(err, data.ErrChanged) && out.Customer.Status(a.Desk.Now()) == q.want:
				dialog.Close()
				a.notifyAlreadyDone(q)
			case errors.Is(err, data.ErrChanged):
				c = out.Customer
				dialog.SetError("Someone changed this customer meanwhile. Look again, then confirm once more.")
			default:
				dialog.SetError(desk.Explain(err))
			}
		})
	}
	choices := []widgets.DialogOption{widgets.WithConfirm(q.button, q.style, confirm)}
	if q.warnings != nil {
		choices = append(choices, widgets.WithFocus(q.warnings.acknowledged))
	}
	dialog = widgets.NewDialog(a.Canvas, q.title, newDialogBody(c, q), choices...)
	dialog.Show()
}

// newDialogBody names the customer under the question, then what the act will do, then
// what can be said with it.
func newDialogBody(c data.Customer, q dialogSpec) fyne.CanvasObject {
	avatar := widgets.NewAvatar(36)
	avatar.Set(data.Initials(c.Name), string(c.Phone), false)
	name := widgets.NewEllipsisLabel(theme.Text, theme.Body)
	name.SetStyle(fyne.TextStyle{Bold: true})
	name.SetText(c.Title())
	phone := widgets.NewEllipsisLabel(theme.Muted, theme.Caption)
	phone.SetText(c.Phone.Pretty())
	who := container.NewBorder(nil, nil, container.NewCenter(avatar), nil,
		container.New(layout.NewCustomPaddedLayout(0, 0, 8, 0), container.New(layout.NewCustomPaddedVBoxLayout(0), name, phone)))
	effects := container.New(layout.NewCustomPaddedVBoxLayout(4))
	for _, effect := range q.effects {
		effects.Add(widgets.NewBullet(effect))
	}
	all := container.New(layout.NewCustomPaddedVBoxLayout(12),
		widgets.NewParagraph(q.prompt, theme.Text, theme.Body), who, effects)
	if q.warnings != nil {
		all.Add(q.warnings.box)
	}
	all.Add(q.options)
	if len(q.impact) > 0 {
		all.Add(widgets.NewParagraph(strings.Join(q.impact, "\n"), theme.Muted, 13))
	}
	return all
}
