package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Add makes a customer without a chat, so that a number can be blocked before
// it ever writes. Who is known here already is given as it is.
func (d *Desk) Add(ctx context.Context, phone data.Phone, name string) (data.Customer, error) {
	var c data.Customer
	err := d.write(ctx, func(tx *store.Tx) (err error) {
		if c, err = tx.CustomerByPhone(phone); !errors.Is(err, data.ErrNotFound) {
			return err
		}
		if c, err = tx.AddCustomer(phone, data.CleanLine(name, data.MaxName)); err != nil {
			return err
		}
		return tx.Changed(data.CustomerChanged, c.ID)
	})
	return c, err
}

// Send writes an outgoing message and removes the draft. It goes out through
// the account that the desk is joined to; without one it is kept here. A blocked
// customer returns data.ErrBlocked.
func (d *Desk) Send(ctx context.Context, by data.Actor, customer int64, text string) (data.Message, error) {
	return d.SendIdempotent(ctx, by, customer, data.SendRequest{Text: text})
}

// SendIdempotent is Send for a request that may come twice: the second time gives the
// message of the first, also where the customer is blocked now. A mark or an id
// that came with another request gives data.ErrReused.
func (d *Desk) SendIdempotent(ctx context.Context, by data.Actor, customer int64, ask data.SendRequest) (data.Message, error) {
	ask.Text = strings.TrimSpace(data.Clean(ask.Text))
	if ask.Text == "" || utf8.RuneCountInString(ask.Text) > data.MaxSend {
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
		if m, repeated, err = findSent(tx, c.ID, ask, now); err != nil || repeated {
			return err
		}
		if err := expireIfDue(tx, &c, now); err != nil {
			return err
		}
		if verdict := data.Decide(c, now, data.OutgoingTraffic); verdict.Action != data.Deliver {
			return fmt.Errorf("send to customer %d: %w", customer, data.ErrBlocked)
		}
		m = data.Message{
			CustomerID: c.ID, Direction: data.Out, At: now, RecordedAt: now, Kind: data.TextMessage, Text: ask.Text,
			RemoteID: cmp.Or(ask.ID, uuid.NewString()), Author: data.CleanLine(by.Name, data.MaxName), Status: data.KeptHere,
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
			if err := enqueueText(tx, m); err != nil {
				return err
			}
		}
		if err := tx.SaveDraft(c.ID, ""); err != nil {
			return err
		}
		if err := saveSentResponse(tx, ask.Idempotency, m, now); err != nil {
			return err
		}
		return tx.Changed(data.MessageChanged, c.ID)
	})
	return m, err
}

// farFuture is how far ahead of the desk's clock a network's clock is believed.
const farFuture = 24 * time.Hour

// Receive takes messages as they came in, all or none. What is there already
// is told as a duplicate; what comes from a blocked customer is held.
func (d *Desk) Receive(ctx context.Context, messages []data.Incoming) ([]data.Received, error) {
	results := make([]data.Received, len(messages))
	err := d.write(ctx, func(tx *store.Tx) error {
		for i, in := range messages {
			result, err := d.receive(tx, in)
			if err != nil {
				return err
			}
			results[i] = result
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("receive: %w", err)
	}
	return results, nil
}

func (d *Desk) receive(tx *store.Tx, in data.Incoming) (data.Received, error) {
	for _, known := range []string{in.Message.RemoteID, in.Message.WhatsAppID} { // it may have been fetched by the other
		if id, customer, err := tx.FindMessage(known); err != nil || id != 0 {
			return data.Received{CustomerID: customer, MessageID: id, Duplicate: true}, err
		}
	}
	var result data.Received
	name := data.CleanLine(in.Name, data.MaxName)
	c, err := tx.CustomerByPhone(in.Phone)
	if errors.Is(err, data.ErrNotFound) {
		result.NewCustomer = true
		c, err = tx.AddCustomer(in.Phone, name)
	}
	if err != nil {
		return result, err
	}
	now := d.Now()
	if err := expireIfDue(tx, &c, now); err != nil {
		return result, err
	}
	m := incoming(in.Message, now)
	if data.Decide(c, now, data.IncomingTraffic).Action == data.Hold {
		m.Hold = data.IsHeld
	}
	result.CustomerID, result.Held = c.ID, m.Hold == data.IsHeld
	if result.MessageID, _, err = tx.AddMessage(&c, m); err != nil {
		return result, err
	}
	if c.Name == "" && name != "" {
		if err := tx.SetName(&c, name); err != nil {
			return result, err
		}
		if err := tx.Changed(data.CustomerChanged, c.ID); err != nil {
			return result, err
		}
	}
	return result, tx.Changed(data.MessageChanged, c.ID)
}

// incoming takes of a message what its sender can say, and nothing of what is
// the desk's to decide.
func incoming(m data.Message, now data.Moment) data.Message {
	if m.At <= 0 || m.At > now.Add(farFuture) {
		m.At = now
	}
	return data.Message{
		Direction: data.In, At: m.At, RecordedAt: now, Kind: m.Kind, Text: data.Clean(m.Text), File: m.File, URL: m.URL,
		RemoteID: m.RemoteID, WhatsAppID: m.WhatsAppID, Business: m.Business, ReplyTo: m.ReplyTo,
	}
}

// UpdateMessageStatus takes news of an outgoing message. Unknown messages give
// data.ErrNotFound.
func (d *Desk) UpdateMessageStatus(ctx context.Context, update data.StatusUpdate) error {
	return d.write(ctx, func(tx *store.Tx) error {
		customer, err := tx.AdvanceMessageStatus(update)
		if err != nil || customer == 0 {
			return err
		}
		return tx.Changed(data.MessageChanged, customer)
	})
}

// SetRead marks a chat as read, or as unread.
func (d *Desk) SetRead(ctx context.Context, customer int64, read bool) error {
	return d.write(ctx, func(tx *store.Tx) error {
		changed, err := tx.SetRead(customer, read)
		if err != nil || !changed {
			return err
		}
		return tx.Changed(data.ReadChanged, customer)
	})
}

// SaveDraft keeps what is half written to a customer.
func (d *Desk) SaveDraft(ctx context.Context, customer int64, text string) error {
	text = data.Clean(text)
	return d.write(ctx, func(tx *store.Tx) error {
		if _, err := tx.Customer(customer); err != nil {
			return err
		}
		if err := tx.SaveDraft(customer, text); err != nil {
			return err
		}
		return tx.Changed(data.DraftChanged, customer)
	})
}

// Rename returns the customer another name; an empty one goes back to the number.
func (d *Desk) Rename(ctx context.Context, by data.Actor, customer int64, name string) error {
	name = data.CleanLine(name, data.MaxName)
	return d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil || c.Name == name {
			return err
		}
		now := d.Now()
		if err := expireIfDue(tx, &c, now); err != nil {
			return err
		}
		detail := data.Detail{From: c.Name, To: name}
		if err := tx.SetName(&c, name); err != nil {
			return err
		}
		if _, err := appendEvent(tx, c, data.RenamedEvent, by, now, now, detail); err != nil {
			return err
		}
		return tx.Changed(data.CustomerChanged, c.ID)
	})
}

// SetTags replaces the customer's tags.
func (d *Desk) SetTags(ctx context.Context, customer int64, tags []string) error {
	clean := cleanTags(tags)
	if len(clean) > data.MaxTags {
		return fmt.Errorf("set the tags: %w: %d are the most", data.ErrInvalid, data.MaxTags)
	}
	return d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil || slices.Equal(c.Tags, clean) {
			return err
		}
		if err := expireIfDue(tx, &c, d.Now()); err != nil {
			return err
		}
		if err := tx.SetTags(&c, clean); err != nil {
			return err
		}
		return tx.Changed(data.CustomerChanged, c.ID)
	})
}

func cleanTags(tags []string) []string {
	var clean []string
	for _, tag := range tags {
		if tag = data.CleanLine(tag, data.MaxTag); tag != "" {
			clean = append(clean, tag)
		}
	}
	slices.Sort(clean)
	return slices.Compact(clean)
}

// Clear takes all messages of a chat out of sight. Nothing is erased: the rows
// are marked, and the event says who did it.
func (d *Desk) Clear(ctx context.Context, by data.Actor, customer int64) error {
	return d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil {
			return err
		}
		now := d.Now()
		if _, err := tx.Clear(c.ID, now); err != nil {
			return err
		}
		// What a block that has ended held was never seen: it is not cleared.
		if err := expireIfDue(tx, &c, now); err != nil {
			return err
		}
		if _, err := appendEvent(tx, c, data.ClearedEvent, by, now, now, data.Detail{}); err != nil {
			return err
		}
		return tx.Changed(data.MessageChanged, c.ID)
	})
}
