package desk_test

import (
	"errors"
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

func TestSetDisabledRules(t *testing.T) {
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "latchdesk.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	d := desk.New(s)
	expect := func(want ...string) {
		t.Helper()
		if got, err := d.DisabledRules(t.Context()); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
	expect()
	before, _ := d.LastChange(t.Context())
	if err := d.SetDisabledRules(t.Context(), []string{"vip", "first-message", "vip"}); err != nil {
		t.Fatal(err)
	}
	expect("first-message", "vip")
	changes, err := d.ChangesAfter(t.Context(), before, 10)
	if err != nil || len(changes) != 1 || changes[0].Kind != data.SettingsChanged {
		t.Errorf("%v, %v", changes, err)
	}
	for _, ids := range [][]string{{""}, {"two words"}, {"vip\n"}, {"VIP"}, {strings.Repeat("x", 41)}} {
		if err := d.SetDisabledRules(t.Context(), ids); !errors.Is(err, data.ErrInvalid) {
			t.Errorf("%q: %v", ids, err)
		}
	}
	if err := d.SaveSettings(t.Context(), data.Settings{Agent: "Asha"}); err != nil {
		t.Fatal(err)
	}
	expect("first-message", "vip")
	if err := d.SetDisabledRules(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	expect()
}
