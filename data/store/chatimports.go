package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"

	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

// ChatImport is an import of an exported chat, as it is kept.
type ChatImport struct {
	Event      int64 // that stands for it
	CustomerID int64
	UndoneBy   int64 // the event that undid it; zero if none did
}

// AddChatImport records an import.
func (t *Tx) AddChatImport(in ChatImport) error {
	if err := t.db.Exec("INSERT INTO chat_imports (event, customer_id) VALUES (?, ?)", in.Event, in.CustomerID).Error; err != nil {
		return fmt.Errorf("record an import: %w", err)
	}
	return nil
}

// ChatImport returns the import that an event stands for, or data.ErrNotFound.
func (t *Tx) ChatImport(event int64) (ChatImport, error) {
	var found []ChatImport
	if err := t.db.Raw("SELECT event, customer_id, undone_by FROM chat_imports WHERE event = ?", event).Scan(&found).Error; err != nil {
		return ChatImport{}, fmt.Errorf("look for import %d: %w", event, err)
	}
	if len(found) == 0 {
		return ChatImport{}, fmt.Errorf("import %d: %w", event, data.ErrNotFound)
	}
	return found[0], nil
}

// LastChatImport returns the event of the newest import that is not undone, into the
// chat of a customer or of anybody where that is 0, or data.ErrNotFound.
func (r *Queries) LastChatImport(ctx context.Context, customer int64) (data.Record, error) {
	var rows []struct {
		Event eventRow `gorm:"embedded"`
		Name  string
	}
	err := r.db.WithContext(ctx).Raw(`SELECT e.*, coalesce(c.name, '') AS name FROM chat_imports i
		JOIN events e ON e.seq = i.event LEFT JOIN customers c ON c.id = e.customer_id
		WHERE i.undone_by = 0 AND (i.customer_id = @customer OR @customer = 0) ORDER BY i.event DESC LIMIT 1`,
		map[string]any{"customer": customer}).Scan(&rows).Error
	if err != nil {
		return data.Record{}, fmt.Errorf("look for the last import of a chat: %w", err)
	}
	if len(rows) == 0 {
		return data.Record{}, fmt.Errorf("an import of a chat: %w", data.ErrNotFound)
	}
	return data.Record{Event: rows[0].Event.event(), Name: rows[0].Name}, nil
}

// HistoryInserter adds very many messages of the past to one chat, as AddHistory
// does one.
type HistoryInserter struct {
	tx       *Tx
	rows     *bulkInserter
	customer int64
	event    int64
	held     map[int64]int // by whose block
	newest   data.Message  // of those that are shown
}

// NewHistoryInserter begins to add messages that an import brings, whose event has
// the sequence event.
func (t *Tx) NewHistoryInserter(customer, event int64) *HistoryInserter {
	rows := t.newInserter("messages", nil, "customer_id, direction, at, recorded_at, kind, text, file, author, tick, hold, imported_by, author_address, held_for, checksum")
	return &HistoryInserter{tx: t, rows: rows, customer: customer, event: event, held: map[int64]int{}}
}

// Add adds a message.
func (h *HistoryInserter) Add(m data.Message) error {
	if m.Hold == data.IsHeld {
		h.held[cmp.Or(m.HeldFor, h.customer)]++
	} else if m.At >= h.newest.At {
		h.newest = m
	}
	row := messageRow{
		Direction: m.Direction, At: m.At, RecordedAt: m.RecordedAt, Kind: m.Kind, Text: m.Text, File: m.File, Author: m.Author, AuthorAddress: m.AuthorAddress,
	}
	sum := row.sealed()
	h.tx.addSum(h.customer, messageSum{1, sum})
	return h.rows.add(h.customer, string(m.Direction), int64(m.At), int64(m.RecordedAt), string(m.Kind), m.Text, m.File, m.Author, int64(m.Status), int64(m.Hold), h.event, string(m.AuthorAddress), m.HeldFor, sum)
}

// Close writes what is left, and what follows from it: the chat's row and the count
// of the held.
func (h *HistoryInserter) Close(c *data.Customer) error {
	if err := h.rows.flush(); err != nil {
		return err
	}
	for holder, n := range h.held {
		if holder == c.ID {
			if err := h.tx.addHeld(c, n); err != nil {
				return err
			}
			continue
		}
		err := h.tx.addHeld(&data.Customer{ID: holder}, n)
		if err == nil {
			err = h.tx.Changed(data.MessageChanged, holder)
		}
		if err != nil {
			return err
		}
	}
	if h.newest.At == 0 {
		return nil
	}
	return h.tx.touchChat(c.ID, h.newest.At, h.newest.Preview(), 0)
}

// messagesBetween reads shown and held messages each by its own index.
const messagesBetween = `SELECT id, direction, at, text, author, author_address FROM messages WHERE customer_id = @customer AND ` + shown + ` AND at >= @from AND at < @to AND (imported_by = 0 OR imported_by <> @event)
	UNION ALL SELECT id, direction, at, text, author, author_address FROM messages WHERE customer_id = @customer AND hold = 1 AND at >= @from AND at < @to AND (imported_by = 0 OR imported_by <> @event)`

// MessagesBetween calls each with id, direction, moment, text and author of all messages of a
// customer from one moment to before another, but not with those that the import
// notBy brought: in the chat and held ones, in no order.
func (r *Queries) MessagesBetween(ctx context.Context, customer int64, from, to data.Moment, notBy int64, each func(data.Message)) error {
	return eachMessage(r.db.WithContext(ctx), each, messagesBetween, map[string]any{"customer": customer, "from": from, "to": to, "event": notBy})
}

// MessagesBetween calls each with the same within the transaction.
func (t *Tx) MessagesBetween(customer int64, from, to data.Moment, notBy int64, each func(data.Message)) error {
	return eachMessage(t.db, each, messagesBetween, map[string]any{"customer": customer, "from": from, "to": to, "event": notBy})
}

// HiddenMessages calls each with id, direction, moment, text and author of all messages of a
// customer that were cleared or discarded. No index has them, so it reads the whole
// table where there can be any.
func (r *Queries) HiddenMessages(ctx context.Context, customer int64, each func(data.Message)) error {
	db := r.db.WithContext(ctx)
	ids, err := rowsOf(db, customer) // what was out of sight before a join stays with its row
	if err != nil {
		return err
	}
	// What a member wrote in a group is discarded by an event of the member.
	var some bool
	err = db.Raw(`SELECT EXISTS (SELECT 1 FROM events WHERE customer_id IN @ids AND (kind = @cleared OR instr(detail, '"discarded":') > 0))
		OR EXISTS (SELECT 1 FROM customers WHERE id IN @ids AND phone LIKE '%@g.us')`,
		map[string]any{"ids": ids, "cleared": data.ClearedEvent}).Scan(&some).Error
	if err != nil {
		return fmt.Errorf("look for messages out of sight: %w", err)
	}
	if !some {
		return nil
	}
	return eachMessage(db, each, `SELECT id, direction, at, text, author, author_address FROM messages NOT INDEXED
		WHERE customer_id IN @customers AND (cleared_at > 0 OR hold = @discarded) AND hold <> @withdrawn`,
		map[string]any{"customers": ids, "discarded": data.Discarded, "withdrawn": data.Withdrawn})
}

func eachMessage(db *gorm.DB, each func(data.Message), query string, args map[string]any) error {
	rows, err := db.Raw(query, args).Rows()
	if err != nil {
		return fmt.Errorf("read the messages that are here: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		// Plain types: those of our own take the driver's slow way.
		var direction, author, address string
		var text sql.RawBytes
		var id, at int64
		if err := rows.Scan(&id, &direction, &at, &text, &author, &address); err != nil {
			return fmt.Errorf("read the messages that are here: %w", err)
		}
		each(data.Message{
			ID: id, Direction: data.Direction(direction), At: data.Moment(at), Text: string(text),
			Author: author, AuthorAddress: data.Address(address),
		})
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the messages that are here: %w", err)
	}
	return nil
}

// BlocksElsewhere returns the kinds and moments of a customer's events that imports
// brought and that are not undone.
func (r *Queries) BlocksElsewhere(ctx context.Context, customer int64) ([]data.Event, error) {
	ids, err := rowsOf(r.db.WithContext(ctx), customer)
	if err != nil {
		return nil, err
	}
	var rows []eventRow
	err = r.db.WithContext(ctx).Where("customer_id IN ? AND kind IN ?", ids, elsewhereKinds).Where(notUndone).Order("at").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the blocks elsewhere of customer %d: %w", customer, err)
	}
	events := make([]data.Event, len(rows))
	for i, row := range rows {
		events[i] = row.event()
	}
	return events, nil
}

var elsewhereKinds = []data.EventKind{data.BlockedElsewhereEvent, data.UnblockedElsewhereEvent}

// notUndone leaves out the events that an import brought that was undone.
const notUndone = `(kind NOT IN ('blocked_elsewhere', 'unblocked_elsewhere') OR NOT EXISTS (
	SELECT 1 FROM chat_imports i WHERE i.event = iif(json_valid(detail), json_extract(detail, '$.of'), 0) AND i.undone_by > 0))`

// Withdraw takes out of sight what an import brought, and returns how many messages
// that were. What was cleared since stays cleared.
func (t *Tx) Withdraw(c *data.Customer, event int64) (int, error) {
	all := 0
	var held []struct {
		Holder int64
		Count  int
	}
	err := t.db.Raw("SELECT iif(held_for = 0, customer_id, held_for) AS holder, count(*) AS count FROM messages WHERE customer_id = ? AND imported_by = ? AND hold = 1 GROUP BY 1", c.ID, event).Scan(&held).Error
	if err != nil {
		return 0, fmt.Errorf("take messages out again: %w", err)
	}
	// Discarded ones have no index of their own but for the events that discarded them,
	// which in a group may be the members'.
	discarded := "released_by > 0 AND hold = 3 AND cleared_at = 0"
	if !c.IsGroup() {
		discarded += " AND released_by IN (SELECT seq FROM events WHERE customer_id = @customer AND instr(detail, '\"discarded\":') > 0)"
	}
	for _, where := range []string{shown, "hold = 1", discarded} {
		done := t.db.Exec("UPDATE messages SET hold = @withdrawn, released_by = 0 WHERE customer_id = @customer AND imported_by = @event AND "+where,
			map[string]any{"withdrawn": data.Withdrawn, "customer": c.ID, "event": event})
		if done.Error != nil {
			return 0, fmt.Errorf("take messages out again: %w", done.Error)
		}
		all += int(done.RowsAffected)
	}
	for _, h := range held {
		if h.Holder == c.ID {
			err = t.addHeld(c, -h.Count)
		} else if err = t.addHeld(&data.Customer{ID: h.Holder}, -h.Count); err == nil {
			err = t.Changed(data.MessageChanged, h.Holder)
		}
		if err != nil {
			return 0, fmt.Errorf("take messages out again: %w", err)
		}
	}
	// An unblock counts what it lets go of as unread; there cannot be more of that than is shown.
	err = t.db.Exec(`UPDATE chats SET unread = min(unread, (SELECT count(*) FROM messages WHERE customer_id = ? AND `+shown+` AND direction = 'in' AND NOT `+isAct+`))
		WHERE customer_id = ? AND unread > 0`, c.ID, c.ID).Error
	if err != nil {
		return 0, fmt.Errorf("take messages out again: %w", err)
	}
	return all, t.placeChat(c.ID)
}

// SetChatImportUndone records the event that undid an import.
func (t *Tx) SetChatImportUndone(event, undoneBy int64) error {
	if err := t.db.Exec("UPDATE chat_imports SET undone_by = ? WHERE event = ?", undoneBy, event).Error; err != nil {
		return fmt.Errorf("record the undo of import %d: %w", event, err)
	}
	return nil
}
