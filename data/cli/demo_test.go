package cli

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// newDemo is a terminal at a demo that nobody has opened yet.
func newDemo(t *testing.T) *terminal {
	x := newTerminal(t)
	x.demo = true
	return x
}

// A demo is furnished before anybody sees it, is the same each time, and goes
// back to its beginning.
func TestDemo(t *testing.T) {
	x := newDemo(t)
	before := x.do("blocked", "--json")
	var blocked []struct{ Phone, Status string }
	if err := json.Unmarshal([]byte(before), &blocked); err != nil || len(blocked) == 0 {
		t.Fatalf("%s: %v", before, err)
	}
	for _, c := range blocked {
		x.do("unblock", c.Phone)
	}
	same(t, "nobody", x.do("blocked", "--json"), "[]\n")

	out := x.do("demo", "reset")
	if !strings.HasPrefix(out, "The demo in "+x.folder+" was reset: ") || !strings.Contains(out, " chats, ") {
		t.Errorf("%s", out)
	}
	same(t, "the beginning", x.do("blocked", "--json"), before)
	if f, _ := x.doctor(ExitOK); !*f.Demo || *f.Chats < 40 || *f.Events == 0 {
		t.Errorf("%+v", f)
	}

	// What is marked as a demo needs no flag to be reset, and stays a demo.
	x.demo = false
	x.do("demo", "reset")
	same(t, "the beginning again", x.do("blocked", "--json"), before)
}

func TestDemoReset_Large(t *testing.T) {
	x := newDemo(t)
	a := x.try("", "demo", "reset", "--chats", "500", "--messages", "20000")
	if a.code != ExitOK || a.out != "The demo in "+x.folder+" was reset: 500 chats, 20000 messages.\n" {
		t.Errorf("exit %d: %s", a.code, a.out)
	}
	lines := strings.Split(strings.TrimSpace(a.err), "\n")
	if n := len(lines); n < 2 || n > 11 || lines[n-1] != "100 %  20000 of 20000 messages" {
		t.Errorf("progress:\n%s", a.err)
	}
	x.doctor(ExitOK)
}

// The demo's own folder is the one beside the desk's, and reset needs no flag
// to mean it.
func TestDemo_HasItsOwnFolder(t *testing.T) {
	home := t.TempDir()
	t.Setenv("XDG_DATA_HOME", home)
	t.Setenv("LOCALAPPDATA", home)
	x := newTerminal(t)
	for _, line := range []string{"demo reset", "--demo blocked"} {
		if a := x.bare("", strings.Fields(line)...); a.code != ExitOK {
			t.Errorf("%s: exit %d: %s", line, a.code, a.err)
		}
	}
	a := x.bare("", "blocked", "--json")
	same(t, "the desk beside it", a.out, "[]\n")
	for _, name := range []string{"demo", "desk"} {
		if found, _ := filepath.Glob(filepath.Join(home, "*", name, "latchdesk.db")); len(found) != 1 {
			t.Errorf("%s: %v", name, found)
		}
	}
}

// Many open a demo for the first time at once: it begins once, and nothing of
// what they do is lost.
func TestDemo_SeededOnce(t *testing.T) {
	x := newDemo(t)
	var workers sync.WaitGroup
	phone := func(i int) string { return fmt.Sprintf("+4670123450%d", i) }
	for i := range 6 {
		workers.Go(func() {
			if a := x.try("", "block", "--add", phone(i)); a.code != ExitOK {
				t.Errorf("exit %d: %s", a.code, a.err)
			}
		})
	}
	waittest.Return(t, "all blocks to be done", workers.Wait)
	for i := range 6 {
		var st struct{ Status data.Status }
		if err := json.Unmarshal([]byte(x.do("status", "--json", phone(i))), &st); err != nil || st.Status != data.Blocked {
			t.Errorf("%s: %+v, %v", phone(i), st, err)
		}
	}
}

// What a desk holds is never reset, whichever way it is asked.
func TestDemoReset_RefusesRealDesk(t *testing.T) {
	x := newTerminal(t)
	x.do("block", "--add", lena)
	before := x.do("events", lena)
	for _, line := range []string{"demo reset", "demo reset --demo", "--demo demo reset --chats 10 --messages 10", "--demo blocked", "--demo doctor"} {
		a := x.try("", strings.Fields(line)...)
		if a.code != ExitFailure || !strings.Contains(a.err, "This profile is not a demo, so it was left as it is.") {
			t.Errorf("%s: exit %d: %s", line, a.code, a.err)
		}
	}
	same(t, "events", x.do("events", lena), before)
}

// A desk that has nothing but settings is a desk.
func TestDemoReset_RefusesDeskWithSettings(t *testing.T) {
	x := newTerminal(t)
	s := x.desk()
	settings := s.Settings
	settings.Agent = "Ben"
	if err := s.SaveSettings(t.Context(), settings); err != nil {
		t.Fatal(err)
	}
	if a := x.try("", "--demo", "demo", "reset"); a.code != ExitFailure {
		t.Errorf("exit %d", a.code)
	}
}

func TestProgressMeter(t *testing.T) {
	for _, c := range []struct {
		terminal bool
		total    int
		want     string
	}{
		{false, progressThreshold - 1, ""},
		{true, progressThreshold - 1, ""},
		{false, 100_000, "  0 %  1 of 100000 messages\n 20 %  20001 of 100000 messages\n 90 %  90001 of 100000 messages\n100 %  100000 of 100000 messages\n"},
		{true, 100_000, "  0 %  1 of 100000 messages\r 20 %  20001 of 100000 messages\r 90 %  90001 of 100000 messages\r100 %  100000 of 100000 messages\r\n"},
	} {
		var out strings.Builder
		m := &progressMeter{w: &out, what: "messages", terminal: c.terminal, percent: -1}
		for _, done := range []int{1, 20_001, 20_002, 90_001, 100_000} {
			m.update(done*c.total/100_000, c.total)
		}
		m.finish()
		same(t, "meter", out.String(), c.want)
	}
}
