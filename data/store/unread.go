package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"

	"github.com/latchdesk/latchdesk/data"
)

// toRead finds the messages of a chat that an agent reads.
const toRead = "customer_id = @customer AND " + shown + " AND direction = 'in' AND NOT " + isAct

// UnreadMessages returns what nobody has read in a chat. The unread are the newest: a
// chat is read from above.
func (r *Queries) UnreadMessages(ctx context.Context, customer int64) (data.Unread, error) {
	var rows []struct {
		Unread int
		Marked bool
		At     data.Moment
		ID     int64
	}
	err := r.db.WithContext(ctx).Raw(`SELECT t.unread, t.marked, coalesce(m.at, 0) AS at, coalesce(m.id, 0) AS id
		FROM chats t LEFT JOIN messages m ON t.unread > 0 AND m.id = coalesce(
			(SELECT id FROM messages WHERE `+toRead+` ORDER BY at DESC, id DESC LIMIT 1 OFFSET (SELECT unread - 1 FROM chats WHERE customer_id = @customer)),
			(SELECT id FROM messages WHERE `+toRead+` ORDER BY at, id LIMIT 1))
		WHERE t.customer_id = @customer`, sql.Named("customer", customer)).Scan(&rows).Error
	if err != nil {
		return data.Unread{}, fmt.Errorf("read what is unread of customer %d: %w", customer, err)
	}
	if len(rows) == 0 {
		return data.Unread{}, nil
	}
	u := data.Unread{Count: rows[0].Unread, Marked: rows[0].Marked}
	if rows[0].ID != 0 {
		u.First = &data.ItemKey{At: rows[0].At, ID: rows[0].ID}
	}
	return u, nil
}

// SetReadTo marks a chat as read down to a place in its timeline, and takes a mark away
// that was set by hand; it reports whether that changed anything.
func (t *Tx) SetReadTo(customer int64, last data.ItemKey) (bool, error) {
	id := last.ID
	if last.Event { // messages of its moment stand before it
		id = math.MaxInt64
	}
	done := t.db.Exec(`UPDATE chats SET unread = n, marked = 0 FROM (
			SELECT count(*) AS n FROM (SELECT 1 FROM messages WHERE `+toRead+` AND (at, id) > (@at, @id)
				LIMIT (SELECT unread FROM chats WHERE customer_id = @customer)))
		WHERE customer_id = @customer AND (unread > n OR marked > 0)`,
		sql.Named("customer", customer), sql.Named("at", last.At), sql.Named("id", id))
	if done.Error != nil {
		return false, fmt.Errorf("mark the chat of customer %d as read: %w", customer, done.Error)
	}
	return done.RowsAffected > 0, nil
}
