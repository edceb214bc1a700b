package desk

import (
	"context"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// scheduleActor is who acts where nobody does.
var scheduleActor = data.Actor{Kind: data.ScheduleActor, Channel: data.ViaSchedule}

// expireIfDue records that the block of c has ended, if the clock has reached its
// end and nobody has recorded it yet. Every act on a customer does this first.
func expireIfDue(tx *store.Tx, c *data.Customer, now data.Moment) error {
	if c.Block == nil || !c.Block.Ended(now) {
		return nil
	}
	p, err := readPerson(tx, *c, now)
	if err != nil {
		return err
	}
	if _, err := endBlock(tx, c, p, data.BlockEndedEvent, scheduleActor, c.Block.Until, now, data.Detail{}, false); err != nil {
		return err
	}
	return tx.Changed(data.CustomerChanged, c.ID)
}

// expiryBatch is how many ended blocks are recorded in one transaction.
const expiryBatch = 50

// Expire records the blocks that have ended since anybody looked, in small
// transactions. It returns how many there were.
func (d *Desk) Expire(ctx context.Context) (ended int, err error) {
	for {
		due, err := d.queries.Due(ctx, d.Now(), expiryBatch)
		if err != nil {
			return ended, err
		}
		if len(due) == 0 {
			return ended, d.expireOwn(ctx)
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

// expireOwn takes away the own blocks that have ended of customers who are blocked as
// the same person as another: from now on they borrow the other's.
func (d *Desk) expireOwn(ctx context.Context) error {
	for {
		due, err := d.queries.DueOwn(ctx, d.Now(), expiryBatch)
		if err != nil || len(due) == 0 {
			return err
		}
		err = d.write(ctx, func(tx *store.Tx) error {
			for _, row := range due {
				if err := endOwn(tx, row, d.Now()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("end the own blocks that are due: %w", err)
		}
	}
}

// endOwn takes away what has ended of the own blocks of the person of whom row is one.
func endOwn(tx *store.Tx, row int64, now data.Moment) error {
	c, err := settled(tx, row, now)
	if err != nil {
		return err
	}
	p, err := readPerson(tx, c, now)
	if err != nil {
		return err
	}
	if p.alone {
		return tx.SaveOwnBlock(row, nil)
	}
	return p.apply(tx, parting{by: scheduleActor, with: [2]data.Customer{c, c}, now: now})
}
