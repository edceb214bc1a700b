package data_test

import (
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// DoubleTick's form takes 10 to 15 characters, the plus sign included.
func TestCannotTell_SaysWhatTheFormDoesNotTake(t *testing.T) {
	for a, want := range map[data.Address]string{
		"+46701234567":             "",
		"+123456789":               "", // 10 characters
		"+12345678901234":          "", // 15 characters
		"+12345678":                "9 to 14 digits, and this number has 8",
		"+1264":                    "9 to 14 digits, and this number has 4",
		"+123456789012345":         "9 to 14 digits, and this number has 15",
		"+12345678901234567890":    "9 to 14 digits, and this number has 20",
		"IN.13491208655302741918":  "takes numbers only",
		"instagram:riya.das":       "takes numbers only",
		"120363021234567890@g.us":  "blocks no groups",
		"":                         "takes numbers only",
		"IN.ENT.11815799212886844": "takes numbers only",
	} {
		got := data.CannotTell(a)
		if (got == "") != (want == "") || !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", a, got, want)
		}
		if got != "" && !strings.Contains(got, "DoubleTick") {
			t.Errorf("%s: %q does not say whose rule it is", a, got)
		}
	}
}

// A text is another form: only that there is no number keeps it here.
func TestOutboxEntry_CannotTell(t *testing.T) {
	for _, c := range []struct {
		op      data.Op
		address data.Address
		can     bool
	}{
		{data.OpBlock, "+46701234567", true},
		{data.OpBlock, "+1264", false},
		{data.OpUnblock, "IN.13491208655302741918", false},
		{data.OpBlock, "", true}, // of before there were addresses in the outbox
		{data.OpSendText, "+1264", true},
		{data.OpSendText, "+46701234567", true},
		{data.OpSendText, "IN.13491208655302741918", false},
	} {
		e := data.OutboxEntry{Op: c.op, Address: c.address, State: data.EntryRejected}
		if can := e.CannotTell() == ""; can != c.can || e.CanRetry() != c.can {
			t.Errorf("%s to %q: %q, retry %v", c.op, c.address, e.CannotTell(), e.CanRetry())
		}
	}
}
