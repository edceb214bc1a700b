package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/latchdesk/latchdesk/data"
)

// The three walks of CheckState, each in the order of the customers. Held messages are
// few, events have an index in that order.
const (
	stateCustomers = `SELECT id, iif(joined_into = 0, phone, joined_address), joined_into, held, blocked_at, blocked_by, blocked_kind, blocked_way, blocked_reason, blocked_note,
			blocked_until, blocked_review, blocked_asked, blocked_borrowed FROM customers ORDER BY id`
	stateEvents = `SELECT customer_id, seq, at, kind, actor_kind, actor, way, detail FROM events INDEXED BY events_timeline ORDER BY customer_id`
	stateHeld   = `SELECT iif(held_for > 0, held_for, customer_id) AS holder, count(*) FROM messages WHERE hold = 1 GROUP BY 1 ORDER BY 1`
)

// CheckState calls differs with each customer whose row does not say what follows from
// the events and messages: whether the customer is blocked, by whom, when, why, until
// when, and how many messages are held. It reads at one moment, and keeps the events of
// one customer in memory at a time. Progress is called now and then; it may be nil.
func (r *Queries) CheckState(ctx context.Context, progress func(done, total int64), differs func(data.StateDifference)) error {
	pool, err := r.db.DB()
	if err != nil {
		return err
	}
	tx, err := pool.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return fmt.Errorf("check the customers: %w", err)
	}
	defer tx.Rollback()
	if err := checkState(ctx, tx, progress, differs); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("check the customers: %w", err)
	}
	return nil
}

// stateProgress is how many customers are checked between two reports.
const stateProgress = 10_000

func checkState(ctx context.Context, tx *sql.Tx, progress func(done, total int64), differs func(data.StateDifference)) error {
	var done, total int64
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM customers").Scan(&total); err != nil {
		return err
	}
	events, err := openWalk(ctx, tx, stateEvents, scanStateEvent)
	if err != nil {
		return err
	}
	defer events.rows.Close()
	held, err := openWalk(ctx, tx, stateHeld, func(rows *sql.Rows) (id int64, n int, err error) {
		return id, n, rows.Scan(&id, &n)
	})
	if err != nil {
		return err
	}
	defer held.rows.Close()
	customers, err := tx.QueryContext(ctx, stateCustomers)
	if err != nil {
		return err
	}
	defer customers.Close()
	for customers.Next() {
		c, joined, err := scanStateCustomer(customers)
		if err != nil {
			return err
		}
		happened, err := events.of(c.ID)
		if err != nil {
			return err
		}
		counts, err := held.of(c.ID)
		if err != nil {
			return err
		}
		n := 0
		for _, count := range counts {
			n += count
		}
		for _, text := range stateDifferences(c, joined, happened, n) {
			differs(data.StateDifference{CustomerID: c.ID, Address: c.Address, Text: text})
		}
		if done++; progress != nil && (done%stateProgress == 0 || done == total) {
			progress(done, total)
		}
	}
	return customers.Err()
}

// stateDifferences returns what differs of a customer, of whom so many messages are held.
func stateDifferences(c data.Customer, joined bool, events []data.Event, held int) (texts []string) {
	slices.SortFunc(events, func(a, b data.Event) int { return cmp.Compare(a.Seq, b.Seq) })
	state := data.StateOf(events)
	if joined {
		state.Block = nil // the one it was joined into has what counts
	}
	if text := state.Difference(c.Block); text != "" {
		texts = append(texts, text)
	}
	if c.Held != held {
		texts = append(texts, fmt.Sprintf("%d messages are held, the customer's row says %d", held, c.Held))
	}
	return texts
}

// walk reads rows that are in the order of a customer, those of one customer at a time.
type walk[T any] struct {
	rows   *sql.Rows
	scan   func(*sql.Rows) (customer int64, value T, err error)
	id     int64 // of the row that was read and not handed out
	value  T
	waits  bool
	handed []T
}

func openWalk[T any](ctx context.Context, tx *sql.Tx, query string, scan func(*sql.Rows) (int64, T, error)) (*walk[T], error) {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return &walk[T]{rows: rows, scan: scan}, nil
}

// of returns the values of a customer, which are valid until the next call. Customers
// are asked for in their order.
func (w *walk[T]) of(customer int64) (_ []T, err error) {
	w.handed = w.handed[:0]
	for {
		if !w.waits {
			if !w.rows.Next() {
				return w.handed, w.rows.Err()
			}
			if w.id, w.value, err = w.scan(w.rows); err != nil {
				return nil, err
			}
			w.waits = true
		}
		if w.id > customer {
			return w.handed, nil
		}
		if w.id == customer {
			w.handed = append(w.handed, w.value)
		}
		w.waits = false
	}
}

func scanStateEvent(rows *sql.Rows) (customer int64, e data.Event, err error) {
	var at int64
	var kind, actorKind, way string
	err = rows.Scan(&customer, &e.Seq, &at, &kind, &actorKind, &e.Actor.Name, &way, &e.Detail)
	e.At, e.Kind, e.Actor.Kind, e.Actor.Channel = data.Moment(at), data.EventKind(kind), data.ActorKind(actorKind), data.Channel(way)
	return customer, e, err
}

func scanStateCustomer(rows *sql.Rows) (c data.Customer, joined bool, err error) {
	var r customerRow
	var at, until, review, asked int64
	var address, kind, way string
	err = rows.Scan(&r.ID, &address, &r.JoinedInto, &r.Held, &at, &r.BlockedBy, &kind, &way, &r.BlockedReason, &r.BlockedNote,
		&until, &review, &asked, &r.BlockedBorrowed)
	r.Phone, r.BlockedKind, r.BlockedWay = data.Address(address), data.ActorKind(kind), data.Channel(way)
	r.BlockedAt, r.BlockedUntil, r.BlockedReview, r.BlockedAsked = data.Moment(at), data.Moment(until), data.Moment(review), data.Moment(asked)
	return r.customer(), r.JoinedInto != 0, err
}
