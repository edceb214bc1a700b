package clock

import (
	"context"
	"time"
)

// Sleep waits for d, which may be negative, or until ctx ends. It returns
// ctx.Err.
func Sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
	return ctx.Err()
}
