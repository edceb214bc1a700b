package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/latchdesk/latchdesk/data"
)

type messageRow struct {
	ID            int64 `gorm:"primaryKey"`
	CustomerID    int64
	IdentityID    int64
	Direction     data.Direction
	At            data.Moment
	Untimed       bool
	RecordedAt    data.Moment
	Kind          data.Kind
	Text          string
	File          string
	URL           string `gorm:"column:url"`
	RemoteID      string
	WhatsAppID    string `gorm:"column:whatsapp_id"`
	Business      string
	ReplyTo       string
	Author        string
	AuthorAddress data.Address
	Tick          data.MessageStatus
	Failure       string
	Hold          data.HoldState
	HeldFor       int64
	ClearedAt     data.Moment
	Checksum      int64
}

func (messageRow) TableName() string { return "messages" }

// shown is the condition of the index messages_shown, word for word.
const shown = "cleared_at = 0 AND hold IN (0, 2)"

// These repeat the conditions of the indexes messages_remote and
// messages_released, without which SQLite would read all messages.
const (
	byRemoteID = "remote_id = ? AND remote_id <> ''"
	byRelease  = "released_by = ? AND released_by > 0"
)

func messageRowOf(m data.Message) messageRow {
	return messageRow{
		ID: m.ID, CustomerID: m.CustomerID, IdentityID: m.IdentityID, Direction: m.Direction, At: m.At, Untimed: m.Untimed, RecordedAt: m.RecordedAt, Kind: m.Kind,
		Text: m.Text, File: m.File, URL: m.URL, RemoteID: m.RemoteID, WhatsAppID: m.WhatsAppID, Business: m.Business,
		ReplyTo: m.ReplyTo, Author: m.Author, AuthorAddress: m.AuthorAddress, Tick: m.Status, Failure: m.Failure, Hold: m.Hold, HeldFor: m.HeldFor,
	}
}

func (r messageRow) message() data.Message {
	return data.Message{
		ID: r.ID, CustomerID: r.CustomerID, IdentityID: r.IdentityID, Direction: r.Direction, At: r.At, Untimed: r.Untimed, RecordedAt: r.RecordedAt, Kind: r.Kind,
		Text: r.Text, File: r.File, URL: r.URL, RemoteID: r.RemoteID, WhatsAppID: r.WhatsAppID, Business: r.Business,
		ReplyTo: r.ReplyTo, Author: r.Author, AuthorAddress: r.AuthorAddress, Status: r.Tick, Failure: r.Failure, Hold: r.Hold, HeldFor: r.HeldFor,
	}
}

func messagesOf(rows []messageRow) []data.Message {
	messages := make([]data.Message, len(rows))
	for i, row := range rows {
		messages[i] = row.message()
	}
	return messages
}

// AddMessage writes a message and what follows from it: the chat's row, the
// unread mark, the count of the held. A message whose RemoteID is already
// there changes nothing; fresh is false then.
func (t *Tx) AddMessage(c *data.Customer, m data.Message) (id int64, fresh bool, err error) {
	unread := 0
	if m.Direction == data.In && !m.Kind.IsAct() {
		unread = 1
	}
	return t.addMessage(c, m, unread)
}

// AddHistory writes a message of the past as AddMessage does, but nobody has to
// read it.
func (t *Tx) AddHistory(c *data.Customer, m data.Message) (id int64, fresh bool, err error) {
	return t.addMessage(c, m, 0)
}

func (t *Tx) addMessage(c *data.Customer, m data.Message, unread int) (id int64, fresh bool, err error) {
	row := messageRowOf(m)
	row.CustomerID, row.Checksum = c.ID, row.sealed()
	done := t.db.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if done.Error != nil {
		return 0, false, fmt.Errorf("write a message: %w", done.Error)
	}
	if done.RowsAffected == 0 {
		id, _, err := t.FindMessage(m.RemoteID)
		return id, false, err
	}
	t.addSum(c.ID, messageSum{1, row.Checksum})
	if err := t.addAct(row.ID, m); err != nil {
		return row.ID, true, err
	}
	switch {
	case m.Hold == data.IsHeld && m.HeldFor != 0:
		return row.ID, true, t.addHeld(&data.Customer{ID: m.HeldFor}, 1)
	case m.Hold == data.IsHeld:
		return row.ID, true, t.addHeld(c, 1)
	case m.Hold == data.Discarded:
		return row.ID, true, nil
	}
	return row.ID, true, t.touchChat(c.ID, m.At, m.Preview(), unread)
}

// FindMessage returns the message with this remote id and its customer, zeros
// where there is none.
func (t *Tx) FindMessage(remoteID string) (id, customer int64, err error) {
	var row struct{ ID, CustomerID int64 }
	if err := t.db.Raw("SELECT id, customer_id FROM messages WHERE "+byRemoteID, remoteID).Scan(&row).Error; err != nil {
		return 0, 0, fmt.Errorf("look for message %s: %w", remoteID, err)
	}
	return row.ID, row.CustomerID, nil
}

// FindReceived returns the message with one of these ids, DoubleTick's and
// WhatsApp's, and its customer, zeros where there is none. It may have come before by
// the other.
func (t *Tx) FindReceived(remoteID, whatsAppID string) (id, customer int64, err error) {
	var row struct{ ID, CustomerID int64 }
	err = t.db.Raw(`SELECT id, customer_id FROM messages WHERE remote_id IN (?, ?) AND remote_id <> ''
		UNION ALL SELECT id, customer_id FROM messages WHERE whatsapp_id = ? AND whatsapp_id <> '' LIMIT 1`, remoteID, whatsAppID, whatsAppID).Scan(&row).Error
	if err != nil {
		return 0, 0, fmt.Errorf("look for message %s: %w", remoteID, err)
	}
	return row.ID, row.CustomerID, nil
}

// ReceivedIDs returns those of the ids, of either kind, by which a message is here.
func (t *Tx) ReceivedIDs(ids []string) (map[string]bool, error) {
	// One value that holds all: the driver looks for each value among all of them.
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("look for %d messages: %w", len(ids), err)
	}
	var here []string
	err = t.db.Raw(`SELECT value FROM json_each(?) WHERE value <> '' AND (
		EXISTS (SELECT 1 FROM messages WHERE remote_id = value AND remote_id <> '')
		OR EXISTS (SELECT 1 FROM messages WHERE whatsapp_id = value AND whatsapp_id <> ''))`, string(list)).Scan(&here).Error
	if err != nil {
		return nil, fmt.Errorf("look for %d messages: %w", len(ids), err)
	}
	known := make(map[string]bool, len(here))
	for _, id := range here {
		known[id] = true
	}
	return known, nil
}

// KnowsMessage reports whether a message is here by one of its ids, our own or
// WhatsApp's.
func (t *Tx) KnowsMessage(ids ...string) (bool, error) {
	for _, id := range ids {
		if id == "" {
			continue
		}
		var known int
		err := t.db.Raw("SELECT EXISTS (SELECT 1 FROM messages WHERE "+byRemoteID+") OR EXISTS (SELECT 1 FROM messages WHERE whatsapp_id = ? AND whatsapp_id <> '')", id, id).Scan(&known).Error
		if err != nil {
			return false, fmt.Errorf("look for message %s: %w", id, err)
		}
		if known != 0 {
			return true, nil
		}
	}
	return false, nil
}

// Clear takes all messages of a chat out of sight, whose rows stay, and returns how many
// they were and how many of them were unread.
func (t *Tx) Clear(customer int64, at data.Moment) (messages, unread int, err error) {
	err = t.db.Raw("SELECT unread FROM chats WHERE customer_id = ?", customer).Scan(&unread).Error
	if err != nil {
		return 0, 0, fmt.Errorf("clear the chat: %w", err)
	}
	done := t.db.Exec("UPDATE messages SET cleared_at = ? WHERE customer_id = ? AND "+shown, at, customer)
	if done.Error != nil {
		return 0, 0, fmt.Errorf("clear the chat: %w", done.Error)
	}
	err = t.db.Exec("UPDATE chats SET unread = 0, marked = 0 WHERE customer_id = ?", customer).Error
	if err != nil {
		return 0, 0, fmt.Errorf("clear the chat: %w", err)
	}
	return int(done.RowsAffected), unread, nil
}

// UndoClear brings back what was cleared at a moment, of which unread were unread, and
// returns how many messages that are.
func (t *Tx) UndoClear(customer int64, at data.Moment, unread int) (int, error) {
	done := t.db.Exec("UPDATE messages SET cleared_at = 0 WHERE customer_id = ? AND cleared_at = ? AND cleared_at > 0 AND hold IN (0, 2)", customer, at)
	if done.Error != nil {
		return 0, fmt.Errorf("undo the clearing of a chat: %w", done.Error)
	}
	return int(done.RowsAffected), t.raiseUnread(customer, unread)
}

// AdvanceMessageStatus moves the status of an outgoing message forward; it returns the customer, or zero
// where no such message is known or nothing changed.
func (t *Tx) AdvanceMessageStatus(u data.StatusUpdate) (customer int64, err error) {
	var row messageRow
	found := t.db.Where(byRemoteID+" AND direction = ?", u.MessageID, data.Out).Limit(1).Find(&row)
	if found.Error == nil && found.RowsAffected == 0 {
		found = t.db.Where("whatsapp_id = ? AND whatsapp_id <> '' AND direction = ?", u.MessageID, data.Out).Limit(1).Find(&row)
	}
	if found.Error != nil {
		return 0, fmt.Errorf("look for message %s: %w", u.MessageID, found.Error)
	}
	if found.RowsAffected == 0 {
		return 0, fmt.Errorf("message %s: %w", u.MessageID, data.ErrNotFound)
	}
	next := row.Tick.Advance(u.Status)
	if next == row.Tick {
		return 0, nil
	}
	failure := ""
	if next == data.Failed {
		failure = u.Failure
	}
	return row.CustomerID, t.db.Exec("UPDATE messages SET tick = ?, failure = ? WHERE id = ?", next, failure, row.ID).Error
}

// heldMessages reads what is held in the chat and what is held in groups each by its
// own index.
const heldMessages = `SELECT * FROM (SELECT * FROM messages WHERE customer_id = @customer AND hold = 1 AND held_for = 0 ORDER BY at, id LIMIT @limit)
	UNION ALL SELECT * FROM (SELECT * FROM messages WHERE held_for = @customer AND held_for > 0 AND hold = 1 ORDER BY at, id LIMIT @limit)
	ORDER BY at, id LIMIT @limit`

// Held reads the messages that the customer's block holds, oldest first: those in the
// chat, and those that the customer wrote in groups.
func (r *Queries) Held(ctx context.Context, customer int64, limit int) ([]data.Message, error) {
	var rows []messageRow
	err := r.db.WithContext(ctx).Raw(heldMessages, sql.Named("customer", customer), sql.Named("limit", limit)).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the held messages of customer %d: %w", customer, err)
	}
	return messagesOf(rows), nil
}

// LastMessageID returns the id of the message that was written down last, zero
// if there is none.
func (r *Queries) LastMessageID(ctx context.Context) (int64, error) {
	var id int64
	return id, r.db.WithContext(ctx).Raw("SELECT coalesce(max(id), 0) FROM messages").Scan(&id).Error
}

// IncomingAfter returns the customers whose messages came in after the one with
// the id after and are in their chats, with how many each; last is the newest
// message there is, whatever it is. A message that had been set aside came in
// long before.
func (r *Queries) IncomingAfter(ctx context.Context, after int64) (counts map[int64]int, last int64, err error) {
	if last, err = r.LastMessageID(ctx); err != nil {
		return nil, after, fmt.Errorf("read the new messages: %w", err)
	}
	// Few are new, however many there are: they are read by their ids.
	rows, err := r.rows(ctx, `SELECT customer_id, count(*) FROM messages NOT INDEXED
		WHERE id > ? AND id <= ? AND direction = 'in' AND imported_by = 0 AND set_aside = 0 AND `+shown+` AND NOT `+isAct+` GROUP BY customer_id`, after, last)
	if err != nil {
		return nil, after, fmt.Errorf("read the new messages: %w", err)
	}
	defer rows.Close()
	counts = map[int64]int{}
	for rows.Next() {
		var customer int64
		var count int
		if err := rows.Scan(&customer, &count); err != nil {
			return nil, after, fmt.Errorf("read the new messages: %w", err)
		}
		counts[customer] = count
	}
	return counts, last, rows.Err()
}

func findMessage(db *gorm.DB, id int64) (data.Message, error) {
	var row messageRow
	found := db.Where("id = ?", id).Limit(1).Find(&row)
	if found.Error != nil {
		return data.Message{}, fmt.Errorf("read message %d: %w", id, found.Error)
	}
	if found.RowsAffected == 0 {
		return data.Message{}, fmt.Errorf("message %d: %w", id, data.ErrNotFound)
	}
	return row.message(), nil
}

// SentBetween reads the outgoing messages of all customers with ids above
// after and up to upTo, in that order, but for those that an import brought.
func (r *Queries) SentBetween(ctx context.Context, after, upTo int64) ([]data.Message, error) {
	var rows []messageRow
	err := r.db.WithContext(ctx).Where("id > ? AND id <= ? AND direction = ? AND imported_by = 0", after, upTo, data.Out).Order("id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read what was sent: %w", err)
	}
	return messagesOf(rows), nil
}

// CountSent counts a chat's outgoing messages up to the one with this id, but for
// those that an import brought.
func (r *Queries) CountSent(ctx context.Context, customer, upTo int64) (int, error) {
	var n int64
	err := r.db.WithContext(ctx).Model(&messageRow{}).
		Where("customer_id = ? AND "+shown+" AND direction = ? AND id <= ? AND imported_by = 0", customer, data.Out, upTo).Count(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count what was sent to customer %d: %w", customer, err)
	}
	return int(n), nil
}
