package app

import (
	"context"
	"log/slog"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/receive"
)

// RetrySetAside reads the deliveries with the ids anew that are set aside, or all
// there are where none is named.
func (a *App) RetrySetAside(ctx context.Context, by data.Actor, ids ...int64) (receive.Retried, error) {
	return receive.Retry(ctx, a.Desk, by, ids...)
}

// retrySetAside retries all that is set aside if another version of the program did
// so last: this one may understand more.
func (a *App) retrySetAside(ctx context.Context) error {
	last, err := a.SetAsideRetriedBy(ctx)
	if err != nil || last == a.version {
		return err
	}
	total, err := a.SetAsideTotal(ctx)
	if err != nil || total.Rows == 0 {
		return err
	}
	sum, err := receive.Retry(ctx, a.Desk, data.Actor{Kind: data.ScheduleActor, Channel: data.ViaSchedule})
	if err != nil {
		return err
	}
	slog.Info("retried what is set aside", "version", a.version, "tried", sum.Tried, "taken", sum.Taken)
	return a.SaveSetAsideRetriedBy(ctx, a.version)
}
