package desk

import (
	"context"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// isRepeated reports whether the request with this key was done already,
// whatever happened since. Without a key it was not. It returns data.ErrReused
// if the key came with another request.
func isRepeated(tx *store.Tx, key data.IdempotencyKey, now data.Moment) (bool, error) {
	if key.Key == "" {
		return false, nil
	}
	_, done, err := tx.FindResponse(key, now)
	return done, err
}

// saveRequest remembers the request with this key as done, in the transaction of
// its act. Without a key there is nothing to remember.
func saveRequest(tx *store.Tx, key data.IdempotencyKey, now data.Moment) error {
	if key.Key == "" {
		return nil
	}
	return tx.SaveResponse(key, "", now)
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
