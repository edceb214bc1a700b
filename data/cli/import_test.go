package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

const listHead = "phone,name,reason,note,by,at,until\n"

// A list goes out, into a fresh profile, and out again, the same to the byte.
func TestImport_RoundTrip(t *testing.T) {
	x := newTerminal(t)
	x.try(hello, "receive", "-")
	x.do("block", asha, "--as", "Ben", "--reason", "spam", "--note", "=1+1\n\"quoted\"", "--for", "7d")
	x.do("block", "--add", lena, "--as", "+Ann")
	file := filepath.Join(t.TempDir(), "list.csv")
	same(t, "export", x.do("export", file), "2 blocked customers written to "+file+".\n")
	list, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "the list", string(list), listHead+
		"'+46701234567,,,,'+Ann,2026-07-20T12:00:00.000Z,\n"+
		"'+919137979401,Asha Rao,Spam,\"'=1+1\n\"\"quoted\"\"\",Ben,2026-07-20T12:00:00.000Z,2026-07-27T12:00:00.000Z\n")

	y := newTerminal(t)
	y.now = noon.Add(time.Hour)
	counts := func(blocked string) string {
		return "Rows     2\n" +
			"New      2  not known here before, " + blocked + "\n" +
			"Changed  0  known here and active, " + blocked + "\n" +
			"Same     0  0 blocked already, 0 in the list twice\n" +
			"Refused  0\n"
	}
	same(t, "a dry run", y.do("import", "--dry-run", file), "Nothing was changed. The import would find:\n"+counts("would be blocked"))
	same(t, "after the dry run", y.do("blocked"), "Nobody is blocked.\n")
	same(t, "import", y.do("import", file, "--as", "Carl"), counts("blocked now"))
	same(t, "the list again", y.do("export", "-"), string(list))
	if out := y.do("status", lena); !strings.Contains(out, "+Ann") || strings.Contains(out, "Carl") {
		t.Errorf("the status is\n%s", out)
	}
	if out := y.do("events", lena); !strings.Contains(out, "Customer blocked by Carl") {
		t.Errorf("the events are\n%s", out)
	}
	same(t, "the second time", y.do("import", file, "--json"), `{"rows":2,"blocked":0,"newCustomers":0,"alreadyBlocked":2,"duplicates":0,"bad":0,"new":0,"changed":0,"same":2,"refused":0,"dryRun":false,"changedBlocks":0,"keptBlocks":0}`+"\n")
	y.do("doctor")
}

// Each bad row is named, the good ones go in, and the exit code says so.
func TestImport_BadRows(t *testing.T) {
	x := newTerminal(t)
	list := listHead + lena + ",,spam,,,,\nbob,,,,,,\n" + asha + ",,,,,2030-02-30,\n" + asha + ",,,,,,2020-01-01\n" + asha + ",,,,,2030-01-01 10:00,\n" + lena + "\n" +
		asha + ",,,,,,,,more\n" + asha + "\n"
	for _, args := range [][]string{{"import", "-", "--dry-run", "--json"}, {"import", "-", "--json"}} {
		a := x.try(list, args...)
		if a.code != ExitFailure || strings.Count(a.err, "\n") != 5 {
			t.Errorf("%v: exit %d: %s", args, a.code, a.err)
		}
		for i, want := range []string{`line 3: "bob": this is not a phone number`, "line 4: ", "line 5: ", "line 6: ", "line 8: "} {
			if lines := strings.Split(a.err, "\n"); !strings.HasPrefix(lines[i], want) {
				t.Errorf("%q does not begin with %q", lines[i], want)
			}
		}
		if want := `{"rows":8,"blocked":2,"newCustomers":2,"alreadyBlocked":0,"duplicates":1,"bad":5,"new":2,"changed":0,"same":1,"refused":5,"dryRun":`; !strings.HasPrefix(a.out, want) {
			t.Errorf("%v: %s", args, a.out)
		}
	}
	if out := x.do("blocked"); !strings.Contains(out, lena) || !strings.Contains(out, asha) {
		t.Errorf("blocked are\n%s", out)
	}
}

func TestImport_Refuses(t *testing.T) {
	x := newTerminal(t)
	missing, folder := filepath.Join(t.TempDir(), "none"), t.TempDir()
	if a := x.try("", "export", missing); a.code != ExitFailure || !strings.Contains(a.err, "nothing to export") {
		t.Errorf("exit %d: %s", a.code, a.err)
	}
	x.do("block", "--add", lena)
	there := x.write("there.csv", "mine")
	for _, c := range []struct{ line, want string }{
		{"export " + there, there + " already exists. Nothing was overwritten; choose another name."},
		{"export " + filepath.Join(missing, "list.csv"), "The folder " + missing + " does not exist."},
		{"import " + missing, "There is no file " + missing + "."},
		{"import " + folder, "Cannot read " + folder},
		{"import " + there, "Cannot import " + there + ": this is not a list of customers: its first line must name the columns, and one of them must be phone."},
		{"import " + x.write("book.xlsx", "PK\x03\x04"), "it is not an .xlsx spreadsheet, or it is damaged; save it as CSV."},
		{"import " + x.write("empty", ""), "it is empty."},
	} {
		a := x.try("", strings.Fields(c.line)...)
		if a.code != ExitFailure || !strings.Contains(a.err, c.want) || a.out != "" {
			t.Errorf("%s: exit %d: %s%s", c.line, a.code, a.out, a.err)
		}
	}
	if a := x.try("", "import", there, "--as", ""); a.code != ExitUsage {
		t.Errorf("exit %d: %s", a.code, a.err)
	}
}

// A column that nothing recognises is chosen, and the refusal says how.
func TestImport_ChosenColumn(t *testing.T) {
	x := newTerminal(t)
	list := x.write("people.csv", "Kunde,Ruf 1\nBo,+46701234567\nUnlisted,\n")
	a := x.try("", "import", list)
	if want := "Its columns are: Kunde, Ruf 1. Choose the one with the phone numbers by name, with --map phone=NAME"; a.code != ExitFailure || !strings.Contains(a.err, want) {
		t.Errorf("exit %d: %s", a.code, a.err)
	}
	for _, wrong := range []string{"Ruf 1", "telephone=Ruf 1"} {
		if a := x.try("", "import", list, "--map", wrong); a.code != ExitUsage || !strings.Contains(a.err, "write it like phone=Mobile") {
			t.Errorf("%s: exit %d: %s", wrong, a.code, a.err)
		}
	}
	if a := x.try("", "import", list, "--map", "phone=Ruf 2"); a.code != ExitFailure || !strings.Contains(a.err, `it has no column "Ruf 2"`) {
		t.Errorf("exit %d: %s", a.code, a.err)
	}
	a = x.try("", "import", list, "--map", "phone=ruf 1", "--map", "name=Kunde", "--json")
	if want := `{"rows":2,"blocked":1,"newCustomers":1,"alreadyBlocked":0,"duplicates":0,"bad":1,"new":1,"changed":0,"same":0,"refused":1,"dryRun":false,"changedBlocks":0,"keptBlocks":0}` + "\n"; a.code != ExitFailure || a.out != want {
		t.Errorf("exit %d: %s%s", a.code, a.out, a.err)
	}
	if out := x.do("status", lena); !strings.Contains(out, "Bo") {
		t.Errorf("the status is\n%s", out)
	}
}

// The refused rows are saved with line and reason, can be corrected in that file, and
// then go in from it.
func TestImport_SavesRejected(t *testing.T) {
	x := newTerminal(t)
	list := x.write("list.csv", "Telefon;Kunde;Note\n"+lena+";Lena;\n4.67E+10;=cmd|x;\nSPAM*;;\n"+asha+";A\xffb;more;than;columns\n")
	file := filepath.Join(t.TempDir(), "rejected.csv")
	a := x.try("", "import", list, "--rejected", file)
	if a.code != ExitFailure || !strings.HasSuffix(a.out, "Refused  3\nThe refused rows are in "+file+".\n") {
		t.Fatalf("exit %d: %s%s", a.code, a.out, a.err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	for i, want := range []string{
		"line,why,phone,name,reason,note,by,at,until", `3,"""4.67E+10"": this is not a phone number any more`, `4,"""SPAM*"": this is a pattern`, "5,it has more columns", "",
	} {
		if !strings.HasPrefix(lines[i], want) {
			t.Errorf("line %d is %s, not %s", i+1, lines[i], want)
		}
	}
	if !strings.Contains(lines[1], ",4.67E+10,'=cmd|x,") {
		t.Errorf("line 2 is %s", lines[1])
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Errorf("%v, %v", info, err)
	}
	if a := x.try("", "import", list, "--rejected", file); a.code != ExitFailure || a.out != "" || !strings.Contains(a.err, "already exists. Nothing was overwritten") {
		t.Errorf("exit %d: %s%s", a.code, a.out, a.err)
	}
	corrected := x.write("corrected.csv", strings.NewReplacer(",4.67E+10,", ",+46701234568,", ",SPAM*,", ",+46701234569,").Replace(string(text)))
	none := filepath.Join(t.TempDir(), "none.csv")
	if out := x.do("import", corrected, "--rejected", none); !strings.Contains(out, "New      3") {
		t.Errorf("corrected it goes in as\n%s", out)
	}
	if _, err := os.Stat(none); !errors.Is(err, os.ErrNotExist) {
		t.Error("without a refused row there is a file of them", err)
	}
}

// Stopped halfway, it says what is in, and a second run brings the rest.
func TestImport_Interrupted(t *testing.T) {
	x := newTerminal(t)
	const rows = 20_000
	list := bytes.NewBufferString("phone\n")
	for i := range rows {
		fmt.Fprintf(list, "+4670%07d\n", i)
	}
	ctx, stop := context.WithCancel(t.Context())
	text := list.String()
	var out, complaints bytes.Buffer
	in := &watched{text: []byte(text), at: len(text) / 2, then: stop}
	code := Run(ctx, []string{"--profile", x.folder, "import", "-"}, in, &out, &complaints, x.deps())
	if code != ExitFailure || !strings.Contains(complaints.String(), "The import was stopped. Before that, ") {
		t.Fatalf("exit %d: %s%s", code, out.String(), complaints.String())
	}
	a := x.try(text, "import", "-", "--json")
	if a.code != ExitOK || !strings.Contains(a.out, `"rows":20000`) || strings.Contains(a.out, `"alreadyBlocked":0`) {
		t.Errorf("exit %d: %s%s", a.code, a.out, a.err)
	}
	if out := x.do("blocked", "--json"); strings.Count(out, "\n") != rows+2 {
		t.Errorf("%d lines of blocked customers", strings.Count(out, "\n"))
	}
}

// watched is a file at whose middle something is done.
type watched struct {
	text []byte
	read int
	at   int
	then func()
}

func (w *watched) Read(p []byte) (int, error) {
	if w.read >= w.at {
		w.then()
		return 0, errors.New("it was read on after it was stopped")
	}
	n := copy(p, w.text[w.read:w.at])
	w.read += n
	return n, nil
}
