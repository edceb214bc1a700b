package desk_test

import (
	"fmt"
	"maps"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
)

const day = 24 * time.Hour

// bothBlocked has Riya's number and a user id be two customers who are both blocked,
// for different reasons and times, and then a pair.
func bothBlocked(w *world) (number, user int64) {
	number, user = meet(w)
	w.blocks(asha, number, data.BlockRequest{Reason: "Spam", Note: "a day", Until: start.Add(day), Review: start.Add(time.Hour)})
	w.clock.add(time.Minute)
	w.blocks(bo, user, data.BlockRequest{Reason: "Abuse", Note: "for good"})
	w.clock.add(time.Minute)
	w.says(both, "held")
	return number, user
}

// Two who were both blocked before they were a pair are blocked after it as each was,
// but for what somebody did on purpose meanwhile.
func TestPair_OwnBlocksStandAgain(t *testing.T) {
	amend := func(w *world, id int64, req data.AmendRequest) data.Outcome {
		out, err := w.Amend(w.t.Context(), bo, id, req)
		w.must(err)
		return out
	}
	undo := func(w *world, u data.Undo) {
		_, err := w.Undo(w.t.Context(), asha, u)
		w.must(err)
	}
	note, until := "changed", start.Add(2*day)
	joinAndSplit := func(w *world, meanwhile func()) {
		p := w.pair().ID
		w.must(w.JoinPair(w.t.Context(), asha, p))
		meanwhile()
		w.must(w.SplitPair(w.t.Context(), asha, p))
	}
	for name, c := range map[string]struct {
		act          func(w *world, number, user int64)
		number, user func(own *data.Block) *data.Block // what stands in the end; nil: the own one
	}{
		"kept apart": {act: func(*world, int64, int64) {}},
		"joined and split": {act: func(w *world, _, _ int64) {
			joinAndSplit(w, func() {})
		}},
		"asked again": {act: func(w *world, _, _ int64) {
			p := w.pair().ID
			w.must(w.KeepApart(w.t.Context(), asha, p, false))
			w.must(w.AskAgain(w.t.Context(), asha, p))
		}},
		"unblocked and undone": {act: func(w *world, number, _ int64) { undo(w, w.unblocks(asha, number).Undo) }},
		"unblocked and undone while joined": {act: func(w *world, number, _ int64) {
			joinAndSplit(w, func() { undo(w, w.unblocks(asha, number).Undo) })
		}},
		"changed and undone": {act: func(w *world, number, _ int64) {
			undo(w, amend(w, number, data.AmendRequest{Note: &note, Until: &until}).Undo)
		}},
		"changed and undone while joined": {act: func(w *world, number, _ int64) {
			joinAndSplit(w, func() { undo(w, amend(w, number, data.AmendRequest{Note: &note, Until: &until}).Undo) })
		}},
		"changed": {
			act:    func(w *world, _, user int64) { amend(w, user, data.AmendRequest{Note: &note}) },
			number: func(own *data.Block) *data.Block { own.Note = note; return own },
			user:   func(own *data.Block) *data.Block { own.Note = note; return own },
		},
		"changed while joined": {
			act: func(w *world, number, _ int64) {
				joinAndSplit(w, func() { amend(w, number, data.AmendRequest{Until: &until}) })
			},
			number: func(own *data.Block) *data.Block { own.Until = until; return own },
			user:   func(own *data.Block) *data.Block { own.Until = until; return own },
		},
		"unblocked": {
			act:    func(w *world, _, user int64) { w.unblocks(asha, user) },
			number: func(*data.Block) *data.Block { return nil },
			user:   func(*data.Block) *data.Block { return nil },
		},
		"unblocked while joined, and blocked anew": {
			act: func(w *world, number, _ int64) {
				joinAndSplit(w, func() {
					w.unblocks(asha, number)
					w.blocks(asha, number, data.BlockRequest{Note: "anew"})
				})
			},
			number: func(*data.Block) *data.Block {
				return &data.Block{By: asha, At: start.Add(2 * time.Minute), Note: "anew"}
			},
			user: func(*data.Block) *data.Block {
				return &data.Block{By: asha, At: start.Add(2 * time.Minute), Note: "anew"}
			},
		},
		"the earlier end passes": {
			act: func(w *world, _, _ int64) {
				w.clock.add(day)
				_, err := w.Expire(w.t.Context())
				w.must(err)
			},
			number: func(*data.Block) *data.Block { return nil },
		},
		"the earlier end passes while joined": {
			act:    func(w *world, _, _ int64) { joinAndSplit(w, func() { w.clock.add(day) }) },
			number: func(*data.Block) *data.Block { return nil },
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			number, user := bothBlocked(w)
			want := map[int64]*data.Block{
				number: {By: asha, At: start, Reason: "Spam", Note: "a day", Until: start.Add(day), Review: start.Add(time.Hour)},
				user:   {By: bo, At: start.Add(time.Minute), Reason: "Abuse", Note: "for good"},
			}
			c.act(w, number, user)
			for id, change := range map[int64]func(*data.Block) *data.Block{number: c.number, user: c.user} {
				if change != nil {
					want[id] = change(want[id])
				}
			}
			w.must(w.KeepApart(t.Context(), asha, w.pair().ID, false))
			for id, want := range want {
				got := w.customer(id)
				if (got.Block == nil) != (want == nil) || want != nil && *got.Block != *want {
					t.Errorf("%s has\n%+v, not\n%+v", got.Address, got.Block, want)
				}
				if want == nil && got.Held != 0 {
					t.Errorf("%s has %d held", got.Address, got.Held)
				}
			}
			w.whole()
		})
	}
}

// ownModel is what the block of each row is, whoever may be the same person and
// whoever is joined: acts alone change it.
type ownModel struct {
	*pairStory
	own map[int64]*data.Block
}

// rows returns the rows there are, each with the customer that it is part of now.
func (m *ownModel) rows() map[int64]int64 {
	var ids []int64
	for id := int64(1); id < 60; id++ {
		ids = append(ids, id)
	}
	known, err := m.desk.CustomersByID(m.t.Context(), ids)
	m.must(err)
	roots := map[int64]int64{}
	for id, c := range known {
		roots[id] = c.ID
	}
	return roots
}

// person returns the rows that may be of the same person as the customer, and those
// of the customer alone.
func (m *ownModel) person(customer int64) (all, own []int64) {
	group := m.together()
	for row, root := range m.rows() {
		if group[root] == group[customer] {
			all = append(all, row)
		}
		if root == customer {
			own = append(own, row)
		}
	}
	return all, own
}

// end takes away the blocks that have ended.
func (m *ownModel) end() {
	for row, b := range m.own {
		if b.Ended(m.desk.Now()) {
			delete(m.own, row)
		}
	}
}

// strictest returns the block of the rows that ends last, nil for none.
func (m *ownModel) strictest(rows []int64) *data.Block {
	var all []data.Customer
	for _, row := range rows {
		all = append(all, data.Customer{ID: row, Block: m.own[row]})
	}
	b, _ := data.PersonBlock(all, m.desk.Now())
	return b
}

func (m *ownModel) check() {
	m.end()
	for _, c := range m.customers() {
		all, rows := m.person(c.ID)
		last, own := m.strictest(all), m.strictest(rows)
		switch {
		case last == nil:
			if c.Status(m.desk.Now()) == data.Blocked {
				m.t.Fatalf("%d is blocked, and nobody's block is left: %+v", c.ID, c.Block)
			}
		case c.Block == nil:
			m.t.Fatalf("%d is active, and should have %+v", c.ID, last)
		case own == nil:
			if c.Block.Borrowed == 0 || c.Block.Note != last.Note || c.Block.Until != last.Until {
				m.t.Fatalf("%d has %+v, and should borrow %+v", c.ID, c.Block, last)
			}
		default:
			want := *own
			want.Until = last.Until
			if *c.Block != want {
				m.t.Fatalf("%d has\n%+v, not\n%+v", c.ID, *c.Block, want)
			}
		}
	}
}

// Whatever is blocked, changed, unblocked, undone, paired, kept apart, joined and
// split, and whatever ends meanwhile: the block that each customer has of their own is
// what the acts made of it, and stands again when the customers are parted.
// reblock does a block of who is blocked by b on every own block of the person.
func (m *ownModel) reblock(all []int64, b data.Block, req data.BlockRequest) {
	change, result := b.Reblock(req)
	for _, row := range all {
		own := m.own[row]
		if own == nil || result != data.BlockChanged {
			continue
		}
		its := *own
		if change.Until != nil {
			its.Until = *change.Until
		}
		if change.Note != nil {
			its.Note = *change.Note
		}
		m.own[row] = &its
	}
}

func TestPairs_OwnBlocksAreKept(t *testing.T) {
	tellPairs(t, func(s *pairStory) {
		ctx, m := s.t.Context(), &ownModel{s, map[int64]*data.Block{}}
		count := 0
		until := func(least int) data.Moment {
			if h := rapid.IntRange(least, 4).Draw(s.t, "hours"); h > 0 {
				return s.at.Add(time.Duration(h) * time.Hour)
			}
			return 0
		}
		unblock := func(c data.Customer) (data.Outcome, error) {
			out, err := s.desk.Unblock(ctx, asha, c.ID, data.UnblockRequest{})
			all, _ := m.person(c.ID)
			for _, row := range all {
				delete(m.own, row)
			}
			return out, err
		}
		amend := func(c data.Customer) (data.Outcome, error) {
			count++
			note, end := fmt.Sprint("changed ", count), until(0)
			out, err := s.desk.Amend(ctx, bo, c.ID, data.AmendRequest{Note: &note, Until: &end})
			all, _ := m.person(c.ID)
			for _, row := range all {
				if b := m.own[row]; b != nil {
					its := *b
					its.Note, its.Until = note, end
					m.own[row] = &its
				}
			}
			return out, err
		}
		undone := func(do func(data.Customer) (data.Outcome, error)) func() error {
			return func() error {
				before := maps.Clone(m.own)
				out, err := do(s.someone())
				if err != nil || !out.Changed {
					return err
				}
				m.own = before
				_, err = s.desk.Undo(ctx, asha, out.Undo)
				return err
			}
		}
		only := func(do func(data.Customer) (data.Outcome, error)) func() error {
			return func() error {
				_, err := do(s.someone())
				return err
			}
		}
		s.t.Repeat(map[string]func(*rapid.T){
			"":         func(t *rapid.T) { s.t = t; m.check(); s.follows() },
			"receive":  func(t *rapid.T) { s.t = t; s.receive() },
			"and more": func(t *rapid.T) { s.t = t; s.receive() },
			"block": s.act(func() error {
				c := s.someone()
				count++
				req := data.BlockRequest{Until: until(0), Note: fmt.Sprint("made ", count)}
				_, err := s.desk.Block(ctx, asha, c.ID, req)
				all, rows := m.person(c.ID)
				if err != nil {
					return err
				}
				if b := m.strictest(all); b != nil {
					m.reblock(all, *b, req)
					return nil
				}
				for _, row := range rows {
					m.own[row] = &data.Block{By: asha, At: *s.at, Note: req.Note, Until: req.Until}
				}
				return nil
			}),
			"unblock":          s.act(only(unblock)),
			"unblock and undo": s.act(undone(unblock)),
			"amend":            s.act(only(amend)),
			"amend and undo":   s.act(undone(amend)),
			"join":             s.act(func() error { return s.desk.JoinPair(ctx, asha, s.somePair(data.PairOpen).ID) }),
			"apart":            s.act(func() error { return s.desk.KeepApart(ctx, asha, s.somePair(data.PairOpen).ID, false) }),
			"ask again":        s.act(func() error { return s.desk.AskAgain(ctx, asha, s.somePair(data.PairApart).ID) }, data.ErrChanged),
			"split":            s.act(func() error { return s.desk.SplitPair(ctx, asha, s.somePair(data.PairJoined).ID) }, data.ErrInvalid),
			"the clock goes on": s.act(func() error {
				*s.at = s.at.Add(time.Duration(rapid.IntRange(1, 3).Draw(s.t, "half hours")) * 30 * time.Minute)
				_, err := s.desk.Expire(ctx)
				return err
			}),
		})
		for {
			open, err := s.desk.Pairs(ctx, 1000)
			s.must(err)
			if len(open) == 0 {
				break
			}
			s.must(s.desk.KeepApart(ctx, asha, open[0].ID, false))
		}
		m.check()
	})
}

// Whoever is unblocked when a pair is kept apart has an event that names the other side
// of it, also who is a pair with the one of them.
func TestKeepApart_NamesTheOtherSide(t *testing.T) {
	for _, blocked := range []int{0, 1} {
		w := newWorld(t)
		number, user := meet(w)
		ids := []int64{number, user}
		w.says(both, "of both")
		p := w.pair()
		third := w.takes(ada, "third").CustomerID
		free := []data.Sender{{UserID: userID}, {Phone: riya}}[blocked]
		w.takesAs(data.Incoming{From: free, Message: data.Message{Kind: data.TextMessage, Text: "third", RemoteID: fmt.Sprint("remote ", w.count)}})
		w.blocks(asha, ids[blocked], data.BlockRequest{})
		w.must(w.KeepApart(t.Context(), asha, p.ID, false))
		for _, id := range []int64{ids[1-blocked], third} {
			events := w.events(id)
			last := events[len(events)-1]
			if last.Kind != data.UnblockedEvent || last.Rest().With != string(w.customer(ids[blocked]).Address) || w.customer(id).Block != nil {
				t.Errorf("%d: %s", id, last.Text())
			}
		}
		if w.customer(ids[blocked]).Block == nil {
			t.Error("the own block has ended")
		}
		w.whole()
	}
}
