package desk_test

import (
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// pairStory is a random story of a few persons with several addresses each, alone and
// in a group, and what must be true of it.
type pairStory struct {
	t       *rapid.T
	at      *data.Moment
	desk    *desk.Desk
	db      *sql.DB
	ids     map[string]bool // of all messages that came, and of the deliveries that were set aside
	count   int
	aside   map[int64]string // what is set aside, by its id
	dropped int
	hidden  bool // an agent chose not to see something
}

func (s *pairStory) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *pairStory) customers() []data.Customer {
	var ids []int64
	for id := int64(1); id < 60; id++ {
		ids = append(ids, id)
	}
	known, err := s.desk.CustomersByID(s.t.Context(), ids)
	s.must(err)
	var all []data.Customer
	for _, id := range ids {
		if c, ok := known[id]; ok && c.ID == id {
			all = append(all, c)
		}
	}
	return all
}

func (s *pairStory) someone() data.Customer {
	all := s.customers()
	if len(all) == 0 {
		s.t.Skip("nobody is there")
	}
	return rapid.SampledFrom(all).Draw(s.t, "who")
}

func (s *pairStory) somePair(states ...data.PairState) data.Pair {
	var some []data.Pair
	for id := int64(1); id < 20; id++ {
		p, err := s.desk.Pair(s.t.Context(), id)
		if err == nil && slices.Contains(states, p.State) {
			some = append(some, p)
		}
	}
	if len(some) == 0 {
		s.t.Skip("no such pair")
	}
	return rapid.SampledFrom(some).Draw(s.t, "pair")
}

// together returns the groups of those who may be the same person.
func (s *pairStory) together() map[int64]int64 {
	group := map[int64]int64{}
	for _, c := range s.customers() {
		group[c.ID] = c.ID
	}
	pairs, err := s.desk.Pairs(s.t.Context(), 1000)
	s.must(err)
	for range pairs {
		for _, p := range pairs {
			low := min(group[p.First], group[p.Second])
			group[p.First], group[p.Second] = low, low
		}
	}
	return group
}

// sender draws who writes: one of a few people, by some of the addresses that are
// theirs, which may be new, shared with another, or those of a spelling.
func (s *pairStory) sender() data.Sender {
	from := data.Sender{
		Phone:     rapid.SampledFrom([]data.Phone{"", riya, "+525512345678", "+5215512345678", "+46701234567", "+553188887777", "+5531988887777"}).Draw(s.t, "phone"),
		UserID:    rapid.SampledFrom([]string{"", "", "IN.1", "IN.2", "SE.3"}).Draw(s.t, "user id"),
		Portfolio: "p",
	}
	if len(from.Identities()) == 0 {
		from.UserID = "SE.4"
	}
	return from
}

// receive has a message come in, by a delivery or fetched, from a person or in a group,
// and perhaps once more.
func (s *pairStory) receive() {
	from := s.sender()
	s.count++
	id := fmt.Sprint("m", s.count)
	if len(s.ids) > 0 && rapid.IntRange(0, 4).Draw(s.t, "again") == 0 {
		id = fmt.Sprint("m", rapid.IntRange(1, s.count).Draw(s.t, "which"))
	}
	blocked := s.blockedOf(from)
	if rapid.IntRange(0, 5).Draw(s.t, "in a group") == 0 {
		from.Group = "120363404694233820"
	}
	got, err := s.desk.Receive(s.t.Context(), []data.Incoming{{From: from, Message: data.Message{Kind: data.TextMessage, At: s.desk.Now(), Text: id, RemoteID: id}}})
	s.must(err)
	if s.ids[id] != got[0].Duplicate {
		s.t.Fatalf("%s was here %v: %+v", id, s.ids[id], got[0])
	}
	if s.ids[id] = true; got[0].Duplicate || got[0].Held {
		return
	}
	for _, c := range blocked {
		if from.Group != "" || !s.areApart(c, got[0].CustomerID) {
			s.t.Fatalf("%s of %+v is shown to %d, and %d was blocked", id, from, got[0].CustomerID, c)
		}
	}
	if from.Group == "" {
		s.notBlocked(got[0].CustomerID, id, from)
	}
}

// areApart reports whether it was decided that two customers are two.
func (s *pairStory) areApart(a, b int64) bool {
	pairs, err := s.desk.PairsOf(s.t.Context(), a)
	s.must(err)
	return slices.ContainsFunc(pairs, func(p data.Pair) bool {
		first, err := s.desk.Customer(s.t.Context(), p.First)
		s.must(err)
		second, err := s.desk.Customer(s.t.Context(), p.Second)
		s.must(err)
		return p.State == data.PairApart && (first.ID == b || second.ID == b)
	})
}

// blockedOf returns the customers who are blocked and have an address of a sender to
// the letter, or where nobody has, in another spelling.
func (s *pairStory) blockedOf(from data.Sender) (blocked []int64) {
	for _, i := range from.Identities() {
		var exact, byKey []int64
		taken := false
		for _, c := range s.customers() {
			ids, err := s.desk.Identities(s.t.Context(), c.ID)
			s.must(err)
			has := slices.ContainsFunc(ids, func(k data.Identity) bool { return k.Address == i.Address })
			taken = taken || has
			switch {
			case c.Status(s.desk.Now()) != data.Blocked:
			case has:
				exact = append(exact, c.ID)
			case slices.ContainsFunc(ids, func(k data.Identity) bool { return k.Key() == i.Key() }):
				byKey = append(byKey, c.ID)
			}
		}
		if blocked = append(blocked, exact...); !taken {
			blocked = append(blocked, byKey...)
		}
	}
	return blocked
}

// notBlocked checks that nobody is blocked now who may be the person whose message is
// shown: a pair that began with it has the block hold before it is decided.
func (s *pairStory) notBlocked(customer int64, id string, from data.Sender) {
	group := s.together()
	for _, c := range s.customers() {
		if group[c.ID] == group[customer] && c.Status(s.desk.Now()) == data.Blocked {
			s.t.Fatalf("%s of %+v is shown to %d, and %d is blocked", id, from, customer, c.ID)
		}
	}
}

// setAside has a delivery come in that is not understood.
func (s *pairStory) setAside() {
	s.count++
	id := fmt.Sprint("d", s.count)
	_, err := s.desk.Take(s.t.Context(), []data.Arrival{{SetAside: &data.SetAside{Raw: []byte(id), Reason: "it is new"}}})
	s.must(err)
	s.ids[id] = true
	ids, err := s.desk.SetAsideIDs(s.t.Context())
	s.must(err)
	s.aside[ids[0]] = id
}

// someAside draws a delivery that is set aside.
func (s *pairStory) someAside() (id int64, message string) {
	if len(s.aside) == 0 {
		s.t.Skip("nothing is set aside")
	}
	id = rapid.SampledFrom(slices.Sorted(maps.Keys(s.aside))).Draw(s.t, "delivery")
	message = s.aside[id]
	delete(s.aside, id)
	return id, message
}

// reread has what was set aside be understood.
func (s *pairStory) reread() {
	id, message := s.someAside()
	from := s.sender()
	if rapid.IntRange(0, 5).Draw(s.t, "in a group") == 0 {
		from.Group = "120363404694233820"
	}
	in := data.Incoming{From: from, Message: data.Message{Kind: data.TextMessage, At: s.desk.Now(), Text: message, RemoteID: message}}
	taken, err := s.desk.Reread(s.t.Context(), asha, []data.Reading{{ID: id, Messages: []data.Incoming{in}}})
	s.must(err)
	if taken != 1 {
		s.t.Fatalf("%d deliveries are taken", taken)
	}
}

func (s *pairStory) drop() {
	id, _ := s.someAside()
	s.must(s.desk.DropSetAside(s.t.Context(), asha, id))
	s.dropped++
}

// change has WhatsApp tell of another number or user id.
func (s *pairStory) change() error {
	return s.desk.ChangeIdentity(s.t.Context(), data.IdentityChange{From: s.sender(), To: s.sender(), At: s.desk.Now()})
}

func (s *pairStory) check() {
	now, group := s.desk.Now(), s.together()
	status := map[int64]data.Status{}
	for _, c := range s.customers() {
		of := group[c.ID]
		if was, ok := status[of]; ok && was != c.Status(now) {
			s.t.Fatalf("%d is %s, and another who may be the same person is %s", c.ID, c.Status(now), was)
		}
		status[of] = c.Status(now)
		if c.Status(now) == data.Active && c.Block == nil && c.Held != 0 && !c.IsGroup() {
			s.t.Fatalf("%d is active, and %d are held", c.ID, c.Held)
		}
		if c.Block != nil && c.Block.Borrowed != 0 && group[c.Block.Borrowed] != of {
			s.t.Fatalf("%d has the block of %d, who is another", c.ID, c.Block.Borrowed)
		}
		held, err := s.desk.Held(s.t.Context(), c.ID, 1000)
		s.must(err)
		if len(held) != c.Held {
			s.t.Fatalf("%d are held of %d, and %d are counted", len(held), c.ID, c.Held)
		}
		if (c.PairedWith != 0) != slices.ContainsFunc(s.customers(), func(o data.Customer) bool { return o.ID != c.ID && group[o.ID] == of }) {
			s.t.Fatalf("%d is paired with %d", c.ID, c.PairedWith)
		}
		ids, err := s.desk.Identities(s.t.Context(), c.ID)
		s.must(err)
		if !slices.ContainsFunc(ids, func(i data.Identity) bool { return i.Address == c.Address }) {
			s.t.Fatalf("%d is written to at %s, and has %+v", c.ID, c.Address, ids)
		}
	}
	s.follows()
}

// follows fails unless all customers and messages follow from the history.
func (s *pairStory) follows() {
	s.must(s.desk.CheckState(s.t.Context(), nil, func(d data.StateDifference) { s.t.Fatalf("%s: %s", d.Address, d.Text) }))
}

// whole checks that each message that came is here once and in the place that its row
// says, or set aside, or dropped, and that nothing is out of sight but what an agent
// put there.
func (s *pairStory) whole() {
	shown, held := map[string]int{}, map[string]int{}
	for _, c := range s.customers() {
		page, err := s.desk.Timeline(s.t.Context(), c.ID, data.Span{Limit: 1000})
		s.must(err)
		for _, item := range page.Items {
			if item.Message != nil {
				shown[item.Message.RemoteID]++
			}
		}
		all, err := s.desk.Held(s.t.Context(), c.ID, 1000)
		s.must(err)
		for _, m := range all {
			held[m.RemoteID]++
		}
	}
	rows, err := s.db.QueryContext(s.t.Context(), "SELECT remote_id, hold, cleared_at FROM messages")
	s.must(err)
	defer rows.Close()
	found := map[string]bool{}
	for rows.Next() {
		var id string
		var hold data.HoldState
		var cleared data.Moment
		s.must(rows.Scan(&id, &hold, &cleared))
		if found[id] || !s.ids[id] {
			s.t.Fatalf("%s is here twice, or never came", id)
		}
		found[id] = true
		wantShown, wantHeld := 0, 0
		switch {
		case hold == data.IsHeld:
			wantHeld = 1
		case cleared == 0 && hold != data.Discarded:
			wantShown = 1
		case !s.hidden:
			s.t.Fatalf("%s is out of sight: held %v, cleared at %d", id, hold, cleared)
		}
		if shown[id] != wantShown || held[id] != wantHeld {
			s.t.Fatalf("%s is shown %d and held %d times, want %d and %d", id, shown[id], held[id], wantShown, wantHeld)
		}
	}
	s.must(rows.Err())
	total, err := s.desk.SetAsideTotal(s.t.Context())
	s.must(err)
	if int(total.Rows) != len(s.aside) || len(found)+len(s.aside)+s.dropped != len(s.ids) {
		s.t.Fatalf("of %d that came %d are here, %d set aside (%d counted) and %d dropped", len(s.ids), len(found), len(s.aside), total.Rows, s.dropped)
	}
}

// tellPairs has play tell random stories, each of an empty desk.
func tellPairs(t *testing.T, play func(s *pairStory)) {
	t.Helper()
	next := databases(t)
	rapid.Check(t, func(t *rapid.T) {
		at, path := start, next(t)
		opened, err := store.Open(t.Context(), path, func() time.Time { return at.Time() })
		if err != nil {
			t.Fatal(err)
		}
		defer opened.Close()
		s := &pairStory{t: t, at: &at, desk: desk.New(opened), ids: map[string]bool{}, aside: map[int64]string{}}
		s.db, err = sql.Open("sqlite", path)
		s.must(err)
		defer s.db.Close()
		play(s)
		if _, err := s.desk.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

// act returns the action that does something, which may be refused with one of the
// errors.
func (s *pairStory) act(do func() error, allowed ...error) func(*rapid.T) {
	return func(t *rapid.T) {
		s.t = t
		err := do()
		if err != nil && !slices.ContainsFunc(allowed, func(e error) bool { return errors.Is(err, e) }) {
			t.Fatal(err)
		}
	}
}

// Whatever is delivered, set aside, read later, blocked, unblocked, joined, kept apart
// and split, and whoever changes number or user id: a message of somebody who may be a
// blocked person is held, and none is ever lost.
func TestPairs_HoldAndLoseNothing(t *testing.T) {
	tellPairs(t, func(s *pairStory) {
		t, at, ctx, act := s.t, s.at, s.t.Context(), s.act
		discard := func() bool {
			chosen := rapid.IntRange(0, 3).Draw(s.t, "discard") == 0
			s.hidden = s.hidden || chosen
			return chosen
		}
		t.Repeat(map[string]func(*rapid.T){
			"":          func(t *rapid.T) { s.t = t; s.check(); s.whole() },
			"receive":   func(t *rapid.T) { s.t = t; s.receive() },
			"and more":  func(t *rapid.T) { s.t = t; s.receive() },
			"set aside": func(t *rapid.T) { s.t = t; s.setAside() },
			"reread":    func(t *rapid.T) { s.t = t; s.reread() },
			"drop":      func(t *rapid.T) { s.t = t; s.drop() },
			"change":    act(s.change, data.ErrNotFound),
			"block": act(func() error {
				until := data.Moment(0)
				if h := rapid.IntRange(0, 3).Draw(s.t, "hours"); h > 0 {
					until = at.Add(time.Duration(h) * time.Hour)
				}
				_, err := s.desk.Block(ctx, asha, s.someone().ID, data.BlockRequest{Until: until, Note: fmt.Sprint(s.count)})
				return err
			}),
			"block an address": act(func() error {
				_, err := s.desk.BlockAddress(ctx, asha, s.sender().Identities()[0].Address, data.BlockRequest{})
				return err
			}, data.ErrSeveral),
			"unblock": act(func() error {
				_, err := s.desk.Unblock(ctx, asha, s.someone().ID, data.UnblockRequest{Discard: discard()})
				return err
			}),
			"unblock and undo": act(func() error {
				out, err := s.desk.Unblock(ctx, asha, s.someone().ID, data.UnblockRequest{})
				if err != nil || !out.Changed {
					return err
				}
				_, err = s.desk.Undo(ctx, asha, out.Undo)
				return err
			}),
			"amend": act(func() error {
				until := at.Add(time.Duration(rapid.IntRange(1, 5).Draw(s.t, "hours")) * time.Hour)
				_, err := s.desk.Amend(ctx, bo, s.someone().ID, data.AmendRequest{Until: &until})
				return err
			}),
			"clear": act(func() error {
				s.hidden = true
				return errorOf(s.desk.Clear(ctx, asha, s.someone().ID))
			}),
			"join":      act(func() error { return s.desk.JoinPair(ctx, asha, s.somePair(data.PairOpen).ID) }),
			"apart":     act(func() error { return s.desk.KeepApart(ctx, asha, s.somePair(data.PairOpen).ID, discard()) }),
			"ask again": act(func() error { return s.desk.AskAgain(ctx, asha, s.somePair(data.PairApart).ID) }, data.ErrChanged),
			"split":     act(func() error { return s.desk.SplitPair(ctx, asha, s.somePair(data.PairJoined).ID) }, data.ErrInvalid),
			"clock": act(func() error {
				*at = at.Add(time.Duration(rapid.IntRange(1, 3).Draw(s.t, "half hours")) * 30 * time.Minute)
				_, err := s.desk.Expire(ctx)
				return err
			}),
		})
	})
}
