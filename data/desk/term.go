package desk

import (
	"context"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Amend changes until when a block in force lasts and when it is looked at
// again. Who is not blocked is not changed.
func (d *Desk) Amend(ctx context.Context, by data.Actor, customer int64, ask data.AmendRequest) (data.Outcome, error) {
	by.Name = data.CleanLine(by.Name, data.MaxName)
	if err := d.ahead("its end", ask.Until); err != nil {
		return data.Outcome{}, fmt.Errorf("change the block: %w", err)
	}
	if err := d.ahead("its review", ask.Review); err != nil {
		return data.Outcome{}, fmt.Errorf("change the block: %w", err)
	}
	return d.act(ctx, customer, ask.Version, data.Active, func(tx *store.Tx, c *data.Customer, now data.Moment) (e data.Event, err error) {
		before, after := c.Block, *c.Block
		after.Until, after.Review = ask.Until, ask.Review
		if after == *before {
			return data.Event{}, nil
		}
		if err := tx.SetBlock(c, &after); err != nil {
			return e, err
		}
		if after.Until != before.Until {
			detail := data.Detail{Until: int64(after.Until)}
			if e, err = record(tx, *c, longerOrShorter(before.Until, after.Until), by, now, now, detail); err != nil {
				return e, err
			}
		}
		if after.Review != before.Review {
			e, err = record(tx, *c, data.ReviewEvent, by, now, now, data.Detail{Review: int64(after.Review)})
		}
		return e, err
	})
}

// longerOrShorter names a change of a block's end, of which none is the latest.
func longerOrShorter(before, after data.Moment) data.EventKind {
	if after == 0 || before != 0 && after > before {
		return data.ExtendedEvent
	}
	return data.ShortenedEvent
}

// NoteRequest keeps on the block that the customer asked to be unblocked. Who
// is not blocked is not changed.
func (d *Desk) NoteRequest(ctx context.Context, by data.Actor, customer int64, note string) (data.Outcome, error) {
	by.Name = data.CleanLine(by.Name, data.MaxName)
	note, err := cleanNote("note the request", note)
	if err != nil {
		return data.Outcome{}, err
	}
	return d.act(ctx, customer, 0, data.Active, func(tx *store.Tx, c *data.Customer, now data.Moment) (data.Event, error) {
		after := *c.Block
		after.Asked = now
		if err := tx.SetBlock(c, &after); err != nil {
			return data.Event{}, err
		}
		return record(tx, *c, data.AskedEvent, by, now, now, data.Detail{Note: note})
	})
}

// Undo takes a block or an unblock back: the state before is restored to the
// letter, held messages included, and an event says so. Where somebody changed
// the customer since, it gives data.ErrChanged and does nothing.
func (d *Desk) Undo(ctx context.Context, by data.Actor, u data.Undo) (data.Outcome, error) {
	return d.change(ctx, u.CustomerID, u.Version, undoing(by, u))
}

func undoing(by data.Actor, u data.Undo) step {
	by.Name = data.CleanLine(by.Name, data.MaxName)
	return func(tx *store.Tx, c *data.Customer, now data.Moment) (data.Event, error) {
		detail := data.Detail{Of: u.Event, From: string(data.BlockedEvent), Held: c.Held}
		if u.Before == nil && c.Block == nil {
			return data.Event{}, nil // it has ended by itself since
		}
		if u.Before == nil {
			return lift(tx, c, data.UndoneEvent, by, now, now, detail, tx.Release)
		}
		if err := tx.SetBlock(c, u.Before); err != nil {
			return data.Event{}, err
		}
		held, err := tx.Rehold(c, u.Event)
		if err != nil {
			return data.Event{}, err
		}
		detail.From, detail.Held = string(data.UnblockedEvent), held
		e, err := record(tx, *c, data.UndoneEvent, by, now, now, detail)
		if err != nil {
			return e, err
		}
		return e, tell(tx, c.ID, data.TellBlock, e.Seq, now)
	}
}

// pieceOfDue is how many ended blocks are written down in one transaction.
const pieceOfDue = 50

// Expire writes down the blocks that have ended since anybody looked, in small
// pieces; it gives how many.
func (d *Desk) Expire(ctx context.Context) (ended int, err error) {
	for {
		due, err := d.Due(ctx, d.Now(), pieceOfDue)
		if err != nil || len(due) == 0 {
			return ended, err
		}
		err = d.write(ctx, func(tx *store.Tx) error {
			for _, id := range due {
				c, err := tx.Customer(id)
				if err != nil {
					return err
				}
				if err := settle(tx, &c, d.Now()); err != nil {
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
