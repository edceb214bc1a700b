package command

import (
	"context"
	"log/slog"
	"time"
)

// Work does what must be done once in a profile, however many processes have
// it open: it waits until no other does it, and goes on until ctx ends.
func (s *Session) Work(ctx context.Context) {
	turn := time.NewTicker(time.Second)
	defer turn.Stop()
	for mine := false; !mine; {
		var err error
		if mine, err = s.Profile.TakeWork(); err != nil {
			slog.Error("cannot take up the work of the profile", "error", err)
			return
		}
		if mine {
			break
		}
		select {
		case <-ctx.Done():
			return
		case <-turn.C:
		}
	}
	s.maintain(ctx)
}

// maintainEvery is how often it is looked whether a copy is due.
const maintainEvery = time.Hour

func (s *Session) maintain(ctx context.Context) {
	turn := time.NewTicker(maintainEvery)
	defer turn.Stop()
	for {
		if err := s.Maintain(ctx); err != nil && ctx.Err() == nil {
			slog.Error("cannot make the daily copy", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-turn.C:
		}
	}
}
