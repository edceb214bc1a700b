package command

import (
	"strings"
	"testing"
)

// What a desk holds is never reset, whichever way it is asked.
func TestDemoResetLeavesADeskAlone(t *testing.T) {
	x := newTerminal(t)
	x.do("block", "--add", lena)
	before := x.do("events", lena)
	for _, line := range []string{"demo reset", "demo reset --demo", "--demo demo reset --chats 10 --messages 10", "--demo blocked", "--demo doctor"} {
		a := x.try("", strings.Fields(line)...)
		if a.code != Refused || !strings.Contains(a.err, "This profile is not a demo, so it was left as it is.") {
			t.Errorf("%s: exit %d: %s", line, a.code, a.err)
		}
	}
	same(t, "events", x.do("events", lena), before)
}

// A desk that has nothing but settings is a desk.
func TestSettingsMakeADesk(t *testing.T) {
	x := newTerminal(t)
	s := x.desk()
	settings := s.Settings
	settings.Agent = "Ben"
	if err := s.SaveSettings(t.Context(), settings); err != nil {
		t.Fatal(err)
	}
	if a := x.try("", "--demo", "demo", "reset"); a.code != Refused {
		t.Errorf("exit %d", a.code)
	}
}

func TestMeter(t *testing.T) {
	for _, c := range []struct {
		terminal bool
		total    int
		want     string
	}{
		{false, quiet - 1, ""},
		{true, quiet - 1, ""},
		{false, 100_000, "  0 %  1 of 100000 messages\n 20 %  20001 of 100000 messages\n 90 %  90001 of 100000 messages\n100 %  100000 of 100000 messages\n"},
		{true, 100_000, "  0 %  1 of 100000 messages\r 20 %  20001 of 100000 messages\r 90 %  90001 of 100000 messages\r100 %  100000 of 100000 messages\r\n"},
	} {
		var out strings.Builder
		m := &meter{w: &out, terminal: c.terminal, shown: -1}
		for _, done := range []int{1, 20_001, 20_002, 90_001, 100_000} {
			m.show(done*c.total/100_000, c.total)
		}
		m.end()
		same(t, "meter", out.String(), c.want)
	}
}
