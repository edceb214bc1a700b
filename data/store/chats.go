package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// ChatKeys returns the places of the chats that match, top first.
func (r *Queries) ChatKeys(ctx context.Context, q data.ChatQuery) ([]data.ChatKey, error) {
	// One row that holds all is read in a quarter of the time of a row each.
	var all struct{ IDs, Moments string }
	places, args := chatPlaces(q, r.now())
	err := r.db.WithContext(ctx).Raw("SELECT json_group_array(customer_id) AS ids, json_group_array(last_at) AS moments FROM ("+
		places+" ORDER BY last_at DESC, customer_id DESC)", args...).Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("read the chat list: %w", err)
	}
	ids, err := numbers(all.IDs)
	if err != nil {
		return nil, fmt.Errorf("read the chat list: %w", err)
	}
	moments, err := numbers(all.Moments)
	if err != nil {
		return nil, fmt.Errorf("read the chat list: %w", err)
	}
	keys := make([]data.ChatKey, len(ids))
	for i, id := range ids {
		keys[i] = data.ChatKey{ID: id, LastAt: data.Moment(moments[i])}
	}
	return keys, nil
}

// numbers reads a list of whole numbers in JSON.
func numbers(list string) ([]int64, error) {
	list = strings.Trim(list, "[]")
	if list == "" {
		return nil, nil
	}
	all := make([]int64, 0, strings.Count(list, ",")+1)
	for text := range strings.SplitSeq(list, ",") {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, nil
}

// unreadNow finds the chats in which something waits to be read; its argument is the
// moment. Nobody waits for an answer to what came before a block.
const unreadNow = "(unread > 0 OR marked > 0) AND customer_id NOT IN (SELECT id FROM customers WHERE " + blockedNow + ")"

// chatPlaces selects the places of the chats that match, in no order. The blocked have
// one, after all others, without a chat: their list is as long as their number is high.
func chatPlaces(q data.ChatQuery, now data.Moment) (string, []any) {
	var terms, customer []string
	var args []any
	if q.List == data.UnreadChats {
		terms = append(terms, unreadNow)
		args = append(args, now)
	}
	if q.List == data.BlockedChats {
		customer = append(customer, blockedNow)
		args = append(args, now)
	}
	if words, found := searchWords(q.Search); len(words) > 0 {
		customer = append(customer, found)
		args = append(args, words...)
	}
	if len(q.Only) > 0 {
		customer = append(customer, "id IN ?")
		args = append(args, q.Only)
	}
	if q.List == data.BlockedChats {
		return "SELECT id AS customer_id, coalesce(last_at, 0) AS last_at FROM customers LEFT JOIN chats ON customer_id = id WHERE " + strings.Join(customer, " AND "), args
	}
	if len(customer) > 0 {
		who := "customer_id"
		if len(q.Only) == 0 {
			who = "+customer_id" // so many may be found that the order of the list is walked, not made
		}
		terms = append(terms, who+" IN (SELECT id FROM customers WHERE "+strings.Join(customer, " AND ")+")")
	}
	places := "SELECT customer_id, last_at FROM chats"
	if len(terms) > 0 {
		places += " WHERE " + strings.Join(terms, " AND ")
	}
	return places, args
}

// searchWords returns the condition that finds what was typed, and its arguments: a
// number is looked for by its digits however it is spaced, or by another spelling of
// the line; anything else word by word.
func searchWords(typed string) (args []any, condition string) {
	words := strings.Fields(data.SearchKey(data.CleanLine(typed, 100)))
	if digits := phoneDigits(strings.Join(words, "")); digits != "" {
		key := strings.TrimPrefix(data.MatchKey(data.Address("+"+digits)), "+")
		if key == digits {
			return []any{digits}, "instr(search, ?) > 0"
		}
		return []any{digits, key}, "(instr(search, ?) > 0 OR instr(search, ?) > 0)"
	}
	for _, word := range words {
		args = append(args, word)
	}
	return args, strings.TrimSuffix(strings.Repeat("instr(search, ?) > 0 AND ", len(words)), " AND ")
}

// phoneDigits returns the digits of what can only be part of a phone number.
func phoneDigits(text string) string {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune("+-()./ ", r) {
			return -1
		}
		return r
	}, text)
	if strings.Trim(digits, "0123456789") != "" {
		return ""
	}
	return strings.TrimLeft(digits, "0")
}

type chatRow struct {
	Customer customerRow `gorm:"embedded"`
	LastAt   data.Moment
	ShownAt  data.Moment
	Preview  string
	Unread   int
	Marked   bool
	Shares   bool
}

// sharesName reports whether another customer's name reads the same, which is what the
// first line of a search text says.
const sharesName = `(c.name <> '' AND EXISTS (SELECT 1 FROM customers o
	WHERE o.search >= substr(c.search, 1, instr(c.search, char(10))) AND o.search < substr(c.search, 1, instr(c.search, char(10)) - 1) || char(11)
	AND o.id <> c.id AND o.joined_into = 0))`

// Chats reads the rows of the given customers, in no order. Who has no chat has a row
// only while blocked.
func (r *Queries) Chats(ctx context.Context, ids []int64) ([]data.Chat, error) {
	var rows []chatRow
	err := r.db.WithContext(ctx).Raw(
		"SELECT c.*, t.last_at, t.shown_at, t.preview, t.unread, t.marked, "+sharesName+" AS shares FROM customers c LEFT JOIN chats t ON t.customer_id = c.id WHERE c.id IN ? AND (t.customer_id IS NOT NULL OR "+blockedNow+")", ids, r.now(),
	).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the chats: %w", err)
	}
	chats := make([]data.Chat, len(rows))
	for i, row := range rows {
		c := row.Customer.customer()
		nameless := c.Name == "" && c.Phone == "" && c.Username == ""
		chats[i] = data.Chat{
			Customer: c, LastAt: row.LastAt, ShownAt: row.ShownAt, Preview: row.Preview, Unread: row.Unread, Marked: row.Marked, SharesName: row.Shares || nameless,
		}
	}
	return chats, nil
}

// Counts returns the numbers on the lists.
func (r *Queries) Counts(ctx context.Context) (data.Counts, error) {
	var c data.Counts
	err := r.db.WithContext(ctx).Raw(`SELECT
		(SELECT count(*) FROM chats) AS "all",
		(SELECT count(*) FROM chats WHERE `+unreadNow+`) AS unread,
		(SELECT count(*) FROM customers WHERE `+blockedNow+`) AS blocked`, r.now(), r.now()).Scan(&c).Error
	if err != nil {
		return c, fmt.Errorf("count the chats: %w", err)
	}
	return c, nil
}

// Unread returns how many messages of a chat nobody has read, and whether it was
// marked as unread by hand.
func (r *Queries) Unread(ctx context.Context, customer int64) (count int, marked bool, err error) {
	var row struct {
		Unread int
		Marked bool
	}
	err = r.db.WithContext(ctx).Raw("SELECT unread, marked FROM chats WHERE customer_id = ?", customer).Scan(&row).Error
	return row.Unread, row.Marked, err
}

// touchChat puts a message into the chat's row, making the row where there is none.
// One that is older than what the row shows does not change its preview, nor one that
// is older than the newest its place.
func (t *Tx) touchChat(customer int64, at data.Moment, preview string, unread int) error {
	return t.db.Exec(`INSERT INTO chats (customer_id, last_at, shown_at, preview, unread) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (customer_id) DO UPDATE SET
			preview = CASE WHEN excluded.shown_at >= shown_at THEN excluded.preview ELSE preview END,
			shown_at = max(shown_at, excluded.shown_at),
			last_at = max(last_at, excluded.last_at),
			unread = unread + excluded.unread`, customer, at, at, preview, unread).Error
}

// ShowEvent puts an event into the row of the customer's chat, where there is
// one. It is always what happened last, whatever the clock says, and never moves the
// chat in the list.
func (t *Tx) ShowEvent(e data.Event) error {
	return t.db.Exec("UPDATE chats SET preview = ?, shown_at = ? WHERE customer_id = ?", e.Text(), e.At, e.CustomerID).Error
}

// SetRead marks a chat as read, or by hand as unread; it reports whether that
// changed anything.
func (t *Tx) SetRead(customer int64, read bool) (bool, error) {
	set := "marked = 1 WHERE customer_id = ? AND unread = 0 AND marked = 0"
	if read {
		set = "unread = 0, marked = 0 WHERE customer_id = ? AND (unread > 0 OR marked > 0)"
	}
	done := t.db.Exec("UPDATE chats SET "+set, customer)
	return done.RowsAffected > 0, done.Error
}
