package desk_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Every way to fail is said in a sentence that says what to do, and none
// speaks of SQL.
func TestExplain(t *testing.T) {
	for _, err := range []error{
		data.ErrBlocked, data.ErrChanged, data.ErrNoDemo, data.ErrDamaged, data.ErrNotDatabase, data.ErrNewer, data.ErrFull,
		data.ErrBusy, data.ErrReadOnly, data.ErrIndex, data.ErrDisk, data.ErrTooManyFiles, syscall.EMFILE, syscall.ENFILE, syscall.EIO, syscall.EROFS,
		data.ErrUnsafe, data.ErrInUse, fs.ErrPermission,
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

// What is wrong more exactly is said rather than that nothing can be written.
func TestExplain_ExactCause(t *testing.T) {
	said := map[string]error{}
	for _, err := range []error{
		data.ErrReadOnly, data.ErrFull, data.ErrDisk, data.ErrTooManyFiles, fmt.Errorf("%w: %w", data.ErrReadOnly, data.ErrIndex),
		fmt.Errorf("%w: %w", data.ErrReadOnly, &fs.PathError{Op: "open", Path: "/x", Err: syscall.EROFS}),
	} {
		text := desk.Explain(fmt.Errorf("write: %w", err))
		if other := said[text]; other != nil {
			t.Errorf("%v and %v are both said as %q", err, other, text)
		}
		said[text] = err
		if !desk.IsStorageFault(err) {
			t.Errorf("%v: the next write is tried", err)
		}
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
