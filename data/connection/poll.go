package connection

import (
	"context"
	"log/slog"
	"time"

	"github.com/latchdesk/latchdesk/data/clock"
)

const (
	// PollInterval is the longest time until Poll notices what another process wrote,
	// where the desk's changes are not watched.
	PollInterval = time.Second
	// failureInterval is the pause after the database failed.
	failureInterval = 10 * time.Second
)

// Signal wakes a Poll.
type Signal chan struct{}

// NewSignal returns a signal that is not set.
func NewSignal() Signal { return make(Signal, 1) }

// Set wakes the goroutine that waits for the signal, or the next one that will. It
// never blocks.
func (s Signal) Set() {
	select {
	case s <- struct{}{}:
	default: // set already
	}
}

// Poll runs job, and again whenever wake is set and each PollInterval, until ctx
// ends. It logs an error and waits 10 s after it.
func Poll(ctx context.Context, wake Signal, job func(context.Context) error) {
	ticker := time.NewTicker(PollInterval)
	defer ticker.Stop()
	for ctx.Err() == nil {
		if LogFailure(ctx, job(ctx)) != nil {
			return
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-ticker.C:
		}
	}
}

// LogFailure logs err and then waits 10 s, unless err is nil. It returns the error of
// ctx if that has ended.
func LogFailure(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	slog.Error("cannot work for the account", "error", err)
	return clock.Sleep(ctx, failureInterval)
}
