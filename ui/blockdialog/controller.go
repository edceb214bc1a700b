// Package blockdialog asks before customers are blocked or unblocked, one or many
// at once, has the desk do it, and reports what came of it. It also shows held
// messages and changes a block in force.
package blockdialog

import (
	"context"
	"log/slog"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/precheck"
	"github.com/latchdesk/latchdesk/ui/dialogs"
)

// Controller opens the dialogs over one window.
type Controller struct {
	// OnDone is called after an act on one customer, with what undoes it.
	OnDone func(data.Outcome)
	// OnBulkDone is called after an act on many customers, once the agent has seen
	// the result; complete reports whether all of them were reached. Who was selected and
	// is not in the result was left out.
	OnBulkDone func(want data.Status, result desk.BulkResult, complete bool)

	dialogs  *dialogs.Presenter
	desk     *desk.Desk
	actor    func() data.Actor
	stopBulk func() // nil while no act on many customers is running
}

// New returns a Controller that acts in the name of actor.
func New(p *dialogs.Presenter, d *desk.Desk, actor func() data.Actor) *Controller {
	return &Controller{
		OnDone:     func(data.Outcome) {},
		OnBulkDone: func(data.Status, desk.BulkResult, bool) {},
		dialogs:    p, desk: d, actor: actor,
	}
}

// dialogData is what is read before the dialog about one customer opens.
type dialogData struct {
	customer data.Customer
	reasons  []string
	facts    precheck.Facts
	// cannotTell is why DoubleTick, which the desk is joined to, cannot be told of a
	// block; empty where it can.
	cannotTell string
}

// Open opens the dialog that fits the customer's status.
func (c *Controller) Open(customer int64) {
	c.loadAndShow(customer, nil, func(loaded dialogData) dialogSpec {
		if loaded.customer.Status(c.desk.Now()) == data.Blocked {
			return c.unblockSpec(loaded, data.Typed{})
		}
		return c.blockSpec(loaded, data.Typed{})
	})
}

// OpenFor opens the dialog that gives a customer a status. It never opens the opposite
// one: where the customer has that status already, a notice says so.
func (c *Controller) OpenFor(customer int64, want data.Status) {
	c.OpenTyped(customer, data.Typed{Want: want}, nil)
}

// OpenTyped is OpenFor with a dialog that is filled in with what was typed. Unless the
// agent leaves the dialog, answered is called, which may be nil.
func (c *Controller) OpenTyped(customer int64, typed data.Typed, answered func()) {
	c.loadAndShow(customer, answered, func(loaded dialogData) dialogSpec {
		if typed.Want == data.Active {
			return c.unblockSpec(loaded, typed)
		}
		return c.blockSpec(loaded, typed)
	})
}

func (c *Controller) loadAndShow(customer int64, answered func(), choose func(dialogData) dialogSpec) {
	agent := c.actor().Name
	dialogs.Load(c.dialogs, func(ctx context.Context) (loaded dialogData, err error) {
		if loaded.customer, err = c.desk.Customer(ctx, customer); err != nil {
			return loaded, err
		}
		if loaded.reasons, err = c.desk.Reasons(ctx); err != nil {
			return loaded, err
		}
		if loaded.customer.Status(c.desk.Now()) == data.Active {
			loaded.facts = c.assess(ctx, customer, agent)
			account, err := c.desk.Account(ctx)
			if err != nil {
				return loaded, err
			}
			if account.Joined() {
				loaded.cannotTell = data.CannotTell(loaded.customer.Address)
			}
		}
		return loaded, nil
	}, func(loaded dialogData) {
		spec := choose(loaded)
		spec.answered = answered
		if loaded.customer.Status(c.desk.Now()) == spec.want {
			c.notifyAlreadyDone(spec)
			return
		}
		c.show(loaded.customer, spec)
	})
}

// assess collects what speaks for and against a block. An error is only logged:
// the dialog opens without the facts, and the act stays possible.
func (c *Controller) assess(ctx context.Context, customer int64, agent string) precheck.Facts {
	facts, err := precheck.Collect(ctx, c.desk, customer, agent)
	if err != nil && ctx.Err() == nil {
		slog.Error("cannot look before a block", "error", err)
	}
	return facts
}
