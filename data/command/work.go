package command

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/latchdesk/latchdesk/data/account"
	"github.com/latchdesk/latchdesk/data/demo"
)

// Work does what must be done once in a profile, however many processes have
// it open: it waits until no other does it, and goes on until ctx ends.
func (s *Session) Work(ctx context.Context) {
	if !s.takeUp(ctx) {
		return
	}
	var jobs sync.WaitGroup
	jobs.Go(func() { repeat(ctx, time.Hour, "make the daily copy", s.Maintain) })
	jobs.Go(func() { repeat(ctx, time.Second, "end the blocks that are due", s.expire) })
	jobs.Go(func() { account.NewWorker(s.Desk, s.Keys(), s.version).Work(ctx) })
	if s.Settings.Demo {
		jobs.Go(func() { report(ctx, "let the demo's customers write", demo.Live(ctx, s.Desk)) })
	}
	jobs.Wait()
}

// takeUp waits for the work to be nobody's; it reports whether it is ours now.
func (s *Session) takeUp(ctx context.Context) bool {
	turn := time.NewTicker(time.Second)
	defer turn.Stop()
	for {
		mine, err := s.Profile.TakeWork()
		if err != nil {
			report(ctx, "take up the work of the profile", err)
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

func (s *Session) expire(ctx context.Context) error {
	_, err := s.Expire(ctx)
	return err
}

// repeat does a job at once and then every so often until ctx ends.
func repeat(ctx context.Context, every time.Duration, what string, job func(context.Context) error) {
	turn := time.NewTicker(every)
	defer turn.Stop()
	for {
		report(ctx, what, job(ctx))
		select {
		case <-ctx.Done():
			return
		case <-turn.C:
		}
	}
}

func report(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		slog.Error("cannot "+what, "error", err)
	}
}
