package clock_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data/clock"
)

func TestSleep(t *testing.T) {
	began := time.Now()
	if err := clock.Sleep(t.Context(), 20*time.Millisecond); err != nil || time.Since(began) < 20*time.Millisecond {
		t.Errorf("%v after %v", err, time.Since(began))
	}
	if err := clock.Sleep(t.Context(), -time.Hour); err != nil {
		t.Errorf("a negative duration: %v", err)
	}
	ended, end := context.WithCancel(t.Context())
	end()
	for _, d := range []time.Duration{0, time.Hour} {
		if err := clock.Sleep(ended, d); !errors.Is(err, context.Canceled) {
			t.Errorf("%v with a context that has ended: %v", d, err)
		}
	}
}
