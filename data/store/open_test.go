package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// The settings that protect the data hold on every connection, also on those
// that are opened later.
func TestPragmas(t *testing.T) {
	s := openNew(t)
	conn, err := s.Writer(t).Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "query_only": "0",
	} {
		var got string
		if err := conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
			t.Errorf("writer: %s is %q, want %q (%v)", pragma, got, want, err)
		}
	}
	conn.Close()
	for i := range 4 { // held at once, so they are four
		conn, err := s.Readers(t).Conn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		for pragma, want := range map[string]string{"journal_mode": "wal", "busy_timeout": "5000", "query_only": "1"} {
			var got string
			if err := conn.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil || got != want {
				t.Errorf("reader %d: %s is %q, want %q (%v)", i, pragma, got, want, err)
			}
		}
		if _, err := conn.ExecContext(t.Context(), "INSERT INTO agents (name) VALUES ('nobody')"); err == nil {
			t.Errorf("reader %d writes", i)
		}
	}
	if n := s.Writer(t).Stats().MaxOpenConnections; n != 1 {
		t.Errorf("there can be %d writers", n)
	}
}

// Nobody else on the computer may read what customers wrote.
func TestFileModes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Log("Windows keeps a user's folder from others by other means")
		return
	}
	path := newPath(t)
	s := openAt(t, path)
	addCustomer(t, s, "+46701234567", "Riya") // brings the log into being
	if err := s.BackupDaily(t.Context(), frozen()); err != nil {
		t.Fatal(err)
	}
	byHand := filepath.Join(filepath.Dir(path), "by hand")
	if err := s.Backup(t.Context(), byHand); err != nil {
		t.Fatal(err)
	}
	modes := map[string]fs.FileMode{
		path: 0o600, path + "-wal": 0o600, path + "-shm": 0o600, byHand: 0o600,
		filepath.Join(filepath.Dir(path), "backups"): fs.ModeDir | 0o700,
	}
	for _, copied := range store.Backups(path) {
		modes[copied] = 0o600
	}
	if len(modes) != 6 {
		t.Fatalf("there are the backups %q", store.Backups(path))
	}
	for file, want := range modes {
		info, err := os.Stat(file)
		if err != nil {
			t.Error(err)
		} else if info.Mode() != want {
			t.Errorf("%s has the mode %v, want %v", file, info.Mode(), want)
		}
	}
}

// A file that is there no more than by name becomes a database; opened again,
// nothing happens to it.
func TestOpenAgainChangesNothing(t *testing.T) {
	path := newPath(t)
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	closeStore(t, openAt(t, path))
	before := read(t, path)
	if len(before) == 0 {
		t.Fatal("nothing was made")
	}
	s := openAt(t, path)
	facts, err := s.Stats(t.Context())
	if err != nil || facts.Schema != store.Version() {
		t.Errorf("%+v, %v", facts, err)
	}
	closeStore(t, s)
	if !bytes.Equal(before, read(t, path)) {
		t.Error("opening changed the file")
	}
	if copies := store.Backups(path); len(copies) != 0 {
		t.Errorf("there are copies %q, though nothing was migrated", copies)
	}
	if left := companions(t, path); len(left) != 0 {
		t.Errorf("%q is left beside it", left)
	}
}

// Several programs that start at once on an empty folder make one database.
func TestOpenAtOnce(t *testing.T) {
	path := newPath(t)
	errs := make([]error, 8)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() {
			s, err := store.Open(t.Context(), path, frozen)
			if err == nil {
				err = s.Write(t.Context(), func(tx *store.Tx) error { return tx.AddAgent(fmt.Sprint("agent ", i)) })
				err = errors.Join(err, s.Close())
			}
			errs[i] = err
		})
	}
	waittest.Return(t, "all to have opened it", all.Wait)
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
	s := openAt(t, path)
	if names, err := s.Agents(t.Context()); err != nil || len(names) != len(errs) {
		t.Errorf("%q, %v", names, err)
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
	if facts, err := s.Stats(t.Context()); err != nil || facts.Schema != store.Version() {
		t.Errorf("%+v, %v", facts, err)
	}
}

// What a newer Latchdesk wrote is left to it, byte for byte.
func TestNewerSchemaIsRefused(t *testing.T) {
	for _, journal := range []string{"wal", "delete"} {
		path := newPath(t)
		closeStore(t, openAt(t, path))
		db := rawOpen(t, path)
		rawExec(t, db, "INSERT INTO migrations (id) VALUES ('299901010000_future')", "CREATE TABLE wonders (id INTEGER)", "PRAGMA journal_mode = "+journal)
		db.Close()
		before := read(t, path)
		for range 2 {
			_, err := store.Open(t.Context(), path, frozen)
			if !errors.Is(err, data.ErrNewer) || !strings.Contains(err.Error(), "299901010000_future") || !strings.Contains(err.Error(), path) {
				t.Fatalf("%v", err)
			}
			if !bytes.Equal(before, read(t, path)) {
				t.Errorf("%s: the file was changed", journal)
			}
			if left := companions(t, path); len(left) != 0 {
				t.Errorf("%s: %q is left beside it", journal, left)
			}
		}
	}
}

// A database of another program is not ours to write into.
func TestForeignDatabaseIsRefused(t *testing.T) {
	path := newPath(t)
	db := rawOpen(t, path)
	rawExec(t, db, "CREATE TABLE moz_places (id INTEGER, url TEXT)", "INSERT INTO moz_places VALUES (1, 'https://example.com')")
	db.Close()
	before := read(t, path)
	if _, err := store.Open(t.Context(), path, frozen); !errors.Is(err, data.ErrNotDatabase) {
		t.Fatalf("%v", err)
	}
	if !bytes.Equal(before, read(t, path)) {
		t.Error("the file was changed")
	}
}

func TestGarbageIsRefused(t *testing.T) {
	for name, content := range map[string][]byte{
		"one byte":       {0},
		"a short text":   []byte("hello"),
		"a long text":    bytes.Repeat([]byte("This is a letter, and no database. "), 1000),
		"zeros":          make([]byte, 8192),
		"an old SQLite":  append([]byte("** This file contains an SQLite 2.1 database **"), make([]byte, 1000)...),
		"half a header":  []byte("SQLite format"),
		"a header alone": []byte("SQLite format 3\x00"),
		"noise behind":   append([]byte("SQLite format 3\x00"), bytes.Repeat([]byte{0xA7}, 8192)...),
	} {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := store.Open(t.Context(), path, frozen)
			if !errors.Is(err, data.ErrNotDatabase) && !errors.Is(err, data.ErrDamaged) {
				t.Fatalf("%v", err)
			}
			if !strings.Contains(err.Error(), path) {
				t.Errorf("%v does not name the file", err)
			}
			if !bytes.Equal(content, read(t, path)) {
				t.Error("the file was changed")
			}
		})
	}
}

// A place where no file can be is told with its name and the reason.
func TestNoPlaceForAFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, path := range map[string]string{
		"a folder":           t.TempDir(),
		"under a file":       filepath.Join(file, "latchdesk.db"),
		"no such folder":     filepath.Join(t.TempDir(), "missing", "latchdesk.db"),
		"a name too long":    filepath.Join(t.TempDir(), strings.Repeat("x", 300)),
		"a NUL in the name":  filepath.Join(t.TempDir(), "a\x00b"),
		"a device, no place": os.DevNull + "/latchdesk.db",
	} {
		_, err := store.Open(t.Context(), path, frozen)
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Folders may be called whatever the system allows.
func TestFoldersOfAnyName(t *testing.T) {
	for _, name := range []string{"with blanks and ünï", "100%25 ?x=1&y#z", "a:b", "[a-z]*", `back\slash`, "'quote' \"double\"", "-wal"} {
		if runtime.GOOS == "windows" && strings.ContainsAny(name, `<>:"/\|?*`) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), name)
			if err := os.Mkdir(folder, 0o700); err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(folder, "latchdesk.db")
			s := openAt(t, path)
			addCustomer(t, s, "+46701234567", "Riya")
			if err := s.BackupDaily(t.Context(), frozen()); err != nil {
				t.Fatal(err)
			}
			copies := store.Backups(path)
			if len(copies) != 1 || filepath.Dir(copies[0]) != filepath.Join(folder, "backups") {
				t.Fatalf("the copies are %q", copies)
			}
			if err := store.Check(t.Context(), copies[0]); err != nil {
				t.Error(err)
			}
			closeStore(t, s)
			if _, err := store.Restore(t.Context(), copies[0], path, frozen()); err != nil {
				t.Fatal(err)
			}
			if _, err := openAt(t, path).FindCustomer(t.Context(), "+46701234567"); err != nil {
				t.Error(err)
			}
		})
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

// companions returns the names of what lies beside the file at path.
func companions(t *testing.T, path string) []string {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		if e.Name() != filepath.Base(path) {
			names = append(names, e.Name())
		}
	}
	return names
}
