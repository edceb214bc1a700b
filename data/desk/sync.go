package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// syncBatch is how many fetched messages are written in one transaction.
const syncBatch = 100

// SyncChat merges a chat as the account has it. It may come any number of times:
// what is here already stays, but for the status of what was sent, and name and
// tags fill only what is empty. Messages from before the desk joined come in as
// read, and are held if they were written during the block in force; later ones
// come in as Receive has it. Nothing is merged if the account that was joined then
// is no longer the desk's.
func (d *Desk) SyncChat(ctx context.Context, joined data.Moment, chat data.RemoteChat) (data.SyncResult, error) {
	var all data.SyncResult
	messages := slices.Clone(chat.Messages)
	fillTimes(messages, chat.LastAt)
	slices.SortStableFunc(messages, func(a, b data.Message) int { return int(min(1, max(-1, a.At-b.At))) })
	for first := true; first || len(messages) > 0; first = false {
		some := messages[:min(syncBatch, len(messages))]
		messages = messages[len(some):]
		err := d.write(ctx, func(tx *store.Tx) error {
			if same, err := sameAccount(tx, joined); err != nil || !same {
				return err
			}
			got, err := d.syncChat(tx, chat, some)
			if err != nil {
				return err
			}
			all.CustomerID, all.NewMessages, all.NewCustomer = got.CustomerID, all.NewMessages+got.NewMessages, all.NewCustomer || got.NewCustomer
			if len(messages) > 0 || chat.Key == "" {
				return nil
			}
			return tx.SaveSynced(chat.Key, chat.LastAt)
		})
		if err != nil {
			return all, fmt.Errorf("take in a fetched chat: %w", err)
		}
	}
	return all, nil
}

func (d *Desk) syncChat(tx *store.Tx, chat data.RemoteChat, messages []data.Message) (data.SyncResult, error) {
	var got data.SyncResult
	account, err := tx.Account()
	if err != nil {
		return got, err
	}
	if !account.Joined() {
		return got, fmt.Errorf("%w: the desk has left the account", data.ErrInvalid)
	}
	now := d.Now()
	c, identity, isNew, err := findSender(tx, chat.With, sighting{late: true}, now)
	if err != nil {
		return got, err
	}
	got.CustomerID, got.NewCustomer = c.ID, isNew
	if err := expireIfDue(tx, &c, now); err != nil {
		return got, err
	}
	filled, err := fillCustomer(tx, &c, chat)
	if err != nil {
		return got, err
	}
	if filled || got.NewCustomer {
		if err := tx.Changed(data.CustomerChanged, c.ID); err != nil {
			return got, err
		}
	}
	moved := false
	for _, m := range messages {
		m.IdentityID = identity
		if err := tx.AddBusiness(m.Business); err != nil {
			return got, err
		}
		fresh, changed, err := mergeMessage(tx, &c, m, account.JoinedAt, now)
		if err != nil {
			return got, err
		}
		if fresh {
			got.NewMessages++
		}
		moved = moved || changed
	}
	if !moved {
		return got, nil
	}
	return got, tx.Changed(data.MessageChanged, c.ID)
}

// fillCustomer sets name and tags from a fetched chat where there are none. It
// reports whether it set any.
func fillCustomer(tx *store.Tx, c *data.Customer, chat data.RemoteChat) (bool, error) {
	filled := false
	if name := chat.With.CustomerName(); c.Name == "" && name != "" {
		if err := tx.SetName(c, name); err != nil {
			return false, err
		}
		filled = true
	}
	if tags := cleanTags(chat.Tags); len(c.Tags) == 0 && len(tags) > 0 {
		if err := tx.SetTags(c, tags[:min(len(tags), data.MaxTags)]); err != nil {
			return false, err
		}
		filled = true
	}
	return filled, nil
}

// mergeMessage adds a message, or updates the status of one that is here. It
// reports whether the message is fresh, and whether anything changed.
func mergeMessage(tx *store.Tx, c *data.Customer, m data.Message, joined, now data.Moment) (fresh, changed bool, err error) {
	known, err := tx.KnowsMessage(m.RemoteID, m.WhatsAppID)
	if err != nil || known && m.Direction != data.Out {
		return false, false, err
	}
	if known {
		customer, err := tx.AdvanceMessageStatus(data.StatusUpdate{MessageID: m.RemoteID, Status: m.Status, Failure: m.Failure})
		if errors.Is(err, data.ErrNotFound) { // it is here as what came in
			return false, false, nil
		}
		return false, customer != 0, err
	}
	if m.Direction == data.Out {
		_, fresh, err = tx.AddHistory(c, hasMessage(m, now))
		return fresh, fresh, err
	}
	was := m.At > 0 && m.At < joined
	identity, name, author := m.IdentityID, m.Author, authorOf(m)
	m = incoming(m, now)
	m.IdentityID = identity
	add := tx.AddMessage
	holds := func(c data.Customer) bool { return data.Decide(c, now, data.IncomingTraffic).Action == data.Hold }
	if was {
		add = tx.AddHistory
		holds = func(c data.Customer) bool { return heldAsPast(c, m, now) }
	}
	if c.IsGroup() {
		m.Author = data.CleanName(name)
	}
	if err := holdInGroup(tx, *c, &m, author, holds); err != nil {
		return false, false, err
	}
	if holds(*c) {
		m.Hold = data.IsHeld
	}
	if _, fresh, err = add(c, m); err != nil || !fresh || m.HeldFor == 0 {
		return fresh, fresh, err
	}
	return fresh, fresh, tx.Changed(data.MessageChanged, m.HeldFor)
}

// hasMessage returns a message that was sent from elsewhere as it is kept.
func hasMessage(m data.Message, now data.Moment) data.Message {
	out := incoming(m, now)
	out.IdentityID = m.IdentityID
	out.Direction, out.Author = data.Out, data.CleanName(m.Author)
	if out.Status = m.Status; out.Status != data.Delivered && out.Status != data.Read && out.Status != data.Failed {
		out.Status = data.Sent
	}
	if out.Status == data.Failed {
		out.Failure = data.CleanLine(m.Failure, data.MaxNote)
	}
	return out
}

// MarkSynced records that every chat of the account was fetched once, unless the
// account that was joined then is no longer the desk's.
func (d *Desk) MarkSynced(ctx context.Context, joined data.Moment) error {
	return d.write(ctx, func(tx *store.Tx) error {
		if same, err := sameAccount(tx, joined); err != nil || !same {
			return err
		}
		return tx.SaveSynced("", d.Now())
	})
}

// SkipChat leaves out a chat whose messages cannot be fetched until it has one
// that is newer than lastAt.
func (d *Desk) SkipChat(ctx context.Context, joined data.Moment, chat string, lastAt data.Moment) error {
	return d.write(ctx, func(tx *store.Tx) error {
		if same, err := sameAccount(tx, joined); err != nil || !same {
			return err
		}
		return tx.SaveSynced(chat, lastAt)
	})
}

// sameAccount reports whether the desk is still joined as it was at that moment.
func sameAccount(tx *store.Tx, joined data.Moment) (bool, error) {
	a, err := tx.Account()
	return a.JoinedAt == joined, err
}

// Resync makes all chats of the account be fetched again.
func (d *Desk) Resync(ctx context.Context) error {
	return d.write(ctx, func(tx *store.Tx) error {
		if err := tx.ForgetSynced(); err != nil {
			return err
		}
		return tx.Changed(data.AccountChanged, 0)
	})
}
