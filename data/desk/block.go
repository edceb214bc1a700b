package desk

import (
	"context"
	"errors"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Block blocks a customer: status, event, chat row and outbox entry in one
// transaction. For a blocked customer the request is a change of the block, as
// Block.Reblock in package data says. The outcome holds the customer as it stands, even
// with data.ErrChanged, and what came of the request.
//
// It returns data.ErrInvalid if the note is too long, the reason is not one of the
// desk's, or the end or review is in the past; data.ErrNotFound if there is no such customer;
// data.ErrChanged if the customer is not the version that the caller saw; and
// data.ErrReused if the idempotency key came with another request.
func (d *Desk) Block(ctx context.Context, by data.Actor, customer int64, req data.BlockRequest) (out data.Outcome, err error) {
	if req, err = d.checkBlock(req); err != nil {
		return out, err
	}
	err = d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil {
			return err
		}
		reasons, err := reasonsFor(tx, req.Reason)
		if err != nil {
			return err
		}
		out, err = block(tx, c, by, req, reasons, d.Now())
		return err
	})
	return out, err
}

// block blocks the customer within a transaction. Every block goes through it,
// except those of an import, which blockImporter writes. The reason of req must be
// one of reasons.
func block(tx *store.Tx, customer data.Customer, by data.Actor, req data.BlockRequest, reasons []string, now data.Moment) (data.Outcome, error) {
	out := data.Outcome{Customer: customer}
	c := &out.Customer

	// Check that the customer is the version that the caller saw, and record a block that has ended.
	if err := checkVersion(customer, req.Version); err != nil {
		return out, err
	}
	if err := expireIfDue(tx, c, now); err != nil {
		return out, err
	}

	// Decide whether there is anything to do.
	answer, repeated, err := findRequest(tx, req.Idempotency, now)
	if err != nil || repeated {
		out.Result = data.BlockResult(answer)
		return out, err
	}
	if req.Reason, err = data.FindReason(reasons, req.Reason); err != nil {
		return out, err
	}
	if c.Status(now) == data.Blocked {
		err := reblock(tx, &out, by, req, now, data.Detail{})
		if err != nil {
			return out, err
		}
		err = saveRequest(tx, req.Idempotency, string(out.Result), now)
		return out, err
	}

	// Write the block, record the event, and have DoubleTick told.
	by.Name = data.CleanName(by.Name)
	before := c.Block
	b := &data.Block{By: by, At: now, Reason: req.Reason, Note: req.Note, Until: req.Until, Review: req.Review}
	if err := tx.SetBlock(c, b); err != nil {
		return out, err
	}
	detail := data.Detail{Reason: req.Reason, Note: req.Note, Until: int64(req.Until), Review: int64(req.Review)}
	e, err := appendEvent(tx, *c, data.BlockedEvent, by, now, now, detail)
	if err != nil {
		return out, err
	}
	if err := enqueue(tx, *c, data.OpBlock, e.Seq, now); err != nil {
		return out, err
	}
	if err := lendBlock(tx, *c, by, now); err != nil {
		return out, err
	}
	out.Result = data.NewlyBlocked
	if err := saveRequest(tx, req.Idempotency, string(out.Result), now); err != nil {
		return out, err
	}
	setChanged(&out, e, before, nil)
	err = tx.Changed(data.CustomerChanged, c.ID)
	return out, err
}

// reblock does a request to block on a block that is in force, and writes the result
// into out. The reason of req is one of the desk's already. The events hold more,
// beside what changes.
func reblock(tx *store.Tx, out *data.Outcome, by data.Actor, req data.BlockRequest, now data.Moment, more data.Detail) error {
	var change data.AmendRequest
	if change, out.Result = out.Customer.Block.Reblock(req); out.Result != data.BlockChanged {
		return nil
	}
	return applyAmend(tx, out, by, change, now, more)
}

// BlockAddress blocks the customer with the address, as Block does. An address that
// is not known here becomes a customer without a chat in the same transaction,
// so that a block that is refused adds no customer. It returns a *data.SeveralError
// where several customers have the address by their match keys.
func (d *Desk) BlockAddress(ctx context.Context, by data.Actor, a data.Address, req data.BlockRequest) (out data.Outcome, err error) {
	if req, err = d.checkBlock(req); err != nil {
		return out, err
	}
	err = d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.FindCustomer(a)
		if errors.Is(err, data.ErrNotFound) {
			c, _, err = tx.AddCustomer(data.NewIdentity(a), "")
		}
		if err != nil {
			return err
		}
		reasons, err := reasonsFor(tx, req.Reason)
		if err != nil {
			return err
		}
		out, err = block(tx, c, by, req, reasons, d.Now())
		return err
	})
	return out, err
}

// checkBlock returns req with its note cleaned, or data.ErrInvalid as Block does. The
// reason is checked later, within the transaction.
func (d *Desk) checkBlock(req data.BlockRequest) (_ data.BlockRequest, err error) {
	if req.Note, err = cleanNote("block", req.Note); err != nil {
		return req, err
	}
	if err := d.checkFuture("its end", req.Until); err != nil {
		return req, fmt.Errorf("block: %w", err)
	}
	if err := d.checkFuture("its review", req.Review); err != nil {
		return req, fmt.Errorf("block: %w", err)
	}
	return req, nil
}

// reasonsFor returns the desk's reasons where reason is one, and nil without reading
// anything where it is empty.
func reasonsFor(tx *store.Tx, reason string) ([]string, error) {
	if reason == "" {
		return nil, nil
	}
	return tx.Reasons()
}
