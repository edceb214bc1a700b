package desk_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// setsAside sets a delivery aside and returns it; from may be empty.
func (w *world) setsAside(raw string, from data.Phone) data.SetAside {
	w.t.Helper()
	_, err := w.Take(w.t.Context(), []data.Arrival{{SetAside: &data.SetAside{Raw: []byte(raw), Reason: "it is odd", From: data.Address(from)}}})
	w.must(err)
	ids, err := w.SetAsideIDs(w.t.Context())
	w.must(err)
	kept, err := w.FindSetAside(w.t.Context(), ids[0])
	w.must(err)
	return kept
}

// rereads has a delivery taken as one message of Riya's.
func (w *world) rereads(id int64, m data.Message) {
	w.t.Helper()
	taken, err := w.Reread(w.t.Context(), asha, []data.Reading{{ID: id, Messages: []data.Incoming{{From: data.Sender{Phone: riya}, Message: m}}}})
	w.must(err)
	if taken != 1 {
		w.t.Errorf("%d were taken", taken)
	}
}

func (w *world) total() data.SetAsideTotal {
	w.t.Helper()
	total, err := w.SetAsideTotal(w.t.Context())
	w.must(err)
	return total
}

func TestTake_SetsAsideOnce(t *testing.T) {
	w := newWorld(t)
	told := w.lastChange()
	one := w.setsAside(`{"a":1}`, "")
	w.clock.add(time.Minute)
	again := w.setsAside(`{"a":1}`, "")
	if again.ID != one.ID || again.Count != 2 || again.At != start || again.LastAt != w.Now() || again.Reason != "it is odd" || string(again.Raw) != `{"a":1}` || again.State != data.SetAsideKept {
		t.Errorf("%+v", again)
	}
	w.tells(told, 0, data.SetAsideChanged, data.SetAsideChanged)
	if other := w.setsAside(`{"a": 1}`, ""); other.ID == one.ID {
		t.Error("another text counts as the same")
	}
	if total := w.total(); total != (data.SetAsideTotal{Rows: 2, Bytes: 15}) {
		t.Errorf("%+v", total)
	}
	if rows, err := w.SetAsideRows(t.Context(), []int64{one.ID}); err != nil || len(rows) != 1 || rows[0].Raw != nil || rows[0].Size != 7 {
		t.Errorf("%+v, %v", rows, err)
	}
}

// A batch is written whole or not at all, and what is not written is not counted.
func TestTake_IsOneTransaction(t *testing.T) {
	w := newWorld(t)
	aside := func(raw string) data.Arrival { return data.Arrival{SetAside: &data.SetAside{Raw: []byte(raw)}} }
	in := data.Arrival{Incoming: &data.Incoming{From: data.Sender{Phone: riya}, Message: message("one", start)}}
	_, err := w.Take(t.Context(), []data.Arrival{in, aside("{}"), aside("")})
	if !errors.Is(err, data.ErrInvalid) || w.total() != (data.SetAsideTotal{}) {
		t.Errorf("%v, %+v", err, w.total())
	}
	if _, err := w.FindCustomer(t.Context(), data.Address(riya)); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("the message was written: %v", err)
	}
	got, err := w.Take(t.Context(), []data.Arrival{aside("{}"), in, in})
	w.must(err)
	if len(got) != 3 || got[1].MessageID == 0 || !got[2].Duplicate || w.total().Rows != 1 {
		t.Errorf("%+v, %+v", got, w.total())
	}
}

func TestTake_StopsAtTheBounds(t *testing.T) {
	w := newWorld(t)
	first := w.setsAside(`{"first":1}`, "")
	takes := func(raw string) error {
		_, err := w.Take(t.Context(), []data.Arrival{{SetAside: &data.SetAside{Raw: []byte(raw)}}})
		return err
	}
	for name, full := range map[string]string{
		"rows":  fmt.Sprintf("UPDATE set_aside_total SET rows = %d, bytes = 11", data.MaxSetAsideRows),
		"bytes": fmt.Sprintf("UPDATE set_aside_total SET rows = 1, bytes = %d", data.MaxSetAsideBytes-data.MaxSetAsideRaw+1),
	} {
		w.sql(full)
		if err := takes("{}"); !errors.Is(err, data.ErrSetAsideFull) || !strings.Contains(desk.Explain(err), "no room") {
			t.Errorf("%s: %v", name, err)
		}
		if err := takes(`{"first":1}`); err != nil {
			t.Errorf("%s: what is here already needs no room: %v", name, err)
		}
		if w.takes(riya, name).MessageID == 0 {
			t.Errorf("%s: a message is not taken", name)
		}
	}
	w.sql(fmt.Sprintf("UPDATE set_aside_total SET rows = %d, bytes = 11", data.MaxSetAsideRows))
	w.must(w.DropSetAside(t.Context(), asha, first.ID))
	w.must(takes("{}"))
	if err := takes("{ }"); !errors.Is(err, data.ErrSetAsideFull) {
		t.Errorf("a drop made room for more than one: %v", err)
	}
}

// What is read anew is decided by the status when it came in, whatever has happened
// since, and nobody is notified of it.
func TestReread_DecidesByTheStatusThen(t *testing.T) {
	for name, c := range map[string]struct {
		before, after func(w *world, id int64)
		hold          data.HoldState
		held          int
		shown         bool
	}{
		"active":               {hold: data.NotHeld, shown: true},
		"active, blocked now":  {after: func(w *world, id int64) { w.blocks(asha, id, data.BlockRequest{}) }, hold: data.NotHeld, shown: true},
		"blocked":              {before: func(w *world, id int64) { w.blocks(asha, id, data.BlockRequest{}) }, hold: data.IsHeld, held: 1},
		"blocked, unblocked":   {before: func(w *world, id int64) { w.blocks(asha, id, data.BlockRequest{}) }, after: func(w *world, id int64) { w.unblocks(asha, id) }, hold: data.Released, shown: true},
		"blocked until it was": {before: func(w *world, id int64) { w.blocks(asha, id, data.BlockRequest{Until: w.Now().Add(time.Minute)}) }, hold: data.Released, shown: true},
		"unblocked and blocked": {
			before: func(w *world, id int64) { w.blocks(asha, id, data.BlockRequest{}) },
			after: func(w *world, id int64) {
				w.unblocks(asha, id)
				w.clock.add(time.Second)
				w.blocks(asha, id, data.BlockRequest{})
			},
			hold: data.Released, shown: true,
		},
		"discarded": {
			before: func(w *world, id int64) { w.blocks(asha, id, data.BlockRequest{}); w.takes(riya, "noise") },
			after: func(w *world, id int64) {
				_, err := w.Unblock(w.t.Context(), asha, id, data.UnblockRequest{Discard: true})
				w.must(err)
			},
			hold: data.Discarded,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.takes(riya, "Hello").CustomerID
			w.clock.add(time.Second)
			if c.before != nil {
				c.before(w, id)
			}
			w.clock.add(time.Second)
			kept := w.setsAside("{}", riya)
			w.clock.add(time.Hour)
			if c.after != nil {
				c.after(w, id)
			}
			w.clock.add(time.Second)
			last, err := w.LastMessageID(t.Context())
			w.must(err)
			unread := w.chat(id).Unread
			w.rereads(kept.ID, message("late", kept.At))
			m, err := w.Message(t.Context(), last+1)
			w.must(err)
			if m.Text != "late" || m.Hold != c.hold || m.At != kept.At || m.RecordedAt != kept.At {
				t.Errorf("%+v", m)
			}
			if got := w.customer(id).Held; got != c.held {
				t.Errorf("%d are held", got)
			}
			if shown := strings.Contains(fmt.Sprint(w.messages(id)), "late"); shown != c.shown {
				t.Errorf("shown: %v", shown)
			}
			if got := w.chat(id).Unread - unread; got != map[bool]int{true: 1}[c.shown] {
				t.Errorf("%d more are unread", got)
			}
			if c.hold == data.Discarded && w.chat(id).Preview == "late" {
				t.Error("the list shows what was discarded")
			}
			if n, seen, err := w.NewIncoming(t.Context(), last); len(n) != 0 || seen != last+1 || err != nil {
				t.Errorf("%d are notified of, %d, %v", n, seen, err)
			}
			if gone, err := w.FindSetAside(t.Context(), kept.ID); err != nil || gone.State != data.SetAsideTaken || len(gone.Raw) != 0 || gone.By != asha || gone.DoneAt != w.Now() {
				t.Errorf("%+v, %v", gone, err)
			}
			if w.total() != (data.SetAsideTotal{}) {
				t.Errorf("%+v", w.total())
			}
		})
	}
}

// What is older than a day comes in as read, and without a time of its own it stands
// where it came in.
func TestReread_OldCountsAsRead(t *testing.T) {
	w := newWorld(t)
	first, second := w.setsAside("{}", ""), w.setsAside("[]", "")
	w.clock.add(25 * time.Hour)
	w.takes(riya, "new")
	id := w.takes(riya, "newer").CustomerID
	w.rereads(first.ID, message("timeless", 0))
	w.rereads(second.ID, message("fresh", w.Now().Add(-time.Hour)))
	if chat := w.chat(id); chat.Unread != 3 || chat.Preview != "newer" {
		t.Errorf("%+v", chat)
	}
	if m := w.messages(id); len(m) != 4 || m[0].Text != "timeless" || m[0].At != start || m[1].Text != "fresh" {
		t.Errorf("%+v", m)
	}
}

// An unblock that let go of a message read anew can be undone like any other.
func TestReread_FollowsAnUndo(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	w.blocks(asha, id, data.BlockRequest{})
	kept := w.setsAside("{}", riya)
	w.clock.add(time.Second)
	out := w.unblocks(asha, id)
	w.rereads(kept.ID, message("late", kept.At))
	_, err := w.Undo(t.Context(), asha, out.Undo)
	w.must(err)
	if c := w.customer(id); c.Held != 1 || len(w.messages(id)) != 1 || w.chat(id).Unread != 1 {
		t.Errorf("%+v, %+v", c, w.chat(id))
	}
}

func TestReread_KeepsWhatIsNotUnderstood(t *testing.T) {
	w := newWorld(t)
	kept := w.setsAside("{}", "")
	taken, err := w.Reread(t.Context(), asha, []data.Reading{
		{ID: kept.ID, Problem: "half of it is odd", Messages: []data.Incoming{{From: data.Sender{Phone: riya}, Message: message("half", start)}}},
	})
	w.must(err)
	if after, err := w.FindSetAside(t.Context(), kept.ID); taken != 0 || err != nil || after.State != data.SetAsideKept || after.Reason != "half of it is odd" || string(after.Raw) != "{}" {
		t.Errorf("%d, %+v, %v", taken, after, err)
	}
	w.rereads(kept.ID, message("half", start))
	c, err := w.FindCustomer(t.Context(), data.Address(riya))
	w.must(err)
	if got := w.messages(c.ID); len(got) != 1 {
		t.Errorf("%+v", got)
	}
	if taken, err := w.Reread(t.Context(), asha, []data.Reading{{ID: kept.ID}}); taken != 0 || err != nil {
		t.Errorf("taken twice: %d, %v", taken, err)
	}
}

func TestDropSetAside(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	known, unknown := w.setsAside(`{"a":1}`, riya), w.setsAside(`{"a":2}`, ada)
	told := w.lastChange()
	w.must(w.DropSetAside(t.Context(), bo, known.ID))
	if got := w.since(told); len(got) != 2 || got[0].Kind != data.CustomerChanged || got[0].CustomerID != id || got[1].Kind != data.SetAsideChanged {
		t.Errorf("%+v", got)
	}
	w.must(w.DropSetAside(t.Context(), bo, unknown.ID))
	events := w.events(id)
	if e := events[len(events)-1]; e.Kind != data.DeliveryDroppedEvent || e.Actor != bo || e.Rest().Delivery != fmt.Sprintf("%x", known.Sum) || e.Rest().Reason != "it is odd" {
		t.Errorf("%+v", e)
	}
	for _, d := range []data.SetAside{known, unknown} {
		if gone, err := w.FindSetAside(t.Context(), d.ID); err != nil || gone.State != data.SetAsideDropped || len(gone.Raw) != 0 || gone.By != bo || gone.DoneAt != w.Now() {
			t.Errorf("%+v, %v", gone, err)
		}
		if err := w.DropSetAside(t.Context(), bo, d.ID); !errors.Is(err, data.ErrNotSetAside) {
			t.Errorf("dropped twice: %v", err)
		}
	}
	if err := w.DropSetAside(t.Context(), bo, 99); !errors.Is(err, data.ErrNotSetAside) {
		t.Error(err)
	}
	if w.total() != (data.SetAsideTotal{}) {
		t.Errorf("%+v", w.total())
	}
	if _, err := w.FindCustomer(t.Context(), data.Address(ada)); !errors.Is(err, data.ErrNotFound) {
		t.Errorf("a drop made a customer: %v", err)
	}
	// The same delivery, repeated, revives nothing.
	_, err := w.Take(t.Context(), []data.Arrival{{SetAside: &data.SetAside{Raw: []byte(`{"a":1}`)}}})
	w.must(err)
	if again, err := w.FindSetAside(t.Context(), known.ID); err != nil || again.State != data.SetAsideDropped || again.Count != 2 || w.total().Rows != 0 {
		t.Errorf("%+v, %v", again, err)
	}
	if _, err := w.VerifyEvents(t.Context()); err != nil {
		t.Error(err)
	}
}

// What a blocked member wrote in a group is held by the member's block, read late or
// not, and what was let go of since is shown.
func TestReread_HoldsForAMember(t *testing.T) {
	w := newWorld(t)
	member := w.takes(riya, "Hello").CustomerID
	w.blocks(asha, member, data.BlockRequest{})
	late := func(text string) (id int64) {
		t.Helper()
		kept := w.setsAside(`{"text":"`+text+`"}`, "")
		w.clock.add(time.Second)
		in := data.Incoming{From: data.Sender{Phone: riya, Group: "120363404694233820"}, Message: message(text, kept.At)}
		taken, err := w.Reread(t.Context(), asha, []data.Reading{{ID: kept.ID, Messages: []data.Incoming{in}}})
		w.must(err)
		if taken != 1 {
			t.Errorf("%d were taken", taken)
		}
		c, err := w.FindCustomer(t.Context(), data.GroupAddress("120363404694233820"))
		w.must(err)
		return c.ID
	}
	group := late("while blocked")
	if c := w.customer(member); c.Held != 1 || len(w.messages(group)) != 0 {
		t.Errorf("%d are held, the group shows %+v", c.Held, w.messages(group))
	}
	kept := w.setsAside(`{"text":"before"}`, "")
	w.clock.add(time.Second)
	w.unblocks(asha, member)
	if got := w.messages(group); len(got) != 1 || got[0].Hold != data.Released {
		t.Errorf("%+v", got)
	}
	in := data.Incoming{From: data.Sender{Phone: riya, Group: "120363404694233820"}, Message: message("before", kept.At)}
	if _, err := w.Reread(t.Context(), asha, []data.Reading{{ID: kept.ID, Messages: []data.Incoming{in}}}); err != nil {
		t.Fatal(err)
	}
	if got := w.messages(group); len(got) != 2 || got[1].Hold != data.Released || got[1].HeldFor != member {
		t.Errorf("%+v", got)
	}
	late("after")
	if got := w.messages(group); len(got) != 3 || got[2].Hold != data.NotHeld {
		t.Errorf("%+v", got)
	}
}

// A number that changed is filed when the news of it is read late, too.
func TestReread_TakesAnIdentityChange(t *testing.T) {
	w := newWorld(t)
	id := w.takes(riya, "Hello").CustomerID
	kept := w.setsAside("{}", "")
	changes := []data.IdentityChange{{From: data.Sender{Phone: riya}, To: data.Sender{Phone: "+919137979402"}}, {From: data.Sender{Phone: ada}, To: data.Sender{Phone: "+442079460959"}}}
	if taken, err := w.Reread(t.Context(), asha, []data.Reading{{ID: kept.ID, Changes: changes}}); taken != 1 || err != nil {
		t.Errorf("%d, %v", taken, err)
	}
	if c, err := w.FindCustomer(t.Context(), "+919137979402"); err != nil || c.ID != id {
		t.Errorf("%+v, %v", c, err)
	}
}
