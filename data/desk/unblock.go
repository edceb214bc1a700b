package desk

import (
	"context"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Unblock lets a customer write again. What was held comes into the chat, or
// stays out of sight if req says so. Unblocking an active customer changes
// nothing. The outcome holds the customer as it stands, even with
// data.ErrChanged.
//
// It returns data.ErrInvalid if the note is too long, and otherwise the errors
// of Block.
func (d *Desk) Unblock(ctx context.Context, by data.Actor, customer int64, req data.UnblockRequest) (out data.Outcome, err error) {
	if req.Note, err = cleanNote("unblock", req.Note); err != nil {
		return out, err
	}
	err = d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil {
			return err
		}
		out, err = unblock(tx, c, by, req, d.Now())
		return err
	})
	return out, err
}

// unblock unblocks the customer within a transaction.
func unblock(tx *store.Tx, customer data.Customer, by data.Actor, req data.UnblockRequest, now data.Moment) (data.Outcome, error) {
	out := data.Outcome{Customer: customer}
	c := &out.Customer
	if err := checkVersion(customer, req.Version); err != nil {
		return out, err
	}
	if err := expireIfDue(tx, c, now); err != nil {
		return out, err
	}
	if repeated, err := isRepeated(tx, req.Idempotency, now); err != nil || repeated {
		return out, err
	}
	if c.Status(now) == data.Active {
		err := saveRequest(tx, req.Idempotency, now)
		return out, err
	}

	before := c.Block
	detail, letGo := data.Detail{Note: req.Note, Held: c.Held}, tx.Release
	if req.Discard {
		detail, letGo = data.Detail{Note: req.Note, Discarded: c.Held}, tx.Discard
	}
	e, err := endBlock(tx, c, data.UnblockedEvent, by, now, now, detail, letGo)
	if err != nil {
		return out, err
	}
	if err := saveRequest(tx, req.Idempotency, now); err != nil {
		return out, err
	}
	setChanged(&out, e, before)
	err = tx.Changed(data.CustomerChanged, c.ID)
	return out, err
}

// endBlock takes the block of c away, records that at the moment at, lets go of
// what was held, and has DoubleTick told.
func endBlock(tx *store.Tx, c *data.Customer, kind data.EventKind, by data.Actor, at, now data.Moment, detail data.Detail, letGo func(c *data.Customer, event int64) error) (data.Event, error) {
	if err := tx.SetBlock(c, nil); err != nil {
		return data.Event{}, err
	}
	e, err := appendEvent(tx, *c, kind, by, at, now, detail)
	if err != nil {
		return e, err
	}
	if err := letGo(c, e.Seq); err != nil {
		return e, err
	}
	return e, enqueue(tx, *c, data.OpUnblock, e.Seq, now)
}
