package desk

import (
	"context"
	"errors"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Block blocks a customer: status, event, chat row and outbox entry in one
// transaction. Blocking a blocked customer changes nothing. The outcome holds
// the customer as it stands, even with data.ErrChanged.
//
// It returns data.ErrInvalid if the note is too long, the reason is none of this
// desk's, or a moment is past; data.ErrNotFound if there is no such customer;
// data.ErrChanged if the customer is not the version that the caller saw; and
// data.ErrReused if the idempotency key came with another request.
func (d *Desk) Block(ctx context.Context, by data.Actor, customer int64, ask data.BlockRequest) (out data.Outcome, err error) {
	if ask, err = d.checkBlock(ask); err != nil {
		return out, err
	}
	err = d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil {
			return err
		}
		reasons, err := reasonsFor(tx, ask)
		if err != nil {
			return err
		}
		out, err = block(tx, c, by, ask, reasons, d.Now())
		return err
	})
	return out, err
}

// block blocks the customer within a transaction. Every block goes through it,
// but for those of an import. The reason is looked up among reasons.
func block(tx *store.Tx, customer data.Customer, by data.Actor, ask data.BlockRequest, reasons []string, now data.Moment) (data.Outcome, error) {
	out := data.Outcome{Customer: customer}
	c := &out.Customer

	// Check that it is what the caller saw, and bring it up to date.
	if err := checkVersion(customer, ask.Version); err != nil {
		return out, err
	}
	if err := expireIfDue(tx, c, now); err != nil {
		return out, err
	}

	// Decide whether there is anything to do.
	if repeated, err := isRepeated(tx, ask.Idempotency, now); err != nil || repeated {
		return out, err
	}
	if c.Status(now) == data.Blocked {
		err := saveRequest(tx, ask.Idempotency, now)
		return out, err
	}
	reason, err := data.FindReason(reasons, ask.Reason)
	if err != nil {
		return out, err
	}

	// Write the block, record the event, and have DoubleTick told.
	by.Name = data.CleanLine(by.Name, data.MaxName)
	before := c.Block
	b := &data.Block{By: by, At: now, Reason: reason, Note: ask.Note, Until: ask.Until, Review: ask.Review}
	if err := tx.SetBlock(c, b); err != nil {
		return out, err
	}
	detail := data.Detail{Reason: reason, Note: ask.Note, Until: int64(ask.Until), Review: int64(ask.Review)}
	e, err := appendEvent(tx, *c, data.BlockedEvent, by, now, now, detail)
	if err != nil {
		return out, err
	}
	if err := enqueue(tx, c.ID, data.OpBlock, e.Seq, now); err != nil {
		return out, err
	}
	if err := saveRequest(tx, ask.Idempotency, now); err != nil {
		return out, err
	}
	setChanged(&out, e, before)
	err = tx.Changed(data.CustomerChanged, c.ID)
	return out, err
}

// BlockNumber blocks the customer with the number, as Block does. A number that
// is not known here becomes a customer without a chat in the same transaction,
// so that a block that is refused leaves nobody behind.
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
		reasons, err := reasonsFor(tx, ask)
		if err != nil {
			return err
		}
		out, err = block(tx, c, by, ask, reasons, d.Now())
		return err
	})
	return out, err
}

// checkBlock returns ask with its note cleaned, or the error that refuses it. The
// reason is looked up later, within the transaction.
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

// reasonsFor returns the desk's reasons if the block is asked with one, and reads
// nothing otherwise.
func reasonsFor(tx *store.Tx, ask data.BlockRequest) ([]string, error) {
	if ask.Reason == "" {
		return nil, nil
	}
	return tx.Reasons()
}
