package desk_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Every way to fail is said in a sentence that says what to do, and none
// speaks of SQL.
func TestExplain(t *testing.T) {
	for _, err := range []error{
		data.ErrBlocked, data.ErrChanged, data.ErrNoDemo, data.ErrDamaged, data.ErrNotDatabase, data.ErrNewer, data.ErrFull,
		data.ErrBusy, data.ErrReadOnly, data.ErrUnsafe, data.ErrInUse, fs.ErrPermission,
	} {
		got := desk.Explain(fmt.Errorf("write the database /x: %w: %w", err, errors.New("SQL logic error (1)")))
		if !strings.HasSuffix(got, ".") || strings.Contains(got, "SQL") || strings.Count(got, ".") < 2 {
			t.Errorf("%v is said as %q", err, got)
		}
	}
	own := fmt.Errorf("block: %w: the note is longer than 500 characters", data.ErrInvalid)
	if got := desk.Explain(own); got != "block: the note is longer than 500 characters" {
		t.Errorf("%q", got)
	}
	if got := desk.Explain(nil); got != "" {
		t.Errorf("nothing is said as %q", got)
	}
}

// What the file itself suffers is recognised wherever it is met.
func TestIsDamage(t *testing.T) {
	w := newWorld(t)
	_, sound := w.Customer(t.Context(), 1)
	if desk.IsDamage(sound) || desk.IsDamage(nil) || desk.IsDamage(data.ErrFull) {
		t.Error("a sound database is called damaged")
	}
	for _, err := range []error{data.ErrDamaged, data.ErrNotDatabase} {
		if !desk.IsDamage(fmt.Errorf("open: %w", err)) {
			t.Errorf("%v is no damage", err)
		}
	}
}
