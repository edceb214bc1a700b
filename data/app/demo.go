package app

import (
	"context"
	"fmt"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/demo"
)

// ResetDemo puts the demo's world back to its beginning. It returns
// data.ErrNoDemo if the profile is no demo.
func (a *App) ResetDemo(ctx context.Context) error {
	if err := a.checkResettable(ctx, false); err != nil {
		return err
	}
	return a.resetDemo(ctx, demo.Size{}, func(int, int) {})
}

// ResetDemo puts the world of a demo that need not be open back to its
// beginning, at the size that is asked for, and returns what it holds then.
// Progress is reported in messages. It returns data.ErrNoDemo, and changes
// nothing, if the profile is no demo and cannot become one: only an empty
// profile can, and only where ref asks for a demo.
func (ref ProfileRef) ResetDemo(ctx context.Context, now func() time.Time, size demo.Size, onProgress func(done, total int)) (stats data.Stats, err error) {
	if !ref.Demo && !ref.HasDatabase() {
		return stats, fmt.Errorf("%s: %w", ref.Folder, data.ErrNoDemo)
	}
	a, err := ref.open(ctx, now)
	if err != nil {
		return stats, err
	}
	defer a.Close()
	if err := a.checkResettable(ctx, ref.Demo); err != nil {
		return stats, err
	}
	if err := a.resetDemo(ctx, size, onProgress); err != nil {
		return stats, err
	}
	return a.Stats(ctx)
}

// seedDemo makes a fresh profile a demo, and leaves one that is a demo alone. Of
// several processes that come at once one does it and the others wait, so that
// no second beginning undoes what somebody has done since the first.
func (a *App) seedDemo(ctx context.Context) error {
	seeded, err := a.isSeeded(ctx)
	if err != nil || seeded {
		return err
	}
	return a.Profile.Exclusively(func() error {
		seeded, err := a.isSeeded(ctx)
		if err != nil || seeded {
			return err
		}
		if err := a.checkResettable(ctx, true); err != nil {
			return err
		}
		return a.resetDemo(ctx, demo.Size{}, func(int, int) {})
	})
}

// isSeeded reports whether the profile is a demo with customers in it.
func (a *App) isSeeded(ctx context.Context) (bool, error) {
	var err error
	if a.Settings, err = a.Desk.Settings(ctx); err != nil || !a.Settings.Demo {
		return false, err
	}
	counts, err := a.Counts(ctx)
	return counts.All > 0, err
}

// checkResettable returns data.ErrNoDemo if the profile is no demo. An empty
// profile may become one where a demo is requested.
func (a *App) checkResettable(ctx context.Context, demoRequested bool) error {
	if a.Settings.Demo {
		return nil
	}
	if demoRequested {
		empty, err := a.IsEmpty(ctx)
		if err != nil || empty {
			return err
		}
	}
	return fmt.Errorf("%s: %w", a.Profile.Folder, data.ErrNoDemo)
}

// resetDemo replaces all that the profile holds by a demo's world.
func (a *App) resetDemo(ctx context.Context, size demo.Size, onProgress func(done, total int)) (err error) {
	if err := demo.Reset(ctx, a.Desk, size, onProgress); err != nil {
		return err
	}
	a.Settings, err = a.Desk.Settings(ctx)
	return err
}
