package desk_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// Who is known already is given as it is, and nothing is written.
func TestAddTwice(t *testing.T) {
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "latchdesk.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	d := desk.New(s)
	first, err := d.Add(t.Context(), "+46701234567", "Léna")
	if err != nil {
		t.Fatal(err)
	}
	last, _ := d.LastChange(t.Context())
	again, err := d.Add(t.Context(), "+46701234567", "Somebody else")
	if err != nil || again.ID != first.ID || again.Name != "Léna" || again.Version != first.Version {
		t.Errorf("%+v, %v; want %+v", again, err, first)
	}
	if now, _ := d.LastChange(t.Context()); now != last {
		t.Errorf("the change %d was written for nothing", now)
	}
}
