package clock

import (
	"testing"
	"time"
)

func TestSteadyGoesOnFromTheComputersTime(t *testing.T) {
	before := time.Now().Round(0)
	now := Steady()
	first := now()
	if first.Before(before) || first.Sub(before) > time.Minute {
		t.Errorf("it is %v, and %v by the computer", first, before)
	}
	last := first
	for last.Equal(first) { // until the clock's next step
		if last = now(); last.Before(first) {
			t.Fatalf("%v came after %v", last, first)
		}
	}
}

func TestSinceBootCounts(t *testing.T) {
	for _, count := range []func() time.Duration{sinceBoot, sinceStart} {
		from := count()
		for count() == from { // until the next step
		}
		if count() < from {
			t.Errorf("it ran back from %v", from)
		}
	}
}
