package fetch

import (
	"context"
	"errors"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

const (
	// pollStatusesFor is how long the status of a text is asked for.
	pollStatusesFor = 24 * time.Hour
	// statusesPerPoll is how many texts are asked for in a run.
	statusesPerPoll = 5
)

// pollStatuses asks for the statuses of texts that were sent lately: the older a
// text is, the less often.
func (s *Syncer) pollStatuses(ctx context.Context, c *doubletick.Client) error {
	now := s.desk.Now()
	texts, err := s.desk.InFlightTexts(ctx, now.Add(-pollStatusesFor), 10*statusesPerPoll)
	if err != nil {
		return err
	}
	asked := map[int64]data.Moment{}
	some := 0
	for _, m := range texts {
		last := max(s.lastPolled[m.ID], m.RecordedAt)
		asked[m.ID] = last
		if some == statusesPerPoll || now-last < max(30_000, (now-m.RecordedAt)/4) {
			continue
		}
		some++
		asked[m.ID] = now
		f, v := c.MessageStatus(ctx, m.RemoteID)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err := s.breaker.Record(ctx, c, v); err != nil {
			return err
		}
		if v.Kind == data.ResultOK && f.Known {
			err := s.desk.UpdateMessageStatus(ctx, data.StatusUpdate{MessageID: m.RemoteID, Status: f.Status, At: now, Failure: f.Failure})
			if err != nil && !errors.Is(err, data.ErrNotFound) {
				return err
			}
		}
		if v.State != data.Online {
			break
		}
	}
	s.lastPolled = asked
	return nil
}
