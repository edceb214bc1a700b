package desk

import (
	"context"
	"fmt"

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
	if customer.ID != u.CustomerID { // joined since
		return out, fmt.Errorf("customer %d: %w", u.CustomerID, data.ErrChanged)
	}
	if err := checkVersion(customer, u.Version); err != nil {
		return out, err
	}
	if err := expireIfDue(tx, c, now); err != nil {
		return out, err
	}
	before := c.Block
	p, err := readPerson(tx, *c, now)
	if err != nil {
		return out, err
	}
	own := p.before()
	if before == nil && (u.Before == nil || u.Kind.ChangesBlock()) {
		return out, nil // it has ended by itself since
	}

	var e data.Event
	switch {
	case u.Before == nil:
		e, err = undoBlock(tx, c, p, by, u, now)
	case u.Kind.ChangesBlock():
		e, err = undoAmend(tx, c, p, by, u, now)
	default:
		e, err = undoUnblock(tx, c, p, by, u, now)
	}
	if err != nil {
		return out, err
	}
	setChanged(&out, e, before, own)
	err = tx.Changed(data.CustomerChanged, c.ID)
	return out, err
}

// undoBlock ends a block that was just made. It returns data.ErrChanged if somebody who
// may be the same person has a block of their own by now, which would end with it.
func undoBlock(tx *store.Tx, c *data.Customer, p person, by data.Actor, u data.Undo, now data.Moment) (data.Event, error) {
	for _, other := range p.customers[1:] {
		if p.ownBlock(other.ID) != nil {
			return data.Event{}, fmt.Errorf("customer %d: %w", other.ID, data.ErrChanged)
		}
	}
	detail := data.Detail{Of: u.Event, From: string(data.BlockedEvent)}
	return endBlock(tx, c, p, data.UndoneEvent, by, now, now, detail, false)
}

// undoAmend makes a block in force what it was before, and undoes the same change of
// the blocks of those who may be the same person. DoubleTick is told nothing: the
// status stays.
func undoAmend(tx *store.Tx, c *data.Customer, p person, by data.Actor, u data.Undo, now data.Moment) (data.Event, error) {
	blocks := p.restored(u)
	if err := tx.SetBlock(c, blocks[c.ID]); err != nil {
		return data.Event{}, err
	}
	detail := data.Detail{Of: u.Event, From: string(u.Kind)}
	e, err := appendEvent(tx, *c, data.UndoneEvent, by, now, now, detail)
	if err != nil || p.alone {
		return e, err
	}
	detail = data.Detail{From: string(u.Kind), With: string(c.Address)}
	for i := range p.customers[1:] {
		o := &p.customers[1+i]
		if o.Block == nil {
			continue
		}
		if err := tx.SetBlock(o, blocks[o.ID]); err != nil {
			return e, err
		}
		if _, err := appendEvent(tx, *o, data.UndoneEvent, by, now, now, detail); err != nil {
			return e, err
		}
		if err := tx.Changed(data.CustomerChanged, o.ID); err != nil {
			return e, err
		}
	}
	return e, p.save(tx)
}

// restored puts back the own blocks that p had before the act that u undoes,
// and returns what counts for each customer then.
func (p *person) restored(u data.Undo) map[int64]*data.Block {
	if !p.alone {
		p.restore(u.Own)
		if blocks, _ := p.counting(); blocks != nil {
			return blocks
		}
	}
	blocks := map[int64]*data.Block{}
	for i, c := range p.customers {
		if blocks[c.ID] = u.Before; i > 0 {
			blocks[c.ID] = u.Before.Lend(p.customers[0].ID, c.ID)
		}
	}
	return blocks
}

// undoUnblock puts the block back in force, and holds again what the unblock let
// go of, also of those who may be the same person.
func undoUnblock(tx *store.Tx, c *data.Customer, p person, by data.Actor, u data.Undo, now data.Moment) (data.Event, error) {
	unblocked, err := tx.Event(u.Event)
	if err != nil {
		return data.Event{}, err
	}
	blocks := p.restored(u)
	e, err := blockAgain(tx, c, blocks[c.ID], u.Event, data.Detail{Of: u.Event}, by, now)
	if err != nil || p.alone {
		return e, err
	}
	for i := range p.customers[1:] {
		o := &p.customers[1+i]
		let, err := tx.UnblockedWith(o.ID, unblocked)
		if err != nil {
			return e, err
		}
		if _, err := blockAgain(tx, o, blocks[o.ID], let, data.Detail{Of: let, With: string(c.Address)}, by, now); err != nil {
			return e, err
		}
		if err := tx.Changed(data.CustomerChanged, o.ID); err != nil {
			return e, err
		}
	}
	return e, p.save(tx)
}

// blockAgain puts a block back in force, and holds again what the event unblocked let
// go of; zero stands for none.
func blockAgain(tx *store.Tx, c *data.Customer, b *data.Block, unblocked int64, detail data.Detail, by data.Actor, now data.Moment) (data.Event, error) {
	if err := tx.SetBlock(c, b); err != nil {
		return data.Event{}, err
	}
	if unblocked != 0 {
		held, err := tx.UndoRelease(c, unblocked)
		if err != nil {
			return data.Event{}, err
		}
		detail.Held = held
	}
	detail.From = string(data.UnblockedEvent)
	e, err := appendEvent(tx, *c, data.UndoneEvent, by, now, now, detail)
	if err != nil {
		return e, err
	}
	return e, enqueue(tx, *c, data.OpBlock, e.Seq, now)
}
