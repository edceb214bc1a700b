package cli

import (
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// The two hours that have one name at the end of summer time read differently.
func TestFormatTime_HourThatComesTwice(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	local := time.Local
	time.Local = berlin
	t.Cleanup(func() { time.Local = local })
	at := time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)
	for add, want := range map[time.Duration]string{0: "2026-10-25 02:30 +02:00", time.Hour: "2026-10-25 02:30 +01:00"} {
		if got := formatTime(data.MomentOf(at.Add(add))); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
	if got := formatTime(0); got != "" {
		t.Errorf("no moment reads %q", got)
	}
}
