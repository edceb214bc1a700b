package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// These repeat the conditions of the outbox's indexes, word for word, without
// which SQLite would read all entries.
const (
	pendingEntry = "state IN ('waiting', 'asked')"
	statusEntry  = "act IN ('block', 'unblock')"
)

const entryColumns = "o.id, o.customer_id, iif(o.address <> '', o.address, c.phone), o.act, o.event_seq, o.message_id, o.at, o.state, o.tries, o.lost, o.due_at, o.code, o.answer, o.accepted_at"

// selectEntry begins every reading of entries; the columns of outbox stand
// without a name of their table only where customers has none of that name.
const selectEntry = "SELECT " + entryColumns + " FROM outbox o JOIN customers c ON c.id = o.customer_id WHERE "

// entryBatch are those that a transaction on many customers has gathered.
type entryBatch struct {
	list []data.OutboxEntry
	at   map[int64]int // the newest in list, by customer
}

func (e *entryBatch) flush(t *Tx) error {
	if len(e.list) == 0 {
		return nil
	}
	type line struct {
		Customer, Event, At, Due int64
		Act, State, Address      string
		Answer                   string
	}
	lines := make([]line, len(e.list))
	for i, one := range e.list {
		lines[i] = line{one.CustomerID, one.EventSeq, int64(one.CreatedAt), int64(one.NextAttemptAt), string(one.Op), string(one.State), string(one.Address), one.LastMessage}
	}
	text, err := json.Marshal(lines)
	if err != nil {
		return fmt.Errorf("write %d outbox entries: %w", len(lines), err)
	}
	err = t.db.Exec(`INSERT INTO outbox (customer_id, act, event_seq, at, state, due_at, address, answer)
		SELECT value ->> 'Customer', value ->> 'Act', value ->> 'Event', value ->> 'At', value ->> 'State', value ->> 'Due', value ->> 'Address', value ->> 'Answer'
		FROM json_each(?) ORDER BY key`, string(text)).Error
	if err != nil {
		return fmt.Errorf("write %d outbox entries: %w", len(lines), err)
	}
	return nil
}

// AddEntry writes an outbox entry. Within BulkWrite it has no id until the end.
func (t *Tx) AddEntry(e data.OutboxEntry) error {
	if m := t.bulk; m != nil && e.MessageID == 0 {
		if m.entries.at == nil {
			m.entries.at = map[int64]int{}
		}
		m.entries.at[e.CustomerID] = len(m.entries.list)
		m.entries.list = append(m.entries.list, e)
		return nil
	}
	err := t.db.Exec("INSERT INTO outbox (customer_id, act, event_seq, message_id, at, state, due_at, address, answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
		e.CustomerID, string(e.Op), e.EventSeq, e.MessageID, int64(e.CreatedAt), string(e.State), int64(e.NextAttemptAt), string(e.Address), e.LastMessage).Error
	if err != nil {
		return fmt.Errorf("write an outbox entry of customer %d: %w", e.CustomerID, err)
	}
	return nil
}

// maxStatusEntries is how far back an act looks for what was told before.
const maxStatusEntries = 20

// StatusEntries returns the newest blocks and unblocks that DoubleTick was to be
// told of a customer, newest first; whole reports that there are no others. Those
// that Many has gathered have the place in its list, below zero, for an id.
func (t *Tx) StatusEntries(customer int64) (list []data.OutboxEntry, whole bool, err error) {
	if m := t.bulk; m != nil {
		if _, ok := m.entries.at[customer]; ok {
			for i := len(m.entries.list) - 1; i >= 0; i-- {
				if e := m.entries.list[i]; e.CustomerID == customer {
					e.ID = -int64(i) - 1
					list = append(list, e)
				}
			}
		}
	}
	rows, err := t.db.Raw("SELECT id, act, at, state, lost, address FROM outbox WHERE customer_id = ? AND "+statusEntry+" ORDER BY id DESC LIMIT ?", customer, maxStatusEntries).Rows()
	if err != nil {
		return nil, false, fmt.Errorf("read what was told of customer %d: %w", customer, err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		var act, state, address string
		var at int64
		e := data.OutboxEntry{CustomerID: customer}
		if err := rows.Scan(&e.ID, &act, &at, &state, &e.OutcomeUnknown, &address); err != nil {
			return nil, false, fmt.Errorf("read what was told of customer %d: %w", customer, err)
		}
		e.Op, e.CreatedAt, e.State, e.Address = data.Op(act), data.Moment(at), data.EntryState(state), data.Address(address)
		list = append(list, e)
		n++
	}
	if err := rows.Err(); err != nil {
		return nil, false, fmt.Errorf("read what was told of customer %d: %w", customer, err)
	}
	return list, n < maxStatusEntries, nil
}

// SupersedeEntry takes an outbox entry back before it is sent.
func (t *Tx) SupersedeEntry(id int64) error {
	if id < 0 {
		t.bulk.entries.list[-id-1].State = data.EntrySuperseded
		return nil
	}
	if err := t.db.Exec("UPDATE outbox SET state = 'folded' WHERE id = ?", id).Error; err != nil {
		return fmt.Errorf("take outbox entry %d back: %w", id, err)
	}
	return nil
}

// Entry reads an outbox entry within the transaction.
func (t *Tx) Entry(id int64) (data.OutboxEntry, error) {
	list, err := scanEntries(t.db.Raw(selectEntry+"o.id = ?", id).Rows())
	if err == nil && len(list) == 0 {
		err = data.ErrNotFound
	}
	if err != nil {
		return data.OutboxEntry{}, fmt.Errorf("outbox entry %d: %w", id, err)
	}
	return list[0], nil
}

// SaveEntry writes how far an outbox entry has come.
func (t *Tx) SaveEntry(e data.OutboxEntry) error {
	err := t.db.Exec("UPDATE outbox SET state = ?, tries = ?, lost = ?, at = ?, due_at = ?, code = ?, answer = ?, accepted_at = ? WHERE id = ?",
		e.State, e.Attempts, e.OutcomeUnknown, e.CreatedAt, e.NextAttemptAt, e.HTTPStatus, e.LastMessage, e.AcceptedAt, e.ID).Error
	if err != nil {
		return fmt.Errorf("write outbox entry %d: %w", e.ID, err)
	}
	return nil
}

// IsFirstPending reports whether no open entry of the customer stands before this one.
func (t *Tx) IsFirstPending(e data.OutboxEntry) (bool, error) {
	var before int
	err := t.db.Raw("SELECT EXISTS (SELECT 1 FROM outbox WHERE customer_id = ? AND id < ? AND "+pendingEntry+")", e.CustomerID, e.ID).Scan(&before).Error
	if err != nil {
		return false, fmt.Errorf("look before outbox entry %d: %w", e.ID, err)
	}
	return before == 0, nil
}

// HasNewer reports whether DoubleTick was to be told of a later block or unblock
// of the same customer.
func (t *Tx) HasNewer(e data.OutboxEntry) (bool, error) {
	var later int
	err := t.db.Raw("SELECT EXISTS (SELECT 1 FROM outbox WHERE customer_id = ? AND id > ? AND "+statusEntry+" AND state <> 'folded')", e.CustomerID, e.ID).Scan(&later).Error
	if err != nil {
		return false, fmt.Errorf("look behind outbox entry %d: %w", e.ID, err)
	}
	return later != 0, nil
}

// RetryUnreachable makes due at once what waits only because nothing answered; it tells
// whether there was any.
func (t *Tx) RetryUnreachable(now data.Moment) (bool, error) {
	done := t.db.Exec("UPDATE outbox SET due_at = ? WHERE "+pendingEntry+" AND due_at > ? AND code = 0", now, now)
	if done.Error != nil {
		return false, fmt.Errorf("make the outbox entries due: %w", done.Error)
	}
	return done.RowsAffected > 0, nil
}

// ClampDueTimes makes due now what is due later than longest from now.
func (t *Tx) ClampDueTimes(now data.Moment, longest time.Duration) error {
	err := t.db.Exec("UPDATE outbox SET due_at = ? WHERE "+pendingEntry+" AND due_at > ?", now, now.Add(longest)).Error
	if err != nil {
		return fmt.Errorf("make the outbox entries due: %w", err)
	}
	return nil
}

// RetryUnauthorized makes due at once what waits for a key that is taken.
func (t *Tx) RetryUnauthorized(now data.Moment) error {
	err := t.db.Exec("UPDATE outbox SET due_at = ?, code = 0, answer = '' WHERE "+pendingEntry+" AND due_at >= 0 AND code IN (401, 403)", now).Error
	if err != nil {
		return fmt.Errorf("make the outbox entries due: %w", err)
	}
	return nil
}

// KeepEntriesLocal keeps here only whatever DoubleTick was still to be told, and
// notes whose messages changed by it.
func (t *Tx) KeepEntriesLocal(answer string) error {
	for _, statement := range []string{
		`INSERT INTO changes (kind, customer_id) SELECT DISTINCT 'message', customer_id FROM outbox WHERE ` + pendingEntry + ` AND act = 'text'`,
		`UPDATE messages SET tick = 1 WHERE id IN (SELECT message_id FROM outbox WHERE ` + pendingEntry + ` AND act = 'text') AND tick = 6`,
	} {
		if err := t.db.Exec(statement).Error; err != nil {
			return fmt.Errorf("keep here what is not told: %w", err)
		}
	}
	for _, which := range []string{pendingEntry, "state = 'refused'"} {
		if err := t.db.Exec("UPDATE outbox SET state = 'kept', answer = ? WHERE "+which, answer).Error; err != nil {
			return fmt.Errorf("keep here what is not told: %w", err)
		}
	}
	return nil
}

// SetMessageStatus writes the status of an outgoing message, whatever it was.
func (t *Tx) SetMessageStatus(message int64, tick data.MessageStatus, failure string) error {
	if err := t.db.Exec("UPDATE messages SET tick = ?, failure = ? WHERE id = ?", tick, failure, message).Error; err != nil {
		return fmt.Errorf("write the tick of message %d: %w", message, err)
	}
	return nil
}

// SetRemoteID keeps what the network calls a message of ours.
func (t *Tx) SetRemoteID(message int64, id string) error {
	err := t.setInMessages("whatsapp_id", id, func(r *messageRow) { r.WhatsAppID = id }, "id = ? AND whatsapp_id = '' AND remote_id <> ?", message, id)
	if err != nil {
		return fmt.Errorf("write the id of message %d: %w", message, err)
	}
	return nil
}

// Message reads a message within the transaction.
func (t *Tx) Message(id int64) (data.Message, error) { return findMessage(t.db, id) }

// Message reads a message by its id.
func (r *Queries) Message(ctx context.Context, id int64) (data.Message, error) {
	return findMessage(r.db.WithContext(ctx), id)
}

// RemoteStatus reads what DoubleTick knows of a customer's status.
func (r *Queries) RemoteStatus(ctx context.Context, customer int64) (data.RemoteStatus, error) {
	a, err := r.Account(ctx)
	if err != nil || !a.Joined() {
		return data.RemoteStatus{}, err
	}
	there := data.RemoteStatus{Joined: true}
	list, err := scanEntries(r.rows(ctx, selectEntry+"o.customer_id = ? AND o."+statusEntry+" AND state <> 'folded' ORDER BY o.id DESC LIMIT 1", customer))
	if err != nil {
		return there, fmt.Errorf("read what was told of customer %d: %w", customer, err)
	}
	if len(list) > 0 && list[0].CreatedAt >= a.JoinedAt { // another account's means nothing here
		there.Last = &list[0]
		there.CameAfter, err = r.cameAfter(ctx, list[0])
	}
	return there, err
}

// cameAfter returns when a message last came in that a block accepted by DoubleTick
// should have stopped: it was written after that and came in after that, from the
// address that is blocked there or from one that DoubleTick cannot tell from it.
// What was only fetched later was written before.
func (r *Queries) cameAfter(ctx context.Context, block data.OutboxEntry) (data.Moment, error) {
	if block.Op != data.OpBlock || block.State != data.EntryDone || block.AcceptedAt == 0 {
		return 0, nil
	}
	var at int64
	err := r.db.WithContext(ctx).Raw(`SELECT coalesce(max(m.recorded_at), 0) FROM messages m LEFT JOIN identities i ON i.id = m.identity_id
		WHERE m.customer_id = @customer AND m.hold = 1 AND m.at > @accepted AND m.recorded_at > @accepted
		AND (i.id IS NULL OR i.address = @address OR i.address NOT LIKE '+%')`,
		sql.Named("customer", block.CustomerID), sql.Named("accepted", block.AcceptedAt), sql.Named("address", block.Address)).Scan(&at).Error
	if err != nil {
		return 0, fmt.Errorf("look for what came in after the block of customer %d: %w", block.CustomerID, err)
	}
	return data.Moment(at), nil
}

// EntriesOf reads a customer's entries that are open or refused, and the newest
// block or unblock, oldest first.
func (r *Queries) EntriesOf(ctx context.Context, customer int64) ([]data.OutboxEntry, error) {
	const by = "SELECT id FROM outbox WHERE customer_id = @customer AND "
	list, err := scanEntries(r.rows(ctx, selectEntry+"o.id IN ("+by+pendingEntry+" UNION "+by+"state = 'refused' UNION SELECT * FROM ("+
		by+statusEntry+" AND state <> 'folded' ORDER BY id DESC LIMIT 1)) ORDER BY o.id", sql.Named("customer", customer)))
	if err != nil {
		return nil, fmt.Errorf("read the outbox entries of customer %d: %w", customer, err)
	}
	return list, nil
}

// EntriesByMessage reads the newest entry of each of the messages that has one.
func (r *Queries) EntriesByMessage(ctx context.Context, messages []int64) (map[int64]data.OutboxEntry, error) {
	ids, err := json.Marshal(messages)
	if err != nil {
		return nil, fmt.Errorf("read the outbox entries of %d messages: %w", len(messages), err)
	}
	list, err := scanEntries(r.rows(ctx, selectEntry+"o.message_id IN (SELECT value FROM json_each(?)) AND o.message_id > 0 ORDER BY o.id", string(ids)))
	if err != nil {
		return nil, fmt.Errorf("read the outbox entries of %d messages: %w", len(messages), err)
	}
	byMessage := make(map[int64]data.OutboxEntry, len(list))
	for _, e := range list {
		byMessage[e.MessageID] = e
	}
	return byMessage, nil
}

// OutboxCounts counts the entries that are not done. A status that DoubleTick was never
// asked for, because it cannot be, is none that it refused.
func (r *Queries) OutboxCounts(ctx context.Context) (data.OutboxCounts, error) {
	var n data.OutboxCounts
	err := r.db.WithContext(ctx).Raw("SELECT (SELECT count(*) FROM outbox WHERE " + pendingEntry + ") AS waiting, (SELECT count(*) FROM outbox WHERE state = 'refused' AND NOT (act IN ('block', 'unblock') AND tries = 0 AND code = 0)) AS refused").Scan(&n).Error
	if err != nil {
		return n, fmt.Errorf("count the outbox entries: %w", err)
	}
	return n, nil
}

// RejectedEntries returns at most limit entries that DoubleTick rejected, the newest
// first.
func (r *Queries) RejectedEntries(ctx context.Context, limit int) ([]data.OutboxEntry, error) {
	list, err := scanEntries(r.rows(ctx, selectEntry+"o.state = 'refused' ORDER BY o.id DESC LIMIT ?", limit))
	if err != nil {
		return nil, fmt.Errorf("read what DoubleTick rejected: %w", err)
	}
	return list, nil
}

// firstPending are the entries that stand first in the queues of their customers.
const firstPending = "o." + pendingEntry + ` AND NOT EXISTS (SELECT 1 FROM outbox p WHERE p.customer_id = o.customer_id AND p.id < o.id AND p.state IN ('waiting', 'asked'))`

// DueEntries returns at most limit entries that can be asked now, those that have
// waited longest first: of each customer only the first that is open.
func (r *Queries) DueEntries(ctx context.Context, now data.Moment, limit int) ([]data.OutboxEntry, error) {
	list, err := scanEntries(r.rows(ctx, selectEntry+firstPending+" AND o.due_at <= ? ORDER BY o.due_at, o.id LIMIT ?", now, limit))
	if err != nil {
		return nil, fmt.Errorf("look for outbox entries that are due: %w", err)
	}
	return list, nil
}

// NextEntryDue returns the moment at which the next entry is due, zero where none
// is open.
func (r *Queries) NextEntryDue(ctx context.Context) (data.Moment, error) {
	var at int64
	err := r.db.WithContext(ctx).Raw("SELECT o.due_at FROM outbox o WHERE " + firstPending + " ORDER BY o.due_at, o.id LIMIT 1").Scan(&at).Error
	if err != nil {
		return 0, fmt.Errorf("look for the next outbox entry: %w", err)
	}
	return data.Moment(at), nil
}

// CustomersToSync returns the customers of whom DoubleTick must be told so that it knows
// what the desk knows: who is blocked here now, and who was ever told of.
func (r *Queries) CustomersToSync(ctx context.Context) ([]int64, error) {
	var ids []int64
	err := r.db.WithContext(ctx).Raw("SELECT +id FROM customers WHERE "+blockedNow+" UNION SELECT customer_id FROM outbox WHERE "+statusEntry, r.now()).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("look for whom to tell of: %w", err)
	}
	return ids, nil
}

// InFlightTexts returns the texts that were sent since a moment and whose last status
// is still to come, those that were sent last first.
func (r *Queries) InFlightTexts(ctx context.Context, since data.Moment, limit int) ([]data.Message, error) {
	var rows []messageRow
	err := r.db.WithContext(ctx).Raw(`SELECT m.* FROM messages m WHERE m.direction = 'out' AND m.tick IN (2, 3) AND m.business <> '' AND m.at >= ?
		AND EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = m.id AND o.message_id > 0) ORDER BY m.at DESC LIMIT ?`, since, limit).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("look for texts on their way: %w", err)
	}
	return messagesOf(rows), nil
}

func scanEntries(rows *sql.Rows, err error) ([]data.OutboxEntry, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []data.OutboxEntry
	for rows.Next() {
		// Plain types: those of our own take the driver's slow way.
		var e data.OutboxEntry
		var phone, act, state string
		var at, due, accepted int64
		if err := rows.Scan(&e.ID, &e.CustomerID, &phone, &act, &e.EventSeq, &e.MessageID, &at, &state, &e.Attempts, &e.OutcomeUnknown, &due, &e.HTTPStatus, &e.LastMessage, &accepted); err != nil {
			return nil, err
		}
		e.Address, e.Op, e.State = data.Address(phone), data.Op(act), data.EntryState(state)
		e.Phone = e.Address.Phone()
		e.CreatedAt, e.NextAttemptAt, e.AcceptedAt = data.Moment(at), data.Moment(due), data.Moment(accepted)
		list = append(list, e)
	}
	return list, rows.Err()
}
