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
// It returns data.ErrInvalid where the note is too long or a moment is past,
// and data.ErrChanged where the customer is not the version that the caller
// saw. Nothing is written then.
func (d *Desk) Amend(ctx context.Context, by data.Actor, customer int64, ask data.AmendRequest) (data.Outcome, error) {
	ask, err := d.checkAmend(ask)
	if err != nil {
		return data.Outcome{}, err
	}
	return d.mutateUnless(ctx, customer, ask.Version, data.Active, amending(by, ask))
}

// checkAmend returns ask with its note cleaned, or why it cannot be done.
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

func amending(by data.Actor, ask data.AmendRequest) mutation {
	return func(tx *store.Tx, c *data.Customer, now data.Moment) (first data.Event, err error) {
		after, changes := amend(*c.Block, ask, now)
		if len(changes) == 0 {
			return first, nil
		}
		if err := tx.SetBlock(c, &after); err != nil {
			return first, err
		}
		for i, change := range changes {
			e, err := appendEvent(tx, *c, change.kind, by, now, now, change.detail)
			if err != nil {
				return first, err
			}
			if i == 0 {
				first = e
			}
		}
		return first, nil
	}
}

// blockChange is one thing that changes on a block in force.
type blockChange struct {
	kind   data.EventKind
	detail data.Detail
}

// amend returns the block as ask makes it at now, and what changes thereby, in
// the order in which it is recorded.
func amend(block data.Block, ask data.AmendRequest, now data.Moment) (after data.Block, changes []blockChange) {
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

// Undo takes a block, a change of one, or an unblock back: the state before is
// restored to the letter, held messages included, and an event says so. It
// returns data.ErrChanged, and does nothing, where somebody changed the
// customer since.
func (d *Desk) Undo(ctx context.Context, by data.Actor, u data.Undo) (data.Outcome, error) {
	return d.mutate(ctx, u.CustomerID, u.Version, undoMutation(by, u))
}

func undoMutation(by data.Actor, u data.Undo) mutation {
	by.Name = data.CleanLine(by.Name, data.MaxName)
	return func(tx *store.Tx, c *data.Customer, now data.Moment) (data.Event, error) {
		switch {
		case c.Block == nil && (u.Before == nil || u.Kind.ChangesBlock()):
			return data.Event{}, nil // it has ended by itself since
		case u.Before == nil:
			detail := data.Detail{Of: u.Event, From: string(data.BlockedEvent), Held: c.Held}
			return endBlock(tx, c, data.UndoneEvent, by, now, now, detail, tx.Release)
		case u.Kind.ChangesBlock():
			return undoChange(tx, c, by, now, u)
		}
		return undoUnblock(tx, c, by, now, u)
	}
}

// undoChange returns a block in force back what it was before. The remote account
// is told nothing: the status stays.
func undoChange(tx *store.Tx, c *data.Customer, by data.Actor, now data.Moment, u data.Undo) (data.Event, error) {
	if err := tx.SetBlock(c, u.Before); err != nil {
		return data.Event{}, err
	}
	return appendEvent(tx, *c, data.UndoneEvent, by, now, now, data.Detail{Of: u.Event, From: string(u.Kind)})
}

// undoUnblock puts the block back in force, and what the unblock let go of is
// held again.
func undoUnblock(tx *store.Tx, c *data.Customer, by data.Actor, now data.Moment, u data.Undo) (data.Event, error) {
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
	return e, enqueue(tx, c.ID, data.OpBlock, e.Seq, now)
}

// expiryBatch is how many ended blocks are written down in one transaction.
const expiryBatch = 50

// Expire writes down the blocks that have ended since anybody looked, in small
// pieces; it returns how many.
func (d *Desk) Expire(ctx context.Context) (ended int, err error) {
	for {
		due, err := d.Due(ctx, d.Now(), expiryBatch)
		if err != nil || len(due) == 0 {
			return ended, err
		}
		err = d.write(ctx, func(tx *store.Tx) error {
			for _, id := range due {
				c, err := tx.Customer(id)
				if err != nil {
					return err
				}
				if err := expireIfDue(tx, &c, d.Now()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return ended, fmt.Errorf("end the blocks that are due: %w", err)
		}
		ended += len(due)
	}
}
