package store

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

// isAct says that a message is done to another one. It repeats data.Kind.IsAct.
const isAct = "kind IN ('reaction', 'edit', 'deletion')"

// inPlace says that a message has a place of its own in the timeline: it is no act, or the
// message that it names is not in the chat. An act waits there for that message, in sight,
// so that no words are lost where it never comes. So does an edit that takes no effect,
// because its message is out of sight or another's (data.ActsOn).
const inPlace = "(NOT " + isAct + ` OR NOT EXISTS (SELECT 1 FROM messages t WHERE t.customer_id = messages.customer_id AND t.id <> messages.id
		AND ((t.remote_id = messages.reply_to AND t.remote_id <> '') OR (t.whatsapp_id = messages.reply_to AND t.whatsapp_id <> ''))
		AND (messages.kind <> 'edit' OR t.cleared_at = 0 AND t.hold IN (0, 2) AND t.direction = messages.direction AND (t.direction <> 'in' OR ` + ofOneAuthor + `))))`

// ofOneAuthor repeats what says so in package data, but takes two spellings of a number
// for two.
const ofOneAuthor = `iif(t.author_address <> '' AND messages.author_address <> '', t.author_address = messages.author_address,
		t.author = '' OR messages.author = '' OR t.author = messages.author)`

// maxRaw is how many bytes of a delivery are kept beside its message; a longer one is cut.
const maxRaw = 256 << 10

// addAct files what a message is done to, if it is an act.
func (t *Tx) addAct(id int64, m data.Message) error {
	if !m.Kind.IsAct() {
		return nil
	}
	if err := t.db.Exec("INSERT INTO message_acts (message_id, target) VALUES (?, ?)", id, m.ReplyTo).Error; err != nil {
		return fmt.Errorf("file what message %d is done to: %w", id, err)
	}
	return nil
}

// AddRaw keeps the delivery that a message was read from.
func (t *Tx) AddRaw(message int64, raw string) error {
	kept := []byte(raw[:min(len(raw), maxRaw)])
	if err := t.db.Exec("INSERT OR IGNORE INTO message_raw (message_id, raw) VALUES (?, ?)", message, kept).Error; err != nil {
		return fmt.Errorf("keep the delivery of message %d: %w", message, err)
	}
	return nil
}

// Raw returns the delivery that a message was read from, or data.ErrNotFound if none was
// kept.
func (r *Queries) Raw(ctx context.Context, message int64) ([]byte, error) {
	var rows []struct{ Raw []byte }
	if err := r.db.WithContext(ctx).Raw("SELECT raw FROM message_raw WHERE message_id = ?", message).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the delivery of message %d: %w", message, err)
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("the delivery of message %d: %w", message, data.ErrNotFound)
	}
	return rows[0].Raw, nil
}

// Acts returns what was done to messages and is in sight, by their ids.
func (r *Queries) Acts(ctx context.Context, messages []data.Message) (map[int64]*data.Acts, error) {
	return actsOn(r.db.WithContext(ctx), messages)
}

// addActs sets what was done to the messages among items.
func addActs(db *gorm.DB, items []data.Item) error {
	messages := make([]data.Message, len(items))
	for i, item := range items {
		messages[i] = *item.Message
	}
	acts, err := actsOn(db, messages)
	if err != nil {
		return err
	}
	for i := range items {
		items[i].Acts = acts[items[i].Message.ID]
	}
	return nil
}

// target is what an act names: a message of the chat that it came in.
type target struct {
	customer int64
	id       string
}

func actsOn(db *gorm.DB, messages []data.Message) (map[int64]*data.Acts, error) {
	var ids []string
	for _, m := range messages {
		for _, id := range []string{m.RemoteID, m.WhatsAppID} {
			if id != "" {
				ids = append(ids, id)
			}
		}
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, fmt.Errorf("read what was done to %d messages: %w", len(messages), err)
	}
	var rows []messageRow
	err = db.Raw(`SELECT m.* FROM message_acts a CROSS JOIN messages m ON m.id = a.message_id
		WHERE a.target IN (SELECT value FROM json_each(?)) AND m.cleared_at = 0 AND m.hold IN (0, 2)
		ORDER BY m.at, m.id`, string(list)).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read what was done to %d messages: %w", len(messages), err)
	}
	if len(rows) == 0 {
		return nil, nil
	}
	byTarget := map[target][]data.Message{}
	for _, row := range rows {
		to := target{row.CustomerID, row.ReplyTo}
		byTarget[to] = append(byTarget[to], row.message())
	}
	acts := map[int64]*data.Acts{}
	for _, m := range messages {
		on := byTarget[target{m.CustomerID, m.RemoteID}]
		if m.WhatsAppID != "" && m.WhatsAppID != m.RemoteID {
			on = mergeByTime(on, byTarget[target{m.CustomerID, m.WhatsAppID}])
		}
		if done := data.ActsOn(m, on); done != nil && !m.Kind.IsAct() {
			acts[m.ID] = done
		}
	}
	return acts, nil
}

// mergeByTime merges two lists of messages that are each in order.
func mergeByTime(a, b []data.Message) []data.Message {
	all := make([]data.Message, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if b[0].At < a[0].At || b[0].At == a[0].At && b[0].ID < a[0].ID {
			all, b = append(all, b[0]), b[1:]
			continue
		}
		all, a = append(all, a[0]), a[1:]
	}
	return append(append(all, a...), b...)
}
