package store

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// What a killed process left of a copy goes with the next start, wherever it lies. What
// another process still writes stays, and so does what has a like name.
func TestOpen_RemovesAbandonedParts(t *testing.T) {
	s := openTemp(t)
	elsewhere := t.TempDir()
	killed, err := createPart(s.Path, filepath.Join(elsewhere, "desk.bak"))
	if err != nil {
		t.Fatal(err)
	}
	alive, err := createPart(s.Path, filepath.Join(elsewhere, "desk.bak"))
	if err != nil {
		t.Fatal(err)
	}
	defer alive.remove()
	theirs := filepath.Join(elsewhere, "desk.bak.part")
	forged := filepath.Join(filepath.Dir(s.Path), markerPrefix+"1"+markerSuffix)
	err = errors.Join(
		killed.marker.Close(), // as the end of its process does
		os.WriteFile(killed.path+"-journal", nil, 0o600),
		os.WriteFile(theirs, nil, 0o600),
		os.WriteFile(forged, []byte(theirs), 0o600),
	)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(killed.path); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the part: %v, %v", info, err)
	}
	again, err := Open(t.Context(), s.Path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	for path, want := range map[string]bool{
		killed.path: false, killed.path + "-journal": false, killed.marker.Path(): false, forged: false,
		alive.path: true, alive.marker.Path(): true, theirs: true,
	} {
		if _, err := os.Lstat(path); (err == nil) != want {
			t.Errorf("%s is there: %t, want %t", filepath.Base(path), err == nil, want)
		}
	}
}

// A backup writes over nobody's file, and leaves nothing beside its own.
func TestBackup_LeavesOtherParts(t *testing.T) {
	s := openTemp(t)
	folder := t.TempDir()
	file := filepath.Join(folder, "desk.bak")
	if err := os.WriteFile(file+".part", []byte("a letter"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(file + ".part"); err != nil || string(text) != "a letter" {
		t.Errorf("the other file holds %q, %v", text, err)
	}
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 2 {
		t.Errorf("%v, %v", entries, err)
	}
	if markers, _ := filepath.Glob(filepath.Join(filepath.Dir(s.Path), markerPrefix+"*")); len(markers) > 0 {
		t.Errorf("left: %q", markers)
	}
}

// A restore that was killed before it put the copy in place leaves a database with two
// names. The next start takes the second away.
func TestOpen_UndoesKilledRestore(t *testing.T) {
	s := openTemp(t)
	path := s.Path
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	second := filepath.Join(filepath.Dir(path), "latchdesk-before-restore-20260720T113947.000Z.db")
	older := filepath.Join(filepath.Dir(path), "latchdesk-before-restore-20250720T113947.000Z.db")
	if err := errors.Join(os.Link(path, second), copyFile(path, older)); err != nil {
		t.Fatal(err)
	}
	again, err := Open(t.Context(), path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if _, err := os.Lstat(second); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the second name is still there: %v", err)
	}
	if _, err := os.Lstat(older); err != nil {
		t.Errorf("a database that was put aside before is gone: %v", err)
	}
}

// A file that is exported has its name once it is complete, takes nobody's place, and
// leaves nothing else.
func TestCreateFile(t *testing.T) {
	s := openTemp(t)
	folder := t.TempDir()
	create := func(name string) *NewFile {
		t.Helper()
		f, err := s.CreateFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(f.Discard)
		return f
	}
	whole, dropped, late, killed := create("whole"), create("dropped"), create("late"), create("killed")
	for _, f := range []*NewFile{whole, dropped, late, killed} {
		if _, err := f.WriteString("all of it"); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Lstat(f.name); !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("%s is there before it is complete: %v", f.name, err)
		}
	}
	if err := whole.Publish(); err != nil {
		t.Fatal(err)
	}
	dropped.Discard()
	if err := os.WriteFile(late.name, []byte("a letter"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := late.Publish(); !errors.Is(err, os.ErrExist) {
		t.Errorf("somebody took the name: %v", err)
	}
	if _, err := s.CreateFile(late.name); !errors.Is(err, os.ErrExist) {
		t.Errorf("the name is taken: %v", err)
	}
	whole.Discard()
	late.Discard()
	if err := errors.Join(killed.Close(), killed.part.marker.Close()); err != nil { // as the end of its process does
		t.Fatal(err)
	}
	again, err := Open(t.Context(), s.Path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 2 {
		t.Fatalf("%v, %v", entries, err)
	}
	for name, want := range map[string]string{"whole": "all of it", "late": "a letter"} {
		if text, err := os.ReadFile(filepath.Join(folder, name)); err != nil || string(text) != want {
			t.Errorf("%s holds %q, %v", name, text, err)
		}
	}
	if info, err := os.Stat(whole.name); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read it: %v, %v", info, err)
	}
}
