package cli

import (
	"database/sql"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// forge changes the history behind the program's back, and leaves no other trace.
func (x *terminal) forge(statement string) {
	x.t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(x.folder, "latchdesk.db"))
	if err != nil {
		x.t.Fatal(err)
	}
	defer db.Close()
	var change, remove string
	if err := db.QueryRow("SELECT min(sql), max(sql) FROM sqlite_master WHERE name IN ('events_never_change', 'events_never_go')").Scan(&change, &remove); err != nil {
		x.t.Fatal(err)
	}
	for _, s := range []string{"DROP TRIGGER events_never_change", "DROP TRIGGER events_never_go", statement, change, remove} {
		if _, err := db.Exec(s); err != nil {
			x.t.Fatal(err)
		}
	}
}

// audited is a desk at which three things happened, and its head.
func audited(t *testing.T) (x *terminal, head string) {
	t.Helper()
	x = newTerminal(t)
	x.do("block", "--add", lena, "--as", "Ben")
	x.do("unblock", lena, "--as", "Asha")
	x.do("block", lena, "--as", "=Ben")
	events, head, found := strings.Cut(strings.TrimSpace(x.do("audit", "verify")), " verified; checksum ")
	if events != "3 events" || !found || len(head) != 64 {
		t.Fatalf("%q, %q", events, head)
	}
	return x, head
}

func TestAuditVerify(t *testing.T) {
	x, head := audited(t)
	same(t, "JSON", x.do("audit", "verify", "--json"), `{"sound":true,"events":3,"head":"`+head+`","problem":null}`+"\n")
	same(t, "with the head of now", x.do("audit", "verify", "--head", head), "3 events verified; checksum "+head+"\n")
	x.do("unblock", lena)
	if out := x.do("audit", "verify", "--head", head); !strings.HasPrefix(out, "4 events verified; checksum ") {
		t.Errorf("with the head of then: %s", out)
	}

	x.forge("DELETE FROM events WHERE seq = 2")
	const text = "event 2 is missing: event 3 stands in its place"
	const sentence = "latchdesk: The history failed verification: " + text + ".\n"
	if a := x.try("", "audit", "verify"); a.code != ExitFailure || a.out != "" || a.err != sentence {
		t.Errorf("%+v", a)
	}
	a := x.try("", "audit", "verify", "--json")
	var v verifyResult
	if err := json.Unmarshal([]byte(a.out), &v); err != nil || a.code != ExitFailure || a.err != sentence {
		t.Errorf("%+v, %v", a, err)
	}
	if v.Sound || v.Events != 1 || v.Problem == nil || *v.Problem != (problem{2, text}) {
		t.Errorf("%+v", v)
	}
}

func TestAuditVerify_NoDatabase(t *testing.T) {
	x := newTerminal(t)
	none := "latchdesk: There is no desk in " + x.folder + " yet, so there is nothing to "
	if a := x.try("", "audit", "verify"); a.code != ExitFailure || a.err != none+"prove.\n" {
		t.Errorf("%+v", a)
	}
	if a := x.try("", "audit", "export", "-"); a.code != ExitFailure || a.err != none+"export.\n" {
		t.Errorf("%+v", a)
	}
	x.do("blocked") // which makes the desk
	same(t, "nothing", x.do("audit", "verify"), "0 events verified; checksum none yet\n")
	same(t, "nothing in JSON", x.do("audit", "verify", "--json"), `{"sound":true,"events":0,"head":null,"problem":null}`+"\n")
}

func TestAuditExport(t *testing.T) {
	x, head := audited(t)
	for _, name := range []string{"history.csv", "history.jsonl", "history"} {
		file := filepath.Join(t.TempDir(), name)
		same(t, name, x.do("audit", "export", file), "3 events written to "+file+"; checksum "+head+"\n")
		if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info, err)
		}
		text, err := os.ReadFile(file)
		if err != nil || strings.HasPrefix(string(text), "seq,at,") != (name == "history.csv") {
			t.Errorf("%s: %.80s, %v", name, text, err)
		}
		// The file is proved where there is no desk.
		y := newTerminal(t)
		same(t, "proof", y.do("audit", "verify", file), "3 events verified; checksum "+head+"\n")
		if _, err := os.Stat(y.folder); !os.IsNotExist(err) {
			t.Errorf("a desk was made: %v", err)
		}
		if a := y.try(string(text), "audit", "verify", "-"); a.code != ExitOK || a.out != "3 events verified; checksum "+head+"\n" {
			t.Errorf("%+v", a)
		}
		forged := y.write("forged", strings.Replace(string(text), "Asha", "Rose", 1))
		if a := y.try("", "audit", "verify", forged); a.code != ExitFailure || a.err != "latchdesk: The history failed verification: event 2 was changed after it was written.\n" {
			t.Errorf("%+v", a)
		}
		if a := x.try("", "audit", "export", file); a.code != ExitFailure || a.err != "latchdesk: "+file+" already exists. Nothing was overwritten; choose another name.\n" {
			t.Errorf("%+v", a)
		}
		if again, _ := os.ReadFile(file); string(again) != string(text) {
			t.Error("the file was changed")
		}
	}
	if out := x.do("audit", "export", "-", "--format", "csv"); !strings.HasPrefix(out, "seq,at,") || strings.Count(out, "\n") != 5 {
		t.Errorf("%s", out)
	}
	if out := x.do("audit", "export", "-"); !strings.HasSuffix(out, `{"head":"`+head+`","count":3}`+"\n") {
		t.Errorf("%s", out)
	}
}

// A forged history can be taken elsewhere to be looked into, and it is said.
func TestAuditExport_ForgedHistory(t *testing.T) {
	x, head := audited(t)
	x.forge("UPDATE events SET actor = 'Rose' WHERE seq = 2")
	file := filepath.Join(t.TempDir(), "history.jsonl")
	a := x.try("", "audit", "export", file)
	if a.code != ExitFailure || a.out != "3 events written to "+file+"; checksum "+head+"\n" ||
		a.err != "latchdesk: The history was exported as it is, but it failed verification: event 2 was changed after it was written.\n" {
		t.Errorf("%+v", a)
	}
	if a := x.try("", "audit", "verify", file); a.code != ExitFailure || !strings.Contains(a.err, "event 2 was changed") {
		t.Errorf("%+v", a)
	}
}

func TestAudit_Refuses(t *testing.T) {
	x, _ := audited(t)
	none := filepath.Join(t.TempDir(), "none", "x.csv")
	other := x.write("other.csv", "phone,name\n")
	for _, c := range []struct {
		args []string
		code int
		err  string
	}{
		{[]string{"audit", "verify", none}, ExitFailure, "There is no file " + none + "."},
		{[]string{"audit", "verify", other}, ExitFailure, other + " is not a history exported by Latchdesk."},
		{[]string{"audit", "verify", "-"}, ExitFailure, "What came in is not a history exported by Latchdesk."},
		{[]string{"audit", "verify", x.folder}, ExitFailure, "Cannot read " + x.folder + ": is a directory."},
		{[]string{"audit", "export", none}, ExitFailure, "The folder " + filepath.Dir(none) + " does not exist."},
		{[]string{"audit", "export", ""}, ExitUsage, "it is empty"},
		{[]string{"audit", "verify", "--head", "ab"}, ExitUsage, "a head is 64 digits of 0 to 9 and a to f"},
		{[]string{"audit", "export", "-", "--format", "xml"}, ExitUsage, "--format is csv or jsonl"},
	} {
		if a := x.try("", c.args...); a.code != c.code || !strings.Contains(a.err, c.err) {
			t.Errorf("%v: %+v", c.args, a)
		}
	}
}
