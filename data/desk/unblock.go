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
	if _, repeated, err := findRequest(tx, req.Idempotency, now); err != nil || repeated {
		return out, err
	}
	if c.Status(now) == data.Active {
		err := saveRequest(tx, req.Idempotency, "", now)
		return out, err
	}

	before := c.Block
	p, err := readPerson(tx, *c, now)
	if err != nil {
		return out, err
	}
	own := p.before()
	e, err := endBlock(tx, c, p, data.UnblockedEvent, by, now, now, data.Detail{Note: req.Note}, req.Discard)
	if err != nil {
		return out, err
	}
	if err := saveRequest(tx, req.Idempotency, "", now); err != nil {
		return out, err
	}
	setChanged(&out, e, before, own)
	err = tx.Changed(data.CustomerChanged, c.ID)
	return out, err
}

// endBlock takes the block of c away, and of everybody who may be the same person, as
// endOne does each. All of them are p, and none has a block of their own any more.
func endBlock(tx *store.Tx, c *data.Customer, p person, kind data.EventKind, by data.Actor, at, now data.Moment, detail data.Detail, discard bool) (data.Event, error) {
	e, err := endOne(tx, c, kind, by, at, now, detail, discard)
	if err != nil {
		return e, err
	}
	if p.alone {
		return e, nil
	}
	detail.Of, detail.With = 0, string(c.Address)
	for i := range p.customers[1:] {
		o := &p.customers[1+i]
		if o.Block == nil {
			continue
		}
		if _, err := endOne(tx, o, kind, by, at, now, detail, discard); err != nil {
			return e, err
		}
		if err := tx.Changed(data.CustomerChanged, o.ID); err != nil {
			return e, err
		}
	}
	p.own = nil
	return e, p.save(tx)
}

// endOne takes the block of c away, records that at the moment at, lets go of what
// was held or discards it, and has DoubleTick told.
func endOne(tx *store.Tx, c *data.Customer, kind data.EventKind, by data.Actor, at, now data.Moment, detail data.Detail, discard bool) (data.Event, error) {
	if err := tx.SetBlock(c, nil); err != nil {
		return data.Event{}, err
	}
	letGo := tx.Release
	if detail.Held = c.Held; discard {
		detail.Held, detail.Discarded = 0, c.Held
		letGo = tx.Discard
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
