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
	note, err := cleanNote("block", ask.Note)
	if err != nil {
		return data.Outcome{}, err
	}
	if err := d.ahead("its end", ask.Until); err != nil {
		return data.Outcome{}, fmt.Errorf("block: %w", err)
	}
	if err := d.ahead("its review", ask.Review); err != nil {
		return data.Outcome{}, fmt.Errorf("block: %w", err)
	}
	return d.act(ctx, customer, ask.Version, data.Blocked, func(tx *store.Tx, c *data.Customer, now data.Moment) (data.Event, error) {
		reason, err := findReason(tx, ask.Reason)
		if err != nil {
			return data.Event{}, err
		}
		block := &data.Block{By: by, At: now, Reason: reason, Note: note, Until: ask.Until, Review: ask.Review}
		if err := tx.SetBlock(c, block); err != nil {
			return data.Event{}, err
		}
		detail := data.Detail{Reason: reason, Note: note, Until: int64(ask.Until), Review: int64(ask.Review)}
		return record(tx, *c, data.BlockedEvent, by, now, now, detail)
	})
}

// Unblock lets a customer write again; what was held comes into the chat, or
// stays out of sight where that is asked. Unblocking who is active changes
// nothing. The outcome holds the customer as it stands, also with
// data.ErrChanged.
func (d *Desk) Unblock(ctx context.Context, by data.Actor, customer int64, ask data.UnblockRequest) (data.Outcome, error) {
	by.Name = data.CleanLine(by.Name, data.MaxName)
	note, err := cleanNote("unblock", ask.Note)
	if err != nil {
		return data.Outcome{}, err
	}
	return d.act(ctx, customer, ask.Version, data.Active, func(tx *store.Tx, c *data.Customer, now data.Moment) (data.Event, error) {
		detail := data.Detail{Note: note, Held: c.Held}
		letGo := tx.Release
		if ask.Discard {
			detail.Held, detail.Discarded = 0, c.Held
			letGo = tx.Discard
		}
		return lift(tx, c, data.UnblockedEvent, by, now, now, detail, letGo)
	})
}

func cleanNote(act, note string) (string, error) {
	note = data.Clean(note)
	if utf8.RuneCountInString(note) > data.MaxNote {
		return "", fmt.Errorf("%s: %w: the note is longer than %d characters", act, data.ErrInvalid, data.MaxNote)
	}
	return note, nil
}

// ahead refuses a moment that is past; none is ahead of everything.
func (d *Desk) ahead(what string, at data.Moment) error {
	if at != 0 && at <= d.Now() {
		return fmt.Errorf("%w: %s is already past", data.ErrInvalid, what)
	}
	return nil
}

// findReason gives the reason that is meant, of those this desk knows; without
// one nothing is read.
func findReason(tx *store.Tx, text string) (string, error) {
	if text == "" {
		return "", nil
	}
	reasons, err := tx.Reasons()
	if err != nil {
		return "", err
	}
	return data.FindReason(reasons, text)
}

// act reads the customer, checks that it is what the caller saw, and runs do
// unless the customer is in the wanted status already.
func (d *Desk) act(ctx context.Context, customer, version int64, want data.Status, do func(*store.Tx, *data.Customer, data.Moment) (data.Event, error)) (data.Outcome, error) {
	return d.change(ctx, customer, version, func(tx *store.Tx, c *data.Customer, now data.Moment) (data.Event, error) {
		if c.Status(now) == want {
			return data.Event{}, nil
		}
		return do(tx, c, now)
	})
}

// change reads the customer, settles it, checks that it is what the caller
// saw, and runs do in the same transaction. An event without a sequence means
// that there was nothing to change.
func (d *Desk) change(ctx context.Context, customer, version int64, do func(*store.Tx, *data.Customer, data.Moment) (data.Event, error)) (data.Outcome, error) {
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
		before := c.Block
		e, err := do(tx, &c, now)
		out.Customer = c
		if err != nil || e.Seq == 0 {
			return err
		}
		out.Changed = true
		out.Undo = data.Undo{CustomerID: c.ID, Version: c.Version, Event: e.Seq, Before: before}
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
	by := data.Actor{Kind: data.ScheduleActor, Way: data.BySchedule}
	if _, err := lift(tx, c, data.BlockEndedEvent, by, c.Block.Until, now, data.Detail{Held: c.Held}, tx.Release); err != nil {
		return err
	}
	return tx.Changed(data.CustomerChanged, c.ID)
}

// lift takes the block away, records it, and lets go of what was held.
func lift(tx *store.Tx, c *data.Customer, kind data.EventKind, by data.Actor, at, now data.Moment, detail data.Detail, letGo func(*data.Customer, int64) error) (data.Event, error) {
	if err := tx.SetBlock(c, nil); err != nil {
		return data.Event{}, err
	}
	e, err := record(tx, *c, kind, by, at, now, detail)
	if err != nil {
		return e, err
	}
	return e, letGo(c, e.Seq)
}

// record appends an event and shows it in the chat's row.
func record(tx *store.Tx, c data.Customer, kind data.EventKind, by data.Actor, at, now data.Moment, detail data.Detail) (data.Event, error) {
	by.Name = data.CleanLine(by.Name, data.MaxName)
	e, err := tx.Append(data.Event{
		At: at, RecordedAt: now, Kind: kind, CustomerID: c.ID, Phone: c.Phone, Actor: by, Detail: detail.Canonical(),
	})
	if err != nil {
		return e, err
	}
	return e, tx.ShowEvent(e)
}
