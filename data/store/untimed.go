package store

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
)

// LastMessage returns when the newest message of a chat was written, and when it came in;
// zeros where there is none. What is held counts, what is out of sight otherwise does not.
func (t *Tx) LastMessage(customer int64) (at, recorded data.Moment, err error) {
	var row struct{ At, RecordedAt data.Moment }
	const newest = "SELECT * FROM (SELECT id, at, recorded_at FROM messages WHERE customer_id = @customer AND %s ORDER BY at DESC, id DESC LIMIT 1)"
	err = t.db.Raw(fmt.Sprintf(newest, shown)+" UNION ALL "+fmt.Sprintf(newest, "hold = 1")+" ORDER BY id DESC LIMIT 1", sql.Named("customer", customer)).Scan(&row).Error
	if err != nil {
		return 0, 0, fmt.Errorf("read the newest message of customer %d: %w", customer, err)
	}
	return row.At, row.RecordedAt, nil
}

// misplacedChats finds chats that stand in the list later than a moment, or show what is
// later, because of what has its time from a clock of this desk: a message that did not
// say when it was written, or an event.
const misplacedChats = `SELECT customer_id FROM chats c WHERE shown_at > max(@now, last_at) OR last_at > @now AND (
	EXISTS (SELECT 1 FROM messages m WHERE m.customer_id = c.customer_id AND ` + shown + ` AND m.at > @now AND m.untimed = 1)
	OR NOT EXISTS (SELECT 1 FROM messages m WHERE m.customer_id = c.customer_id AND ` + shown + ` AND m.at >= c.last_at))
	LIMIT @limit`

// MisplacedChats returns the customers of at most limit chats that stand in the list later
// than a moment, which was never reached, or show what is later, because of a clock of
// this desk.
func (r *Queries) MisplacedChats(ctx context.Context, now data.Moment, limit int) ([]int64, error) {
	var ids []int64
	err := r.db.WithContext(ctx).Raw(misplacedChats, sql.Named("now", now), sql.Named("limit", limit)).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("look for chats in the future: %w", err)
	}
	return ids, nil
}

// SettleTimes sets the present time for the messages of a chat that did not say when they
// were written, and whose time is still to come, in the order in which they are; the chat
// stands in the list where that leaves it.
func (t *Tx) SettleTimes(customer int64, now data.Moment) error {
	for _, which := range []string{shown, "hold = 1"} {
		err := t.setInMessages("at", now, func(r *messageRow) { r.At = now }, "customer_id = ? AND "+which+" AND at > ? AND untimed = 1", customer, now)
		if err != nil {
			return err
		}
	}
	rows, err := rowsOfJoined(t.db, customer)
	if err != nil {
		return err
	}
	values := map[string]any{"customer": customer, "rows": rows, "now": now}
	return t.all(fmt.Sprintf("put the messages of customer %d in their place", customer), values,
		"UPDATE chats SET last_at = max("+newestShownAt+", min("+newestClearedAt+", @now)) WHERE customer_id = @customer",
		"UPDATE chats SET shown_at = min(shown_at, max(last_at, @now)) WHERE customer_id = @customer")
}
