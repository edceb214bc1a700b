package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

type eventRow struct {
	Seq        int64 `gorm:"primaryKey"`
	At         data.Moment
	RecordedAt data.Moment
	Kind       data.EventKind
	CustomerID int64
	Phone      data.Phone
	ActorKind  data.ActorKind
	Actor      string
	Way        data.Channel
	Detail     string
	Prev       []byte
	Hash       []byte
}

func (eventRow) TableName() string { return "events" }

func (r eventRow) event() data.Event {
	return data.Event{
		Seq: r.Seq, At: r.At, RecordedAt: r.RecordedAt, Kind: r.Kind, CustomerID: r.CustomerID, Phone: r.Phone,
		Actor:  data.Actor{Kind: r.ActorKind, Name: r.Actor, Channel: r.Way},
		Detail: r.Detail, Prev: r.Prev, Hash: r.Hash,
	}
}

// Append writes e at the end of the chain and returns it with its sequence and
// hashes.
func (t *Tx) Append(e data.Event) (data.Event, error) {
	if err := e.Check(); err != nil {
		return e, fmt.Errorf("write an event: %w", err)
	}
	if t.bulk != nil {
		return t.bulk.append(e)
	}
	head, err := t.head()
	if err != nil {
		return e, err
	}
	e = follow(e, head)
	row := eventRow{
		Seq: e.Seq, At: e.At, RecordedAt: e.RecordedAt, Kind: e.Kind, CustomerID: e.CustomerID, Phone: e.Phone,
		ActorKind: e.Actor.Kind, Actor: e.Actor.Name, Way: e.Actor.Channel,
		Detail: e.Detail, Prev: e.Prev, Hash: e.Hash,
	}
	if err := t.db.Create(&row).Error; err != nil {
		return e, fmt.Errorf("write event %d: %w", e.Seq, err)
	}
	return e, t.setHead(data.Head{Count: e.Seq, Hash: e.Hash}, 1)
}

// follow makes e the event after the head of a chain.
func follow(e data.Event, head data.Head) data.Event {
	e.Seq, e.Prev = head.Count+1, head.Hash
	e.Hash = e.Sum()
	return e
}

func (t *Tx) head() (data.Head, error) {
	var row struct {
		Seq  int64
		Hash []byte
	}
	if err := t.db.Raw("SELECT seq, hash FROM chain WHERE id = 1").Scan(&row).Error; err != nil {
		return data.Head{}, fmt.Errorf("read the head of the events: %w", err)
	}
	return data.Head{Count: row.Seq, Hash: append([]byte{}, row.Hash...)}, nil // an empty blob is read as nil
}

// setHead writes the head after so many more events.
func (t *Tx) setHead(head data.Head, added int64) error {
	err := t.db.Exec("UPDATE chain SET seq = ?, count = count + ?, hash = ? WHERE id = 1", head.Count, added, head.Hash).Error
	if err != nil {
		return fmt.Errorf("write the head of the events: %w", err)
	}
	return nil
}

// Events reads all events of a customer in the order they were written down.
func (r *Queries) Events(ctx context.Context, customer int64) ([]data.Event, error) {
	db := r.db.WithContext(ctx)
	ids, err := rowsOf(db, customer)
	if err != nil {
		return nil, err
	}
	return findEvents(db, ids)
}

// Events reads the same within the transaction, but only those that happened to the
// row of the customer, and not those of who was joined into it.
func (t *Tx) Events(customer int64) ([]data.Event, error) { return findEvents(t.db, []int64{customer}) }

// HasEventSince reports whether the customer of e has a later event of one of the kinds.
func (t *Tx) HasEventSince(e data.Event, kinds ...data.EventKind) (bool, error) {
	var found bool
	err := t.db.Raw("SELECT EXISTS (SELECT 1 FROM events WHERE seq > ? AND customer_id = ? AND kind IN ?)", e.Seq, e.CustomerID, kinds).Scan(&found).Error
	if err != nil {
		return false, fmt.Errorf("look for events after %d: %w", e.Seq, err)
	}
	return found, nil
}

func findEvents(db *gorm.DB, customers []int64) ([]data.Event, error) {
	var rows []eventRow
	if err := db.Where("customer_id IN ?", customers).Order("seq").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the events of customer %d: %w", customers[0], err)
	}
	events := make([]data.Event, len(rows))
	for i, row := range rows {
		events[i] = row.event()
	}
	return events, nil
}

// EventsPage reads a page of the history, newest first.
func (r *Queries) EventsPage(ctx context.Context, q data.EventQuery) ([]data.Record, error) {
	query := "SELECT e.*, coalesce(c.name, '') AS name FROM events e LEFT JOIN customers c ON c.id = e.customer_id WHERE true"
	var args []any
	only := func(condition string, value any) {
		query += " AND " + condition
		args = append(args, value)
	}
	if q.Before != 0 {
		only("e.seq < ?", q.Before)
	}
	if q.Customer != 0 {
		ids, err := rowsOf(r.db.WithContext(ctx), q.Customer)
		if err != nil {
			return nil, err
		}
		only("e.customer_id IN ?", ids)
	}
	if q.Agent != "" {
		only("e.actor = ?", q.Agent)
	}
	if q.Kind != "" {
		only("e.kind = ?", q.Kind)
	}
	var rows []struct {
		Event eventRow `gorm:"embedded"`
		Name  string
	}
	if err := r.db.WithContext(ctx).Raw(query+" ORDER BY e.seq DESC LIMIT ?", append(args, q.Limit)...).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the history: %w", err)
	}
	records := make([]data.Record, len(rows))
	for i, row := range rows {
		records[i] = data.Record{Event: row.Event.event(), Name: row.Name}
	}
	return records, nil
}

// EventChoices returns all agents who did something and all kinds of event there
// are, each in order. It reads the whole history.
func (r *Queries) EventChoices(ctx context.Context) (agents []string, kinds []data.EventKind, err error) {
	db := r.db.WithContext(ctx)
	if err := db.Raw("SELECT DISTINCT actor FROM events WHERE actor <> '' ORDER BY actor").Scan(&agents).Error; err != nil {
		return nil, nil, fmt.Errorf("read who is in the history: %w", err)
	}
	if err := db.Raw("SELECT DISTINCT kind FROM events ORDER BY kind").Scan(&kinds).Error; err != nil {
		return nil, nil, fmt.Errorf("read what is in the history: %w", err)
	}
	return agents, kinds, nil
}

// VerifyEvents proves the whole chain; count is how many events were sound
// before the first thing wrong, which is told as a data.Flaw.
func (r *Queries) VerifyEvents(ctx context.Context) (count int64, err error) {
	var chain data.Chain
	head, err := r.WalkEvents(ctx, func(e data.Event, filed bool, _ data.Head) error {
		chain.AddKept(e, filed)
		if flaw := chain.Flaw(); flaw != nil {
			return flaw
		}
		return nil
	})
	if err == nil {
		chain.End(head)
	}
	if flaw := chain.Flaw(); flaw != nil {
		err = fmt.Errorf("%w: %w", data.ErrDamaged, flaw)
	}
	return chain.Sound().Count, err
}

const (
	headQuery = "SELECT seq, count, hash FROM chain WHERE id = 1"
	walkBegin = "SELECT e.seq, e.at, e.recorded_at, e.kind, e.customer_id, e.phone, e.actor_kind, e.actor, e.way, e.detail, e.prev, e.hash, "
	walkQuery = walkBegin + `EXISTS (SELECT 1 FROM customers c JOIN identities i ON i.customer_id = c.id AND i.address = iif(c.joined_into = 0, c.phone, c.joined_address)
				WHERE c.id = e.customer_id AND (i.address = e.phone
					OR EXISTS (SELECT 1 FROM identities WHERE customer_id = c.id AND address = e.phone)))
		FROM events e ORDER BY e.seq`
	// Before there were identities a customer had one number for good.
	walkOldQuery = walkBegin + "EXISTS (SELECT 1 FROM customers WHERE id = e.customer_id AND phone = e.phone) FROM events e ORDER BY e.seq"
)

// WalkEvents calls each with all events in the order of their numbers, each with
// whether its address was ever filed under the customer that its row points to and
// the head of the chain, and returns the head in the end. However long it takes and whoever writes
// meanwhile, all is as it stood at one moment.
func (r *Queries) WalkEvents(ctx context.Context, each func(e data.Event, filed bool, head data.Head) error) (head data.Head, err error) {
	pool, err := r.db.DB()
	if err != nil {
		return head, err
	}
	tx, err := pool.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return head, fmt.Errorf("read the events: %w", err)
	}
	defer tx.Rollback()
	if head, err = readHead(ctx, tx); err != nil {
		return head, err
	}
	query := walkQuery
	var joins bool
	if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pragma_table_info('customers') WHERE name = 'joined_address')").Scan(&joins); err != nil {
		return head, fmt.Errorf("read the events: %w", err)
	}
	if !joins {
		query = walkOldQuery
	}
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return head, fmt.Errorf("read the events: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		e, filed, err := scanEvent(rows)
		if ctx.Err() != nil {
			return head, ctx.Err() // which closed the rows, perhaps in the middle of one
		}
		if err != nil {
			return head, err
		}
		if err := each(e, filed, head); err != nil {
			return head, err
		}
	}
	if err := rows.Err(); err != nil {
		return head, fmt.Errorf("read the events: %w", err)
	}
	return head, nil
}

func readHead(ctx context.Context, tx *sql.Tx) (data.Head, error) {
	var seq int64
	var head data.Head
	err := tx.QueryRowContext(ctx, headQuery).Scan(&seq, &head.Count, &head.Hash)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return head, fmt.Errorf("%w: %w", data.ErrDamaged, &data.Flaw{Seq: 1, Text: "the head, which says how many events there are, was removed"})
	case err != nil:
		return head, fmt.Errorf("read the head of the events: %w", err)
	case seq != head.Count:
		return head, fmt.Errorf("%w: %w", data.ErrDamaged, &data.Flaw{Seq: head.Count, Text: "the head, which says how many events there are, was changed"})
	}
	return head, nil
}

// scanEvent reads into plain types: those of our own take the driver's slow way.
func scanEvent(rows *sql.Rows) (e data.Event, filed bool, err error) {
	var at, recorded int64
	var kind, phone, actorKind, way string
	if err := rows.Scan(&e.Seq, &at, &recorded, &kind, &e.CustomerID, &phone, &actorKind, &e.Actor.Name, &way, &e.Detail, &e.Prev, &e.Hash, &filed); err != nil {
		return e, false, fmt.Errorf("read the events: %w: %w", data.ErrDamaged, err)
	}
	e.At, e.RecordedAt, e.Kind, e.Phone = data.Moment(at), data.Moment(recorded), data.EventKind(kind), data.Phone(phone)
	e.Actor.Kind, e.Actor.Channel = data.ActorKind(actorKind), data.Channel(way)
	return e, filed, nil
}
