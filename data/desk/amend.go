package desk

import (
	"context"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Amend changes a block in force: its reason, its end, its review, its note, and
// whether the customer asked for its end, all in one transaction. Each of them that
// changes has an event of its own. A customer who is not blocked stays as is.
//
// It returns data.ErrInvalid if the note is too long, the reason is neither the block's
// nor one of the desk's, or the end or review is in the past, data.ErrNotFound if there is no such customer, and
// data.ErrChanged if the customer is not the version that the caller saw.
// Nothing is written then.
func (d *Desk) Amend(ctx context.Context, by data.Actor, customer int64, req data.AmendRequest) (out data.Outcome, err error) {
	if req, err = d.checkAmend(req); err != nil {
		return out, err
	}
	err = d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil {
			return err
		}
		out, err = amend(tx, c, by, req, d.Now())
		return err
	})
	return out, err
}

// amend changes the customer's block within a transaction.
func amend(tx *store.Tx, customer data.Customer, by data.Actor, req data.AmendRequest, now data.Moment) (data.Outcome, error) {
	out := data.Outcome{Customer: customer}
	c := &out.Customer
	if err := checkVersion(customer, req.Version); err != nil {
		return out, err
	}
	if err := expireIfDue(tx, c, now); err != nil {
		return out, err
	}
	before := c.Block
	if before == nil {
		return out, nil
	}
	if req.Reason != nil && *req.Reason != before.Reason {
		reasons, err := reasonsFor(tx, *req.Reason)
		if err != nil {
			return out, err
		}
		reason, err := data.FindReason(reasons, *req.Reason)
		if err != nil {
			return out, err
		}
		req.Reason = &reason
	}
	err := applyAmend(tx, &out, by, req, now, data.Detail{})
	return out, err
}

// applyAmend changes the block in force of out's customer, and of those who may be the
// same person. The events hold more, beside what changes.
func applyAmend(tx *store.Tx, out *data.Outcome, by data.Actor, req data.AmendRequest, now data.Moment, more data.Detail) error {
	c := &out.Customer
	before := c.Block
	after, changes := amended(*before, req, now, more)
	if len(changes) == 0 {
		return nil
	}

	p, err := readPerson(tx, *c, now)
	if err != nil {
		return err
	}
	own, with := p.before(), c.Address
	if !p.alone {
		for row, b := range p.own {
			its, _ := amended(*b, req, now, more)
			p.own[row] = &its
		}
		if blocks, _ := p.counting(); blocks != nil {
			after = *blocks[c.ID]
		}
	}
	if err := tx.SetBlock(c, &after); err != nil {
		return err
	}
	var first data.Event
	for i, change := range changes {
		e, err := appendEvent(tx, *c, change.kind, by, now, now, change.detail)
		if err != nil {
			return err
		}
		if i == 0 {
			first = e
		}
	}
	if err := amendOthers(tx, p, with, by, req, now, more); err != nil {
		return err
	}
	setChanged(out, first, before, own)
	return tx.Changed(data.CustomerChanged, c.ID)
}

// amendOthers writes the changed blocks of a person of several customers, and records
// with the others of them what changed. With is the address of the first.
func amendOthers(tx *store.Tx, p person, with data.Address, by data.Actor, req data.AmendRequest, now data.Moment, more data.Detail) error {
	if p.alone {
		return nil
	}
	blocks, _ := p.counting()
	for i := range p.customers[1:] {
		o := &p.customers[1+i]
		if o.Block == nil || blocks[o.ID] == nil {
			continue
		}
		_, changes := amended(*o.Block, req, now, more)
		if *o.Block == *blocks[o.ID] {
			continue
		}
		if err := tx.SetBlock(o, blocks[o.ID]); err != nil {
			return err
		}
		for _, change := range changes {
			change.detail.With = string(with)
			if _, err := appendEvent(tx, *o, change.kind, by, now, now, change.detail); err != nil {
				return err
			}
		}
		if err := tx.Changed(data.CustomerChanged, o.ID); err != nil {
			return err
		}
	}
	return p.save(tx)
}

// checkAmend returns req with its note cleaned, or data.ErrInvalid as Amend does.
func (d *Desk) checkAmend(req data.AmendRequest) (data.AmendRequest, error) {
	const act = "change the block"
	if req.Note != nil {
		note, err := cleanNote(act, *req.Note)
		if err != nil {
			return req, err
		}
		req.Note = &note
	}
	if req.Until != nil {
		if err := d.checkFuture("its end", *req.Until); err != nil {
			return req, fmt.Errorf("%s: %w", act, err)
		}
	}
	if req.Review != nil {
		if err := d.checkFuture("its review", *req.Review); err != nil {
			return req, fmt.Errorf("%s: %w", act, err)
		}
	}
	return req, nil
}

// blockChange is one thing that changes on a block in force.
type blockChange struct {
	kind   data.EventKind
	detail data.Detail
}

// amended returns the block as req changes it at now, and the changes in the order
// in which they are recorded, each with more.
func amended(block data.Block, req data.AmendRequest, now data.Moment, more data.Detail) (after data.Block, changes []blockChange) {
	after = block
	add := func(kind data.EventKind, set func(*data.Detail)) {
		detail := more
		set(&detail)
		changes = append(changes, blockChange{kind, detail})
	}
	if req.Reason != nil && *req.Reason != block.Reason {
		after.Reason = *req.Reason
		add(data.ReasonEvent, func(d *data.Detail) { d.Reason = after.Reason })
	}
	if req.Until != nil && *req.Until != block.Until {
		after.Until = *req.Until
		add(endChangeKind(block.Until, after.Until), func(d *data.Detail) { d.Until = int64(after.Until) })
	}
	if req.Review != nil && *req.Review != block.Review {
		after.Review = *req.Review
		add(data.ReviewEvent, func(d *data.Detail) { d.Review = int64(after.Review) })
	}
	if req.Note != nil && *req.Note != block.Note {
		after.Note = *req.Note
		add(data.NoteEvent, func(d *data.Detail) { d.Note = after.Note })
	}
	if req.Asked {
		after.UnblockRequestedAt = now
		add(data.UnblockRequestedEvent, func(*data.Detail) {})
	}
	return after, changes
}

// endChangeKind returns the kind of event for a change of a block's end.
func endChangeKind(before, after data.Moment) data.EventKind {
	if data.LaterEnd(after, before) {
		return data.ExtendedEvent
	}
	return data.ShortenedEvent
}
