package desk

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Block blocks a customer: status, event and chat row in one transaction.
// Blocking who is blocked changes nothing. The outcome holds the customer as
// it stands, also with data.ErrChanged.
func (d *Desk) Block(ctx context.Context, by data.Actor, customer int64, ask data.BlockRequest) (data.Outcome, error) {
	ask, err := d.checkBlock(ask)
	if err != nil {
		return data.Outcome{}, err
	}
	return d.mutate(ctx, customer, ask.Version, blockingFor(by, ask))
}

// BlockNumber blocks whoever has the number, as Block does. A number that is
// not known here becomes a customer without a chat in the same transaction, so
// that a block that is refused leaves nobody behind.
func (d *Desk) BlockNumber(ctx context.Context, by data.Actor, phone data.Phone, ask data.BlockRequest) (out data.Outcome, err error) {
	if ask, err = d.checkBlock(ask); err != nil {
		return out, err
	}
	err = d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.CustomerByPhone(phone)
		if errors.Is(err, data.ErrNotFound) {
			c, err = tx.AddCustomer(phone, "")
		}
		if err != nil {
			return err
		}
		out, err = apply(tx, c, ask.Version, d.Now(), blockingFor(by, ask))
		return err
	})
	return out, err
}

// blockingFor is blocking for one of the desk's reasons, as somebody wrote it,
// unless the customer is blocked already.
func blockingFor(by data.Actor, ask data.BlockRequest) mutation {
	return idempotent(ask.Idempotency, skipIf(data.Blocked, func(tx *store.Tx, c *data.Customer, now data.Moment) (e data.Event, err error) {
		if ask.Reason, err = findReason(tx, ask.Reason); err != nil {
			return e, err
		}
		return blockMutation(by, ask)(tx, c, now)
	}))
}

// mutation is what an act does to one customer within a transaction.
type mutation func(*store.Tx, *data.Customer, data.Moment) (data.Event, error)

// checkBlock makes what a block is asked with fit to be kept, but for the
// reason, or tells why it cannot be.
func (d *Desk) checkBlock(ask data.BlockRequest) (_ data.BlockRequest, err error) {
	if ask.Note, err = cleanNote("block", ask.Note); err != nil {
		return ask, err
	}
	if err := d.checkFuture("its end", ask.Until); err != nil {
		return ask, fmt.Errorf("block: %w", err)
	}
	if err := d.checkFuture("its review", ask.Review); err != nil {
		return ask, fmt.Errorf("block: %w", err)
	}
	return ask, nil
}

func blockMutation(by data.Actor, ask data.BlockRequest) mutation {
	by.Name = data.CleanLine(by.Name, data.MaxName)
	detail := data.Detail{Reason: ask.Reason, Note: ask.Note, Until: int64(ask.Until), Review: int64(ask.Review)}
	return func(tx *store.Tx, c *data.Customer, now data.Moment) (data.Event, error) {
		block := &data.Block{By: by, At: now, Reason: ask.Reason, Note: ask.Note, Until: ask.Until, Review: ask.Review}
		if err := tx.SetBlock(c, block); err != nil {
			return data.Event{}, err
		}
		e, err := appendEvent(tx, *c, data.BlockedEvent, by, now, now, detail)
		if err != nil {
			return e, err
		}
		return e, enqueue(tx, c.ID, data.OpBlock, e.Seq, now)
	}
}

// Unblock lets a customer write again; what was held comes into the chat, or
// stays out of sight where that is asked. Unblocking who is active changes
// nothing. The outcome holds the customer as it stands, also with
// data.ErrChanged.
func (d *Desk) Unblock(ctx context.Context, by data.Actor, customer int64, ask data.UnblockRequest) (data.Outcome, error) {
	note, err := cleanNote("unblock", ask.Note)
	if err != nil {
		return data.Outcome{}, err
	}
	ask.Note = note
	return d.mutate(ctx, customer, ask.Version, idempotent(ask.Idempotency, skipIf(data.Active, unblockMutation(by, ask))))
}

func unblockMutation(by data.Actor, ask data.UnblockRequest) mutation {
	by.Name = data.CleanLine(by.Name, data.MaxName)
	return func(tx *store.Tx, c *data.Customer, now data.Moment) (data.Event, error) {
		detail := data.Detail{Note: ask.Note, Held: c.Held}
		letGo := tx.Release
		if ask.Discard {
			detail.Held, detail.Discarded = 0, c.Held
			letGo = tx.Discard
		}
		return endBlock(tx, c, data.UnblockedEvent, by, now, now, detail, letGo)
	}
}

func cleanNote(act, note string) (string, error) {
	note = data.Clean(note)
	if utf8.RuneCountInString(note) > data.MaxNote {
		return "", fmt.Errorf("%s: %w: the note is longer than %d characters", act, data.ErrInvalid, data.MaxNote)
	}
	return note, nil
}

// checkFuture refuses a moment that is past; none is ahead of everything.
func (d *Desk) checkFuture(what string, at data.Moment) error {
	if at != 0 && at <= d.Now() {
		return fmt.Errorf("%w: %s is already past", data.ErrInvalid, what)
	}
	return nil
}

// findReason returns the reason that is meant, of those this desk knows; without
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

// mutateUnless reads the customer, checks that it is what the caller saw, and runs do
// unless the customer is in the wanted status already.
func (d *Desk) mutateUnless(ctx context.Context, customer, version int64, want data.Status, do mutation) (data.Outcome, error) {
	return d.mutate(ctx, customer, version, skipIf(want, do))
}

// skipIf is a step that changes nothing where the customer is in the wanted
// status already.
func skipIf(want data.Status, do mutation) mutation {
	return func(tx *store.Tx, c *data.Customer, now data.Moment) (data.Event, error) {
		if c.Status(now) == want {
			return data.Event{}, nil
		}
		return do(tx, c, now)
	}
}

// mutate reads the customer and takes the step in the same transaction.
func (d *Desk) mutate(ctx context.Context, customer, version int64, do mutation) (out data.Outcome, err error) {
	err = d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil {
			return err
		}
		out, err = apply(tx, c, version, d.Now(), do)
		return err
	})
	return out, err
}

// apply checks that the customer is what the caller saw, settles it, and takes
// the step. An event without a sequence means that there was nothing to change.
func apply(tx *store.Tx, c data.Customer, version int64, now data.Moment, do mutation) (data.Outcome, error) {
	out := data.Outcome{Customer: c}
	if version != 0 && version != c.Version {
		return out, fmt.Errorf("customer %d: %w", c.ID, data.ErrChanged)
	}
	if err := expireIfDue(tx, &c, now); err != nil {
		return out, err
	}
	before := c.Block
	e, err := do(tx, &c, now)
	out.Customer = c
	if err != nil || e.Seq == 0 {
		return out, err
	}
	out.Changed = true
	out.Undo = data.Undo{CustomerID: c.ID, Version: c.Version, Event: e.Seq, Kind: e.Kind, Before: before}
	return out, tx.Changed(data.CustomerChanged, c.ID)
}

// expireIfDue writes down that a block has ended, where the clock has reached its
// end and nobody wrote it down yet. Whoever writes to a customer settles first.
func expireIfDue(tx *store.Tx, c *data.Customer, now data.Moment) error {
	if c.Block == nil || !c.Block.Ended(now) {
		return nil
	}
	by := data.Actor{Kind: data.ScheduleActor, Channel: data.ViaSchedule}
	if _, err := endBlock(tx, c, data.BlockEndedEvent, by, c.Block.Until, now, data.Detail{Held: c.Held}, tx.Release); err != nil {
		return err
	}
	return tx.Changed(data.CustomerChanged, c.ID)
}

// endBlock takes the block away, records it, and lets go of what was held.
func endBlock(tx *store.Tx, c *data.Customer, kind data.EventKind, by data.Actor, at, now data.Moment, detail data.Detail, letGo func(*data.Customer, int64) error) (data.Event, error) {
	if err := tx.SetBlock(c, nil); err != nil {
		return data.Event{}, err
	}
	e, err := appendEvent(tx, *c, kind, by, at, now, detail)
	if err != nil {
		return e, err
	}
	if err := letGo(c, e.Seq); err != nil {
		return e, err
	}
	return e, enqueue(tx, c.ID, data.OpUnblock, e.Seq, now)
}

// appendEvent appends an event and shows it in the chat's row.
func appendEvent(tx *store.Tx, c data.Customer, kind data.EventKind, by data.Actor, at, now data.Moment, detail data.Detail) (data.Event, error) {
	by.Name = data.CleanLine(by.Name, data.MaxName)
	e, err := tx.Append(data.Event{
		At: at, RecordedAt: now, Kind: kind, CustomerID: c.ID, Phone: c.Phone, Actor: by, Detail: detail.Canonical(),
	})
	if err != nil {
		return e, err
	}
	return e, tx.ShowEvent(e)
}
