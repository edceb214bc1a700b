package store

import (
	"fmt"

	"gorm.io/gorm"
)

// A chat stands in the list where its newest message puts it, of those that it shows or
// showed until they were cleared. What happened to it otherwise never moves it.

// cleared is the condition of messages that were in a chat and were cleared; the index
// messages_cleared has them.
const cleared = "cleared_at > 0 AND hold IN (0, 2)"

// newestShownAt and newestClearedAt are when the newest of these messages of a chat were
// written, 0 where there are none. What was cleared before a join stays with its row.
const (
	newestShownAt   = "coalesce((SELECT max(at) FROM messages WHERE customer_id = @customer AND " + shown + "), 0)"
	newestClearedAt = "coalesce((SELECT max(at) FROM messages WHERE customer_id IN @rows AND " + cleared + "), 0)"
)

// placeChat puts a chat, where there is one, to where its messages put it.
func (t *Tx) placeChat(customer int64) error {
	rows, err := rowsOfJoined(t.db, customer)
	if err != nil {
		return err
	}
	return t.all(fmt.Sprintf("put the chat of customer %d in its place", customer), map[string]any{"customer": customer, "rows": rows},
		"UPDATE chats SET last_at = max("+newestShownAt+", "+newestClearedAt+") WHERE customer_id = @customer")
}

// placeChats puts all chats in their place, which events moved before, and keeps when
// that happened which their rows show.
func placeChats(tx *gorm.DB, progress func(done, total int64)) error {
	err := inChunks(tx, "customers", 5000, progress, func(after, last int64) error {
		return tx.Exec(`UPDATE chats SET shown_at = last_at, last_at = max(
				coalesce((SELECT max(at) FROM messages m WHERE m.customer_id = chats.customer_id AND `+shown+`), 0),
				coalesce((SELECT max(at) FROM messages m WHERE m.customer_id = chats.customer_id AND `+cleared+`), 0))
			WHERE customer_id > ? AND customer_id <= ?`, after, last).Error
	})
	if err != nil {
		return err
	}
	// What was cleared before a join stays with its row.
	return tx.Exec(`UPDATE chats SET last_at = max(last_at, was.at) FROM (
			WITH RECURSIVE joined (id, root) AS (
				SELECT id, joined_into FROM customers WHERE joined_into > 0
				UNION SELECT joined.id, c.joined_into FROM joined JOIN customers c ON c.id = joined.root WHERE c.joined_into > 0)
			SELECT root, max(at) AS at FROM joined JOIN messages ON customer_id = joined.id WHERE ` + cleared + ` GROUP BY root) AS was
		WHERE customer_id = was.root`).Error
}
