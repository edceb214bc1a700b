package pairview

import (
	"cmp"
	"context"
	"slices"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

const (
	maxPairs    = 1000 // that can be leafed through at once
	maxWords    = 3    // messages that are shown of each customer
	maxCounted  = 1000 // messages that are counted
	maxHeldRead = 500  // held messages among which the newest are looked for
)

// comparison is a pair that is to be decided, with its customers as they are now.
type comparison struct {
	pair   data.Pair // the zero value where no pair is left
	index  int       // of the pair among those that are to be decided
	total  int
	sides  [2]side
	others bool // somebody else may be the same person, too
}

// side is one customer of a pair.
type side struct {
	customer data.Customer
	ids      []data.Identity
	words    []data.Message // the newest that the customer wrote, oldest first
	messages int            // in the chat
	more     bool           // there are more than those
}

// place says which pair is wanted: the one with an id, or else the one of a customer, or
// else the one at an index.
type place struct {
	pair, customer int64
	index          int
}

func (at place) find(pairs []data.Pair) int {
	i := slices.IndexFunc(pairs, func(p data.Pair) bool {
		if at.pair != 0 {
			return p.ID == at.pair
		}
		return touches(p, at.customer)
	})
	if i >= 0 {
		return i
	}
	return max(0, min(at.index, len(pairs)-1))
}

// read reads the pair at a place.
func read(ctx context.Context, d *desk.Desk, at place) (c comparison, err error) {
	pairs, err := d.Pairs(ctx, maxPairs)
	if err != nil || len(pairs) == 0 {
		return c, err
	}
	if c.total, err = d.CountPairs(ctx); err != nil {
		return c, err
	}
	c.index = at.find(pairs)
	c.pair = pairs[c.index]
	c.others = slices.ContainsFunc(pairs, func(p data.Pair) bool {
		return p.ID != c.pair.ID && (touches(p, c.pair.First) || touches(p, c.pair.Second))
	})
	for i, id := range []int64{c.pair.First, c.pair.Second} {
		if c.sides[i], err = readSide(ctx, d, id); err != nil {
			return c, err
		}
	}
	return c, nil
}

func touches(p data.Pair, customer int64) bool { return p.First == customer || p.Second == customer }

func readSide(ctx context.Context, d *desk.Desk, id int64) (s side, err error) {
	if s.customer, err = d.Customer(ctx, id); err != nil {
		return s, err
	}
	if s.ids, err = d.Identities(ctx, s.customer.ID); err != nil {
		return s, err
	}
	shown, more, err := d.NewestMessages(ctx, s.customer.ID, maxCounted)
	if err != nil {
		return s, err
	}
	held, err := d.Held(ctx, s.customer.ID, maxHeldRead)
	if err != nil {
		return s, err
	}
	s.messages, s.more = len(shown), more
	for _, m := range append(shown, held...) {
		if m.Direction == data.In {
			s.words = append(s.words, m)
		}
	}
	slices.SortStableFunc(s.words, func(a, b data.Message) int { return cmp.Compare(a.At, b.At) })
	s.words = s.words[max(0, len(s.words)-maxWords):]
	return s, nil
}

// firstSeen returns when the customer was first seen, zero where that is unknown.
func (s side) firstSeen() (first data.Moment) {
	for _, i := range s.ids {
		if i.FirstSeen != 0 && (first == 0 || i.FirstSeen < first) {
			first = i.FirstSeen
		}
	}
	return first
}

// lastSeen returns when the customer last wrote, zero for never.
func (s side) lastSeen() (last data.Moment) {
	for _, i := range s.ids {
		last = max(last, i.LastSeen)
	}
	if len(s.words) > 0 {
		last = max(last, s.words[len(s.words)-1].At)
	}
	return last
}

// wroteTo returns the business numbers to which the customer wrote.
func (s side) wroteTo() (numbers []string) {
	for _, i := range s.ids {
		if i.Business != "" && !slices.Contains(numbers, i.Business) {
			numbers = append(numbers, i.Business)
		}
	}
	return numbers
}

// isBorrowed reports whether the customer is blocked for another one's sake.
func (s side) isBorrowed() bool {
	return s.customer.Block != nil && s.customer.Block.Borrowed != 0
}
