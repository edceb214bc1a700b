package blockdialog

import (
	"context"
	"errors"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/precheck"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// OpenAdd opens the dialog that blocks a number, even one that has never written.
func (c *Controller) OpenAdd() {
	dialogs.Load(c.dialogs, c.desk.Reasons, c.showAdd)
}

func (c *Controller) showAdd(reasons []string) {
	by := c.actor()
	number := widgets.NewEntry()
	number.SetPlaceHolder("Number, like +46 70 123 45 67")
	name := widgets.NewEntry()
	name.SetPlaceHolder("Name (optional)")
	options := newBlockOptions(reasons, data.Typed{})
	c.dialogs.Ask("Block a number",
		dialogs.Form(
			widgets.NewParagraph("Messages from this number are held from the first one on.", theme.Muted, theme.Caption),
			number, name, options.box,
		),
		"Block", widgets.Danger, func(d *widgets.Dialog) {
			request, err := options.request(c.desk.Now())
			if err != nil {
				dialogs.ShowError(d, err)
				return
			}
			typed, numberText, nameText := options.typed(), number.Text, name.Text
			var result addResult
			d.SetBusy(true)
			c.dialogs.Runner.Enqueue(func(ctx context.Context) (err error) {
				result, err = c.addNumber(ctx, by, numberText, nameText, request)
				return err
			}, func(err error) {
				d.SetBusy(false)
				switch {
				case err != nil:
					dialogs.ShowError(d, err)
				case result.needsConfirmation: // over this one, which has what was typed
					c.OpenTyped(result.Customer.ID, typed, d.Close)
				default:
					d.Close()
					c.OnDone(result.Outcome)
				}
			})
		}, widgets.WithFocus(number))
}

// addResult is what became of a number.
type addResult struct {
	data.Outcome
	needsConfirmation bool // the customer is known, or something speaks against it: open the usual dialog
}

// addNumber blocks a number, or another address, nobody here knows. Of a customer whom the desk knows
// better, the usual dialog says so before anything is done.
func (c *Controller) addNumber(ctx context.Context, by data.Actor, text, name string, request data.BlockRequest) (result addResult, err error) {
	settings, err := c.desk.Settings(ctx)
	if err != nil {
		return result, err
	}
	var address data.Address
	result.Customer, address, err = c.desk.FindTyped(ctx, text, settings.Country)
	switch {
	case err == nil && result.Customer.Status(c.desk.Now()) == data.Blocked:
		return result, alreadyBlocked(result.Customer, c.desk.Now())
	case err == nil:
		result.needsConfirmation = true
		return result, nil
	case !errors.Is(err, data.ErrNotFound):
		return result, err
	}
	if result.Customer, err = c.desk.Add(ctx, address, name); err != nil {
		return result, err
	}
	facts, err := precheck.Collect(ctx, c.desk, result.Customer.ID, by.Name)
	if err != nil {
		return result, err
	}
	if result.needsConfirmation = len(facts.Warnings()) > 0; result.needsConfirmation {
		return result, nil
	}
	if result.Outcome, err = c.desk.Block(ctx, by, result.Customer.ID, request); err == nil && !result.Changed {
		return result, alreadyBlocked(result.Customer, c.desk.Now())
	}
	return result, err
}

func alreadyBlocked(customer data.Customer, now data.Moment) error {
	by := ""
	if customer.Block.By.Name != "" {
		by = " by " + data.OneLine(customer.Block.By.Name, 40)
	}
	return data.UserErrorf("%s is already blocked%s, %s. Nothing was changed.", data.OneLine(customer.Title(), 60), by, customer.Block.At.Relative(now))
}
