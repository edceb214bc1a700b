package desk

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

const (
	// backlogGap is how soon after another a message comes in that was delivered with it.
	backlogGap = time.Minute
	// clockSlack is how far a desk's clock is set without anybody noticing.
	clockSlack = 5 * time.Minute
	// settleBatch is how many chats are put in their place in one transaction.
	settleBatch = 50
)

// placeUntimed sets the place of a message that does not say when it was written: it follows
// the one before it in the chat as it came in after it. So a backlog that comes in at once
// keeps its order.
func placeUntimed(tx *store.Tx, customer int64, m *data.Message) error {
	if !m.Untimed {
		return nil
	}
	at, recorded, err := tx.LastMessage(customer)
	since := m.RecordedAt - recorded
	if err != nil || at == 0 || since < 0 || since > data.Moment(backlogGap.Milliseconds()) {
		return err
	}
	m.At = min(m.At, at+since)
	return nil
}

// fillTimes sets the time of the messages of a fetched chat that do not say when they were
// written: that of the one before them in the list, or else of the one after, or of the
// chat.
func fillTimes(messages []data.Message, last data.Moment) {
	timed := slices.IndexFunc(messages, func(m data.Message) bool { return m.At > 0 })
	if timed >= 0 {
		last = messages[timed].At
	}
	for i := range messages {
		if messages[i].At > 0 {
			last = messages[i].At
			continue
		}
		messages[i].At, messages[i].Untimed = last, true
	}
}

// SettleTimes puts chats in their place that a wrong clock of this desk left in the future,
// where they would stay on top of the list until it is reached. It returns how many.
func (d *Desk) SettleTimes(ctx context.Context) (settled int, err error) {
	for {
		now := d.Now()
		ids, err := d.queries.MisplacedChats(ctx, now.Add(clockSlack), settleBatch)
		if err != nil || len(ids) == 0 {
			return settled, err
		}
		err = d.write(ctx, func(tx *store.Tx) error {
			for _, id := range ids {
				if err := tx.SettleTimes(id, now); err != nil {
					return err
				}
				if err := tx.Changed(data.MessageChanged, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return settled, fmt.Errorf("put chats in their place: %w", err)
		}
		settled += len(ids)
	}
}
