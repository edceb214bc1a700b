package desk_test

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

func TestSaveSettings(t *testing.T) {
	w := newWorld(t)
	told := w.lastChange()
	chosen := data.Settings{Agent: " Åsa\nRao ", Country: "in", Theme: "dark", Notify: true, Width: 900, Height: 700, Split: 300}
	w.must(w.SaveSettings(t.Context(), chosen))
	chosen.Agent, chosen.Country = "Åsa Rao", "IN"
	if got, err := w.another().Settings(t.Context()); err != nil || got != chosen {
		t.Errorf("%+v, %v; want %+v", got, err, chosen)
	}
	w.tells(told, 0, data.SettingsChanged)
	chosen.Agent = "Bo"
	w.must(w.SaveSettings(t.Context(), chosen))
	told = w.lastChange()
	for _, name := range []string{"", " \n", "\x00\u202e"} {
		nobody := chosen
		nobody.Agent, nobody.Theme = name, "light"
		if err := w.SaveSettings(t.Context(), nobody); !errors.Is(err, data.ErrInvalid) {
			t.Errorf("%+q: %v", name, err)
		}
	}
	w.tells(told, 0)
	if got, err := w.Settings(t.Context()); err != nil || got != chosen {
		t.Errorf("%+v, %v", got, err)
	}
	if names, err := w.Agents(t.Context()); err != nil || !slices.Equal(names, []string{"Bo", "Åsa Rao"}) {
		t.Errorf("%q, %v", names, err)
	}
}

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

// Every way to fail is said in a sentence that says what to do, and none
// speaks of SQL.
func TestExplain(t *testing.T) {
	for _, err := range []error{
		data.ErrBlocked, data.ErrChanged, data.ErrNoDemo, store.ErrDamaged, store.ErrNotDatabase, store.ErrNewer, store.ErrFull,
		store.ErrBusy, store.ErrReadOnly, store.ErrUnsafe, store.ErrInUse, fs.ErrPermission,
	} {
		got := desk.Explain(fmt.Errorf("write the database /x: %w: %w", err, errors.New("SQL logic error (1)")))
		if !strings.HasSuffix(got, ".") || strings.Contains(got, "SQL") || strings.Count(got, ".") < 2 {
			t.Errorf("%v is said as %q", err, got)
		}
	}
	own := fmt.Errorf("block: %w: the note is longer than 500 characters", data.ErrInvalid)
	if got := desk.Explain(own); got != own.Error() {
		t.Errorf("%q", got)
	}
	if got := desk.Explain(nil); got != "" {
		t.Errorf("nothing is said as %q", got)
	}
}

// What the file itself suffers is recognised wherever it is met.
func TestDamageIsRecognised(t *testing.T) {
	w := newWorld(t)
	_, sound := w.Customer(t.Context(), 1)
	if desk.IsDamage(sound) || desk.IsDamage(nil) || desk.IsDamage(store.ErrFull) {
		t.Error("a sound database is called damaged")
	}
	for _, err := range []error{store.ErrDamaged, store.ErrNotDatabase} {
		if !desk.IsDamage(fmt.Errorf("open: %w", err)) {
			t.Errorf("%v is no damage", err)
		}
	}
}
