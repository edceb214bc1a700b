package desk

import (
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Block blocks a customer: status, event and chat row in one transaction.
// Blocking who is blocked changes nothing. The outcome holds the customer as
// it stands, also with data.ErrChanged.
func (d *Desk) Block(ctx context.Context, by data.Actor, customer int64, ask data.BlockRequest) (data.Outcome, error) {
	by.Name = data.CleanLine(by.Name, data.MaxName)
	ask.Reason = data.CleanLine(ask.Reason, data.MaxReason)
	ask.Note = data.Clean(ask.Note)
	if utf8.RuneCountInString(ask.Note) > data.MaxNote {
		return data.Outcome{}, fmt.Errorf("block: %w: the note is longer than %d characters", data.ErrInvalid, data.MaxNote)
	}
	if ask.Until != 0 && ask.Until <= d.Now() {
		return data.Outcome{}, fmt.Errorf("block: %w: its end is already past", data.ErrInvalid)
	}
	return d.act(ctx, customer, ask.Version, data.Blocked, func(tx *store.Tx, c *data.Customer, now data.Moment) error {
		block := &data.Block{By: by, At: now, Reason: ask.Reason, Note: ask.Note, Until: ask.Until}
		if err := tx.SetBlock(c, block); err != nil {
			return err
		}
		detail := data.Detail{Reason: ask.Reason, Note: ask.Note, Until: int64(ask.Until)}
		return record(tx, *c, data.BlockedEvent, by, now, now, detail)
	})
}

// Unblock lets a customer write again and brings what was held into the chat.
// Unblocking who is active changes nothing. The outcome holds the customer as
// it stands, also with data.ErrChanged.
func (d *Desk) Unblock(ctx context.Context, by data.Actor, customer int64, ask data.UnblockRequest) (data.Outcome, error) {
	by.Name = data.CleanLine(by.Name, data.MaxName)
	ask.Note = data.Clean(ask.Note)
	if utf8.RuneCountInString(ask.Note) > data.MaxNote {
		return data.Outcome{}, fmt.Errorf("unblock: %w: the note is longer than %d characters", data.ErrInvalid, data.MaxNote)
	}
	return d.act(ctx, customer, ask.Version, data.Active, func(tx *store.Tx, c *data.Customer, now data.Moment) error {
		released, err := lift(tx, c)
		if err != nil {
			return err
		}
		return record(tx, *c, data.UnblockedEvent, by, now, now, data.Detail{Note: ask.Note, Held: released})
	})
}

// act reads the customer, checks that it is what the caller saw, and runs do
// unless the customer is in the wanted status already.
func (d *Desk) act(ctx context.Context, customer, version int64, want data.Status, do func(*store.Tx, *data.Customer, data.Moment) error) (data.Outcome, error) {
	var out data.Outcome
	var conflict error
	err := d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil {
			return err
		}
		now := d.Now()
		out = data.Outcome{Customer: c}
		if version != 0 && version != c.Version {
			conflict = fmt.Errorf("customer %d: %w", customer, data.ErrChanged)
			return nil
		}
		if err := settle(tx, &c, now); err != nil {
			return err
		}
		out.Customer = c
		if c.Status(now) == want {
			return nil
		}
		if err := do(tx, &c, now); err != nil {
			return err
		}
		out = data.Outcome{Customer: c, Changed: true}
		return tx.Changed(data.CustomerChanged, c.ID)
	})
	if err == nil {
		err = conflict
	}
	return out, err
}

// settle writes down that a block has ended, where the clock has reached its
// end and nobody wrote it down yet. Whoever writes to a customer settles first.
func settle(tx *store.Tx, c *data.Customer, now data.Moment) error {
	if c.Block == nil || !c.Block.Ended(now) {
		return nil
	}
	ended := c.Block.Until
	released, err := lift(tx, c)
	if err != nil {
		return err
	}
	by := data.Actor{Kind: data.ScheduleActor, Way: data.BySchedule}
	if err := record(tx, *c, data.BlockEndedEvent, by, ended, now, data.Detail{Held: released}); err != nil {
		return err
	}
	return tx.Changed(data.CustomerChanged, c.ID)
}

// lift takes the block away and brings what was held into the chat.
func lift(tx *store.Tx, c *data.Customer) (released int, err error) {
	if err := tx.SetBlock(c, nil); err != nil {
		return 0, err
	}
	return tx.Release(c)
}

// record appends an event and shows it in the chat's row.
func record(tx *store.Tx, c data.Customer, kind data.EventKind, by data.Actor, at, now data.Moment, detail data.Detail) error {
	e, err := tx.Append(data.Event{
		At: at, RecordedAt: now, Kind: kind, CustomerID: c.ID, Phone: c.Phone, Actor: by, Detail: detail.Canonical(),
	})
	if err != nil {
		return err
	}
	return tx.ShowEvent(e)
}
