package desk_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data/store"
)

// Maintain makes a copy a day and forgets old changes; a copy of one's own is
// made where one wants it.
func TestMaintain(t *testing.T) {
	w := newWorld(t)
	w.takes(riya, "Hello")
	for day := range 3 {
		for range 3 {
			w.must(w.Maintain(t.Context()))
		}
		if got := store.Backups(w.Path()); len(got) != day+1 {
			t.Errorf("on day %d the copies are %q", day, got)
		}
		w.clock.add(24 * time.Hour)
	}
	file := filepath.Join(t.TempDir(), "copy")
	w.must(w.Backup(t.Context(), file))
	if err := store.Check(t.Context(), file); err != nil {
		t.Error(err)
	}
	if w.Path() != w.path {
		t.Errorf("it lies at %s", w.Path())
	}
}
