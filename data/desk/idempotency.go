package desk

import (
	"context"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// idempotent is a step that is not taken again for a marked request, whatever
// happened between. The mark is kept in the transaction of the step.
func idempotent(o data.IdempotencyKey, do mutation) mutation {
	if o.Key == "" {
		return do
	}
	return func(tx *store.Tx, c *data.Customer, now data.Moment) (data.Event, error) {
		if _, done, err := tx.FindResponse(o, now); err != nil || done {
			return data.Event{}, err
		}
		e, err := do(tx, c, now)
		if err != nil {
			return e, err
		}
		return e, tx.SaveResponse(o, "", now)
	}
}

// SaveResponse remembers what was answered to a marked request whose acts were
// done one by one, each of which can be done again.
func (d *Desk) SaveResponse(ctx context.Context, o data.IdempotencyKey, answer string) error {
	return d.write(ctx, func(tx *store.Tx) error { return tx.SaveResponse(o, answer, d.Now()) })
}

// findSent returns the message that a repeated request sent: as it stood then
// where the request was marked, as it stands now where it came with an id.
func findSent(tx *store.Tx, customer int64, ask data.SendRequest, now data.Moment) (m data.Message, found bool, err error) {
	if ask.Idempotency.Key != "" {
		answer, done, err := tx.FindResponse(ask.Idempotency, now)
		if err != nil {
			return m, false, err
		}
		if done {
			var id string
			var tick data.MessageStatus
			if _, err := fmt.Sscan(answer, &id, &tick); err != nil {
				return m, false, fmt.Errorf("read what was answered: %w", err)
			}
			m, err = tx.SentAs(id)
			m.Status = tick
			return m, true, err
		}
	}
	if ask.ID == "" {
		return m, false, nil
	}
	id, _, err := tx.FindMessage(ask.ID)
	if err != nil || id == 0 {
		return m, false, err
	}
	if m, err = tx.SentAs(ask.ID); err != nil {
		return m, false, err
	}
	if m.CustomerID != customer || m.Direction != data.Out || m.Text != ask.Text {
		return m, false, fmt.Errorf("send to customer %d: %w", customer, data.ErrReused)
	}
	return m, true, nil
}

// saveSentResponse remembers what was sent for a marked request.
func saveSentResponse(tx *store.Tx, o data.IdempotencyKey, m data.Message, now data.Moment) error {
	if o.Key == "" {
		return nil
	}
	return tx.SaveResponse(o, fmt.Sprint(m.RemoteID, " ", int(m.Status)), now)
}
