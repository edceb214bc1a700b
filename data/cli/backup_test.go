package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data/store"
)

func TestBackupAndRestore(t *testing.T) {
	x := newTerminal(t)
	x.do("block", "--add", lena, "--as", "Ben")
	file := filepath.Join(t.TempDir(), "copy.bak")
	same(t, "backup", x.do("backup", file), "The copy is in "+file+".\n")
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info, err)
	}
	x.do("unblock", lena)
	before := x.do("events", lena)

	out := x.do("restore", file)
	kept := x.kept()
	same(t, "restore", out, "The desk was restored from "+file+".\nThe database that was there before is kept in "+kept+".\n")
	if !strings.Contains(x.do("status", lena), "blocked") {
		t.Error("the block is not back")
	}
	x.do("doctor")

	// What was put aside is whole and can be restored in its turn.
	x.now = noon.Add(time.Second)
	x.do("restore", kept)
	same(t, "what was put aside", x.do("events", lena), before)
}

// kept finds the one database that was put aside.
func (x *terminal) kept() string {
	x.t.Helper()
	found, err := filepath.Glob(filepath.Join(x.folder, "latchdesk-before-restore-*.db"))
	if err != nil || len(found) != 1 {
		x.t.Fatalf("%v, %v", found, err)
	}
	return found[0]
}

func TestRestore_IntoEmptyProfile(t *testing.T) {
	x := newTerminal(t)
	x.do("block", "--add", lena)
	file := filepath.Join(t.TempDir(), "copy.bak")
	x.do("backup", file)
	y := newTerminal(t)
	same(t, "restore", y.do("restore", file), "The desk was restored from "+file+".\n")
	same(t, "blocked", y.do("blocked"), x.do("blocked"))
}

// A copy of a database that is in use, log and all, is restored as it stands.
func TestRestore_IncludesWAL(t *testing.T) {
	x := newTerminal(t)
	s := x.desk()
	if _, err := s.Add(t.Context(), lena, "Léna"); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(s.Path() + "-wal"); err != nil || info.Size() == 0 {
		t.Fatalf("this test needs a log: %v, %v", info, err)
	}
	y := newTerminal(t)
	y.do("restore", s.Path())
	if !strings.Contains(y.do("status", lena), "Léna") {
		t.Error("what stood in the log is lost")
	}
}

func TestRestore_Refuses(t *testing.T) {
	x := newTerminal(t)
	x.do("block", "--add", lena)
	copyOf := func(name string) string {
		file := filepath.Join(t.TempDir(), name)
		x.do("backup", file)
		return file
	}
	good, damaged, newer := copyOf("good"), copyOf("damaged"), newTerminal(t)
	damage(t, damaged)
	newer.do("blocked")
	newer.sql("INSERT INTO migrations (id) VALUES ('299912310001_later')")
	before := x.do("events", lena, "--json")
	for _, c := range []struct{ file, want string }{
		{damaged, damaged + " is damaged. Nothing was changed; try an older copy."},
		{filepath.Join(newer.folder, "latchdesk.db"), "was written by a newer version of Latchdesk. Nothing was changed."},
		{x.write("empty", ""), "is not a copy of a desk. Nothing was changed."},
		{t.TempDir(), "Nothing was changed."},
	} {
		a := x.try("", "restore", c.file)
		if a.code != ExitFailure || !strings.Contains(a.err, c.want) {
			t.Errorf("restore %s: exit %d: %s", c.file, a.code, a.err)
		}
		same(t, "after a refusal", x.do("events", lena, "--json"), before)
	}
	if left, _ := filepath.Glob(filepath.Join(x.folder, "*before*")); len(left) > 0 {
		t.Errorf("put aside for nothing: %v", left)
	}
	if left, _ := filepath.Glob(filepath.Join(x.folder, "*.part*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}

	x.desk() // somebody has it open
	a := x.try("", "restore", good)
	if a.code != ExitFailure || !strings.Contains(a.err, "This profile is open in another window or program. Close it and try again.") {
		t.Errorf("restore under a window: exit %d: %s", a.code, a.err)
	}
}

// damage writes over the middle of a database.
func damage(t *testing.T, file string) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	const page = 4096
	copy(text[page:], bytes.Repeat([]byte{0xA5}, len(text)-2*page))
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A damaged database is told about with the way out, and the way out works.
func TestRun_DamagedDatabase(t *testing.T) {
	x := newTerminal(t)
	x.do("block", "--add", lena)
	s := x.desk()
	if err := s.Maintain(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Close()
	database := filepath.Join(x.folder, "latchdesk.db")
	damage(t, database)

	backups := store.Backups(database)
	if len(backups) != 1 {
		t.Fatalf("%d backups", len(backups))
	}
	for _, line := range []string{"status " + lena, "block " + lena, "blocked"} {
		a := x.try("", strings.Fields(line)...)
		if a.code != ExitFailure || !strings.Contains(a.err, "The database is damaged.") || !strings.Contains(a.err, "latchdesk restore") || !strings.Contains(a.err, backups[0]) {
			t.Errorf("%s: exit %d: %s", line, a.code, a.err)
		}
	}
	bad, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	x.do("restore", backups[0])
	if !strings.Contains(x.do("status", lena), "blocked") {
		t.Error("the block is not back")
	}
	if kept, err := os.ReadFile(x.kept()); err != nil || !bytes.Equal(kept, bad) {
		t.Errorf("the damaged database is not kept as it was: %v", err)
	}
}
