package desk

import (
	"context"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Amend changes a block in force: its end, its review, its note, and whether
// the customer asked for its end, all in one transaction. Each of them that
// changes has an event of its own. A customer who is not blocked stays as is.
//
// It returns data.ErrInvalid if the note is too long or a moment is past, and
// data.ErrChanged if the customer is not the version that the caller saw.
// Nothing is written then.
func (d *Desk) Amend(ctx context.Context, by data.Actor, customer int64, ask data.AmendRequest) (out data.Outcome, err error) {
	if ask, err = d.checkAmend(ask); err != nil {
		return out, err
	}
	err = d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil {
			return err
		}
		out, err = amend(tx, c, by, ask, d.Now())
		return err
	})
	return out, err
}

// amend changes the customer's block within a transaction.
func amend(tx *store.Tx, customer data.Customer, by data.Actor, ask data.AmendRequest, now data.Moment) (data.Outcome, error) {
	out := data.Outcome{Customer: customer}
	c := &out.Customer
	if err := checkVersion(customer, ask.Version); err != nil {
		return out, err
	}
	if err := expireIfDue(tx, c, now); err != nil {
		return out, err
	}
	before := c.Block
	if before == nil {
		return out, nil
	}
	after, changes := amended(*before, ask, now)
	if len(changes) == 0 {
		return out, nil
	}

	if err := tx.SetBlock(c, &after); err != nil {
		return out, err
	}
	var first data.Event
	for i, change := range changes {
		e, err := appendEvent(tx, *c, change.kind, by, now, now, change.detail)
		if err != nil {
			return out, err
		}
		if i == 0 {
			first = e
		}
	}
	setChanged(&out, first, before)
	err := tx.Changed(data.CustomerChanged, c.ID)
	return out, err
}

// checkAmend returns ask with its note cleaned, or the error that refuses it.
func (d *Desk) checkAmend(ask data.AmendRequest) (data.AmendRequest, error) {
	const act = "change the block"
	if ask.Note != nil {
		note, err := cleanNote(act, *ask.Note)
		if err != nil {
			return ask, err
		}
		ask.Note = &note
	}
	if ask.Until != nil {
		if err := d.checkFuture("its end", *ask.Until); err != nil {
			return ask, fmt.Errorf("%s: %w", act, err)
		}
	}
	if ask.Review != nil {
		if err := d.checkFuture("its review", *ask.Review); err != nil {
			return ask, fmt.Errorf("%s: %w", act, err)
		}
	}
	return ask, nil
}

// blockChange is one thing that changes on a block in force.
type blockChange struct {
	kind   data.EventKind
	detail data.Detail
}

// amended returns the block as ask makes it at now, and what changes thereby, in
// the order in which it is recorded.
func amended(block data.Block, ask data.AmendRequest, now data.Moment) (after data.Block, changes []blockChange) {
	after = block
	if ask.Until != nil && *ask.Until != block.Until {
		after.Until = *ask.Until
		changes = append(changes, blockChange{endChangeKind(block.Until, after.Until), data.Detail{Until: int64(after.Until)}})
	}
	if ask.Review != nil && *ask.Review != block.Review {
		after.Review = *ask.Review
		changes = append(changes, blockChange{data.ReviewEvent, data.Detail{Review: int64(after.Review)}})
	}
	if ask.Note != nil && *ask.Note != block.Note {
		after.Note = *ask.Note
		changes = append(changes, blockChange{data.NoteEvent, data.Detail{Note: after.Note}})
	}
	if ask.Asked {
		after.UnblockRequestedAt = now
		changes = append(changes, blockChange{data.UnblockRequestedEvent, data.Detail{}})
	}
	return after, changes
}

// endChangeKind names a change of a block's end, of which none is the latest.
func endChangeKind(before, after data.Moment) data.EventKind {
	if after == 0 || before != 0 && after > before {
		return data.ExtendedEvent
	}
	return data.ShortenedEvent
}
