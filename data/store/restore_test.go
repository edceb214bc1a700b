package store_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// profileWithCopy makes a database with one customer, a copy of it, and then a
// second customer.
func profileWithCopy(t *testing.T) (path, file string) {
	t.Helper()
	path = newPath(t)
	file = filepath.Join(t.TempDir(), "copy.bak")
	s := openAt(t, path)
	c := addCustomer(t, s, "+46701234567", "In the copy")
	appendEvents(t, s, c, 3)
	if err := s.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	addCustomer(t, s, "+46701234568", "After it")
	closeStore(t, s)
	return path, file
}

// The copy comes back, and what stood in its place is kept, whole.
func TestRestore(t *testing.T) {
	path, file := profileWithCopy(t)
	kept, err := store.Restore(t.Context(), file, path, frozen())
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.TrimSuffix(path, ".db") + "-before-restore-20260720T113947.000Z.db"; kept != want {
		t.Errorf("kept at %s, want %s", kept, want)
	}
	for where, want := range map[string]int64{path: 1, kept: 2, file: 1} {
		s := openAt(t, where)
		if f, err := s.Stats(t.Context()); err != nil || f.Customers != want || f.Events != 3 {
			t.Errorf("%s holds %+v, %v; want %d customers", where, f, err, want)
		}
		if n, err := s.VerifyEvents(t.Context()); n != 3 || err != nil {
			t.Errorf("%d events, %v", n, err)
		}
		closeStore(t, s)
	}
	if left := companions(t, path); len(left) != 1 || left[0] != filepath.Base(kept) {
		t.Errorf("beside it lies %q", left)
	}
	if left := companions(t, file); len(left) != 0 {
		t.Errorf("beside the copy lies %q", left)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// Restored where there was nothing, nothing is kept.
func TestRestoreIntoAnEmptyFolder(t *testing.T) {
	_, file := profileWithCopy(t)
	path := newPath(t)
	kept, err := store.Restore(t.Context(), file, path, frozen())
	if err != nil || kept != "" {
		t.Fatalf("%q, %v", kept, err)
	}
	if f, err := openAt(t, path).Stats(t.Context()); err != nil || f.Customers != 1 {
		t.Errorf("%+v, %v", f, err)
	}
}

// What was written last before a crash lies in the log alone. It is kept, too.
func TestRestoreKeepsTheLog(t *testing.T) {
	path, file := profileWithCopy(t)
	crashed := newPath(t)
	s := openAt(t, path)
	addCustomer(t, s, "+46701234569", "In the log")
	for _, end := range []string{"", "-wal"} { // as a killed program leaves them
		if err := os.WriteFile(crashed+end, read(t, path+end), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	closeStore(t, s)
	kept, err := store.Restore(t.Context(), file, crashed, frozen())
	if err != nil {
		t.Fatal(err)
	}
	if f, err := openAt(t, kept).Stats(t.Context()); err != nil || f.Customers != 3 {
		t.Errorf("kept is %+v, %v", f, err)
	}
	if f, err := openAt(t, crashed).Stats(t.Context()); err != nil || f.Customers != 1 {
		t.Errorf("restored is %+v, %v", f, err)
	}
}

// A damaged database is put aside as it is, with all that lies beside it.
func TestRestoreOverADamagedDatabase(t *testing.T) {
	_, file := profileWithCopy(t)
	for name, content := range map[string][]byte{
		"no database": []byte("This is a letter."), "empty": nil, "noise": append([]byte("SQLite format 3\x00"), bytes.Repeat([]byte{7}, 9000)...),
	} {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			for _, end := range []string{"", "-wal"} {
				if err := os.WriteFile(path+end, content, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			kept, err := store.Restore(t.Context(), file, path, frozen())
			if err != nil {
				t.Fatal(err)
			}
			for _, end := range []string{"", "-wal"} {
				if !bytes.Equal(read(t, kept+end), content) {
					t.Errorf("%s was changed", kept+end)
				}
			}
			if f, err := openAt(t, path).Stats(t.Context()); err != nil || f.Customers != 1 {
				t.Errorf("%+v, %v", f, err)
			}
		})
	}
}

// What is no copy of ours is refused, and the database stays as it is.
func TestRestoreRefuses(t *testing.T) {
	path, file := profileWithCopy(t)
	folder := t.TempDir()
	foreign, newer, cut := filepath.Join(folder, "foreign"), filepath.Join(folder, "newer"), filepath.Join(folder, "cut")
	db := rawOpen(t, foreign)
	rawExec(t, db, "CREATE TABLE moz_places (id INTEGER)")
	db.Close()
	if err := os.WriteFile(newer, read(t, file), 0o600); err != nil {
		t.Fatal(err)
	}
	db = rawOpen(t, newer)
	rawExec(t, db, "INSERT INTO migrations (id) VALUES ('299901010000_future')")
	db.Close()
	whole := read(t, file)
	if err := os.WriteFile(cut, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	letter, empty := filepath.Join(folder, "letter"), filepath.Join(folder, "empty")
	if err := errors.Join(os.WriteFile(letter, []byte("Dear Sir"), 0o600), os.WriteFile(empty, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	before := dump(t, path)
	for name, try := range map[string]struct {
		file string
		want error
	}{
		"a letter":                       {letter, data.ErrNotDatabase},
		"nothing":                        {empty, data.ErrNotDatabase},
		"a folder":                       {folder, data.ErrNotDatabase},
		"a missing file":                 {filepath.Join(folder, "missing"), fs.ErrNotExist},
		"a database of another program":  {foreign, data.ErrNotDatabase},
		"a copy by a newer version":      {newer, data.ErrNewer},
		"a copy that was cut in transit": {cut, data.ErrDamaged},
	} {
		kept, err := store.Restore(t.Context(), try.file, path, frozen())
		if !errors.Is(err, try.want) || kept != "" {
			t.Errorf("%s: %q, %v", name, kept, err)
		} else if !strings.Contains(err.Error(), try.file) {
			t.Errorf("%s: %v does not name the file", name, err)
		}
	}
	if after := dump(t, path); after != before {
		t.Error("the database was changed")
	}
	if left := companions(t, path); len(left) != 0 {
		t.Errorf("%q is left beside it", left)
	}
}

// A copy that an older version made is proved by its own schema, and comes back.
func TestRestoreOfAnOlderVersion(t *testing.T) {
	fixtures, err := filepath.Glob(filepath.Join("testdata", "schema-*.sql"))
	if err != nil || len(fixtures) == 0 {
		t.Fatalf("%q, %v", fixtures, err)
	}
	for _, fixture := range fixtures {
		old, path := newPath(t), newPath(t)
		db := rawOpen(t, old)
		rawExec(t, db, string(read(t, fixture)))
		db.Close()
		if _, err := store.Restore(t.Context(), old, path, frozen()); err != nil {
			t.Fatalf("%s: %v", fixture, err)
		}
		if n, err := openAt(t, path).VerifyEvents(t.Context()); n != 6 || err != nil {
			t.Errorf("%s: %d events, %v", fixture, n, err)
		}
		forge(t, old, "UPDATE events SET actor = 'Nobody' WHERE seq = 3")
		if _, err := store.Restore(t.Context(), old, newPath(t), frozen()); !errors.Is(err, data.ErrDamaged) {
			t.Errorf("%s with a forged event: %v", fixture, err)
		}
	}
}
