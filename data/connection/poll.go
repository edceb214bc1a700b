package connection

import (
	"context"
	"log/slog"
	"time"

	"github.com/latchdesk/latchdesk/data/clock"
)

const (
	// PollInterval is how long what another process wrote waits at most where
	// nobody watches the desk's changes.
	PollInterval = time.Second
	// failureInterval is the pause after the database failed.
	failureInterval = 10 * time.Second
)

// Signal wakes a Poll.
type Signal chan struct{}

// NewSignal returns a signal that is not set.
func NewSignal() Signal { return make(Signal, 1) }

// Set wakes who waits for the signal, or who does so next. It never waits.
func (s Signal) Set() {
	select {
	case s <- struct{}{}:
	default: // set already
	}
}

// Poll runs job, and again whenever wake is set and each PollInterval, until ctx
// ends. It logs an error and waits 10 s after it.
func Poll(ctx context.Context, wake Signal, job func(context.Context) error) {
	turn := time.NewTicker(PollInterval)
	defer turn.Stop()
	for ctx.Err() == nil {
		if LogFailure(ctx, job(ctx)) != nil {
			return
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-turn.C:
		}
	}
}

// LogFailure logs err, where there is one, and waits 10 s. It returns the error
// of ctx where that has ended.
func LogFailure(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return ctx.Err()
	}
	slog.Error("cannot work for the account", "error", err)
	return clock.Sleep(ctx, failureInterval)
}
