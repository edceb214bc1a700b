package desk

import (
	"context"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Undo undoes a block, a change of one, or an unblock: it restores the state before
// exactly, held messages included, and records an event. It
// returns data.ErrChanged, and does nothing, if somebody has changed the
// customer since.
func (d *Desk) Undo(ctx context.Context, by data.Actor, u data.Undo) (out data.Outcome, err error) {
	err = d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(u.CustomerID)
		if err != nil {
			return err
		}
		out, err = undo(tx, c, by, u, d.Now())
		return err
	})
	return out, err
}

// undo undoes an act on the customer within a transaction.
func undo(tx *store.Tx, customer data.Customer, by data.Actor, u data.Undo, now data.Moment) (data.Outcome, error) {
	out := data.Outcome{Customer: customer}
	c := &out.Customer
	if err := checkVersion(customer, u.Version); err != nil {
		return out, err
	}
	if err := expireIfDue(tx, c, now); err != nil {
		return out, err
	}
	before := c.Block
	if before == nil && (u.Before == nil || u.Kind.ChangesBlock()) {
		return out, nil // it has ended by itself since
	}

	var e data.Event
	var err error
	switch {
	case u.Before == nil:
		detail := data.Detail{Of: u.Event, From: string(data.BlockedEvent), Held: c.Held}
		e, err = endBlock(tx, c, data.UndoneEvent, by, now, now, detail, tx.Release)
	case u.Kind.ChangesBlock():
		e, err = undoAmend(tx, c, by, u, now)
	default:
		e, err = undoUnblock(tx, c, by, u, now)
	}
	if err != nil {
		return out, err
	}
	setChanged(&out, e, before)
	err = tx.Changed(data.CustomerChanged, c.ID)
	return out, err
}

// undoAmend makes a block in force what it was before. DoubleTick is told
// nothing: the status stays.
func undoAmend(tx *store.Tx, c *data.Customer, by data.Actor, u data.Undo, now data.Moment) (data.Event, error) {
	if err := tx.SetBlock(c, u.Before); err != nil {
		return data.Event{}, err
	}
	return appendEvent(tx, *c, data.UndoneEvent, by, now, now, data.Detail{Of: u.Event, From: string(u.Kind)})
}

// undoUnblock puts the block back in force, and holds again what the unblock let
// go of.
func undoUnblock(tx *store.Tx, c *data.Customer, by data.Actor, u data.Undo, now data.Moment) (data.Event, error) {
	if err := tx.SetBlock(c, u.Before); err != nil {
		return data.Event{}, err
	}
	held, err := tx.UndoRelease(c, u.Event)
	if err != nil {
		return data.Event{}, err
	}
	detail := data.Detail{Of: u.Event, From: string(data.UnblockedEvent), Held: held}
	e, err := appendEvent(tx, *c, data.UndoneEvent, by, now, now, detail)
	if err != nil {
		return e, err
	}
	return e, enqueue(tx, *c, data.OpBlock, e.Seq, now)
}
