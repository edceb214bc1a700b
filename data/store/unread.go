package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"

	"github.com/latchdesk/latchdesk/data"
)

// toRead finds the messages of a chat that an agent reads.
const toRead = "customer_id = @customer AND " + shown + " AND direction = 'in' AND NOT " + isAct

// UnreadMessages returns what nobody has read in a chat. The unread are the newest: a
// chat is read from above.
func (r *Queries) UnreadMessages(ctx context.Context, customer int64) (u data.Unread, err error) {
	if u.Count, u.Marked, err = r.Unread(ctx, customer); err != nil {
		return u, fmt.Errorf("read what is unread of customer %d: %w", customer, err)
	}
	if u.Count == 0 {
		return u, nil
	}
	var first data.ItemKey
	err = scanFirst(r.db.WithContext(ctx).Raw(`SELECT at, id FROM messages WHERE id = coalesce(
			(SELECT id FROM messages WHERE `+toRead+` ORDER BY at DESC, id DESC LIMIT 1 OFFSET @unread - 1),
			(SELECT id FROM messages WHERE `+toRead+` ORDER BY at, id LIMIT 1))`,
		sql.Named("customer", customer), sql.Named("unread", u.Count)), &first.At, &first.ID)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return u, nil
	case err != nil:
		return u, fmt.Errorf("look where the unread of customer %d begin: %w", customer, err)
	}
	u.First = &first
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
