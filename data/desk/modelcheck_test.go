package desk_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// compare asks the desk for all there is to ask.
func (s *story) compare() {
	ctx, m := s.t.Context(), s.model
	want := map[data.List][]data.ChatKey{}
	for _, p := range m.people {
		c, err := s.desk.Customer(ctx, p.id)
		s.must(err)
		if got := c.Status(s.desk.Now()); got != m.status(p) {
			s.t.Fatalf("%s is %s, want %s", p.address, got, m.status(p))
		}
		if c.Name != p.name || c.Version != p.version || c.Held != len(p.held()) || (c.Block != nil) != p.blocked {
			s.t.Fatalf("%+v, want %+v with %d held", c, p, len(p.held()))
		}
		if b := c.Block; b != nil && (b.Until != p.until || b.Note != p.note || b.UnblockRequestedAt != p.asked) {
			s.t.Fatalf("%s has the block %+v, want %+v", p.address, *b, p)
		}
		s.addresses(p, c)
		page, err := s.desk.Timeline(ctx, p.id, data.Span{Limit: 1000})
		s.must(err)
		s.same("the timeline of "+string(p.address), texts(page), sorted(append(p.shown(), p.events...)))
		held, err := s.desk.Held(ctx, p.id, 1000)
		s.must(err)
		var heldTexts []string
		for _, h := range held {
			heldTexts = append(heldTexts, h.Text)
		}
		s.same("what is held of "+string(p.address), heldTexts, p.held())
		events, err := s.desk.Events(ctx, p.id)
		if err != nil || len(events) != len(p.events) {
			s.t.Fatalf("%d events, want %d; %v", len(events), len(p.events), err)
		}
		s.row(p)
		key, blocked := data.ChatKey{ID: p.id, LastAt: p.lastAt}, m.status(p) == data.Blocked
		if blocked {
			want[data.BlockedChats] = append(want[data.BlockedChats], key)
		}
		if !p.chat {
			continue
		}
		want[data.AllChats] = append(want[data.AllChats], key)
		if (p.unread > 0 || p.marked) && !blocked {
			want[data.UnreadChats] = append(want[data.UnreadChats], key)
		}
	}
	s.found()
	s.must(s.store.CheckState(ctx, nil, func(d data.StateDifference) { s.t.Fatalf("%s: %s", d.Address, d.Text) }))
	for _, list := range []data.List{data.AllChats, data.UnreadChats, data.BlockedChats} {
		slices.SortFunc(want[list], func(a, b data.ChatKey) int {
			if a.Before(b) {
				return -1
			}
			return 1
		})
		got, err := s.desk.ChatKeys(ctx, data.ChatQuery{List: list})
		if err != nil || !slices.Equal(got, want[list]) {
			s.t.Fatalf("on the list %s are %v, want %v; %v", list, got, want[list], err)
		}
	}
	counts, err := s.desk.Counts(ctx)
	if want := (data.Counts{All: len(want[data.AllChats]), Unread: len(want[data.UnreadChats]), Blocked: len(want[data.BlockedChats])}); err != nil || counts != want {
		s.t.Fatalf("counted are %+v, want %+v; %v", counts, want, err)
	}
}

// addresses compares what a customer is known by, to the letter.
func (s *story) addresses(p *person, c data.Customer) {
	s.t.Helper()
	ids, err := s.desk.Identities(s.t.Context(), p.id)
	s.must(err)
	var got []data.Address
	for _, i := range ids {
		got = append(got, i.Address)
	}
	want := slices.Clone(p.ids)
	slices.Sort(got)
	slices.Sort(want)
	if c.Address != p.address || !slices.Equal(got, want) {
		s.t.Fatalf("%d is written to at %s and has %q, want %s and %q", p.id, c.Address, got, p.address, want)
	}
}

// found compares whom each number is, in every spelling that a writer has.
func (s *story) found() {
	s.t.Helper()
	for _, w := range writers {
		p := s.model.person(w)
		for _, phone := range w.phones {
			known := p != nil && p.knows(data.Sender{Phone: phone})
			c, err := s.desk.FindCustomer(s.t.Context(), data.Address(phone))
			if known != (err == nil) || known && c.ID != p.id {
				s.t.Fatalf("%s finds %d, %v; want %+v", phone, c.ID, err, p)
			}
		}
	}
}

// row compares a customer's row in the list.
func (s *story) row(p *person) {
	s.t.Helper()
	chats, err := s.desk.Chats(s.t.Context(), []int64{p.id})
	s.must(err)
	if !p.chat {
		if len(chats) != 0 {
			s.t.Fatalf("%s has a row: %+v", p.address, chats[0])
		}
		return
	}
	if len(chats) != 1 {
		s.t.Fatalf("%s has no row", p.address)
	}
	if c := chats[0]; c.LastAt != p.lastAt || c.ShownAt != p.shownAt || c.Preview != p.preview || c.Unread != p.unread || c.Marked != p.marked || c.Customer.Held != len(p.held()) {
		s.t.Fatalf("the row of %s is %+v, want %+v", p.address, c, p)
	}
}

func (s *story) same(what string, got []string, want []thing) {
	s.t.Helper()
	var texts []string
	for _, h := range want {
		texts = append(texts, h.text)
	}
	if !slices.Equal(got, texts) {
		s.t.Fatalf("%s is\n%s, want\n%s", what, strings.Join(got, "\n"), strings.Join(texts, "\n"))
	}
}

// Whatever happens, in whatever order, the desk says what the model says, and
// the chain of events is whole in the end.
func TestDeskIsItsModel(t *testing.T) {
	next := databases(t)
	rapid.Check(t, func(t *rapid.T) {
		s := &story{t: t, path: next(t), moment: start, model: &model{now: start, remote: map[string]bool{}}}
		s.open()
		defer func() { s.store.Close() }()
		t.Repeat(map[string]func(*rapid.T){
			"":         func(t *rapid.T) { s.t = t; s.compare() },
			"receive":  func(t *rapid.T) { s.t = t; s.receive() },
			"and more": func(t *rapid.T) { s.t = t; s.receive() }, // which happens most
			"move":     func(t *rapid.T) { s.t = t; s.move() },
			"send":     func(t *rapid.T) { s.t = t; s.send() },
			"block":    func(t *rapid.T) { s.t = t; s.block() },
			"unblock":  func(t *rapid.T) { s.t = t; s.unblock() },
			"amend":    func(t *rapid.T) { s.t = t; s.amend() },
			"undo":     func(t *rapid.T) { s.t = t; s.undo() },
			"read":     func(t *rapid.T) { s.t = t; s.read() },
			"rename":   func(t *rapid.T) { s.t = t; s.rename() },
			"clear":    func(t *rapid.T) { s.t = t; s.clear() },
			"expire":   func(t *rapid.T) { s.t = t; s.expire() },
			"clock":    func(t *rapid.T) { s.t = t; s.moveClock() },
			"restart":  func(t *rapid.T) { s.t = t; s.restart() },
		})
		if n, err := s.desk.Check(t.Context()); err != nil || n != int64(s.model.events) {
			t.Fatalf("%d of %d events are proved, %v", n, s.model.events, err)
		}
	})
}

// databases returns a function that returns the path of an empty database, of another
// one each time. They are copies: a story is short, and making one takes longer.
func databases(t *testing.T) func(t *rapid.T) (path string) {
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
	return func(t *rapid.T) string {
		t.Helper()
		stories++
		path := filepath.Join(folder, fmt.Sprint(stories, ".db"))
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
}
