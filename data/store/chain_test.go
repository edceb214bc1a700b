package store_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// The chain begins with nothing, and each event carries the hash of the one
// before it.
func TestChain(t *testing.T) {
	s := openNew(t)
	if n, err := s.VerifyEvents(t.Context()); n != 0 || err != nil {
		t.Errorf("an empty chain: %d, %v", n, err)
	}
	first, second := addCustomer(t, s, "+46701234567", "Riya"), addCustomer(t, s, "+46701234568", "Ada")
	appendEvents(t, s, first, 2)
	appendEvents(t, s, second, 1)
	appendEvents(t, s, first, 1)
	prev := ""
	for seq, who := range map[int64]int64{1: first.ID, 2: first.ID, 3: second.ID, 4: first.ID} {
		events, err := s.Events(t.Context(), who)
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, e := range events {
			found = found || e.Seq == seq
		}
		if !found {
			t.Errorf("event %d is not among those of customer %d", seq, who)
		}
	}
	db := rawOpen(t, s.Path)
	for seq := 1; seq <= 4; seq++ {
		if got := rawText(t, db, "SELECT hex(prev) FROM events WHERE seq = ?", seq); got != prev {
			t.Errorf("event %d follows %q, want %q", seq, got, prev)
		}
		prev = rawText(t, db, "SELECT hex(hash) FROM events WHERE seq = ?", seq)
	}
	if got := rawText(t, db, "SELECT hex(hash) || seq || count FROM chain"); got != prev+"44" {
		t.Errorf("the head is %s", got)
	}
	if n, err := s.VerifyEvents(t.Context()); n != 4 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// Whoever opens the file finds that events can be neither changed nor removed.
func TestEventsNeverChange(t *testing.T) {
	s := openNew(t)
	appendEvents(t, s, addCustomer(t, s, "+46701234567", "Riya"), 3)
	before := dump(t, s.Path)
	raw := rawOpen(t, s.Path)
	for _, act := range []string{
		"UPDATE events SET actor = 'nobody'",
		"UPDATE events SET at = at + 1 WHERE seq = 2",
		"DELETE FROM events",
		"DELETE FROM events WHERE seq = 3",
		"INSERT INTO events SELECT * FROM events WHERE seq = 1",
		"UPDATE OR IGNORE events SET kind = 'closed' WHERE seq = 1",
	} {
		if _, err := raw.Exec(act); err == nil {
			t.Errorf("%s: no error", act)
		}
		if _, err := s.Writer(t).Exec(act); err == nil {
			t.Errorf("by the writer, %s: no error", act)
		}
	}
	if after := dump(t, s.Path); after != before {
		t.Errorf("they were changed:\n%s\n%s", before, after)
	}
}

// Who takes the triggers away can change the rows, but not without a trace.
func TestVerifyFindsTampering(t *testing.T) {
	const rows, cut = 10, "UPDATE chain SET seq = 9, count = 9, hash = (SELECT hash FROM events WHERE seq = 9)"
	for name, c := range map[string]struct {
		do    string
		sound int64 // how many events are proved before it shows
	}{
		"a moment":                      {"UPDATE events SET at = at + 1 WHERE seq = 4", 3},
		"when it was recorded":          {"UPDATE events SET recorded_at = recorded_at - 1 WHERE seq = 4", 3},
		"a kind":                        {"UPDATE events SET kind = 'unblocked' WHERE seq = 4", 3},
		"a phone":                       {"UPDATE events SET phone = '+46700000000' WHERE seq = 4", 3},
		"who":                           {"UPDATE events SET actor = 'Somebody' WHERE seq = 4", 3},
		"what kind of who":              {"UPDATE events SET actor_kind = 'api' WHERE seq = 4", 3},
		"by which way":                  {"UPDATE events SET way = 'api' WHERE seq = 4", 3},
		"the rest":                      {"UPDATE events SET detail = '{}' WHERE seq = 4", 3},
		"a hash":                        {"UPDATE events SET hash = randomblob(32) WHERE seq = 4", 3},
		"the hash before":               {"UPDATE events SET prev = randomblob(32) WHERE seq = 4", 3},
		"whose it is":                   {"UPDATE events SET customer_id = 2 WHERE seq = 4", 4}, // itself it is sound
		"the first":                     {"UPDATE events SET actor = 'Somebody' WHERE seq = 1", 0},
		"the last":                      {"UPDATE events SET actor = 'Somebody' WHERE seq = 10", 9},
		"one removed":                   {"DELETE FROM events WHERE seq = 4", 3},
		"one removed, the gap closed":   {"DELETE FROM events WHERE seq = 4; UPDATE events SET seq = seq - 1 WHERE seq > 4", 3},
		"the first removed":             {"DELETE FROM events WHERE seq = 1", 0},
		"all removed":                   {"DELETE FROM events", 0},
		"the tail cut":                  {"DELETE FROM events WHERE seq = 10", 9},
		"two reordered":                 {"UPDATE events SET seq = -4 WHERE seq = 4; UPDATE events SET seq = 4 WHERE seq = 5; UPDATE events SET seq = 5 WHERE seq = -4", 3},
		"one inserted":                  {"INSERT INTO events SELECT 11, at, recorded_at, kind, customer_id, phone, actor_kind, actor, way, detail, prev, hash FROM events WHERE seq = 10", 10},
		"one inserted in the middle":    {"UPDATE events SET seq = -seq WHERE seq >= 4; UPDATE events SET seq = 1 - seq WHERE seq < 0; INSERT INTO events SELECT 4, at, recorded_at, kind, customer_id, phone, actor_kind, actor, way, detail, prev, hash FROM events WHERE seq = 3", 3},
		"one put before the first":      {"INSERT INTO events SELECT 0, at, recorded_at, kind, customer_id, phone, actor_kind, actor, way, detail, prev, hash FROM events WHERE seq = 1", 0},
		"the head's count":              {"UPDATE chain SET count = 9", 0},
		"the head's sequence":           {"UPDATE chain SET seq = 9", 0},
		"the head's hash":               {"UPDATE chain SET hash = randomblob(32)", 10},
		"the head removed":              {"DELETE FROM chain", 0},
		"the tail cut, the head not":    {"DELETE FROM events WHERE seq > 5", 5},
		"the head turned back, no tail": {cut, 10},
	} {
		t.Run(name, func(t *testing.T) {
			s := openNew(t)
			riya := addCustomer(t, s, "+46701234567", "Riya")
			addCustomer(t, s, "+46701234568", "Ada")
			appendEvents(t, s, riya, rows)
			if n, err := s.VerifyEvents(t.Context()); n != rows || err != nil {
				t.Fatalf("%d, %v", n, err)
			}
			rawExec(t, rawOpen(t, s.Path), "DROP TRIGGER events_never_change", "DROP TRIGGER events_never_go", c.do)
			n, err := s.VerifyEvents(t.Context())
			if !errors.Is(err, store.ErrDamaged) || n != c.sound {
				t.Errorf("%d events are proved, want %d; %v", n, c.sound, err)
			}
			var flaw *data.Flaw
			if !errors.As(err, &flaw) || flaw.Text == "" {
				t.Errorf("no flaw is named: %v", err)
			}
		})
	}
}

// Events that are written while the chain is walked are no damage.
func TestVerifyWhileOthersWrite(t *testing.T) {
	path := newPath(t)
	s, other := openAt(t, path), openAt(t, path)
	c := addCustomer(t, s, "+46701234567", "Riya")
	appendEvents(t, s, c, 200)
	var all sync.WaitGroup
	errs := make([]error, 2)
	all.Go(func() {
		for range 150 {
			errs[0] = errors.Join(errs[0], other.Write(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Append(data.Event{At: start, RecordedAt: start, Kind: data.ClosedEvent, CustomerID: c.ID, Phone: c.Phone, Detail: "{}"})
				return err
			}))
		}
	})
	var seen []string
	all.Go(func() {
		for last := int64(0); last < 350; {
			n, err := s.VerifyEvents(t.Context())
			if err != nil || n < last || n < 200 {
				errs[1] = fmt.Errorf("%d events after %d: %w", n, last, err)
				return
			}
			last = n
			seen = append(seen, fmt.Sprint(n))
		}
	})
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatalf("%v, after %s", err, strings.Join(seen, " "))
	}
}
