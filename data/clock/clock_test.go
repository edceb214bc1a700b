package clock

import (
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data/waittest"
)

func TestMonotonic_ContinuesFromSystemTime(t *testing.T) {
	before := time.Now().Round(0)
	now := Monotonic()
	first := now()
	if first.Before(before) || first.Sub(before) > time.Minute {
		t.Errorf("it is %v, and %v by the computer", first, before)
	}
	last := first
	waittest.Until(t, "the clock's next step", func() bool {
		if last = now(); last.Before(first) {
			t.Fatalf("%v came after %v", last, first)
		}
		return !last.Equal(first)
	})
}

func TestSinceBootCounts(t *testing.T) {
	for _, count := range []func() time.Duration{sinceBoot, sinceProcessStart} {
		from := count()
		waittest.Until(t, "the next step", func() bool { return count() != from })
		if count() < from {
			t.Errorf("it ran back from %v", from)
		}
	}
}
