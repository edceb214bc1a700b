package desk

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Two customers who may be the same person are a pair until somebody decides. As long
// as nobody has, all whom such pairs connect are blocked or none of them is: whoever
// has no block of their own borrows that of another, and the block that ends last
// gives its end to all. The own blocks stay as they are beside that (person).

// samePerson returns the others who may be the same person as c.
func samePerson(tx *store.Tx, c data.Customer) ([]data.Customer, error) {
	if c.PairedWith == 0 {
		return nil, nil
	}
	all, err := tx.SamePerson(c.ID)
	if err != nil {
		return nil, err
	}
	return all[1:], nil
}

// lendBlock has the block that was just made of c hold for everybody who may be the
// same person. It is the own one of c and of all who were joined into c.
func lendBlock(tx *store.Tx, c data.Customer, by data.Actor, now data.Moment) error {
	p, err := readPerson(tx, c, now)
	if err != nil || p.alone {
		return err
	}
	p.own = map[int64]*data.Block{}
	for _, row := range p.rows[c.ID] {
		p.own[row] = c.Block
	}
	for i := range p.customers[1:] {
		o := &p.customers[1+i]
		if err := takeBlock(tx, o, c.Block.Lend(c.ID, o.ID), c, by, now); err != nil {
			return err
		}
	}
	return p.save(tx)
}

// takeBlock blocks to with a block that comes from another customer, or that is its
// own but came back with a pair; with is the other.
func takeBlock(tx *store.Tx, to *data.Customer, b *data.Block, with data.Customer, by data.Actor, now data.Moment) error {
	if err := tx.SetBlock(to, b); err != nil {
		return err
	}
	detail := data.Detail{Reason: b.Reason, Note: b.Note, Until: int64(b.Until), Review: int64(b.Review), With: string(with.Address)}
	e, err := appendEvent(tx, *to, data.BlockedEvent, by, now, now, detail)
	if err != nil {
		return err
	}
	if err := enqueue(tx, *to, data.OpBlock, e.Seq, now); err != nil {
		return err
	}
	return tx.Changed(data.CustomerChanged, to.ID)
}

// beginPair asks whether a and b are the same person, unless that was asked before. It
// reads both again where it did.
func beginPair(tx *store.Tx, a, b *data.Customer, reason data.PairReason, now data.Moment) error {
	if a.ID == b.ID || a.IsGroup() || b.IsGroup() {
		return nil
	}
	p := data.Pair{First: min(a.ID, b.ID), Second: max(a.ID, b.ID), Reason: reason, At: now}
	known, err := tx.PairsBetween(a.ID, b.ID)
	if err != nil {
		return err
	}
	for _, k := range known {
		switch {
		case k.State != data.PairFound:
			return nil
		case k.First == p.First && k.Second == p.Second:
			p.ID = k.ID
		}
	}
	for _, c := range []*data.Customer{a, b} {
		if err := keepOwn(tx, *c, now); err != nil {
			return err
		}
	}
	if err := openPair(tx, p, data.PairBegunEvent, scheduleActor, now); err != nil {
		return err
	}
	for _, c := range []*data.Customer{a, b} {
		if *c, err = tx.Customer(c.ID); err != nil {
			return err
		}
	}
	return nil
}

// openPair makes p a pair that is to be decided, records that with events of a kind,
// and has a block of one hold for the other.
func openPair(tx *store.Tx, p data.Pair, kind data.EventKind, by data.Actor, now data.Moment) error {
	var letGo map[int64]int64 // the events that let go of what was held, by customer
	var err error
	if p.State == data.PairApart {
		if letGo, err = tx.LetGo(p.ID); err != nil {
			return err
		}
	}
	p.State, p.DecidedAt = data.PairOpen, 0
	if p.ID == 0 {
		p, err = tx.AddPair(p)
	} else {
		err = tx.SavePair(p)
	}
	if err != nil {
		return err
	}
	if err := recordPair(tx, p, kind, by, now, data.Detail{}); err != nil {
		return err
	}
	return applyPair(tx, p, p.First, parting{by: scheduleActor, letGo: letGo, now: now})
}

// applyPair has what counts hold for customer, one of the pair, and everybody who may
// be the same person.
func applyPair(tx *store.Tx, p data.Pair, customer int64, a parting) (err error) {
	for i, id := range []int64{customer, p.Other(customer)} {
		if a.with[i], err = tx.Customer(id); err != nil {
			return err
		}
	}
	all, err := readParted(tx, customer, a.now)
	if err != nil {
		return err
	}
	return all.apply(tx, a)
}

// recordPair records with each customer of a pair what happened to it.
func recordPair(tx *store.Tx, p data.Pair, kind data.EventKind, by data.Actor, now data.Moment, detail data.Detail) error {
	first, err := settled(tx, p.First, now)
	if err != nil {
		return err
	}
	second, err := settled(tx, p.Second, now)
	if err != nil {
		return err
	}
	for _, two := range [][2]*data.Customer{{&first, &second}, {&second, &first}} {
		c, other := two[0], two[1]
		if err := tx.SetPairedWith(c); err != nil {
			return err
		}
		detail.With = string(other.Address)
		if _, err := appendEvent(tx, *c, kind, by, now, now, detail); err != nil {
			return err
		}
		if err := tx.Changed(data.CustomerChanged, c.ID); err != nil {
			return err
		}
	}
	return nil
}

// settled reads a customer, and records the end of a block that has ended.
func settled(tx *store.Tx, id int64, now data.Moment) (data.Customer, error) {
	c, err := tx.Customer(id)
	if err != nil {
		return c, err
	}
	return c, expireIfDue(tx, &c, now)
}

// KeepApart decides that the customers of a pair are two. Each has the block of their
// own again; what was held of one who has none comes into their chat, or stays out of
// sight if discard says so. The pair is not asked again.
//
// It returns data.ErrNotFound if there is no such pair, and data.ErrChanged if it is
// decided already.
func (d *Desk) KeepApart(ctx context.Context, by data.Actor, pair int64, discard bool) error {
	return d.DecidePair(ctx, by, pair, data.PairRequest{Act: data.KeepApart, Discard: discard})
}

func keepApart(tx *store.Tx, p data.Pair, by data.Actor, discard bool, now data.Moment) error {
	p.State, p.DecidedAt = data.PairApart, now
	for _, id := range []int64{p.First, p.Second} { // an end that was reached is that of both
		if _, err := settled(tx, id, now); err != nil {
			return err
		}
	}
	if err := tx.SavePair(p); err != nil {
		return err
	}
	if err := recordPair(tx, p, data.KeptApartEvent, by, now, data.Detail{}); err != nil {
		return err
	}
	apart := parting{by: by, discard: discard, letGo: map[int64]int64{}, now: now}
	for _, id := range []int64{p.First, p.Second} { // where another pair connects them, nothing changes
		if err := applyPair(tx, p, id, apart); err != nil {
			return err
		}
	}
	return tx.SaveLetGo(p.ID, apart.letGo)
}

// AskAgain undoes KeepApart: the pair is to be decided again, a block of one holds for
// the other, and what was let go of is held again.
//
// It returns data.ErrNotFound if there is no such pair, and data.ErrChanged if it is
// not kept apart.
func (d *Desk) AskAgain(ctx context.Context, by data.Actor, pair int64) error {
	return d.DecidePair(ctx, by, pair, data.PairRequest{Act: data.AskAgain})
}

func askAgain(tx *store.Tx, p data.Pair, by data.Actor, now data.Moment) error {
	for _, id := range []int64{p.First, p.Second} {
		if into, err := tx.JoinedInto(id); err != nil || into != 0 {
			return errors.Join(err, data.ErrChanged)
		}
		c, err := settled(tx, id, now)
		if err != nil {
			return err
		}
		if err := keepOwn(tx, c, now); err != nil {
			return err
		}
	}
	return openPair(tx, p, data.PairReopenedEvent, by, now)
}

// DecidePair does what is asked with a pair, in one transaction.
//
// It returns data.ErrNotFound if there is no such pair, data.ErrChanged if it is not in
// the state that the act begins with, data.ErrReused if the idempotency key came with
// another request, and the errors of JoinPair, KeepApart, SplitPair and AskAgain.
func (d *Desk) DecidePair(ctx context.Context, by data.Actor, pair int64, req data.PairRequest) error {
	from := data.PairOpen
	switch req.Act {
	case data.SplitTwo:
		from = data.PairJoined
	case data.AskAgain:
		from = data.PairApart
	}
	err := d.write(ctx, func(tx *store.Tx) error {
		now := d.Now()
		if _, repeated, err := findRequest(tx, req.Idempotency, now); err != nil || repeated {
			return err
		}
		p, err := tx.Pair(pair)
		if err != nil {
			return err
		}
		if p.State != from {
			return fmt.Errorf("pair %d: %w", pair, data.ErrChanged)
		}
		switch req.Act {
		case data.JoinTwo:
			err = join(tx, p, by, now)
		case data.KeepApart:
			err = keepApart(tx, p, by, req.Discard, now)
		case data.SplitTwo:
			err = split(tx, p, by, now)
		case data.AskAgain:
			err = askAgain(tx, p, by, now)
		default:
			err = fmt.Errorf("%w: %q is nothing that is done with a pair", data.ErrInvalid, req.Act)
		}
		if err != nil {
			return err
		}
		return saveRequest(tx, req.Idempotency, "", now)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", strings.ReplaceAll(string(req.Act), "-", " "), err)
	}
	return nil
}

// Pairs returns at most limit pairs that nobody has decided, in the order of their
// beginning.
func (d *Desk) Pairs(ctx context.Context, limit int) ([]data.Pair, error) {
	return d.PairsAfter(ctx, 0, limit)
}

// PairsAfter returns the same of those that began after the pair with the id after.
func (d *Desk) PairsAfter(ctx context.Context, after int64, limit int) ([]data.Pair, error) {
	return d.queries.Pairs(ctx, data.PairOpen, after, limit)
}

// Pair returns the pair with the id, or data.ErrNotFound.
func (d *Desk) Pair(ctx context.Context, id int64) (data.Pair, error) { return d.queries.Pair(ctx, id) }

// PairsOf returns the pairs of a customer and of whoever was joined into them, decided
// ones too, in the order of their beginning.
func (d *Desk) PairsOf(ctx context.Context, customer int64) ([]data.Pair, error) {
	return d.queries.PairsOf(ctx, customer)
}

// CountPairs returns how many pairs nobody has decided.
func (d *Desk) CountPairs(ctx context.Context) (int, error) { return d.queries.CountPairs(ctx) }

// PairedWith returns, for each of the customers who may be the same person as another,
// that other one.
func (d *Desk) PairedWith(ctx context.Context, customers []data.Customer) (map[int64]data.Customer, error) {
	var ids []int64
	for _, c := range customers {
		if c.PairedWith != 0 {
			ids = append(ids, c.PairedWith)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	others, err := d.queries.CustomersByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	with := make(map[int64]data.Customer, len(ids))
	for _, c := range customers {
		if other, ok := others[c.PairedWith]; ok && c.PairedWith != 0 {
			with[c.ID] = other
		}
	}
	return with, nil
}
