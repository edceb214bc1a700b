package desk_test

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// blockedUntil is a world in which a customer is blocked for an hour, with one
// message held.
func blockedUntil(t *testing.T) (w *world, id int64, until data.Moment) {
	t.Helper()
	w = newWorld(t)
	id = w.takes(riya, "Hello").CustomerID
	until = start.Add(time.Hour)
	w.blocks(asha, id, data.BlockRequest{Reason: "Spam", Until: until})
	w.clock.add(time.Minute)
	w.takes(riya, "Held")
	return w, id, until
}

// A block ends at its moment, and not a millisecond before, for whoever reads:
// nothing need be written for that.
func TestReadingKnowsThatABlockEnded(t *testing.T) {
	w, id, until := blockedUntil(t)
	events := len(w.events(id))
	for _, c := range []struct {
		at      data.Moment
		blocked bool
	}{
		{start, true},
		{until - 1, true},
		{until, false},
		{until + 1, false},
		{until.Add(1000 * time.Hour), false},
		{until - 1, true}, // a clock set back
	} {
		w.clock.set(c.at)
		want, n := data.Active, 0
		if c.blocked {
			want, n = data.Blocked, 1
		}
		if got := w.customer(id).Status(w.Now()); got != want {
			t.Errorf("at %v the customer is %s", c.at, got)
		}
		if got := w.chat(id).Customer.Status(w.Now()); got != want {
			t.Errorf("at %v the row says %s", c.at, got)
		}
		if got := w.counts(); got != (data.Counts{All: 1, Unread: 1 - n, Blocked: n}) {
			t.Errorf("at %v the counts are %+v", c.at, got)
		}
		if got := w.lists(data.BlockedChats); len(got) != n {
			t.Errorf("at %v the list is %v", c.at, got)
		}
		blocked, err := w.BlockedCustomers(t.Context())
		if err != nil || len(blocked) != n {
			t.Errorf("at %v blocked are %+v, %v", c.at, blocked, err)
		}
	}
	if got := len(w.events(id)); got != events {
		t.Errorf("reading wrote %d events", got-events)
	}
}

// Whoever writes next writes down, once, that the block ended at the moment it
// was due, and brings what was held into the chat.
func TestWhoeverWritesEndsTheBlock(t *testing.T) {
	for name, act := range map[string]func(w *world, id int64) error{
		"Block": func(w *world, id int64) error {
			out, err := w.Block(w.t.Context(), bo, id, data.BlockRequest{})
			if err == nil && !out.Changed {
				err = errors.New("it was not blocked anew")
			}
			return err
		},
		"Unblock": func(w *world, id int64) error {
			out, err := w.Unblock(w.t.Context(), bo, id, data.UnblockRequest{})
			if err == nil && out.Changed {
				err = errors.New("who was active was unblocked")
			}
			return err
		},
		"Send":    func(w *world, id int64) error { _, err := w.Send(w.t.Context(), bo, id, "Again"); return err },
		"Receive": func(w *world, _ int64) error { w.takes(riya, "After"); return nil },
		"Rename":  func(w *world, id int64) error { return w.Rename(w.t.Context(), bo, id, "Riya") },
		"SetTags": func(w *world, id int64) error { return w.SetTags(w.t.Context(), id, []string{"vip"}) },
		"Clear":   func(w *world, id int64) error { return errorOf(w.Clear(w.t.Context(), bo, id)) },
		"Expire": func(w *world, id int64) error {
			n, err := w.Expire(w.t.Context())
			if err == nil && n != 1 {
				err = fmt.Errorf("%d ended", n)
			}
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			w, id, until := blockedUntil(t)
			w.clock.set(until.Add(time.Hour))
			before := w.customer(id)
			w.must(act(w, id))
			var ended []data.Event
			for _, e := range w.events(id) {
				if e.Kind == data.BlockEndedEvent {
					ended = append(ended, e)
				}
			}
			if len(ended) != 1 {
				t.Fatalf("the events are %s", w.kinds(id))
			}
			e := ended[0]
			if e.Seq != 2 || e.At != until || e.RecordedAt != w.Now() || e.Phone != riya ||
				e.Actor != (data.Actor{Kind: data.ScheduleActor, Channel: data.ViaSchedule}) || e.Rest() != (data.Detail{Held: 1}) {
				t.Errorf("%+v", e)
			}
			if c := w.customer(id); c.Held != 0 || c.Version <= before.Version || c.Block != nil && c.Block.At != w.Now() {
				t.Errorf("%+v", c)
			}
			if got := w.holds(id); got != "" {
				t.Errorf("held is still %s", got)
			}
			released := false
			for _, m := range w.messages(id) {
				if m.Text == "Held" {
					released = m.Hold == data.Released && m.At == start.Add(time.Minute)
				}
			}
			if !released {
				t.Errorf("the chat shows %s", w.shows(id))
			}
			w.must(w.Rename(t.Context(), bo, id, "Somebody else"))
			if got := w.kinds(id); strings.Count(got, "block_ended") != 1 {
				t.Errorf("written down again: %s", got)
			}
			w.sound(int64(len(w.events(id))))
		})
	}
}

// What was refused wrote nothing, so the end of a block is still to be written.
func TestRefusedActsEndNothing(t *testing.T) {
	w, id, until := blockedUntil(t)
	seen := w.customer(id).Version
	w.must(w.SetTags(t.Context(), id, []string{"vip"})) // someone was faster
	w.clock.set(until)
	now := w.customer(id)
	if out, err := w.Block(t.Context(), bo, id, data.BlockRequest{Version: seen}); !errors.Is(err, data.ErrChanged) || !reflect.DeepEqual(out.Customer, now) {
		t.Errorf("%+v, %v", out, err)
	}
	if _, err := w.Block(t.Context(), bo, id, data.BlockRequest{Reason: "Because"}); !errors.Is(err, data.ErrInvalid) {
		t.Error(err)
	}
	if got := w.kinds(id); got != "blocked" {
		t.Errorf("%s", got)
	}
	// with what the dialog shows now it is blocked anew, after its end is written
	if out, err := w.Block(t.Context(), bo, id, data.BlockRequest{Version: now.Version}); err != nil || !out.Changed || out.Customer.Block.By != bo {
		t.Errorf("%+v, %v", out, err)
	}
	if got := w.kinds(id); got != "blocked block_ended blocked" {
		t.Errorf("%s", got)
	}
}

// Once its end is written down, a block does not come back with the clock.
func TestAnEndedBlockStaysEnded(t *testing.T) {
	w, id, until := blockedUntil(t)
	w.clock.set(until)
	_, err := w.Expire(t.Context())
	w.must(err)
	w.clock.set(start)
	if c := w.customer(id); c.Block != nil || c.Status(w.Now()) != data.Active {
		t.Errorf("%+v", c)
	}
	if in := w.takes(riya, "Back in time"); in.Held {
		t.Error("held")
	}
	if n, err := w.Expire(t.Context()); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
	if got := w.kinds(id); got != "blocked block_ended" {
		t.Errorf("%s", got)
	}
}

// What comes in at the very moment of the end is not held, what came a
// millisecond before is.
func TestReceive_HoldsForBlockedCustomerAtTheEdge(t *testing.T) {
	w, id, until := blockedUntil(t)
	w.clock.set(until - 1)
	if in := w.takes(riya, "Just before"); !in.Held {
		t.Errorf("%+v", in)
	}
	if _, err := w.Send(t.Context(), asha, id, "No"); !errors.Is(err, data.ErrBlocked) {
		t.Error(err)
	}
	w.clock.set(until)
	if in := w.takes(riya, "Just then"); in.Held {
		t.Errorf("%+v", in)
	}
	if got := w.shows(id); got != "Hello | Customer blocked by Asha | Held | Just before | Just then | Block ended" {
		t.Errorf("%s", got)
	}
	if chat := w.chat(id); chat.Unread != 4 || chat.LastAt != until {
		t.Errorf("%+v", chat)
	}
}

// However many write at once when a block is due, its end is written once.
func TestEndedOnceByMany(t *testing.T) {
	w, id, until := blockedUntil(t)
	desks := []*desk.Desk{w.Desk, w.another()}
	w.clock.set(until)
	var all sync.WaitGroup
	errs := make([]error, 20)
	for i := range errs {
		all.Go(func() {
			d := desks[i%2]
			switch i % 3 {
			case 0:
				_, errs[i] = d.Send(t.Context(), asha, id, "Hello")
			case 1:
				_, errs[i] = d.Expire(t.Context())
			default:
				_, errs[i] = d.Unblock(t.Context(), bo, id, data.UnblockRequest{})
			}
		})
	}
	waittest.Return(t, "all acts", all.Wait)
	w.must(errors.Join(errs...))
	if got := w.kinds(id); got != "blocked block_ended" {
		t.Errorf("%s", got)
	}
	w.sound(2)
}
