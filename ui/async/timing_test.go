package async

import (
	"slices"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data/waittest"
)

func TestAfter_RunsUnlessStopped(t *testing.T) {
	h := newHarness(t)
	var done []string
	stop := h.After(0, func() { done = append(done, "stopped") })
	for late := time.Now().Add(waittest.Deadline); len(h.done) == 0; time.Sleep(time.Millisecond) {
		if time.Now().After(late) {
			t.Fatal("waited in vain until the timer fired")
		}
	}
	stop() // after the timer has fired, and before its turn comes
	h.next()
	h.After(0, func() { done = append(done, "run") })
	h.next()
	if !slices.Equal(done, []string{"run"}) {
		t.Errorf("done is %q", done)
	}
}

func TestThrottle_ShowsNewestAndDropsRest(t *testing.T) {
	h := newHarness(t)
	var shown []int
	report := Throttle(h.Runner, func(n int) { shown = append(shown, n) })
	for n := range 1000 {
		report(n)
	}
	h.next()
	if !slices.Equal(shown, []int{999}) || len(h.done) != 0 {
		t.Errorf("%v is shown, and %d more are to come", shown, len(h.done))
	}
	for late := time.Now().Add(waittest.Deadline); len(h.done) == 0; time.Sleep(time.Millisecond) {
		report(2000)
		if time.Now().After(late) {
			t.Fatal("waited in vain until the next value is shown")
		}
	}
	h.next()
	if !slices.Equal(shown, []int{999, 2000}) {
		t.Errorf("%v is shown", shown)
	}
}
