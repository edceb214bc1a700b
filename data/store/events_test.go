package store_test

import (
	"testing"
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
