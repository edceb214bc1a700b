package store_test

import (
	"slices"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

func TestSettings(t *testing.T) {
	path := newPath(t)
	s := openAt(t, path)
	usual := data.Settings{Theme: "system", Notify: true, Width: 1280, Height: 800, Split: 360}
	if got, err := s.Settings(t.Context()); err != nil || got != usual {
		t.Errorf("at first %+v, %v", got, err)
	}
	chosen := data.Settings{Agent: "Åsa", Country: "SE", Theme: "dark", Notify: false, Width: 900, Height: 700, Split: 300, Demo: true, Serve: true, Listen: "127.0.0.1:9000"}
	write(t, s, func(tx *store.Tx) error { return tx.SaveSettings(chosen) })
	chosen.Demo = false // which is not a matter of choice
	if got, err := s.Settings(t.Context()); err != nil || got != chosen {
		t.Errorf("%+v, %v; want %+v", got, err, chosen)
	}
	write(t, s, (*store.Tx).MarkDemo)
	write(t, s, func(tx *store.Tx) error { return tx.SaveSettings(chosen) })
	closeStore(t, s)
	chosen.Demo = true
	if got, err := openAt(t, path).Settings(t.Context()); err != nil || got != chosen {
		t.Errorf("opened again %+v, %v; want %+v", got, err, chosen)
	}
}

// A window is never so small or so large that nobody finds it again.
func TestSizesOutOfBounds(t *testing.T) {
	s := openNew(t)
	db := rawOpen(t, s.Path)
	for _, width := range []string{"", "wide", "-5", "0", "99", "10001", "NaN", "Inf", "1e300"} {
		rawExec(t, db, "INSERT OR REPLACE INTO settings (key, value) VALUES ('width', '"+width+"'), ('tomorrow', 'unknown')")
		if got, err := s.Settings(t.Context()); err != nil || got.Width != 1280 {
			t.Errorf("%q is read as %v, %v", width, got.Width, err)
		}
	}
}

func TestDraftsAndAgents(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	for _, text := range []string{"half a", "half a sentence\n", "", "again", ""} {
		write(t, s, func(tx *store.Tx) error { return tx.SaveDraft(c.ID, text) })
		if got, err := s.Draft(t.Context(), c.ID); err != nil || got != text {
			t.Errorf("%q, %v; want %q", got, err, text)
		}
	}
	if n := rawText(t, rawOpen(t, s.Path), "SELECT count(*) FROM drafts"); n != "0" {
		t.Errorf("%s empty drafts are kept", n)
	}
	for _, name := range []string{"Riya", "Åsa", "Asha", "Riya"} {
		write(t, s, func(tx *store.Tx) error { return tx.AddAgent(name) })
	}
	if got, err := s.Agents(t.Context()); err != nil || !slices.Equal(got, []string{"Asha", "Riya", "Åsa"}) {
		t.Errorf("%q, %v", got, err)
	}
}
