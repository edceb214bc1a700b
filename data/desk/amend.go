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
// It returns data.ErrInvalid if the note is too long or the end or review is in the
// past, data.ErrNotFound if there is no such customer, and
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
	after, changes := amended(*before, req, now)
	if len(changes) == 0 {
		return out, nil
	}

	p, err := readPerson(tx, *c, now)
	if err != nil {
		return out, err
	}
	own, with := p.before(), c.Address
	if !p.alone {
		for row, b := range p.own {
			its, _ := amended(*b, req, now)
			p.own[row] = &its
		}
		if blocks, _ := p.counting(); blocks != nil {
			after = *blocks[c.ID]
		}
	}
	if err := tx.SetBlock(c, &after); err != nil {
		return out, err
	}
	var first data.Event
	for i, change := range changes {
		e, err := appendEvent(tx, *c, change.kind, by, now, now, change.detail)
		if err != nil {
			return out, err
		}
		if i == 0 {
			first = e
		}
	}
	if err := amendOthers(tx, p, with, by, req, now); err != nil {
		return out, err
	}
	setChanged(&out, first, before, own)
	err = tx.Changed(data.CustomerChanged, c.ID)
	return out, err
}

// amendOthers writes the changed blocks of a person of several customers, and records
// with the others of them what changed. With is the address of the first.
func amendOthers(tx *store.Tx, p person, with data.Address, by data.Actor, req data.AmendRequest, now data.Moment) error {
	if p.alone {
		return nil
	}
	blocks, _ := p.counting()
	for i := range p.customers[1:] {
		o := &p.customers[1+i]
		if o.Block == nil || blocks[o.ID] == nil {
			continue
		}
		_, changes := amended(*o.Block, req, now)
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
// in which they are recorded.
func amended(block data.Block, req data.AmendRequest, now data.Moment) (after data.Block, changes []blockChange) {
	after = block
	if req.Until != nil && *req.Until != block.Until {
		after.Until = *req.Until
		changes = append(changes, blockChange{endChangeKind(block.Until, after.Until), data.Detail{Until: int64(after.Until)}})
	}
	if req.Review != nil && *req.Review != block.Review {
		after.Review = *req.Review
		changes = append(changes, blockChange{data.ReviewEvent, data.Detail{Review: int64(after.Review)}})
	}
	if req.Note != nil && *req.Note != block.Note {
		after.Note = *req.Note
		changes = append(changes, blockChange{data.NoteEvent, data.Detail{Note: after.Note}})
	}
	if req.Asked {
		after.UnblockRequestedAt = now
		changes = append(changes, blockChange{data.UnblockRequestedEvent, data.Detail{}})
	}
	return after, changes
}

// endChangeKind returns the kind of event for a change of a block's end. No end at all,
// which is zero, is the latest.
func endChangeKind(before, after data.Moment) data.EventKind {
	if after == 0 || before != 0 && after > before {
		return data.ExtendedEvent
	}
	return data.ShortenedEvent
}
