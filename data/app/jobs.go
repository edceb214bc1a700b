package app

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/latchdesk/latchdesk/data/demo"
)

// StartJobs starts what one process must do for a profile, however many have it
// open: the daily backup, ending blocks that are due, filling what an update left
// for later, putting chats in their place that a wrong clock left in the future,
// retrying what is set aside after an update, talking to the account, and the demo's
// customers. It takes over when no other process does it. The jobs end with ctx or by
// stop, which returns after the last has ended.
func (a *App) StartJobs(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var jobs sync.WaitGroup
	jobs.Go(func() { a.runJobs(ctx) })
	return func() {
		cancel()
		jobs.Wait()
	}
}

func (a *App) runJobs(ctx context.Context) {
	if !a.waitForWork(ctx) {
		return
	}
	var jobs sync.WaitGroup
	jobs.Go(func() { runEvery(ctx, time.Hour, "make the daily copy", a.Maintain) })
	jobs.Go(func() { runEvery(ctx, time.Second, "end the blocks that are due", a.expireBlocks) })
	jobs.Go(func() { runEvery(ctx, time.Minute, "fill what an update left for later", a.fill) })
	jobs.Go(func() { runEvery(ctx, time.Minute, "put chats in their place", a.settleTimes) })
	jobs.Go(func() { logError(ctx, "retry what is set aside", a.retrySetAside(ctx)) })
	jobs.Go(func() { a.workForAccount(ctx) })
	if a.Settings.Demo {
		jobs.Go(func() { logError(ctx, "let the demo's customers write", demo.Simulate(ctx, a.Desk)) })
	}
	jobs.Wait()
}

// waitForWork waits until this process holds the profile's work lock. It reports
// whether it does; it does not if ctx ends or the lock fails.
func (a *App) waitForWork(ctx context.Context) bool {
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	for {
		acquired, err := a.Profile.TryLockWork()
		if err != nil {
			logError(ctx, "take up the work of the profile", err)
			return false
		}
		if acquired {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-ticker.C:
		}
	}
}

func (a *App) fill(ctx context.Context) error {
	return errors.Join(a.BeginPairs(ctx), a.Fill(ctx))
}

func (a *App) settleTimes(ctx context.Context) error {
	_, err := a.SettleTimes(ctx)
	return err
}

func (a *App) expireBlocks(ctx context.Context) error {
	_, err := a.Expire(ctx)
	return err
}

// runEvery runs job at once and then at every interval until ctx ends. Errors
// are logged as a failure to do what.
func runEvery(ctx context.Context, interval time.Duration, what string, job func(context.Context) error) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		logError(ctx, what, job(ctx))
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// logError logs an error, unless it is the end of ctx that caused it.
func logError(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		slog.Error("cannot "+what, "error", err)
	}
}
