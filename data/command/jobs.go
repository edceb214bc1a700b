package command

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/latchdesk/latchdesk/data/account"
	"github.com/latchdesk/latchdesk/data/demo"
)

// RunJobs does what must be done once in a profile, however many processes have
// it open: it waits until no other does it, and goes on until ctx ends.
func (s *App) RunJobs(ctx context.Context) {
	if !s.acquireWork(ctx) {
		return
	}
	var jobs sync.WaitGroup
	jobs.Go(func() { runEvery(ctx, time.Hour, "make the daily copy", s.Maintain) })
	jobs.Go(func() { runEvery(ctx, time.Second, "end the blocks that are due", s.expireBlocks) })
	jobs.Go(func() { account.NewWorker(s.Desk, s.Credentials(), s.version).Work(ctx) })
	if s.Settings.Demo {
		jobs.Go(func() { logError(ctx, "let the demo's customers write", demo.Simulate(ctx, s.Desk)) })
	}
	jobs.Wait()
}

// acquireWork waits for the work to be nobody's; it reports whether it is ours now.
func (s *App) acquireWork(ctx context.Context) bool {
	turn := time.NewTicker(time.Second)
	defer turn.Stop()
	for {
		mine, err := s.Profile.TryLockWork()
		if err != nil {
			logError(ctx, "take up the work of the profile", err)
			return false
		}
		if mine {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-turn.C:
		}
	}
}

func (s *App) expireBlocks(ctx context.Context) error {
	_, err := s.Expire(ctx)
	return err
}

// runEvery does a job at once and then every so often until ctx ends.
func runEvery(ctx context.Context, every time.Duration, what string, job func(context.Context) error) {
	turn := time.NewTicker(every)
	defer turn.Stop()
	for {
		logError(ctx, what, job(ctx))
		select {
		case <-ctx.Done():
			return
		case <-turn.C:
		}
	}
}

func logError(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		slog.Error("cannot "+what, "error", err)
	}
}
