package desk

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

const (
	maxProblem = 300            // characters of what is wrong with a delivery
	oldAfter   = 24 * time.Hour // a message that is read later than this after it was written comes in as read
)

// setAside sets a delivery aside within a transaction.
func setAside(tx *store.Tx, d data.SetAside, now data.Moment) error {
	if len(d.Raw) == 0 || len(d.Raw) > data.MaxSetAsideRaw {
		return fmt.Errorf("set a delivery aside: %w: it has 1 to %d bytes", data.ErrInvalid, data.MaxSetAsideRaw)
	}
	d.Reason = data.CleanLine(d.Reason, maxProblem)
	if err := tx.SetAside(d, now); err != nil {
		return err
	}
	return tx.Changed(data.SetAsideChanged, 0)
}

// SetAsideTotal returns how much is set aside.
func (d *Desk) SetAsideTotal(ctx context.Context) (data.SetAsideTotal, error) {
	return d.queries.SetAsideTotal(ctx)
}

// SetAsideIDs returns the deliveries that are set aside, the newest first.
func (d *Desk) SetAsideIDs(ctx context.Context) ([]int64, error) { return d.queries.SetAsideIDs(ctx) }

// SetAsideRows returns those of the deliveries that were set aside, the newest
// first and without their raw text, whatever has become of them.
func (d *Desk) SetAsideRows(ctx context.Context, ids []int64) ([]data.SetAside, error) {
	return d.queries.SetAsideRows(ctx, ids)
}

// FindSetAside returns a delivery that was set aside, whatever has become of it
// since, or data.ErrNotSetAside.
func (d *Desk) FindSetAside(ctx context.Context, id int64) (data.SetAside, error) {
	return d.queries.FindSetAside(ctx, id)
}

// Reread writes what the present program makes of deliveries that were set aside,
// all or nothing, and returns how many of them are taken now. A delivery that is
// not set aside any more is left out.
//
// A message is held if its customer was blocked when the delivery first came in,
// and every unblock since then moved it as it moved all that was held. It stands
// at its own time, counts as read if it is older than a day, and is never notified
// of. A status of a message that was not sent from here changes nothing,
// and neither does a new number of somebody who is not known.
func (d *Desk) Reread(ctx context.Context, by data.Actor, readings []data.Reading) (taken int, err error) {
	by.Name = data.CleanName(by.Name)
	err = d.write(ctx, func(tx *store.Tx) error {
		taken = 0
		for _, r := range readings {
			done, err := d.reread(tx, by, r)
			if err != nil {
				return fmt.Errorf("take delivery %d: %w", r.ID, err)
			}
			if done {
				taken++
			}
		}
		return nil
	})
	return taken, err
}

func (d *Desk) reread(tx *store.Tx, by data.Actor, r data.Reading) (taken bool, err error) {
	kept, err := tx.FindSetAside(r.ID)
	if err != nil || kept.State != data.SetAsideKept {
		return false, err
	}
	for _, in := range r.Messages {
		if _, err := d.receive(tx, in, &kept); err != nil {
			return false, err
		}
	}
	for _, change := range r.Changes {
		if err := d.changeIdentity(tx, change); err != nil && !errors.Is(err, data.ErrNotFound) {
			return false, err
		}
	}
	for _, u := range r.Statuses {
		if err := updateStatus(tx, u); err != nil && !errors.Is(err, data.ErrNotFound) {
			return false, err
		}
	}
	reason := data.CleanLine(r.Problem, maxProblem)
	switch reason {
	case "":
		err = tx.FinishSetAside(kept, data.SetAsideTaken, by, d.Now())
	case kept.Reason:
		return false, nil
	default:
		err = tx.SetSetAsideReason(kept.ID, reason)
	}
	if err != nil {
		return false, err
	}
	return reason == "", tx.Changed(data.SetAsideChanged, 0)
}

// addLate adds a message of a delivery that was set aside, and returns it as it is
// kept.
func addLate(tx *store.Tx, c *data.Customer, author []data.Identity, m data.Message, from data.SetAside, now data.Moment) (_ data.Message, id int64, err error) {
	if len(author) > 0 {
		m.AuthorAddress = author[0].Address
	}
	members, err := membersOf(tx, author)
	if err != nil {
		return m, 0, err
	}
	released, err := holdLate(tx, &m, c.ID, members, from.At)
	if err != nil {
		return m, 0, err
	}
	if m.Hold == data.NotHeld && c.Status(now) == data.Blocked {
		// What may have been written by who was joined into c, or is paired with c, is held.
		pairs, err := tx.PairsWith(c.ID)
		if err != nil {
			return m, 0, err
		}
		if len(pairs) > 0 {
			m.Hold = data.IsHeld
		}
	}
	id, _, err = tx.AddReread(c, m, from.ID, released, m.At < now.Add(-oldAfter))
	return m, id, err
}

// holdLate sets what has become of a message that came in at a moment, and returns the
// events that let go of it. What a member wrote in a group is held by the member's
// block, and after its end by the group's.
func holdLate(tx *store.Tx, m *data.Message, chat int64, members []member, at data.Moment) (released []int64, err error) {
	for _, one := range members {
		events, err := tx.Events(one.ID)
		if err != nil {
			return nil, err
		}
		hold, by := data.HoldAt(events, at)
		if hold == data.NotHeld || m.Hold == data.IsHeld {
			continue
		}
		m.Hold, m.HeldFor, m.AuthorAddress = hold, one.ID, one.as
		if by != 0 {
			released = append([]int64{by}, released...)
		}
	}
	events, err := tx.Events(chat)
	if err != nil {
		return nil, err
	}
	hold, by := data.HoldAt(events, at)
	if by != 0 {
		released = append(released, by)
	}
	if hold == data.IsHeld && m.Hold == data.Released || m.Hold == data.NotHeld {
		m.Hold, m.HeldFor = hold, 0
	}
	return released, nil
}

// DropSetAside drops a delivery: its text is deleted, and its row says by whom.
// An event belongs to a customer, so a drop is one where the delivery names a
// customer who is known here. It returns data.ErrNotSetAside if the delivery is not
// set aside, or not any more.
func (d *Desk) DropSetAside(ctx context.Context, by data.Actor, id int64) error {
	by.Name = data.CleanName(by.Name)
	return d.write(ctx, func(tx *store.Tx) error {
		kept, err := tx.FindSetAside(id)
		if err != nil {
			return err
		}
		if kept.State != data.SetAsideKept {
			return fmt.Errorf("delivery %d was %s: %w", id, kept.State, data.ErrNotSetAside)
		}
		now := d.Now()
		if err := tx.FinishSetAside(kept, data.SetAsideDropped, by, now); err != nil {
			return err
		}
		if err := recordDrop(tx, kept, by, now); err != nil {
			return err
		}
		return tx.Changed(data.SetAsideChanged, 0)
	})
}

// recordDrop appends the event of a drop for the customer whom the delivery names.
func recordDrop(tx *store.Tx, dropped data.SetAside, by data.Actor, now data.Moment) error {
	if dropped.From == "" {
		return nil
	}
	c, err := tx.FindCustomer(dropped.From)
	if errors.Is(err, data.ErrNotFound) || errors.Is(err, data.ErrSeveral) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := expireIfDue(tx, &c, now); err != nil {
		return err
	}
	detail := data.Detail{Delivery: hex.EncodeToString(dropped.Sum), Reason: dropped.Reason}
	if _, err := appendEvent(tx, c, data.DeliveryDroppedEvent, by, now, now, detail); err != nil {
		return err
	}
	return tx.Changed(data.CustomerChanged, c.ID)
}

// SetAsideRetriedBy returns the version of the program that last retried all that
// is set aside, empty for none.
func (d *Desk) SetAsideRetriedBy(ctx context.Context) (string, error) {
	return d.queries.SetAsideRetriedBy(ctx)
}

// SaveSetAsideRetriedBy saves that version.
func (d *Desk) SaveSetAsideRetriedBy(ctx context.Context, version string) error {
	return d.write(ctx, func(tx *store.Tx) error { return tx.SaveSetAsideRetriedBy(version) })
}
