package desk_test

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// A block is the customer's status, its event, the chat's row and the news of
// it, all at once.
func TestBlock(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.must(w.SetTags(t.Context(), id, []string{"vip"}))
	before, told := w.customer(id), w.lastChange()
	w.clock.add(time.Minute)
	until := w.Now().Add(time.Hour)

	out := w.blocks(asha, id, data.BlockRequest{Version: before.Version, Reason: "spam", Note: " two\nlines ", Until: until})

	want := before
	want.Version++
	want.Block = &data.Block{By: asha, At: w.Now(), Reason: "Spam", Note: " two\nlines ", Until: until}
	if !out.Changed || !reflect.DeepEqual(out.Customer, want) {
		t.Errorf("the outcome is %+v, want %+v", out, want)
	}
	if got := w.customer(id); !reflect.DeepEqual(got, want) {
		t.Errorf("kept is %+v, want %+v", got, want)
	}
	if got := w.customer(id).Status(w.Now()); got != data.Blocked {
		t.Errorf("the customer is %s", got)
	}
	events := w.events(id)
	if len(events) != 1 {
		t.Fatalf("there are the events %+v", events)
	}
	e := events[0]
	if e.Kind != data.BlockedEvent || e.At != w.Now() || e.RecordedAt != w.Now() || e.CustomerID != id || e.Phone != riya || e.Actor != asha {
		t.Errorf("%+v", e)
	}
	if got, want := e.Rest(), (data.Detail{Reason: "Spam", Note: " two\nlines ", Until: int64(until)}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	chat := w.chat(id)
	if chat.Preview != "Customer blocked by Asha" || chat.ShownAt != w.Now() || chat.LastAt != start || chat.Unread != 1 {
		t.Errorf("the row is %+v", chat)
	}
	if got := w.shows(id); got != "Hello | Customer blocked by Asha" {
		t.Errorf("the chat shows %s", got)
	}
	w.tells(told, id, data.CustomerChanged)
	w.sound(1)
}

// Who is blocked is not blocked again, and who is active not unblocked: that is
// no error, writes nothing and tells the caller who it was before.
func TestBlock_NothingToChange(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	told := w.lastChange()
	if out := w.unblocks(bo, id); out.Changed || out.Customer.Version != 1 {
		t.Errorf("%+v", out)
	}
	w.tells(told, id)

	first := w.blocks(asha, id, data.BlockRequest{Reason: "Spam"})
	told = w.lastChange()
	w.clock.add(time.Minute)
	again := w.blocks(bo, id, data.BlockRequest{Reason: "Abuse", Note: "again", Until: w.Now().Add(time.Hour)})
	if again.Changed || !reflect.DeepEqual(again.Customer, first.Customer) {
		t.Errorf("%+v, want %+v", again, first)
	}
	if got := w.chat(id).LastAt; got != start {
		t.Errorf("the chat moved to %v", got)
	}
	w.tells(told, id)
	w.sound(1)
}

// A window acts on what its dialog showed. Where someone was faster, nothing is
// done and the caller gets what is now, also where that is what was wanted.
func TestBlock_ChangedMeanwhile(t *testing.T) {
	block := func(w *world, id, version int64) (data.Outcome, error) {
		return w.Block(w.t.Context(), asha, id, data.BlockRequest{Version: version})
	}
	unblock := func(w *world, id, version int64) (data.Outcome, error) {
		return w.Unblock(w.t.Context(), asha, id, data.UnblockRequest{Version: version})
	}
	for name, c := range map[string]struct {
		faster func(w *world, id int64)
		act    func(w *world, id, version int64) (data.Outcome, error)
	}{
		"blocked before a block":    {func(w *world, id int64) { w.blocks(bo, id, data.BlockRequest{}) }, block},
		"blocked before an unblock": {func(w *world, id int64) { w.blocks(bo, id, data.BlockRequest{}) }, unblock},
		"there and back":            {func(w *world, id int64) { w.blocks(bo, id, data.BlockRequest{}); w.unblocks(bo, id) }, block},
		"renamed before a block":    {func(w *world, id int64) { w.must(w.Rename(w.t.Context(), bo, id, "Riya")) }, block},
		"tagged before an unblock":  {func(w *world, id int64) { w.must(w.SetTags(w.t.Context(), id, []string{"vip"})) }, unblock},
		"named by her first message": {func(w *world, id int64) {
			w.takesAs(data.Incoming{From: data.Sender{Phone: riya, Name: "Riya"}, Message: data.Message{RemoteID: "n"}})
		}, block},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.takes(riya, "Hello").CustomerID
			seen := w.customer(id).Version
			c.faster(w, id)
			now, told, events := w.customer(id), w.lastChange(), len(w.events(id))
			out, err := c.act(w, id, seen)
			if !errors.Is(err, data.ErrChanged) || out.Changed || !reflect.DeepEqual(out.Customer, now) {
				t.Errorf("%+v, %v; want %+v", out, err, now)
			}
			if got := w.customer(id); !reflect.DeepEqual(got, now) {
				t.Errorf("it became %+v", got)
			}
			w.tells(told, id)
			w.sound(int64(events))
			if _, err := c.act(w, id, now.Version); err != nil {
				t.Errorf("on what is now: %v", err)
			}
		})
	}
}

// Reading and writing to each other is no reason to look again.
func TestBlock_MessagesDoNotChangeTheVersion(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	seen := w.customer(id).Version
	w.takes(riya, "Hello?")
	_, err := w.Send(t.Context(), asha, id, "Hello")
	w.must(err)
	w.must(w.SetRead(t.Context(), id, true))
	w.must(w.SaveDraft(t.Context(), id, "Dear"))
	if out := w.blocks(asha, id, data.BlockRequest{Version: seen}); !out.Changed {
		t.Errorf("%+v", out)
	}
	blocked := w.customer(id).Version
	w.takes(riya, "Held")
	if out, err := w.Unblock(t.Context(), asha, id, data.UnblockRequest{Version: blocked}); err != nil || !out.Changed {
		t.Errorf("%+v, %v", out, err)
	}
}

func TestBlock_UnknownCustomer(t *testing.T) {
	w := newWorld(t)
	const nobody = 4711
	told := w.lastChange()
	for name, act := range map[string]func() error{
		"Block":     func() error { _, err := w.Block(t.Context(), asha, nobody, data.BlockRequest{}); return err },
		"Unblock":   func() error { _, err := w.Unblock(t.Context(), asha, nobody, data.UnblockRequest{}); return err },
		"Send":      func() error { _, err := w.Send(t.Context(), asha, nobody, "Hello"); return err },
		"Rename":    func() error { return w.Rename(t.Context(), asha, nobody, "Riya") },
		"SetTags":   func() error { return w.SetTags(t.Context(), nobody, []string{"vip"}) },
		"Clear":     func() error { return errorOf(w.Clear(t.Context(), asha, nobody)) },
		"SaveDraft": func() error { return w.SaveDraft(t.Context(), nobody, "Dear") },
		"MoveTick": func() error {
			return w.UpdateMessageStatus(t.Context(), data.StatusUpdate{MessageID: "nobody's", Status: data.Read})
		},
		"no id":    func() error { return w.UpdateMessageStatus(t.Context(), data.StatusUpdate{Status: data.Read}) },
		"Customer": func() error { _, err := w.Customer(t.Context(), nobody); return err },
		"a number": func() error { _, err := w.FindCustomer(t.Context(), data.Address(riya)); return err },
	} {
		if err := act(); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.tells(told, nobody)
	w.sound(0)
}

func TestBlock_RefusedRequests(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	long := strings.Repeat("ä", data.MaxNote)
	told := w.lastChange()
	for name, ask := range map[string]data.BlockRequest{
		"a note too long":   {Note: long + "ä"},
		"an end long past":  {Until: 1},
		"an end just past":  {Until: w.Now() - 1},
		"an end now":        {Until: w.Now()},
		"an unknown reason": {Reason: "Because"},
	} {
		if out, err := w.Block(t.Context(), asha, id, ask); !errors.Is(err, data.ErrInvalid) || out.Changed {
			t.Errorf("%s: %+v, %v", name, out, err)
		}
	}
	w.tells(told, id)
	if out := w.blocks(asha, id, data.BlockRequest{Note: long, Until: w.Now() + 1}); out.Customer.Block.Note != long {
		t.Errorf("%+v", out)
	}
	if out, err := w.Unblock(t.Context(), asha, id, data.UnblockRequest{Note: long + "ä"}); !errors.Is(err, data.ErrInvalid) || out.Changed {
		t.Errorf("%+v, %v", out, err)
	}
	w.sound(1)
}

// Whoever acts is named in one clean line, or not at all.
func TestBlock_ActorNames(t *testing.T) {
	for given, want := range map[string]string{
		"Asha":                       "Asha",
		"":                           "",
		"  Asha \t Rao\n":            "Asha Rao",
		"A\x00sha\u202e Rao":         "Asha Rao",
		"Asha\nspam\nagent":          "Asha spam agent",
		"\xffAsha":                   "\ufffdAsha",
		"प्रिया":                     "प्रिया",
		strings.Repeat("ab", 200):    strings.Repeat("ab", 100),
		"<b>Asha</b> \"x\" & 'y' \\": "<b>Asha</b> \"x\" & 'y' \\",
	} {
		w := newWorld(t)
		by := data.Actor{Kind: data.APIActor, Name: given, Channel: data.ViaAPI}
		id := w.takes(riya, "Hello").CustomerID
		sent, err := w.Send(t.Context(), by, id, "Hello")
		w.must(err)
		if sent.Author != want {
			t.Errorf("%+q writes as %+q", given, sent.Author)
		}
		if out := w.blocks(by, id, data.BlockRequest{}); out.Customer.Block.By.Name != want {
			t.Errorf("%+q blocks as %+q", given, out.Customer.Block.By.Name)
		}
		w.unblocks(by, id)
		w.must(w.Rename(t.Context(), by, id, "Riya"))
		w.must(errorOf(w.Clear(t.Context(), by, id)))
		for _, e := range w.events(id) {
			if e.Actor != (data.Actor{Kind: data.APIActor, Name: want, Channel: data.ViaAPI}) {
				t.Errorf("%+q: event %s is by %+v", given, e.Kind, e.Actor)
			}
		}
		if got := w.kinds(id); got != "blocked unblocked renamed cleared" {
			t.Errorf("%+q: %s", given, got)
		}
		w.sound(4)
	}
}

// A number can be blocked before it ever writes. It has no chat until something
// is shown in it, and is on the list of the blocked.
func TestBlockNumber_WithoutAChat(t *testing.T) {
	w := newWorld(t)
	c, err := w.Add(t.Context(), data.Address(riya), "")
	w.must(err)
	w.blocks(asha, c.ID, data.BlockRequest{})
	if in := w.takes(riya, "Hello"); !in.Held || in.NewCustomer {
		t.Errorf("%+v", in)
	}
	if all, blocked := w.lists(data.AllChats), w.lists(data.BlockedChats); len(all) != 0 || !slices.Equal(blocked, []int64{c.ID}) || w.counts() != (data.Counts{Blocked: 1}) {
		t.Errorf("there are chats: %v, %v, %+v", all, blocked, w.counts())
	}
	blocked, err := w.BlockedCustomers(t.Context())
	if err != nil || len(blocked) != 1 || blocked[0].ID != c.ID || blocked[0].Held != 1 {
		t.Errorf("%+v, %v", blocked, err)
	}
	w.clock.add(time.Minute)
	w.unblocks(asha, c.ID)
	if chat := w.chat(c.ID); chat.Unread != 1 || chat.Preview != "Hello" {
		t.Errorf("%+v", chat)
	}
	if got := w.shows(c.ID); got != "Hello | Customer blocked by Asha | Customer unblocked by Asha" {
		t.Errorf("%s", got)
	}
}

// Two programs that block and unblock the same customer at once: every act
// either happened, with its event, or says that it did not.
func TestBlock_TwoAtOnce(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	others := []*desk.Desk{w.Desk, w.another()}
	type result struct {
		blocked, unblocked int
		err                error
	}
	results := make(chan result, 2)
	for _, other := range others {
		go func() {
			var r result
			for range 25 {
				out, err := other.Block(t.Context(), asha, id, data.BlockRequest{})
				r.err = errors.Join(r.err, err)
				if out.Changed {
					r.blocked++
				}
				out, err = other.Unblock(t.Context(), bo, id, data.UnblockRequest{})
				r.err = errors.Join(r.err, err)
				if out.Changed {
					r.unblocked++
				}
			}
			results <- r
		}()
	}
	blocked, unblocked := 0, 0
	for range others {
		r := waittest.Receive(t, "a desk to have done its acts", results)
		w.must(r.err)
		blocked, unblocked = blocked+r.blocked, unblocked+r.unblocked
	}
	got := w.kinds(id)
	if got != strings.TrimSpace(strings.Repeat("blocked unblocked ", blocked)) || blocked != unblocked {
		t.Errorf("%d blocks and %d unblocks are told, there are %s", blocked, unblocked, got)
	}
	w.sound(int64(blocked + unblocked))
}
