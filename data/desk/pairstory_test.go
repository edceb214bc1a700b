package desk_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// pairStory is a random story of a few persons with several addresses each, and what
// must be true of it.
type pairStory struct {
	t     *rapid.T
	at    *data.Moment
	desk  *desk.Desk
	ids   map[string]bool // of all messages that came
	count int
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

func (s *pairStory) receive() {
	var from data.Sender
	phone := rapid.SampledFrom([]data.Phone{"", riya, "+525512345678", "+5215512345678", "+46701234567"}).Draw(s.t, "phone")
	user := rapid.SampledFrom([]string{"", "", "IN.1", "IN.2", "SE.3"}).Draw(s.t, "user id")
	if from = (data.Sender{Phone: phone, UserID: user, Portfolio: "p"}); phone == "" && user == "" {
		from.UserID = "SE.4"
	}
	s.count++
	id := fmt.Sprint("m", s.count)
	if len(s.ids) > 0 && rapid.IntRange(0, 4).Draw(s.t, "again") == 0 {
		id = fmt.Sprint("m", rapid.IntRange(1, s.count).Draw(s.t, "which"))
	}
	blocked := map[int64]bool{}
	for _, c := range s.customers() {
		blocked[c.ID] = c.Status(s.desk.Now()) == data.Blocked
	}
	got, err := s.desk.Receive(s.t.Context(), []data.Incoming{{From: from, Message: data.Message{Kind: data.TextMessage, At: s.desk.Now(), Text: id, RemoteID: id}}})
	s.must(err)
	if s.ids[id] != got[0].Duplicate {
		s.t.Fatalf("%s was here %v: %+v", id, s.ids[id], got[0])
	}
	s.ids[id] = true
	if got[0].Duplicate {
		return
	}
	// Whoever may be the person was not blocked, if it is shown.
	group := s.together()
	for other, in := range group {
		if !got[0].Held && blocked[other] && in == group[got[0].CustomerID] {
			s.t.Fatalf("%s of %+v is shown to %d, and %d was blocked", id, from, got[0].CustomerID, other)
		}
	}
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
		if c.Status(now) == data.Active && c.Block == nil && c.Held != 0 {
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
}

// count counts the messages by where they are.
func (s *pairStory) kept() (shown, held int) {
	for _, c := range s.customers() {
		page, err := s.desk.Timeline(s.t.Context(), c.ID, data.Span{Limit: 1000})
		s.must(err)
		for _, item := range page.Items {
			if item.Message != nil {
				shown++
			}
		}
		all, err := s.desk.Held(s.t.Context(), c.ID, 1000)
		s.must(err)
		held += len(all)
	}
	return shown, held
}

// tellPairs has play tell random stories, each of an empty desk.
func tellPairs(t *testing.T, play func(s *pairStory)) {
	t.Helper()
	template := filepath.Join(t.TempDir(), "template.db")
	empty, err := store.Open(t.Context(), template, time.Now)
	if err == nil {
		err = empty.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(template)
	if err != nil {
		t.Fatal(err)
	}
	folder, stories := t.TempDir(), 0
	rapid.Check(t, func(t *rapid.T) {
		stories++
		at := start
		if err := os.WriteFile(filepath.Join(folder, fmt.Sprint(stories, ".db")), content, 0o600); err != nil {
			t.Fatal(err)
		}
		opened, err := store.Open(t.Context(), filepath.Join(folder, fmt.Sprint(stories, ".db")), func() time.Time { return at.Time() })
		if err != nil {
			t.Fatal(err)
		}
		defer opened.Close()
		s := &pairStory{t: t, at: &at, desk: desk.New(opened), ids: map[string]bool{}}
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

// Whatever is delivered, blocked, unblocked, joined, kept apart and split: a message
// of somebody who may be a blocked person is held, and none is ever lost.
func TestPairs_HoldAndLoseNothing(t *testing.T) {
	tellPairs(t, func(s *pairStory) {
		t, at, ctx, act := s.t, s.at, s.t.Context(), s.act
		discarded := 0
		t.Repeat(map[string]func(*rapid.T){
			"": func(t *rapid.T) {
				s.t = t
				s.check()
				shown, held := s.kept()
				if shown+held+discarded != len(s.ids) {
					t.Fatalf("%d shown, %d held and %d discarded of %d", shown, held, discarded, len(s.ids))
				}
			},
			"receive":  func(t *rapid.T) { s.t = t; s.receive() },
			"and more": func(t *rapid.T) { s.t = t; s.receive() },
			"block": act(func() error {
				until := data.Moment(0)
				if h := rapid.IntRange(0, 3).Draw(s.t, "hours"); h > 0 {
					until = at.Add(time.Duration(h) * time.Hour)
				}
				_, err := s.desk.Block(ctx, asha, s.someone().ID, data.BlockRequest{Until: until, Note: fmt.Sprint(s.count)})
				return err
			}),
			"unblock": act(func() error {
				discard := rapid.IntRange(0, 3).Draw(s.t, "discard") == 0
				c := s.someone()
				_, before := s.kept()
				out, err := s.desk.Unblock(ctx, asha, c.ID, data.UnblockRequest{Discard: discard})
				if _, after := s.kept(); discard && out.Changed {
					discarded += before - after
				}
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
			"join":      act(func() error { return s.desk.JoinPair(ctx, asha, s.somePair(data.PairOpen).ID) }),
			"apart":     act(func() error { return s.desk.KeepApart(ctx, asha, s.somePair(data.PairOpen).ID, false) }),
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
