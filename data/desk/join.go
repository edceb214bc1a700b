package desk

import (
	"context"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// JoinPair makes one customer of a pair: the second is joined into the first. All that
// was written to and by either is in one chat, and the history of both is that of the
// one. Where both were blocked, the block that ends later counts; the other stands in
// the event, and both are there again after a split.
//
// It returns data.ErrNotFound if there is no such pair, and data.ErrChanged if it is
// decided already.
func (d *Desk) JoinPair(ctx context.Context, by data.Actor, pair int64) error {
	return d.DecidePair(ctx, by, pair, data.PairRequest{Act: data.JoinTwo})
}

// join joins a pair that is open within a transaction.
func join(tx *store.Tx, p data.Pair, by data.Actor, now data.Moment) error {
	into, err := settled(tx, p.First, now)
	if err != nil {
		return err
	}
	from, err := settled(tx, p.Second, now)
	if err != nil {
		return err
	}

	// One block counts for the one customer; of two, the other stands in the event.
	all, err := readPerson(tx, into, now)
	if err != nil {
		return err
	}
	first, second, detail := all.ownBlock(into.ID), all.ownBlock(from.ID), data.Detail{}
	if first != nil && second != nil {
		other := first
		if b, _ := data.PersonBlock([]data.Customer{{ID: into.ID, Block: first}, {ID: from.ID, Block: second}}, now); b == first {
			other = second
		}
		detail = data.Detail{Reason: other.Reason, Note: other.Note, Until: int64(other.Until), Review: int64(other.Review)}
	}
	blocked := from.Block != nil

	// Record it with both while the two are there.
	p.State, p.DecidedAt = data.PairJoined, now
	if err := tx.SavePair(p); err != nil {
		return err
	}
	if err := recordPair(tx, p, data.JoinedEvent, by, now, detail); err != nil {
		return err
	}
	if err := inheritPairs(tx, p); err != nil {
		return err
	}
	for _, c := range []*data.Customer{&into, &from} {
		if *c, err = tx.Customer(c.ID); err != nil {
			return err
		}
	}
	kept, err := tx.Join(&into, &from, now)
	if err != nil {
		return err
	}
	kept.SecondBlocked = blocked
	if err := tx.SaveJoined(p.ID, kept); err != nil {
		return err
	}
	if err := tx.SetPairedWith(&into); err != nil {
		return err
	}
	if all, err = readParted(tx, into.ID, now); err != nil {
		return err
	}
	if err := all.apply(tx, parting{by: by, with: [2]data.Customer{into, from}, now: now}); err != nil {
		return err
	}
	return changedBoth(tx, into.ID, from.ID)
}

// inheritPairs makes the first customer of a joined pair stand in the place of the
// second in the pairs that nobody has decided.
func inheritPairs(tx *store.Tx, joined data.Pair) error {
	pairs, err := tx.PairsWith(joined.Second)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		if p.State != data.PairOpen {
			continue
		}
		other := p.Other(joined.Second)
		known, err := tx.PairsBetween(joined.First, other)
		if err != nil {
			return err
		}
		if len(known) > 0 { // of the two questions one is asked, even if the other was answered
			if err := tx.RemovePair(p.ID); err != nil {
				return err
			}
			p = known[0]
			for _, k := range known {
				if k.First == min(joined.First, other) && k.Second == max(joined.First, other) {
					p = k
				}
			}
		}
		p.First, p.Second = min(joined.First, other), max(joined.First, other)
		p.State, p.DecidedAt = data.PairOpen, 0
		if err := tx.SavePair(p); err != nil {
			return err
		}
		c, err := tx.Customer(other)
		if err != nil {
			return err
		}
		if err := tx.SetPairedWith(&c); err != nil {
			return err
		}
	}
	return nil
}

// SplitPair undoes JoinPair: the two are customers of their own again, each with what came
// from or went to its addresses, and with its own block. Tags that were set since stay on
// both, and a block that was made or changed since holds for both. The pair is to be
// decided again.
//
// It returns data.ErrNotFound if there is no such pair, data.ErrChanged if it is not
// joined, and data.ErrInvalid if one of the two would have no address left, or the
// one was joined into another since, which must be split first.
func (d *Desk) SplitPair(ctx context.Context, by data.Actor, pair int64) error {
	return d.DecidePair(ctx, by, pair, data.PairRequest{Act: data.SplitTwo})
}

func split(tx *store.Tx, p data.Pair, by data.Actor, now data.Moment) error {
	into, err := settled(tx, p.First, now)
	if err != nil {
		return err
	}
	if into.ID != p.First {
		return fmt.Errorf("%w: a later join must be split first", data.ErrInvalid)
	}
	kept, err := tx.Joined(p.ID)
	if err != nil {
		return err
	}
	from, err := tx.Split(&into, p.Second, kept, now)
	if err != nil {
		return err
	}
	if into.Block == nil && kept.SecondBlocked { // its history says that it is blocked
		if _, err := appendEvent(tx, from, data.UnblockedEvent, by, now, now, data.Detail{With: string(into.Address)}); err != nil {
			return err
		}
	}
	p.DecidedAt = 0
	if err := openPair(tx, p, data.SplitEvent, by, now); err != nil {
		return err
	}
	return changedBoth(tx, into.ID, from.ID)
}

func changedBoth(tx *store.Tx, a, b int64) error {
	for _, id := range []int64{a, b} {
		for _, kind := range []data.ChangeKind{data.CustomerChanged, data.MessageChanged} {
			if err := tx.Changed(kind, id); err != nil {
				return err
			}
		}
	}
	return tx.Changed(data.AccountChanged, a)
}

// BeginPairs begins the pairs that a migration found: customers whose addresses are
// spellings of one line. Two who are both blocked, or neither, are joined, with
// events; of any others it is asked.
func (d *Desk) BeginPairs(ctx context.Context) error {
	for {
		found, err := d.queries.Pairs(ctx, data.PairFound, 0, expiryBatch)
		if err != nil || len(found) == 0 {
			return err
		}
		for _, p := range found {
			if err := d.write(ctx, func(tx *store.Tx) error { return beginFound(tx, p, d.Now()) }); err != nil {
				return fmt.Errorf("begin pair %d: %w", p.ID, err)
			}
		}
	}
}

// beginFound begins a pair that a migration found, within a transaction.
func beginFound(tx *store.Tx, p data.Pair, now data.Moment) error {
	if kept, err := tx.Pair(p.ID); err != nil || kept.State != data.PairFound {
		return err // another program was faster
	}
	a, err := settled(tx, p.First, now)
	if err != nil {
		return err
	}
	b, err := settled(tx, p.Second, now)
	if err != nil {
		return err
	}
	if a.ID != p.First || b.ID != p.Second { // joined meanwhile
		if err := tx.RemovePair(p.ID); err != nil {
			return err
		}
		return beginPair(tx, &a, &b, data.SameKey, now)
	}
	agree := a.Status(now) == b.Status(now)
	if err := beginPair(tx, &a, &b, data.SameKey, now); err != nil || !agree {
		return err
	}
	if p, err = tx.Pair(p.ID); err != nil || p.State != data.PairOpen {
		return err
	}
	return join(tx, p, scheduleActor, now)
}
