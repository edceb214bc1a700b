package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/latchdesk/latchdesk/data"
)

// The four walks of CheckState, each in the order of the customers. Held messages are
// few, events have an index in that order.
const (
	stateCustomersBegin = `SELECT id, iif(joined_into = 0, phone, joined_address), joined_into, held, blocked_at, blocked_by, blocked_kind, blocked_way, blocked_reason, blocked_note,
			blocked_until, blocked_review, blocked_asked, blocked_borrowed, messages, messages_sum FROM customers`
	stateCustomers = stateCustomersBegin + " ORDER BY id"
	stateEvents    = `SELECT customer_id, seq, at, kind, actor_kind, actor, way, detail FROM events INDEXED BY events_timeline ORDER BY customer_id`
	stateHeld      = `SELECT iif(held_for > 0, held_for, customer_id) AS holder, count(*) FROM messages WHERE hold = 1 GROUP BY 1 ORDER BY 1`
	stateSums      = "SELECT customer_id, " + sumColumns + " FROM messages WHERE checksum >= 0 GROUP BY customer_id ORDER BY customer_id"
)

// CheckState calls differs with each customer whose row does not say what follows from
// the events and messages: whether the customer is blocked, by whom, when, why, until
// when, how many messages are held, and whether the messages are those that came in. It reads at one moment, and keeps the events of
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
	var customers, messages int64
	err = tx.QueryRowContext(ctx, "SELECT (SELECT count(*) FROM customers), (SELECT count(*) FROM messages)").Scan(&customers, &messages)
	if err != nil {
		return fmt.Errorf("check the customers: %w", err)
	}
	done, total := int64(0), customers+messages
	step := func() {
		if done++; progress != nil && (done%stateProgress == 0 || done == total) {
			progress(done, total)
		}
	}
	if err = checkCustomers(ctx, tx, step, differs); err == nil {
		err = checkPersons(ctx, tx, differs)
	}
	if err == nil {
		err = checkMessages(ctx, tx, step, differs)
	}
	if err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("check the customers: %w", err)
	}
	return nil
}

// stateProgress is how many rows are checked between two reports.
const stateProgress = 10_000

func checkCustomers(ctx context.Context, tx *sql.Tx, step func(), differs func(data.StateDifference)) error {
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
	sums, err := openWalk(ctx, tx, stateSums, func(rows *sql.Rows) (id int64, s messageSum, err error) {
		var count, low, high int64
		err = rows.Scan(&id, &count, &low, &high)
		return id, sumOf(count, low, high), err
	})
	if err != nil {
		return err
	}
	defer sums.rows.Close()
	customers, err := tx.QueryContext(ctx, stateCustomers)
	if err != nil {
		return err
	}
	defer customers.Close()
	for customers.Next() {
		c, joined, want, err := scanStateCustomer(customers)
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
		summed, err := sums.of(c.ID)
		if err != nil {
			return err
		}
		if text := sumDifference(summed, want); text != "" {
			differs(data.StateDifference{CustomerID: c.ID, Address: c.Address, Text: text})
		}
		n := 0
		for _, count := range counts {
			n += count
		}
		for _, text := range stateDifferences(c, joined, happened, n) {
			differs(data.StateDifference{CustomerID: c.ID, Address: c.Address, Text: text})
		}
		step()
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
	if held > 0 && state.Block == nil {
		texts = append(texts, fmt.Sprintf("%d messages are held, and the history says not blocked", held))
	}
	return texts
}

// sumDifference returns what differs between the messages that are here and those that
// the customer's row counts.
func sumDifference(here []messageSum, want messageSum) string {
	var is messageSum
	for _, s := range here {
		is = is.plus(s)
	}
	switch {
	case is.count != want.count:
		return fmt.Sprintf("%d messages are in the chat, %d were written: some were removed or put in", is.count, want.count)
	case is.sum != want.sum:
		return "the messages in the chat are not those that were written"
	}
	return ""
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

func scanStateCustomer(rows *sql.Rows) (c data.Customer, joined bool, messages messageSum, err error) {
	var r customerRow
	var at, until, review, asked int64
	var address, kind, way string
	err = rows.Scan(&r.ID, &address, &r.JoinedInto, &r.Held, &at, &r.BlockedBy, &kind, &way, &r.BlockedReason, &r.BlockedNote,
		&until, &review, &asked, &r.BlockedBorrowed, &messages.count, &messages.sum)
	r.Phone, r.BlockedKind, r.BlockedWay = data.Address(address), data.ActorKind(kind), data.Channel(way)
	r.BlockedAt, r.BlockedUntil, r.BlockedReview, r.BlockedAsked = data.Moment(at), data.Moment(until), data.Moment(review), data.Moment(asked)
	return r.customer(), r.JoinedInto != 0, messages, err
}

// stateMessages reads what a message's checksum is made of, and what says why it is
// held or not. Only the demo's stories have messages that no event let go of.
const stateMessages = `SELECT m.id, m.customer_id, c.phone, m.direction, m.at, m.untimed, m.recorded_at, m.kind, m.text, m.file, m.url, m.remote_id, m.whatsapp_id,
		m.business, m.reply_to, m.author, m.author_address, m.checksum, m.hold, m.released_by, m.imported_by,
		m.released_by > 0 AND coalesce((SELECT instr(detail, '"discarded":') > 0 FROM events WHERE seq = m.released_by), 0)
	FROM messages m LEFT JOIN customers c ON c.id = m.customer_id ORDER BY m.id`

// checkMessages calls differs with each message that is not the one that came in.
func checkMessages(ctx context.Context, tx *sql.Tx, step func(), differs func(data.StateDifference)) error {
	var filling, demo bool
	err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM settings WHERE key = ?),
		EXISTS (SELECT 1 FROM settings WHERE key = 'demo')`, fillPrefix+checksumsMigration).Scan(&filling, &demo)
	if err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, stateMessages)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var m messageRow
		var address sql.NullString
		var direction, kind, author string
		var at, recorded, hold, released, imported int64
		var discarded bool
		err := rows.Scan(&m.ID, &m.CustomerID, &address, &direction, &at, &m.Untimed, &recorded, &kind, &m.Text, &m.File, &m.URL, &m.RemoteID, &m.WhatsAppID,
			&m.Business, &m.ReplyTo, &m.Author, &author, &m.Checksum, &hold, &released, &imported, &discarded)
		if err != nil {
			return err
		}
		m.Direction, m.Kind, m.AuthorAddress = data.Direction(direction), data.Kind(kind), data.Address(author)
		m.At, m.RecordedAt, m.Hold = data.Moment(at), data.Moment(recorded), data.HoldState(hold)
		text := ""
		switch {
		case m.Checksum < 0 && filling: // its turn comes
		case m.Checksum < 0:
			text = "was put in, or its checksum was removed"
		case m.Checksum != m.sealed():
			text = "was changed after it was written"
		case !holdFollows(m.Hold, released, imported, discarded, demo):
			text = "is held, shown or out of sight, and nothing says why"
		}
		if text != "" {
			differs(data.StateDifference{CustomerID: m.CustomerID, Address: data.Address(address.String), Text: fmt.Sprintf("message %d %s", m.ID, text)})
		}
		step()
	}
	return rows.Err()
}

// holdFollows reports whether a message can be in the state of holding that it is in:
// released is the event that let go of it, discarded whether that one discarded what
// was held, imported the event of the import that brought it.
func holdFollows(hold data.HoldState, released, imported int64, discarded, demo bool) bool {
	switch hold {
	case data.NotHeld, data.IsHeld:
		return released == 0
	case data.Released:
		return released > 0 && !discarded || released == 0 && demo
	case data.Discarded:
		return released > 0 && discarded || released == 0 && demo
	case data.Withdrawn:
		return released == 0 && imported > 0
	}
	return false
}
