package store_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// sealed returns a database of two customers with three events as somebody left it: with
// what ends in ends beside it. The second customer is in the log alone, if that is there.
func sealed(t *testing.T, ends ...string) string {
	t.Helper()
	live, path := newPath(t), newPath(t)
	s := openAt(t, live)
	appendEvents(t, s, addCustomer(t, s, "+46701234567", "Riya"), 3)
	if len(ends) > 0 {
		rawExec(t, s.Writer(t), "PRAGMA wal_checkpoint(TRUNCATE)")
	}
	addCustomer(t, s, "+46701234568", "Ada")
	if len(ends) == 0 {
		closeStore(t, s)
	}
	for _, end := range append([]string{""}, ends...) {
		if err := os.WriteFile(path+end, read(t, live+end), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// readsSealed opens such a database for reading, proves it, and closes it.
func readsSealed(t *testing.T, path string) {
	t.Helper()
	s, err := store.OpenToRead(t, path, frozen, fs.ErrPermission)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	if f, err := s.Stats(t.Context()); err != nil || f.Customers != 2 || f.Events != 3 || f.Schema != store.Version() {
		t.Errorf("it holds %+v, %v", f, err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if n, err := s.VerifyEvents(t.Context()); n != 3 || err != nil {
		t.Errorf("%d events, %v", n, err)
	}
	file := filepath.Join(t.TempDir(), "copy")
	if err := s.Backup(t.Context(), file); err != nil {
		t.Error(err)
	} else if f, err := openAt(t, file).Stats(t.Context()); err != nil || f.Customers != 2 {
		t.Errorf("the copy holds %+v, %v", f, err)
	}
	err = s.Write(t.Context(), func(tx *store.Tx) error { return tx.AddAgent("nobody") })
	if !errors.Is(err, data.ErrReadOnly) || !errors.Is(err, fs.ErrPermission) {
		t.Errorf("it is written to: %v", err)
	}
	closeStore(t, s)
}

// scratches returns the private copies that there are.
func scratches(t *testing.T) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(os.TempDir(), "latchdesk-read-*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// However its last program left it, a database can be read where nothing can be
// written: nothing of the log is passed over, nothing is changed, and nothing is left.
func TestOpenToRead(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	t.Setenv("TMP", os.TempDir())
	for name, c := range map[string]struct {
		ends   []string
		volume bool // nobody can write into its file system
	}{
		"closed": {}, "closed, on a volume that is read-only": {volume: true},
		"killed": {ends: []string{"-wal", "-shm"}}, "killed, on a volume that is read-only": {[]string{"-wal", "-shm"}, true},
		"killed, without the log's index": {ends: []string{"-wal"}}, "killed, without the index, on such a volume": {[]string{"-wal"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			path := sealed(t, c.ends...)
			store.ReadOnlyVolume(t, c.volume)
			before := read(t, path)
			readsSealed(t, path)
			if string(read(t, path)) != string(before) {
				t.Error("the file was changed")
			}
			if c.volume && len(c.ends) == 0 && len(companions(t, path)) != 0 {
				t.Errorf("beside it lies %q", companions(t, path))
			}
			if left := scratches(t); len(left) > 0 {
				t.Errorf("left: %q", left)
			}
		})
	}
}

// A database of an older version is read with this version's schema, in a copy.
func TestOpenToRead_OlderSchema(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	path := newPath(t)
	db := rawOpen(t, path)
	rawExec(t, db, string(read(t, filepath.Join("testdata", "schema-202611220005.sql"))))
	db.Close()
	before := read(t, path)
	for _, volume := range []bool{false, true} {
		store.ReadOnlyVolume(t, volume)
		s, err := store.OpenToRead(t, path, frozen, fs.ErrPermission)
		if err != nil {
			t.Fatal(err)
		}
		readsReleased(t, s)
		if n, err := s.VerifyEvents(t.Context()); n != 6 || err != nil {
			t.Errorf("%d events, %v", n, err)
		}
		closeStore(t, s)
	}
	if string(read(t, path)) != string(before) || len(companions(t, path)) > 0 {
		t.Errorf("the file was changed, or beside it lies %q", companions(t, path))
	}
	if left := scratches(t); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
}

// What cannot be trusted is not read either, and nothing of it stays.
func TestOpenToRead_Refuses(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for want, spoil := range map[error]string{
		data.ErrAltered: "CREATE TABLE guests (id INTEGER)",
		data.ErrNewer:   "INSERT INTO migrations (id) VALUES ('299901010000_future')",
	} {
		path := sealed(t)
		db := rawOpen(t, path)
		rawExec(t, db, spoil)
		db.Close()
		if _, err := store.OpenToRead(t, path, frozen, fs.ErrPermission); !errors.Is(err, want) {
			t.Errorf("%v, want %v", err, want)
		}
	}
	path := newPath(t)
	if err := os.WriteFile(path, []byte("Dear Sir, this is a letter."), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := store.OpenToRead(t, path, frozen, fs.ErrPermission); !errors.Is(err, data.ErrNotDatabase) {
		t.Errorf("a letter: %v", err)
	}
	if left := scratches(t); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
}

// The private copy of a killed process goes with the next start; that of a living one
// stays.
func TestOpen_RemovesAbandonedPrivateCopies(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	killed, alive := store.Scratch(t, true), store.Scratch(t, false)
	foreign := filepath.Join(os.TempDir(), "latchdesk-read-notes")
	if err := os.Mkdir(foreign, 0o700); err != nil {
		t.Fatal(err)
	}
	openNew(t)
	for folder, want := range map[string]bool{killed: false, alive: true, foreign: true} {
		if _, err := os.Stat(folder); (err == nil) != want {
			t.Errorf("%s is there: %t, want %t", folder, err == nil, want)
		}
	}
}
