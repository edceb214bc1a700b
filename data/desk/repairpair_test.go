package desk_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// Of who may be the same person, and of who was joined, each column of the block is
// noticed that is not the one that counts, and so is one that is kept beside it; what
// the customers' rows said is there again after a repair.
func TestRepair_PairsHaveTheBlockThatCounts(t *testing.T) {
	for _, join := range []bool{false, true} {
		w := newWorld(t)
		number, user := meet(w)
		w.blocks(asha, number, data.BlockRequest{Note: "rude", Until: start.Add(48 * time.Hour)})
		w.says(both, "from both")
		if join {
			w.must(w.JoinPair(t.Context(), asha, w.pair().ID))
		}
		whole := filepath.Join(t.TempDir(), "whole.db")
		w.must(w.Backup(t.Context(), whole))
		content, err := os.ReadFile(whole)
		w.must(err)
		before := blocks(t, whole)
		ids := []int64{number, user}
		if join {
			ids = ids[:1]
		}
		for _, id := range ids {
			for _, change := range []string{
				"blocked_at = 0", "blocked_at = blocked_at + 1", "blocked_by = 'Eve'", "blocked_kind = 'api'", "blocked_way = 'schedule'", "blocked_reason = 'r'",
				"blocked_note = 'n'", "blocked_until = blocked_until + 1", "blocked_review = 1", "blocked_asked = 1", "blocked_borrowed = blocked_borrowed + 1", "held = held + 1",
			} {
				path := filepath.Join(t.TempDir(), "changed.db")
				w.must(os.WriteFile(path, content, 0o600))
				tamper(t, path, "UPDATE customers SET "+change+" WHERE id = ?", []any{id})
				if noticed(t, path) == nil {
					t.Errorf("joined %t: not noticed: %s of %d", join, change, id)
				}
				repairAt(t, path)
				if got := noticed(t, path); got != nil {
					t.Errorf("joined %t: after the repair of %s of %d: %q", join, change, id, got)
				}
				if got := blocks(t, path); !slices.Equal(got, before) {
					t.Errorf("joined %t: after the repair of %s of %d\n%q, want\n%q", join, change, id, got, before)
				}
			}
		}
		for _, statement := range []string{"DELETE FROM own_blocks WHERE customer_id > ?", "UPDATE own_blocks SET until = until + 1 WHERE customer_id > ?"} {
			path := filepath.Join(t.TempDir(), "changed.db")
			w.must(os.WriteFile(path, content, 0o600))
			tamper(t, path, statement, []any{0})
			if noticed(t, path) == nil {
				t.Errorf("joined %t: not noticed: %s", join, statement)
			}
			repairAt(t, path)
			if got := noticed(t, path); got != nil {
				t.Errorf("joined %t: after the repair of %s: %q", join, statement, got)
			}
		}
	}
}

// Of the two own blocks of a customer who was joined either can be the one that counts:
// joins of older versions decided which.
func TestCheckState_TakesEitherOwnBlockOfAJoin(t *testing.T) {
	w := newWorld(t)
	number, user := meet(w)
	w.blocks(asha, number, data.BlockRequest{Note: "first"})
	w.says(both, "from both")
	w.must(w.JoinPair(t.Context(), asha, w.pair().ID))
	path := filepath.Join(t.TempDir(), "older.db")
	w.must(w.Backup(t.Context(), path))
	tamper(t, path, `INSERT OR REPLACE INTO own_blocks SELECT ?, at + 1, by, kind, way, reason, 'second', until, review, asked FROM own_blocks LIMIT 1`, []any{user})
	if got := noticed(t, path); got != nil {
		t.Errorf("with the first: %q", got)
	}
	tamper(t, path, "UPDATE customers SET blocked_at = blocked_at + 1, blocked_note = 'second' WHERE id = ?", []any{number})
	if got := noticed(t, path); got != nil {
		t.Errorf("with the second: %q", got)
	}
	tamper(t, path, "UPDATE customers SET blocked_note = 'third' WHERE id = ?", []any{number})
	if noticed(t, path) == nil {
		t.Error("not noticed: a third")
	}
}

func repairAt(t *testing.T, path string) {
	t.Helper()
	s, err := store.Open(t.Context(), path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := desk.New(s).Repair(t.Context(), asha, nil, func(data.StateDifference) {}); err != nil {
		t.Fatal(err)
	}
}
