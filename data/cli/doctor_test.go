package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data/store"
)

func TestVersion(t *testing.T) {
	x := newTerminal(t)
	same(t, "version", x.do("version"), "Latchdesk 1.2.3\n")
	same(t, "version --json", x.do("version", "--json"), `{"version":"1.2.3"}`+"\n")
}

func (x *terminal) doctor(want int) (doctorReport, string) {
	x.t.Helper()
	a := x.try("", "doctor", "--json")
	if a.code != want {
		x.t.Fatalf("doctor: exit %d: %s", a.code, a.err)
	}
	var f doctorReport
	if err := json.Unmarshal([]byte(a.out), &f); err != nil {
		x.t.Fatal(err)
	}
	return f, a.err
}

func TestDoctor(t *testing.T) {
	x := newTerminal(t)
	x.try(hello, "receive", "-")
	x.do("block", "--add", lena)
	got, _ := x.doctor(ExitOK)
	if got.SQLite == nil || !strings.HasPrefix(*got.SQLite, "3.") || got.Size == 0 {
		t.Errorf("%+v", got)
	}
	version, ok, demo := store.Version(), "ok", false
	zero, one, two := int64(0), int64(1), int64(2)
	want := doctorReport{
		Version: "1.2.3", Go: runtime.Version(), SQLite: got.SQLite, Profile: x.folder,
		Database: filepath.Join(x.folder, "latchdesk.db"), Size: got.Size, Schema: &version, Demo: &demo,
		Customers: &two, Chats: &one, Messages: &one, Events: &one, SetAside: &zero, Integrity: &ok, Backups: []string{}, Problems: []string{}, Repaired: []string{},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("\n got %+v\nwant %+v", got, want)
	}

	s := x.desk()
	if mine, err := s.Profile.TryLockWindow(); !mine || err != nil {
		t.Fatal(mine, err)
	}
	if err := s.Maintain(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, _ = x.doctor(ExitOK)
	if !got.Window || !reflect.DeepEqual(got.Backups, store.Backups(got.Database)) || len(got.Backups) != 1 {
		t.Errorf("with a window and a backup: %+v", got)
	}
	for _, fact := range []string{"Window     open", "Kind       a desk", "Backups    " + got.Backups[0], "Messages   1"} {
		if out := x.do("doctor"); !strings.Contains(out, fact+"\n") {
			t.Errorf("no %q in\n%s", fact, out)
		}
	}
}

func TestDoctor_FindsProblems(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*terminal)
		want  string
	}{
		"a changed event": {func(x *terminal) {
			x.forge("UPDATE events SET actor = 'Eve'")
		}, "event 1 was changed after it was written"},
		"a cut tail": {func(x *terminal) {
			x.forge("DELETE FROM events")
		}, "event 1, the last, is missing: the end was cut off"},
		"a trigger of another program": {func(x *terminal) {
			x.sql("CREATE TRIGGER stay AFTER UPDATE OF blocked_at ON customers BEGIN UPDATE customers SET blocked_at = 0 WHERE id = new.id; END")
		}, "trigger stay does not belong to Latchdesk"},
		"a damaged file": {func(x *terminal) { damage(x.t, filepath.Join(x.folder, "latchdesk.db")) }, "The database is damaged."},
		"no database": {func(x *terminal) {
			if err := os.WriteFile(filepath.Join(x.folder, "latchdesk.db"), []byte("no database"), 0o600); err != nil {
				x.t.Fatal(err)
			}
		}, "is not a Latchdesk database."},
		"a newer schema": {func(x *terminal) {
			x.sql("INSERT INTO migrations (id) VALUES ('299912310001_later')")
		}, "This profile was written by a newer version of Latchdesk."},
	} {
		x := newTerminal(t)
		x.do("block", "--add", lena)
		c.spoil(x)
		f, stderr := x.doctor(ExitFailure)
		if len(f.Problems) == 0 || !strings.Contains(strings.Join(f.Problems, "\n"), c.want) || f.Integrity != nil {
			t.Errorf("%s: %q", name, f.Problems)
		}
		if !strings.Contains(stderr, c.want) {
			t.Errorf("%s: stderr %q", name, stderr)
		}
		if f.Database == "" || f.Version == "" {
			t.Errorf("%s: what is known is not told: %+v", name, f)
		}
	}
}

// What was changed beside the history is said in plain words, whatever it is.
func TestDoctor_FindsStateThatDoesNotFollow(t *testing.T) {
	for change, want := range map[string]string{
		"blocked_at = 0":                 "the history says blocked by",
		"blocked_at = blocked_at + 1":    "the history says blocked on",
		"blocked_by = 'Eve'":             "the customer's row says Eve",
		"blocked_kind = 'api'":           "the history says blocked by",
		"blocked_way = 'window'":         "the history says blocked by",
		"blocked_reason = 'spam'":        "the history says the reason is none",
		"blocked_note = 'forged'":        "the note of the block is not the one in the history",
		"blocked_until = 1800000000000":  "the history says blocked for good",
		"blocked_review = 1800000000000": "the review is due on no day",
		"blocked_asked = 1800000000000":  "asked to be unblocked on no day",
		"blocked_borrowed = (SELECT id FROM customers WHERE phone = '+919137979401')": "another customer's",
		"held = 99": "0 messages are held, the customer's row says 99",
	} {
		x := newTerminal(t)
		x.try(hello, "receive", "-")
		x.do("block", "--add", lena)
		x.doctor(ExitOK)
		x.sql("UPDATE customers SET " + change + " WHERE blocked_at > 0")
		f, stderr := x.doctor(ExitFailure)
		if len(f.Problems) != 1 || !strings.Contains(f.Problems[0], want) || f.Integrity != nil {
			t.Errorf("%s: %q, want %q", change, f.Problems, want)
		}
		if !strings.Contains(stderr, want) {
			t.Errorf("%s: stderr %q", change, stderr)
		}
	}
}

// What differs from the history is set right, after a copy and with an event; a second
// run finds nothing.
func TestDoctor_Repairs(t *testing.T) {
	x := newTerminal(t)
	x.try(hello, "receive", "-")
	x.do("block", "--add", lena, "--as", "Ben")
	x.sql("UPDATE customers SET blocked_at = 0")
	x.sql("UPDATE messages SET text = 'forged'")
	x.doctor(ExitFailure)
	out := x.do("doctor", "--repair", "--as", "Asha")
	copies, err := filepath.Glob(filepath.Join(x.folder, "latchdesk-before-repair-*.db"))
	if err != nil || len(copies) != 1 {
		t.Fatalf("copies %q, %v", copies, err)
	}
	for _, want := range []string{"the history says blocked by Ben", "message 1 was changed after it was written", "kept in " + copies[0], "The database is whole"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if f, _ := x.doctor(ExitOK); len(f.Repaired) != 0 || f.KeptCopy != nil {
		t.Errorf("after the repair: %+v", f)
	}
	if events := x.do("events", lena); !strings.Contains(events, "Record repaired by Asha") {
		t.Errorf("no repair in\n%s", events)
	}
	if status := x.do("status", lena); !strings.Contains(status, "blocked") {
		t.Errorf("%s", status)
	}
	before := x.do("doctor", "--repair")
	if strings.Contains(before, "Repaired,") || !strings.Contains(before, "The database is whole") {
		t.Errorf("with nothing to repair:\n%s", before)
	}
}

// Without a sound history there is nothing to repair by.
func TestDoctor_RepairsNothingByAForgedHistory(t *testing.T) {
	x := newTerminal(t)
	x.do("block", "--add", lena)
	x.sql("UPDATE customers SET blocked_at = 0")
	x.forge("UPDATE events SET actor = 'Eve'")
	a := x.try("", "doctor", "--repair")
	if a.code != ExitFailure || !strings.Contains(a.err, "event 1 was changed") || strings.Contains(a.out, "Repaired") {
		t.Errorf("exit %d: %s\n%s", a.code, a.out, a.err)
	}
}

// A copy in which something else has changed a customer is not restored, and the way to
// use it all the same works.
func TestRestore_RefusesWhatDoesNotFollow(t *testing.T) {
	x := newTerminal(t)
	x.do("block", "--add", lena, "--as", "Ben")
	file := filepath.Join(t.TempDir(), "copy.bak")
	x.sql("UPDATE customers SET blocked_at = 0")
	x.do("backup", file)
	a := x.try("", "restore", file)
	if a.code != ExitFailure || !strings.Contains(a.err, "latchdesk doctor --repair") || !strings.Contains(a.err, "Nothing was changed here") {
		t.Fatalf("exit %d: %s", a.code, a.err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	x.folder = t.TempDir()
	if err := os.WriteFile(filepath.Join(x.folder, "latchdesk.db"), content, 0o600); err != nil {
		t.Fatal(err)
	}
	x.do("doctor", "--repair")
	sound := filepath.Join(t.TempDir(), "sound.bak")
	x.do("backup", sound)
	x.do("restore", sound)
	if status := x.do("status", lena); !strings.Contains(status, "Ben") {
		t.Errorf("%s", status)
	}
}
