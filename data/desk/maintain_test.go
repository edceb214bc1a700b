package desk_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
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

// Why a copy cannot be made is known to every window of the desk until one is made.
func TestMaintain_KeepsWhyNoCopyWasMade(t *testing.T) {
	w := newWorld(t)
	w.takes(riya, "Hello")
	w.must(w.Maintain(t.Context()))
	made := w.Now()
	w.clock.add(24 * time.Hour)
	folder := filepath.Join(filepath.Dir(w.path), "backups")
	w.must(os.Rename(folder, folder+" before"))
	w.must(os.WriteFile(folder, nil, 0o600)) // a file stands where the copies were
	if err := w.Maintain(t.Context()); err == nil {
		t.Fatal("there is no place for a copy, and no error")
	}
	if state, err := w.another().CopyState(t.Context()); err != nil || !strings.HasPrefix(state.Failure, folder+" must be a folder") {
		t.Errorf("%+v, %v", state, err)
	}
	w.must(os.Remove(folder))
	w.must(os.Rename(folder+" before", folder))
	if state, err := w.CopyState(t.Context()); err != nil || state.SoundAt != made {
		t.Errorf("%+v, %v; want a sound copy of %v", state, err, made)
	}
	w.must(w.Maintain(t.Context()))
	if state, err := w.CopyState(t.Context()); err != nil || state != (data.CopyState{SoundAt: w.Now()}) {
		t.Errorf("%+v, %v", state, err)
	}
}
