package desk_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

const (
	start = data.Moment(1_784_547_587_000)
	riya  = data.Phone("+919137979401")
	ada   = data.Phone("+442079460958")
)

var (
	asha = data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}
	bo   = data.Actor{Kind: data.AgentActor, Name: "Bo", Channel: data.ViaCommand}
)

// clock is the time of day in a test.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time      { return data.Moment(c.at.Load()).Time() }
func (c *clock) set(m data.Moment)   { c.at.Store(int64(m)) }
func (c *clock) add(d time.Duration) { c.at.Add(d.Milliseconds()) }

// world is a desk over a database of its own, and what a test asks of it.
type world struct {
	*desk.Desk
	t     *testing.T
	clock *clock
	path  string
	count int // of the messages that came in
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, clock: &clock{}, path: filepath.Join(t.TempDir(), "latchdesk.db")}
	w.clock.set(start)
	w.Desk = w.another()
	return w
}

// another opens the same database once more, as another program would.
func (w *world) another() *desk.Desk {
	w.t.Helper()
	s, err := store.Open(w.t.Context(), w.path, w.clock.now)
	w.must(err)
	w.t.Cleanup(func() { w.checkState(s); s.Close() })
	return desk.New(s)
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// takes a message that was written now, from a customer without a name.
func (w *world) takes(phone data.Phone, text string) data.Received {
	w.t.Helper()
	w.count++
	return w.takesAs(data.Incoming{From: data.Sender{Phone: phone}, Message: data.Message{
		Kind: data.TextMessage, At: w.Now(), Text: text, RemoteID: fmt.Sprint("remote ", w.count),
	}})
}

func (w *world) identities(customer int64) []data.Identity {
	w.t.Helper()
	all, err := w.Identities(w.t.Context(), customer)
	w.must(err)
	return all
}

func (w *world) takesAs(in data.Incoming) data.Received {
	w.t.Helper()
	got, err := w.Receive(w.t.Context(), []data.Incoming{in})
	w.must(err)
	if len(got) != 1 {
		w.t.Fatalf("%d results for one message", len(got))
	}
	return got[0]
}

func (w *world) blocks(by data.Actor, id int64, ask data.BlockRequest) data.Outcome {
	w.t.Helper()
	out, err := w.Block(w.t.Context(), by, id, ask)
	w.must(err)
	return out
}

func (w *world) unblocks(by data.Actor, id int64) data.Outcome {
	w.t.Helper()
	out, err := w.Unblock(w.t.Context(), by, id, data.UnblockRequest{})
	w.must(err)
	return out
}

func (w *world) customer(id int64) data.Customer {
	w.t.Helper()
	c, err := w.Customer(w.t.Context(), id)
	w.must(err)
	return c
}

// chat reads a row of the chat list; it is empty where there is none.
func (w *world) chat(id int64) data.Chat {
	w.t.Helper()
	chats, err := w.Chats(w.t.Context(), []int64{id})
	w.must(err)
	if len(chats) == 0 {
		return data.Chat{}
	}
	return chats[0]
}

func (w *world) events(id int64) []data.Event {
	w.t.Helper()
	events, err := w.Events(w.t.Context(), id)
	w.must(err)
	return events
}

// kinds are the kinds of a customer's events, in the order of their writing.
func (w *world) kinds(id int64) string {
	w.t.Helper()
	var kinds []string
	for _, e := range w.events(id) {
		kinds = append(kinds, string(e.Kind))
	}
	return strings.Join(kinds, " ")
}

// messages are those of the timeline, oldest first.
func (w *world) messages(id int64) []data.Message {
	w.t.Helper()
	page, err := w.Timeline(w.t.Context(), id, data.Span{Limit: 1000})
	w.must(err)
	var messages []data.Message
	for _, item := range page.Items {
		if item.Message != nil {
			messages = append(messages, *item.Message)
		}
	}
	return messages
}

// shows is what the timeline says, oldest first.
func (w *world) shows(id int64) string {
	w.t.Helper()
	page, err := w.Timeline(w.t.Context(), id, data.Span{Limit: 1000})
	w.must(err)
	return strings.Join(texts(page), " | ")
}

func texts(page data.Page) []string {
	var texts []string
	for _, item := range page.Items {
		if item.Message != nil {
			texts = append(texts, item.Message.Text)
		} else {
			texts = append(texts, item.Event.Text())
		}
	}
	return texts
}

// holds is what is held, oldest first.
func (w *world) holds(id int64) string {
	w.t.Helper()
	messages, err := w.Held(w.t.Context(), id, 1000)
	w.must(err)
	var texts []string
	for _, m := range messages {
		texts = append(texts, m.Text)
	}
	return strings.Join(texts, " | ")
}

// lists are the ids on a list, top first.
func (w *world) lists(list data.List) []int64 {
	w.t.Helper()
	keys, err := w.ChatKeys(w.t.Context(), data.ChatQuery{List: list})
	w.must(err)
	var ids []int64
	for _, k := range keys {
		ids = append(ids, k.ID)
	}
	return ids
}

func (w *world) counts() data.Counts {
	w.t.Helper()
	counts, err := w.Counts(w.t.Context())
	w.must(err)
	return counts
}

// since returns the changes that were told after seq.
func (w *world) since(seq int64) []data.Change {
	w.t.Helper()
	changes, err := w.ChangesAfter(w.t.Context(), seq, 1000)
	w.must(err)
	return changes
}

func (w *world) lastChange() int64 {
	w.t.Helper()
	seq, err := w.LastChange(w.t.Context())
	w.must(err)
	return seq
}

// tells fails unless exactly these kinds of change were told of the customer
// since seq.
func (w *world) tells(seq, id int64, want ...data.ChangeKind) {
	w.t.Helper()
	var got []data.ChangeKind
	for _, c := range w.since(seq) {
		if c.CustomerID != id {
			w.t.Errorf("a change of customer %d is told, not of %d", c.CustomerID, id)
		}
		got = append(got, c.Kind)
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("told is %q, want %q", got, want)
	}
}

// sound fails unless the chain of events is whole and as long as this.
func (w *world) sound(events int64) {
	w.t.Helper()
	if n, err := w.Check(w.t.Context()); err != nil || n != events {
		w.t.Errorf("%d events are proved, want %d; %v", n, events, err)
	}
}

// errorOf returns the error of an act whose result does not matter here.
func errorOf[T any](_ T, err error) error { return err }

// checkState holds what every customer's row says against what happened.
func (w *world) checkState(s *store.Store) {
	w.t.Helper()
	err := s.CheckState(context.WithoutCancel(w.t.Context()), nil, func(d data.StateDifference) { w.t.Errorf("%s: %s", d.Address, d.Text) })
	if err != nil {
		w.t.Error(err)
	}
}
