package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// newestMessages reads no text that nobody typed: WhatsApp's longest has 65,536
// characters, and octet_length finds a longer one without reading it.
var newestMessages = `SELECT id, customer_id, direction, at, kind, author, tick, hold,
	CASE WHEN direction = 'in' AND octet_length(text) <= 262144 THEN substr(text, 1, 16384) ELSE '' END AS text
	FROM messages WHERE customer_id = ? AND ` + shown + ` AND NOT ` + isAct + ` ORDER BY at DESC, id DESC LIMIT ?`

// NewestMessages reads the newest messages of a chat, oldest first, with the
// beginning of what the customer wrote; older reports whether there are more.
func (r *Queries) NewestMessages(ctx context.Context, customer int64, limit int) (messages []data.Message, older bool, err error) {
	rows, err := r.rows(ctx, newestMessages, customer, limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("read the newest messages of customer %d: %w", customer, err)
	}
	defer rows.Close()
	for rows.Next() {
		if len(messages) == limit {
			older = true
			break
		}
		var m data.Message
		if err := rows.Scan(&m.ID, &m.CustomerID, &m.Direction, &m.At, &m.Kind, &m.Author, &m.Status, &m.Hold, &m.Text); err != nil {
			return nil, false, fmt.Errorf("read the newest messages of customer %d: %w", customer, err)
		}
		messages = append(messages, m)
	}
	slices.Reverse(messages)
	return messages, older, rows.Err()
}

// NewestEvents reads the newest events of a customer, newest first, without
// their hashes; earlier reports whether there are more.
func (r *Queries) NewestEvents(ctx context.Context, customer int64, limit int) (events []data.Event, earlier bool, err error) {
	ids, err := rowsOf(r.db.WithContext(ctx), customer)
	if err != nil {
		return nil, false, err
	}
	rows, err := r.rows(ctx, `SELECT seq, at, recorded_at, kind, customer_id, phone, actor_kind, actor, way, detail
		FROM events WHERE customer_id IN ? ORDER BY at DESC, seq DESC LIMIT ?`, ids, limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("read the newest events of customer %d: %w", customer, err)
	}
	defer rows.Close()
	for rows.Next() {
		if len(events) == limit {
			earlier = true
			break
		}
		var e data.Event
		if err := rows.Scan(&e.Seq, &e.At, &e.RecordedAt, &e.Kind, &e.CustomerID, &e.Phone,
			&e.Actor.Kind, &e.Actor.Name, &e.Actor.Channel, &e.Detail); err != nil {
			return nil, false, fmt.Errorf("read the newest events of customer %d: %w", customer, err)
		}
		events = append(events, e)
	}
	return events, earlier, rows.Err()
}

// chainTail is how many of the newest events are looked through for blocks.
// There is no index by moment, and more events in ten minutes come only from
// many blocks at once.
const chainTail = 1000

// BlocksBy counts the blocks an agent made since a moment, among the newest
// events of the desk.
func (r *Queries) BlocksBy(ctx context.Context, agent string, since data.Moment) (int, error) {
	var n int
	err := r.db.WithContext(ctx).Raw(`SELECT count(*) FROM events WHERE seq > (SELECT seq FROM chain WHERE id = 1) - ?
		AND kind = ? AND actor_kind = ? AND actor = ? AND recorded_at >= ?`,
		chainTail, data.BlockedEvent, data.AgentActor, agent, since).Scan(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count the blocks of an agent: %w", err)
	}
	return n, nil
}

// DisabledRules reads which precheck rules are off.
func (r *Queries) DisabledRules(ctx context.Context) ([]string, error) {
	var text string
	if err := r.db.WithContext(ctx).Raw("SELECT value FROM settings WHERE key = 'guard.off'").Scan(&text).Error; err != nil {
		return nil, fmt.Errorf("read which guard rules are off: %w", err)
	}
	return strings.Fields(text), nil
}

// SetDisabledRules writes which precheck rules are off.
func (t *Tx) SetDisabledRules(ids []string) error { return t.set("guard.off", strings.Join(ids, " ")) }
