package desk

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Send writes an outgoing message and removes the draft. The message goes out
// through the account that the desk is joined to; without one it is kept here.
// Send returns data.ErrInvalid if the text is empty or longer than data.MaxSend,
// and data.ErrBlocked if the customer is blocked.
func (d *Desk) Send(ctx context.Context, by data.Actor, customer int64, text string) (data.Message, error) {
	return d.SendIdempotent(ctx, by, customer, data.SendRequest{Text: text})
}

// SendIdempotent is Send for a request that may come twice: the second time it
// returns the message of the first, even if the customer is now blocked. It
// returns data.ErrReused if the idempotency key or the id came with another
// request.
func (d *Desk) SendIdempotent(ctx context.Context, by data.Actor, customer int64, req data.SendRequest) (data.Message, error) {
	req.Text = strings.TrimSpace(data.Clean(req.Text))
	if req.Text == "" || utf8.RuneCountInString(req.Text) > data.MaxSend {
		return data.Message{}, fmt.Errorf("send: %w: a message has 1 to %d characters", data.ErrInvalid, data.MaxSend)
	}
	var m data.Message
	err := d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil {
			return err
		}
		now := d.Now()
		var repeated bool
		if m, repeated, err = findSent(tx, c.ID, req, now); err != nil || repeated {
			return err
		}
		if err := expireIfDue(tx, &c, now); err != nil {
			return err
		}
		if verdict := data.Decide(c, now, data.OutgoingTraffic); verdict.Action != data.Deliver {
			return fmt.Errorf("send to customer %d: %w", customer, data.ErrBlocked)
		}
		m = data.Message{
			CustomerID: c.ID, Direction: data.Out, At: now, RecordedAt: now, Kind: data.TextMessage, Text: req.Text,
			RemoteID: cmp.Or(req.ID, uuid.NewString()), Author: data.CleanName(by.Name), Status: data.KeptHere,
		}
		ids, err := tx.Identities(c.ID)
		if err != nil {
			return err
		}
		if len(ids) > 0 {
			m.IdentityID = ids[0].ID
		}
		account, err := tx.Account()
		if err != nil {
			return err
		}
		if account.Joined() {
			m.Status, m.Business = data.Waiting, string(account.Number)
		}
		if m.ID, _, err = tx.AddMessage(&c, m); err != nil {
			return err
		}
		if account.Joined() {
			if err := enqueueText(tx, c, m); err != nil {
				return err
			}
		}
		if err := tx.SaveDraft(c.ID, ""); err != nil {
			return err
		}
		if err := saveSentResponse(tx, req.Idempotency, m, now); err != nil {
			return err
		}
		return tx.Changed(data.MessageChanged, c.ID)
	})
	return m, err
}

// findSent returns the message that a repeated request sent: as it stood then if
// the request came with an idempotency key, as it stands now if it came with an id.
func findSent(tx *store.Tx, customer int64, req data.SendRequest, now data.Moment) (m data.Message, found bool, err error) {
	if req.Idempotency.Key != "" {
		answer, done, err := tx.FindResponse(req.Idempotency, now)
		if err != nil {
			return m, false, err
		}
		if done {
			var id string
			var status data.MessageStatus
			if _, err := fmt.Sscan(answer, &id, &status); err != nil {
				return m, false, fmt.Errorf("read what was answered: %w", err)
			}
			m, err = tx.SentAs(id)
			m.Status = status
			return m, true, err
		}
	}
	if req.ID == "" {
		return m, false, nil
	}
	id, _, err := tx.FindMessage(req.ID)
	if err != nil || id == 0 {
		return m, false, err
	}
	if m, err = tx.SentAs(req.ID); err != nil {
		return m, false, err
	}
	if m.CustomerID != customer || m.Direction != data.Out || m.Text != req.Text {
		return m, false, fmt.Errorf("send to customer %d: %w", customer, data.ErrReused)
	}
	return m, true, nil
}

// saveSentResponse remembers what was sent for a request with an idempotency key.
func saveSentResponse(tx *store.Tx, key data.IdempotencyKey, m data.Message, now data.Moment) error {
	if key.Key == "" {
		return nil
	}
	return tx.SaveResponse(key, fmt.Sprint(m.RemoteID, " ", int(m.Status)), now)
}

// UpdateMessageStatus moves the status of an outgoing message forward. It returns
// data.ErrNotFound if there is no such message.
func (d *Desk) UpdateMessageStatus(ctx context.Context, update data.StatusUpdate) error {
	return d.write(ctx, func(tx *store.Tx) error { return updateStatus(tx, update) })
}

func updateStatus(tx *store.Tx, update data.StatusUpdate) error {
	customer, err := tx.AdvanceMessageStatus(update)
	if err != nil || customer == 0 {
		return err
	}
	return tx.Changed(data.MessageChanged, customer)
}

// SaveDraft keeps what is half written to a customer; an empty text removes it.
func (d *Desk) SaveDraft(ctx context.Context, customer int64, text string) error {
	text = data.Clean(text)
	return d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil {
			return err
		}
		if err := tx.SaveDraft(c.ID, text); err != nil {
			return err
		}
		return tx.Changed(data.DraftChanged, c.ID)
	})
}
