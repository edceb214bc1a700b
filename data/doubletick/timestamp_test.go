package doubletick_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// Every form in which senders write a moment is read, and by all that is delivered and
// fetched alike.
func TestParse_Times(t *testing.T) {
	second := data.MomentOf(time.Date(2026, 11, 20, 11, 39, 47, 0, time.UTC))
	milli, micro := second+443, second+443
	minute := data.MomentOf(time.Date(2026, 11, 20, 11, 39, 0, 0, time.UTC))
	day := data.MomentOf(time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC))
	for _, c := range []struct {
		text string
		want data.Moment
	}{
		{"2026-11-20T11:39:47.443Z", milli},
		{"2026-11-20T17:09:47.443+05:30", milli},
		{"2026-11-20T17:09:47.443+0530", milli},
		{"2026-11-20T17:09:47+0530", second},
		{"2026-11-20T12:39:47+01", second},
		{"2026-11-20 17:09:47 +0530", second},
		{"2026-11-20 17:09:47 +05:30", second},
		{"2026-11-20T17:09:47.443 +0530", milli},
		{"2026-11-20T11:39:47.443", milli},
		{"2026-11-20T11:39:47", second},
		{"2026-11-20 11:39:47", second},
		{"2026-11-20  11:39:47", second},
		{"2026-11-20 11:39:47.443999", micro},
		{"2026-11-20T11:39:47,443Z", milli},
		{"2026-11-20T11:39:47.443999999Z", micro},
		{"2026-11-20T11:39:47.443999+0000", micro},
		{"2026-11-20t11:39:47z", second},
		{"2026-11-20 11:39:47 UTC", second},
		{"2026-11-20T11:39:47GMT", second},
		{"2026-11-20T11:39Z", minute},
		{"2026-11-20 11:39", minute},
		{"2026-11-20", day},
		{"2026/11/20", day},
		{"2026/11/20 11:39:47", second},
		{"20261120", day},
		{"20261120T113947Z", second},
		{"20-11-2026", day},
		{"20-11-2026 11:39:47", second},
		{"20/11/2026, 11:39:47 am", second},
		{"20/11/2026, 5:09:47 PM +0530", second},
		{"20.11.2026 11:39", minute},
		{"20 Nov 2026 11:39:47", second},
		{"Nov 20, 2026 11:39 AM", minute},
		{"Oct 20, 2026 11:39 AM", minute - 31*24*3600_000},
		{"20 Oct 2026 11:39", minute - 31*24*3600_000},
		{"Fri, 20 Nov 2026 11:39:47 GMT", second},
		{"Fri, 20 Nov 2026 17:09:47 +0530", second},
		{"1795174787", second},
		{"1795174787.443", milli},
		{"1795174787443", milli},
		{"1795174787443999", micro},
		{"1795174787443999999", micro},
		{"1.795174787443e12", milli},
		{" 1795174787443 ", milli},

		{"20090101", data.MomentOf(time.Date(2009, 1, 1, 0, 0, 0, 0, time.UTC))},
		{"2026-11-20" + strings.Repeat(" ", 64-18) + "11:39:47", second},
		{"2026-11-20" + strings.Repeat(" ", 65-18) + "11:39:47", 0},

		{"2026-13-20T11:39:47Z", 0},
		{"2026-02-30", 0},
		{"13/14/2026", 0},
		{"11:39:47", 0},
		{"20081231", 0},
		{"20", 0},
		{"soon", 0},
		{"1795174787443999.5", 0}, // beyond what a fraction is exact for
		{"-1795174787", 0},
		{"Infinity", 0},
		{"2026-11-20T25:39:47Z", 0},
		{"2026-11-20T11:39:47 Mars", 0},
	} {
		text, err := json.Marshal(c.text)
		if err != nil {
			t.Fatal(err)
		}
		got := parseOne(t, []byte(received(`{"receivedAt":`+string(text)+`}`)))
		if got.Err != nil || got.Incoming.Message.At != c.want {
			t.Errorf("%s: %s, want %s (%v)", c.text, got.Incoming.Message.At, c.want, got.Err)
		}
	}
}
