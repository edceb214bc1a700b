package clock

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestSleep_WaitsForTheDuration(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		from := time.Now()
		if err := Sleep(t.Context(), time.Hour); err != nil || time.Since(from) != time.Hour {
			t.Errorf("%v after %v", err, time.Since(from))
		}
		if err := Sleep(t.Context(), -time.Hour); err != nil {
			t.Errorf("a negative duration: %v", err)
		}
	})
}

func TestSleep_EndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		from := time.Now()
		if err := Sleep(ctx, time.Hour); !errors.Is(err, context.DeadlineExceeded) || time.Since(from) != time.Minute {
			t.Errorf("%v after %v", err, time.Since(from))
		}
		for _, d := range []time.Duration{0, time.Hour} {
			if err := Sleep(ctx, d); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v with a context that has ended: %v", d, err)
			}
		}
	})
}
