package blocking

import (
	"context"
	"errors"
	"fmt"

	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/precheck"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// OpenAdd asks for a number that is to be blocked, though nobody may ever have
// written from it.
func (a *Controller) OpenAdd() {
	async.Load(a.Slot, a.Desk.Reasons, a.showAdd)
}

func (a *Controller) showAdd(reasons []string) {
	by := a.Actor()
	number := widgets.NewEntry()
	number.SetPlaceHolder("Number, like +46 70 123 45 67")
	name := widgets.NewEntry()
	name.SetPlaceHolder("Name (optional)")
	reason := widgets.NewSelect("", append([]string{noReason}, reasons...), nil)
	reason.SetSelected(noReason)
	term := newExpiryChoice("", untilUnblocked)
	note := newNote("")
	var d *widgets.Dialog
	d = widgets.NewDialog(a.Canvas, "Block a Number",
		newForm(
			widgets.NewParagraph("What comes from this number is held from its first message on.", theme.Muted, theme.Caption),
			number, name, container.NewGridWithColumns(2, reason, term.preset), term.custom, note,
		),
		widgets.WithFocus(number),
		widgets.WithConfirm("Block", widgets.Danger, func() {
			until, err := term.expiry(a.Desk.Now())
			if err != nil {
				d.SetError(desk.Explain(err))
				return
			}
			typed := data.Typed{Want: data.Blocked, Until: term.text(), Note: note.Text}
			if chosen := reason.Selected(); chosen != noReason {
				typed.Reason = chosen
			}
			text, called := number.Text, name.Text
			var done addResult
			d.SetBusy(true)
			a.Runner.Enqueue(func(ctx context.Context) (err error) {
				done, err = a.addNumber(ctx, by, text, called, data.BlockRequest{Reason: typed.Reason, Note: typed.Note, Until: until})
				return err
			}, func(err error) {
				d.SetBusy(false)
				switch {
				case err != nil:
					d.SetError(desk.Explain(err))
				case done.needsConfirmation:
					d.Close()
					a.OpenFor(done.Customer.ID, typed)
				case !done.Changed:
					d.SetError(alreadyBlockedText(done.Customer, a.Desk.Now()))
				default:
					d.Close()
					a.OnDone(done.Outcome)
				}
			})
		}))
	d.Show()
}

// addResult is what became of a number.
type addResult struct {
	data.Outcome
	needsConfirmation bool // the customer is known, or something speaks against it: ask as always
}

// addNumber blocks a number nobody here knows. Of whom the desk knows more than the
// number the usual dialog tells before anything is done.
func (a *Controller) addNumber(ctx context.Context, by data.Actor, text, name string, ask data.BlockRequest) (out addResult, err error) {
	settings, err := a.Desk.Settings(ctx)
	if err != nil {
		return out, err
	}
	phone, err := data.ParsePhone(text, settings.Country)
	if err != nil {
		return out, err
	}
	out.Customer, err = a.Desk.CustomerByPhone(ctx, phone)
	switch {
	case err == nil:
		out.needsConfirmation = out.Customer.Status(a.Desk.Now()) != data.Blocked
		return out, nil
	case !errors.Is(err, data.ErrNotFound):
		return out, err
	}
	if out.Customer, err = a.Desk.Add(ctx, phone, name); err != nil {
		return out, err
	}
	facts, err := precheck.Collect(ctx, a.Desk, out.Customer.ID, by.Name)
	if err != nil {
		return out, err
	}
	if out.needsConfirmation = len(facts.Warnings()) > 0; out.needsConfirmation {
		return out, nil
	}
	out.Outcome, err = a.Desk.Block(ctx, by, out.Customer.ID, ask)
	return out, err
}

func alreadyBlockedText(c data.Customer, now data.Moment) string {
	who := ""
	if c.Block.By.Name != "" {
		who = " by " + data.OneLine(c.Block.By.Name, 40)
	}
	return fmt.Sprintf("%s is blocked already%s, %s. Nothing was changed.", data.OneLine(c.Title(), 60), who, c.Block.At.Relative(now))
}
