package store_test

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// disarm takes away what keeps events from being changed, as whoever wants to
// forge a history would.
func disarm(t *testing.T, path string, statements ...string) {
	t.Helper()
	db := rawOpen(t, path)
	defer db.Close()
	rawExec(t, db, "PRAGMA foreign_keys = off", "DROP TRIGGER events_never_change", "DROP TRIGGER events_never_go")
	rawExec(t, db, statements...)
}

// Whatever is done to the rows is found, and the first of it is named.
func TestEveryForgeryIsNamed(t *testing.T) {
	const changed = "event 3 was changed after it was written"
	for _, c := range []struct {
		name       string
		statements []string
		seq        int64
		text       string
	}{
		{"moment", []string{"UPDATE events SET at = at + 1 WHERE seq = 3"}, 3, changed},
		{"moment written", []string{"UPDATE events SET recorded_at = recorded_at + 1 WHERE seq = 3"}, 3, changed},
		{"kind", []string{"UPDATE events SET kind = 'blocked' WHERE seq = 3"}, 3, changed},
		{"number", []string{"UPDATE events SET phone = '+46700000009' WHERE seq = 3"}, 3, changed},
		{"kind of actor", []string{"UPDATE events SET actor_kind = 'api' WHERE seq = 3"}, 3, changed},
		{"actor", []string{"UPDATE events SET actor = 'Ben' WHERE seq = 3"}, 3, changed},
		{"way", []string{"UPDATE events SET way = 'api' WHERE seq = 3"}, 3, changed},
		{"detail", []string{"UPDATE events SET detail = replace(detail, 'event 2', 'event 3') WHERE seq = 3"}, 3, changed},
		{"a blank in the detail", []string{`UPDATE events SET detail = replace(detail, ':', ': ') WHERE seq = 3`}, 3, changed},
		{"hash before", []string{"UPDATE events SET prev = zeroblob(32) WHERE seq = 3"}, 3, changed},
		{"hash", []string{"UPDATE events SET hash = zeroblob(32) WHERE seq = 3"}, 3, changed},
		{"a line break", []string{"UPDATE events SET actor = 'Asha' || char(10) WHERE seq = 3"}, 3, "event 3 holds what no event can hold: it was changed"},
		{
			"fields moved across a line break",
			[]string{"UPDATE events SET actor = actor || char(10) || way, way = detail, detail = lower(hex(prev)), prev = x'' WHERE seq = 3"},
			3, "event 3 holds what no event can hold: it was changed",
		},
		{"customer", []string{"UPDATE events SET customer_id = 2 WHERE seq = 3"}, 3, "event 3 is filed under another customer than the one it happened to"},
		{"nobody", []string{"UPDATE events SET customer_id = 9 WHERE seq = 3"}, 3, "event 3 is filed under another customer than the one it happened to"},
		{"the customer's number", []string{"UPDATE customers SET phone = '+46700000009' WHERE id = 1"}, 1, "event 1 is filed under another customer than the one it happened to"},
		{"the customer's address", []string{"UPDATE identities SET address = '+46700000009' WHERE customer_id = 1"}, 1, "event 1 is filed under another customer than the one it happened to"},
		{
			"the customer's number, where it is filed as well",
			[]string{"UPDATE customers SET phone = '+46700000009' WHERE id = 1", "UPDATE identities SET address = '+46700000009' WHERE customer_id = 1"},
			1, "event 1 is filed under another customer than the one it happened to",
		},
		{"the first removed", []string{"DELETE FROM events WHERE seq = 1"}, 1, "event 1 is missing: event 2 stands in its place"},
		{
			"the first removed, the rest moved up",
			[]string{"DELETE FROM events WHERE seq = 1", "UPDATE events SET seq = seq - 1", "UPDATE chain SET seq = 4, count = 4"},
			1, "the event that was written as number 2 stands where event 1 belongs: they were put into another order",
		},
		{"one in the middle removed", []string{"DELETE FROM events WHERE seq = 3"}, 3, "event 3 is missing: event 4 stands in its place"},
		{"two removed", []string{"DELETE FROM events WHERE seq IN (2, 3)"}, 2, "events 2 to 3 are missing: event 4 stands in their place"},
		{"the last removed", []string{"DELETE FROM events WHERE seq = 5"}, 5, "event 5, the last, is missing: the end was cut off"},
		{"the end removed", []string{"DELETE FROM events WHERE seq > 2"}, 3, "events 3 to 5 are missing: the end was cut off"},
		{"all removed", []string{"DELETE FROM events"}, 1, "events 1 to 5 are missing: the end was cut off"},
		{
			"one inserted before",
			[]string{"INSERT INTO events SELECT 0, at, recorded_at, kind, customer_id, phone, actor_kind, actor, way, detail, prev, hash FROM events WHERE seq = 1"},
			1, "a row numbered 0 stands where event 1 belongs: it was inserted or moved",
		},
		{"one inserted between", []string{
			"UPDATE events SET seq = -seq WHERE seq > 2", "UPDATE events SET seq = 1 - seq WHERE seq < 0",
			"INSERT INTO events SELECT 3, at, recorded_at, kind, customer_id, phone, actor_kind, 'Ben', way, detail, prev, hash FROM events WHERE seq = 4",
		}, 3, changed},
		{
			"one added",
			[]string{"INSERT INTO events SELECT 6, at, recorded_at, kind, customer_id, phone, actor_kind, actor, way, detail, prev, hash FROM events WHERE seq = 5"},
			6, "the event that was written as number 5 stands where event 6 belongs: they were put into another order",
		},
		{
			"two swapped",
			[]string{"UPDATE events SET seq = -2 WHERE seq = 2", "UPDATE events SET seq = 2 WHERE seq = 4", "UPDATE events SET seq = 4 WHERE seq = -2"},
			2, "the event that was written as number 4 stands where event 2 belongs: they were put into another order",
		},
		{"count", []string{"UPDATE chain SET count = 4"}, 4, "the head, which says how many events there are, was changed"},
		{"count and number", []string{"UPDATE chain SET count = 4, seq = 4"}, 5, "event 5 comes after the end: 4 were written down in all"},
		{"head", []string{"UPDATE chain SET hash = zeroblob(32)"}, 5, "event 5 is not the one that was written down last: it was exchanged, or the head was changed"},
		{"no head", []string{"DELETE FROM chain"}, 1, "the head, which says how many events there are, was removed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := openNew(t)
			asha := addCustomer(t, s, "+46701234567", "Riya")
			addCustomer(t, s, "+46701234568", "Meera")
			appendEvents(t, s, asha, 5)
			disarm(t, s.Path, c.statements...)
			_, err := s.VerifyEvents(t.Context())
			flaw := (*data.Flaw)(nil)
			if !errors.As(err, &flaw) || !errors.Is(err, data.ErrDamaged) {
				t.Fatalf("%v", err)
			}
			if flaw.Seq != c.seq || flaw.Text != c.text {
				t.Errorf("event %d: %q, want event %d: %q", flaw.Seq, flaw.Text, c.seq, c.text)
			}
		})
	}
}

// Who changes an event and gives it the hash it must have is found at the next.
func TestForgeryWithItsHash(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	appendEvents(t, s, c, 5)
	events, err := s.Events(t.Context(), c.ID)
	if err != nil {
		t.Fatal(err)
	}
	e := events[2]
	e.Actor.Name = "Ben"
	disarm(t, s.Path, fmt.Sprintf("UPDATE events SET actor = 'Ben', hash = x'%x' WHERE seq = 3", e.Sum()))
	n, err := s.VerifyEvents(t.Context())
	flaw := (*data.Flaw)(nil)
	if !errors.As(err, &flaw) || n != 3 || flaw.Seq != 4 || !strings.Contains(flaw.Text, "does not follow from event 3") {
		t.Errorf("%d, %v", n, err)
	}
}

// The head and the events are read as of one moment: an event that is written
// meanwhile is no flaw.
func TestVerifyWhileOthersWrite(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	appendEvents(t, s, c, 3)
	n := 0
	head, err := s.WalkEvents(t.Context(), func(data.Event, bool, data.Head) error {
		appendEvents(t, s, c, 1)
		n++
		return nil
	})
	if err != nil || head.Count != 3 || n != 3 {
		t.Errorf("%d of %d: %v", n, head.Count, err)
	}
	if n, err := s.VerifyEvents(t.Context()); n != 6 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

func TestVerifyCanBeStopped(t *testing.T) {
	s := openNew(t)
	appendEvents(t, s, addCustomer(t, s, "+46701234567", "Riya"), 3)
	ctx, stop := context.WithCancel(t.Context())
	_, err := s.WalkEvents(ctx, func(data.Event, bool, data.Head) error {
		stop()
		return nil
	})
	if !errors.Is(err, context.Canceled) || errors.Is(err, data.ErrDamaged) {
		t.Errorf("%v", err)
	}
}

func TestNothingToVerify(t *testing.T) {
	if n, err := openNew(t).VerifyEvents(t.Context()); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// What would give the hash a second reading is never written.
func TestAppendRefusesSecondReadings(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	for name, e := range map[string]data.Event{
		"a line break":       {Actor: data.Actor{Name: "Asha\nwindow"}},
		"a carriage return":  {Detail: "{\r}"},
		"broken UTF-8":       {Kind: "\xff"},
		"more than fits":     {Detail: strings.Repeat("x", data.MaxEventBytes+1)},
		"a break in the way": {Actor: data.Actor{Channel: "\n"}},
	} {
		e.CustomerID, e.Phone = c.ID, c.Phone
		err := s.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.Append(e); return err })
		if !errors.Is(err, data.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n, err := s.VerifyEvents(t.Context()); n != 0 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// The history is read page by page, newest first, and narrowed down.
func TestEventsPage(t *testing.T) {
	s := openNew(t)
	riya, meera := addCustomer(t, s, "+46701234567", "Riya"), addCustomer(t, s, "+46701234568", "Meera")
	appendEvents(t, s, riya, 3)
	write(t, s, func(tx *store.Tx) error {
		_, err := tx.Append(data.Event{Kind: data.BlockedEvent, CustomerID: meera.ID, Phone: meera.Phone, Actor: data.Actor{Name: "Ben"}, Detail: "{}"})
		return err
	})
	for _, c := range []struct {
		query data.EventQuery
		want  string
	}{
		{data.EventQuery{Limit: 9}, "4 Meera, 3 Riya, 2 Riya, 1 Riya"},
		{data.EventQuery{Limit: 2}, "4 Meera, 3 Riya"},
		{data.EventQuery{Limit: 2, Before: 3}, "2 Riya, 1 Riya"},
		{data.EventQuery{Limit: 2, Before: 1}, ""},
		{data.EventQuery{Limit: 9, Customer: meera.ID}, "4 Meera"},
		{data.EventQuery{Limit: 9, Customer: riya.ID, Before: 3}, "2 Riya, 1 Riya"},
		{data.EventQuery{Limit: 9, Agent: "Ben"}, "4 Meera"},
		{data.EventQuery{Limit: 9, Kind: data.ClosedEvent}, "3 Riya, 2 Riya, 1 Riya"},
		{data.EventQuery{Limit: 9, Kind: data.ClosedEvent, Agent: "Ben"}, ""},
	} {
		page, err := s.EventsPage(t.Context(), c.query)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range page {
			got = append(got, fmt.Sprint(e.Seq, " ", e.Name))
			if e.Phone == "" || hex.EncodeToString(e.Hash) != hex.EncodeToString(e.Sum()) {
				t.Errorf("event %d is not whole: %+v", e.Seq, e)
			}
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%+v: %q, want %q", c.query, got, c.want)
		}
	}
	agents, kinds, err := s.EventChoices(t.Context())
	if err != nil || strings.Join(agents, ", ") != "Asha, Ben" || fmt.Sprint(kinds) != "[blocked closed]" {
		t.Errorf("%q, %q, %v", agents, kinds, err)
	}
}

// However long the history is, a page of it is found by an index.
func TestEventsPagePlan(t *testing.T) {
	s := openNew(t)
	for want, q := range map[string]data.EventQuery{
		"SEARCH e USING INTEGER PRIMARY KEY (rowid<?)":         {Limit: 50, Before: 5000},
		"SEARCH e USING INDEX events_timeline (customer_id=?)": {Limit: 50, Customer: 7},
	} {
		var plan []string
		for _, statement := range s.Spy(t, func() {
			if _, err := s.EventsPage(t.Context(), q); err != nil {
				t.Fatal(err)
			}
		}) {
			plan = append(plan, explain(t, s, statement)...)
		}
		if all := strings.Join(plan, "\n"); !strings.Contains(all, want) {
			t.Errorf("not %q, but\n%s", want, all)
		}
	}
}
