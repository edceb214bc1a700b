package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// What programs read page by page: each page is found by the key at which the
// one before ended, so that it costs the same wherever it lies.

// BlockedPage reads at most limit of those who are blocked now and match, the
// newest block first, without their tags; after nil it begins at the first.
func (r *Queries) BlockedPage(ctx context.Context, q data.BlockedQuery, after *data.BlockedKey, limit int) ([]data.Customer, error) {
	where, args, err := r.blockedConditions(ctx, q)
	if err != nil {
		return nil, err
	}
	if after != nil {
		where += " AND (blocked_at, id) < (?, ?)"
		args = append(args, after.At, after.ID)
	}
	var rows []customerRow
	query := "SELECT * FROM customers WHERE " + where + " ORDER BY blocked_at DESC, id DESC LIMIT ?"
	if err := r.db.WithContext(ctx).Raw(query, append(args, limit)...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read a page of the blocked: %w", err)
	}
	return customersOf(rows), nil
}

// ChatPage reads at most limit rows of the chat list, top first, with their
// customers' tags; after nil it begins at the top.
func (r *Queries) ChatPage(ctx context.Context, after *data.ChatKey, limit int) ([]data.Chat, error) {
	where, args := "", []any{}
	if after != nil {
		where, args = " WHERE (last_at, customer_id) < (?, ?)", []any{after.LastAt, after.ID}
	}
	db := r.db.WithContext(ctx)
	var rows []chatRow
	err := db.Raw("SELECT c.*, t.last_at, t.shown_at, t.preview, t.unread, t.marked FROM (SELECT * FROM chats"+where+
		" ORDER BY last_at DESC, customer_id DESC LIMIT ?) t CROSS JOIN customers c ON c.id = t.customer_id ORDER BY t.last_at DESC, t.customer_id DESC",
		append(args, limit)...).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read a page of the chats: %w", err)
	}
	chats := make([]data.Chat, len(rows))
	place := make(map[int64]int, len(rows))
	ids := make([]int64, len(rows))
	for i, row := range rows {
		chats[i] = data.Chat{Customer: row.Customer.customer(), LastAt: row.LastAt, ShownAt: row.ShownAt, Preview: row.Preview, Unread: row.Unread, Marked: row.Marked}
		place[row.Customer.ID], ids[i] = i, row.Customer.ID
	}
	var tags []struct {
		CustomerID int64
		Tag        string
	}
	if err := db.Raw("SELECT customer_id, tag FROM tags WHERE customer_id IN ? ORDER BY tag", ids).Scan(&tags).Error; err != nil {
		return nil, fmt.Errorf("read the tags of a page of chats: %w", err)
	}
	for _, t := range tags {
		c := &chats[place[t.CustomerID]].Customer
		c.Tags = append(c.Tags, t.Tag)
	}
	return chats, nil
}

// newestShown picks the newest message in sight that leaves or reaches the desk.
const newestShown = "SELECT id FROM messages WHERE customer_id = c.value AND " + shown + " AND NOT " + isAct + " AND direction IN (?) ORDER BY at DESC, id DESC LIMIT 1"

// LastWords reads what was written last to and by each of the customers, as it reads now.
func (r *Queries) LastWords(ctx context.Context, customers []int64) (map[int64]data.LastWords, error) {
	list, err := json.Marshal(customers)
	if err != nil {
		return nil, fmt.Errorf("read what was written last: %w", err)
	}
	words := make(map[int64]data.LastWords, len(customers))
	for _, directions := range [][]data.Direction{{data.In, data.Out}, {data.In}} {
		var rows []messageRow
		err := r.db.WithContext(ctx).Raw("SELECT * FROM messages WHERE id IN (SELECT ("+newestShown+") FROM json_each(?) c)", directions, string(list)).Scan(&rows).Error
		if err != nil {
			return nil, fmt.Errorf("read what was written last: %w", err)
		}
		acts, err := actsOn(r.db.WithContext(ctx), messagesOf(rows))
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			m, w := row.message(), words[row.CustomerID]
			m.Text = acts[m.ID].Words(m)
			if len(directions) > 1 {
				w.Last = &m
			} else {
				w.In = &m
			}
			words[row.CustomerID] = w
		}
	}
	return words, nil
}

// MessagePage reads messages of a chat that leave or reach the desk: no notes.
func (r *Queries) MessagePage(ctx context.Context, q data.MessageQuery) ([]data.Message, error) {
	where, args := "", []any{}
	if q.Business != "" {
		where += " AND business IN (?, ?)" // old deliveries were kept without the plus sign
		args = append(args, q.Business, strings.TrimPrefix(q.Business, "+"))
	}
	if q.Before != nil {
		where += " AND (at, id) < (?, ?)"
		args = append(args, q.Before.At, q.Before.ID)
	}
	part := func(condition string) string {
		return "SELECT * FROM (SELECT * FROM messages WHERE customer_id = ? AND " + condition + " AND direction <> 'note'" + where + " ORDER BY at DESC, id DESC LIMIT ?)"
	}
	args = append(append([]any{q.Customer}, args...), q.Limit)
	query, all := part(shown+" AND "+inPlace), args
	if q.Held {
		query, all = query+" UNION ALL "+part("hold = 1"), append(append([]any{}, args...), args...)
	}
	var rows []messageRow
	err := r.db.WithContext(ctx).Raw("SELECT * FROM ("+query+") ORDER BY at DESC, id DESC LIMIT ?", append(all, q.Limit)...).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read a page of the messages of customer %d: %w", q.Customer, err)
	}
	return messagesOf(rows), nil
}

// ChangesKept returns the sequences of the oldest and the newest change that can
// be resumed from; zeros where there is none.
func (r *Queries) ChangesKept(ctx context.Context) (first, last int64, err error) {
	var row struct{ First, Last int64 }
	err = r.db.WithContext(ctx).Raw("SELECT (SELECT coalesce(min(seq), 0) FROM changes) AS first, (SELECT coalesce(max(seq), 0) FROM changes) AS last").Scan(&row).Error
	if err != nil {
		return 0, 0, fmt.Errorf("read which changes are kept: %w", err)
	}
	return row.First, row.Last, nil
}
