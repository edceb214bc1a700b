package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const exportedChat = `19/07/2026, 11:38 - Meera: Where is my parcel?
19/07/2026, 11:39 - Northwind Lamps: On its way.
19/07/2026, 11:40 - Meera: <Media omitted>
19/07/2026, 11:41 - You blocked this contact.
`

// A chat is looked at, brought in, brought in again, and taken out again.
func TestImportChat_InAndOut(t *testing.T) {
	x := newTerminal(t)
	x.try(hello, "receive", "-")
	file := x.write("chat.txt", exportedChat)
	args := []string{"import-chat", file, "--customer", asha, "--business", "Northwind Lamps", "--zone", "UTC", "--as", "Ben"}
	const counts = `Customer                  Asha Rao (+91 91379 79401)
Messages                  3
From the customer         2
From the business         1
From WhatsApp itself      0
New here                  %d
Of these held             0
Already here              %d
Blocks and unblocks there 1
With media                1
Not in the file           1
Lines not understood      0
First                     %s
Last                      %s
Dates                     day/month/year
Time zone                 UTC (UTC+00:00)
`
	first, last := localTime("2026-07-19T11:38:00Z"), localTime("2026-07-19T11:41:00Z")
	spaced := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	before := x.do("messages", asha)
	same(t, "a dry run", spaced(x.do(append(args, "--dry-run")...)), spaced("Nothing was changed. The import would find:\n"+fmt.Sprintf(counts, 3, 0, first, last)))
	same(t, "the messages after a dry run", x.do("messages", asha), before)

	var sum struct{ Import, New, Messages int }
	if err := json.Unmarshal([]byte(x.do(append(args, "--json")...)), &sum); err != nil || sum.New != 3 || sum.Messages != 3 || sum.Import == 0 {
		t.Fatalf("%+v, %v", sum, err)
	}
	if out := x.do("messages", asha); !strings.Contains(out, "Where is my parcel?") || !strings.Contains(out, "out   On its way.") || !strings.Contains(out, "in    Media") {
		t.Errorf("the messages are\n%s", out)
	}
	if out := x.do("events", asha); !strings.Contains(out, "Chat imported by Ben") || !strings.Contains(out, "Blocked on WhatsApp") {
		t.Errorf("the events are\n%s", out)
	}
	if out := x.do("status", asha); strings.Contains(out, "locked by") {
		t.Errorf("the status is\n%s", out)
	}
	same(t, "the second time", spaced(x.do(args...)), spaced(fmt.Sprintf(counts, 0, 3, first, last)))
	undo := []string{"import-chat", "--undo", fmt.Sprint(sum.Import)}
	same(t, "undo", x.do(undo...), "3 messages taken out of the chat with Asha Rao (+91 91379 79401).\n")
	same(t, "undo once more", x.do(undo...), fmt.Sprintf("Import %d was already undone. Nothing was changed.\n", sum.Import))
	same(t, "undo in JSON", x.do(append(undo, "--json")...), fmt.Sprintf(`{"undone":%d,"changed":false,"messages":0}`+"\n", sum.Import))
	same(t, "the messages after the undo", x.do("messages", asha), before)
	if out := x.do(args...); !strings.Contains(out, "latchdesk import-chat --undo ") {
		t.Errorf("it says nothing of an undo:\n%s", out)
	}
	x.do("audit", "verify")
	x.do("doctor")
}

func TestImportChat_Refuses(t *testing.T) {
	x := newTerminal(t)
	x.try(hello, "receive", "-")
	file := x.write("chat.txt", exportedChat)
	group := x.write("group.txt", exportedChat+"19/07/2026, 11:42 - Carl: hi\n")
	missing := filepath.Join(t.TempDir(), "none.txt")
	for _, c := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{missing, "--customer", asha, "--business", "B"}, ExitFailure, "There is no file " + missing},
		{[]string{x.write("a.txt", "nothing"), "--customer", asha, "--business", "B"}, ExitFailure, "this is not a chat exported by WhatsApp"},
		{[]string{file, "--customer", lena, "--business", "B"}, ExitFailure, "is not known here"},
		{[]string{file, "--customer", asha, "--business", "B"}, ExitFailure, "B wrote nothing in this chat. Who did: Meera, Northwind Lamps."},
		{[]string{file, "--customer", asha, "--business", ""}, ExitFailure, "Meera and Northwind Lamps wrote in this chat."},
		{[]string{group, "--customer", asha, "--business", "Meera"}, ExitFailure, "This is the chat of a group: Meera, Northwind Lamps, Carl wrote in it."},
		{[]string{file, "--customer", asha, "--business", "Meera", "--zone", "Mars/Base"}, ExitFailure, "There is no time zone Mars/Base."},
		{[]string{file, "--customer", asha, "--business", "Meera", "--zone", "../../etc/passwd"}, ExitFailure, "There is no time zone"},
		{[]string{"--undo", "4711"}, ExitFailure, "There is no import 4711."},
		{[]string{"--undo=-1"}, ExitUsage, "the number of an import is above 0"},
		{[]string{file, "--undo", "1"}, ExitUsage, "--undo takes the number of an import and nothing else"},
		{[]string{file, "--customer", asha}, ExitUsage, "--customer and --business"},
		{[]string{"--customer", asha, "--business", "B"}, ExitUsage, `expected "<file>"`},
		{nil, ExitUsage, `expected "<file>"`},
	} {
		a := x.try("", append([]string{"import-chat"}, c.args...)...)
		if a.code != c.code || !strings.Contains(a.err, c.want) || a.out != "" {
			t.Errorf("%v: exit %d: %s%s", c.args, a.code, a.out, a.err)
		}
	}
}

// Lines that are not understood are named, and the exit code says that there were some.
func TestImportChat_NotUnderstood(t *testing.T) {
	x := newTerminal(t)
	x.try(hello, "receive", "-")
	text := exportedChat + strings.Repeat("45/07/2026, 11:42 - Meera: late\n", 12)
	a := x.try("", "import-chat", x.write("chat.txt", text), "--customer", asha, "--business", "Northwind Lamps", "--json")
	if a.code != ExitFailure || !strings.HasPrefix(a.err, "line 5: its date does not exist: 45/07/2026, 11:42 - Meera: late\n") || !strings.HasSuffix(a.err, "and 2 lines more\n") || !strings.Contains(a.out, `"notUnderstood":12`) {
		t.Errorf("exit %d: %s%s", a.code, a.out, a.err)
	}
}

// Stopped halfway, it says what came in, and a second run brings the rest.
func TestImportChat_Interrupted(t *testing.T) {
	x := newTerminal(t)
	x.try(hello, "receive", "-")
	var text strings.Builder
	const lines = 20_000
	for i := range lines {
		fmt.Fprintf(&text, "%02d/06/2026, %02d:%02d - Meera: message %d\n", i/1440+1, i/60%24, i%60, i)
	}
	args := []string{"import-chat", x.write("chat.txt", text.String()), "--customer", asha, "--business", ""}
	ctx, stop := context.WithCancel(t.Context())
	var out strings.Builder
	progress := &stopper{stop: stop}
	code := Run(ctx, append([]string{"--profile", x.folder}, args...), strings.NewReader(""), &out, progress, x.deps())
	if code != ExitFailure || !strings.Contains(progress.text.String(), "The import was stopped. Before that, ") {
		t.Fatalf("exit %d: %s%s", code, out.String(), progress.text.String())
	}
	a := x.try("", append(args, "--json")...)
	var sum struct{ New, AlreadyHere int }
	if err := json.Unmarshal([]byte(a.out), &sum); err != nil || a.code != ExitOK || sum.New == 0 || sum.AlreadyHere == 0 || sum.New+sum.AlreadyHere != lines {
		t.Errorf("exit %d: %s%s", a.code, a.out, a.err)
	}
}

// stopper stops what reports progress to it.
type stopper struct {
	text strings.Builder
	stop func()
}

func (s *stopper) Write(p []byte) (int, error) {
	s.stop()
	return s.text.Write(p)
}

// localTime is how the command line writes a moment.
func localTime(text string) string {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return at.Local().Format("2006-01-02 15:04 -07:00")
}

// The chat of a group is brought into a group, and the summary says how many wrote in it.
func TestImportChat_OfAGroup(t *testing.T) {
	x := newTerminal(t)
	x.try(groupHello, "receive", "-")
	const group = "120363012345678901@g.us"
	file := x.write("group.txt", exportedChat+"19/07/2026, 11:42 - Carl: hi\n")
	out := x.do("import-chat", file, "--customer", group, "--business", "Northwind Lamps", "--zone", "UTC")
	for _, line := range []string{"Authors 3", "From members 3", "From the business 1", "New here 4"} {
		if !strings.Contains(strings.Join(strings.Fields(out), " "), line) {
			t.Errorf("%q is missing in\n%s", line, out)
		}
	}
	if out := x.do("messages", group); !strings.Contains(out, "in    Carl: hi") || !strings.Contains(out, "out   On its way.") {
		t.Errorf("the messages are\n%s", out)
	}
	if out := x.do("import-chat", file, "--customer", group, "--business", "", "--zone", "UTC", "--dry-run", "--json"); !strings.Contains(out, `"authors":3`) {
		t.Error(out)
	}
}
