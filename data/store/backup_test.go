package store_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// A copy is whole, a file of its own, and of the moment it was made.
func TestBackup(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	appendEvents(t, s, c, 3)
	file := filepath.Join(t.TempDir(), "copy")
	if err := s.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	addCustomer(t, s, "+46701234568", "Later")
	if left := companions(t, file); len(left) != 0 {
		t.Errorf("%q lies beside the copy", left)
	}
	if err := store.Check(t.Context(), file); err != nil {
		t.Error(err)
	}
	copied := openAt(t, file)
	if f, err := copied.Stats(t.Context()); err != nil || f.Customers != 1 || f.Messages != 1 || f.Events != 3 {
		t.Errorf("the copy holds %+v, %v", f, err)
	}
	if n, err := copied.VerifyEvents(t.Context()); n != 3 || err != nil {
		t.Errorf("%d events, %v", n, err)
	}
}

// A copy takes nothing away: a file that is there stays.
func TestBackupTakesNoFilesPlace(t *testing.T) {
	s := openNew(t)
	file := filepath.Join(t.TempDir(), "letter")
	if err := os.WriteFile(file, []byte("Dear"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), file); !errors.Is(err, fs.ErrExist) {
		t.Errorf("%v", err)
	}
	if got := read(t, file); string(got) != "Dear" {
		t.Errorf("the file holds %q now", got)
	}
	if err := s.Backup(t.Context(), s.Path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("onto itself: %v", err)
	}
}

// What could not be written whole leaves nothing behind.
func TestBackupFails(t *testing.T) {
	s := openNew(t)
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "file"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	for name, try := range map[string]func() error{
		"no such folder": func() error { return s.Backup(t.Context(), filepath.Join(folder, "missing", "copy")) },
		"under a file":   func() error { return s.Backup(t.Context(), filepath.Join(folder, "file", "copy")) },
		"stopped":        func() error { return s.Backup(stopped, filepath.Join(folder, "copy")) },
	} {
		if err := try(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if left := companions(t, filepath.Join(folder, "file")); len(left) != 0 {
		t.Errorf("%q is left", left)
	}
}

// A copy a day, and the last seven stay.
func TestBackupDaily(t *testing.T) {
	s := openNew(t)
	now := start.Time()
	backup := func() {
		t.Helper()
		if err := s.BackupDaily(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	var want []string
	for day := range 10 {
		addCustomer(t, s, data.Phone(fmt.Sprintf("+4670123456%d", day)), "")
		backup()
		want = append([]string{now.UTC().Format("2006-01-02T150405.000Z.bak")}, want...)
		want = want[:min(7, len(want))]
		for _, later := range []time.Duration{0, time.Second, 12 * time.Hour, 24*time.Hour - 13*time.Hour} {
			now = now.Add(later)
			backup() // not due yet
		}
		if got := names(store.Backups(s.Path)); !slices.Equal(got, want) {
			t.Fatalf("day %d: %q, want %q", day, got, want)
		}
		now = now.Add(2 * time.Hour)
	}
	if f, err := openAt(t, store.Backups(s.Path)[0]).Stats(t.Context()); err != nil || f.Customers != 10 {
		t.Errorf("the newest holds %+v, %v", f, err)
	}
}

// What a killed process left of a copy goes with the next one, but not what
// may still be written.
func TestPartsOfBackupsGo(t *testing.T) {
	s := openNew(t)
	folder := filepath.Join(filepath.Dir(s.Path), "backups")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, age := range map[string]time.Duration{"a.bak.part": 25 * time.Hour, "a.bak.part-journal": 25 * time.Hour, "b.bak.part": time.Hour} {
		file := filepath.Join(folder, name)
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, time.Time{}, start.Time().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.BackupDaily(t.Context(), start.Time()); err != nil {
		t.Fatal(err)
	}
	left, err := filepath.Glob(filepath.Join(folder, "*.part*"))
	if err != nil || !slices.Equal(names(left), []string{"b.bak.part"}) {
		t.Errorf("%q are left, %v", left, err)
	}
}

// A clock set back does not stop the copies; those it dated wrongly go first.
func TestBackupAfterTheClockWasSetBack(t *testing.T) {
	s := openNew(t)
	now := start.Time()
	for range 7 {
		now = now.Add(24 * time.Hour)
		if err := s.BackupDaily(t.Context(), now.AddDate(10, 0, 0)); err != nil {
			t.Fatal(err)
		}
	}
	var want []string
	for range 9 {
		now = now.Add(24 * time.Hour)
		if err := s.BackupDaily(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		want = append(want, now.UTC().Format("2006-01-02T150405.000Z.bak"))
		if got := names(store.Backups(s.Path)); len(got) != 7 || !slices.Contains(got, want[len(want)-1]) {
			t.Fatalf("%q are kept, without %q", got, want[len(want)-1])
		}
	}
	slices.Reverse(want)
	if got := names(store.Backups(s.Path)); !slices.Equal(got, want[:7]) {
		t.Errorf("%q, want %q", got, want[:7])
	}
}

// What people put into the folder is theirs: it is offered, and never removed.
func TestBackupsByHandStay(t *testing.T) {
	s := openNew(t)
	folder := filepath.Join(filepath.Dir(s.Path), "backups")
	if err := os.MkdirAll(filepath.Join(folder, "folder.bak"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"!before the move.bak", "notes.txt"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("mine"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	now := start.Time()
	for range 9 {
		now = now.Add(25 * time.Hour)
		if err := s.BackupDaily(t.Context(), now); err != nil {
			t.Fatal(err)
		}
	}
	got := names(store.Backups(s.Path))
	if len(got) != 8 || got[7] != "!before the move.bak" {
		t.Errorf("%q", got)
	}
	if _, err := os.Stat(filepath.Join(folder, "notes.txt")); err != nil {
		t.Error(err)
	}
}

func names(files []string) []string {
	var names []string
	for _, f := range files {
		names = append(names, filepath.Base(f))
	}
	return names
}
