package store

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

// CustomersByPhone reads those of the customers that are known here, without
// their tags, and of their blocks only the beginning and the end.
func (r *Queries) CustomersByPhone(ctx context.Context, phones []data.Phone) (map[data.Phone]data.Customer, error) {
	return findByPhone(r.db.WithContext(ctx), phones)
}

// CustomersByPhone reads the same within the transaction.
func (t *Tx) CustomersByPhone(phones []data.Phone) (map[data.Phone]data.Customer, error) {
	return findByPhone(t.db, phones)
}

func findByPhone(db *gorm.DB, phones []data.Phone) (map[data.Phone]data.Customer, error) {
	// One value that holds all: the driver looks for each value among all of them.
	list, err := json.Marshal(phones)
	if err != nil {
		return nil, fmt.Errorf("look for %d customers: %w", len(phones), err)
	}
	rows, err := db.Raw(`SELECT id, phone, name, version, held, blocked_at, blocked_until
		FROM customers WHERE phone IN (SELECT value FROM json_each(?))`, string(list)).Rows()
	if err != nil {
		return nil, fmt.Errorf("look for %d customers: %w", len(phones), err)
	}
	defer rows.Close()
	found := map[data.Phone]data.Customer{}
	for rows.Next() {
		// Plain types: those of our own take the driver's slow way.
		var c data.Customer
		var phone string
		var at, until int64
		if err := rows.Scan(&c.ID, &phone, &c.Name, &c.Version, &c.Held, &at, &until); err != nil {
			return nil, fmt.Errorf("look for %d customers: %w", len(phones), err)
		}
		if c.Phone = data.Phone(phone); at != 0 {
			c.Block = &data.Block{At: data.Moment(at), Until: data.Moment(until)}
		}
		found[c.Phone] = c
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("look for %d customers: %w", len(phones), err)
	}
	return found, nil
}

// EachBlocked returns all who are blocked now, by phone number, without their
// tags. They stand as they did at one moment, however long it takes.
func (r *Queries) EachBlocked(ctx context.Context, each func(data.Customer) error) error {
	rows, err := r.rows(ctx, `SELECT id, phone, name, blocked_at, blocked_by, blocked_reason, blocked_note, blocked_until
		FROM customers WHERE `+blockedNow+" ORDER BY +phone", r.now())
	if err != nil {
		return fmt.Errorf("read the blocked customers: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var c data.Customer
		var b data.Block
		var phone string
		var at, until int64
		if err := rows.Scan(&c.ID, &phone, &c.Name, &at, &b.By.Name, &b.Reason, &b.Note, &until); err != nil {
			return fmt.Errorf("read the blocked customers: %w", err)
		}
		c.Phone, b.At, b.Until = data.Phone(phone), data.Moment(at), data.Moment(until)
		c.Block = &b
		if err := each(c); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read the blocked customers: %w", err)
	}
	return nil
}

// CustomerInserter adds many customers who are blocked from the start. It works within
// Many, which writes their rows before the events that point to them.
type CustomerInserter struct {
	rows *bulkInserter
	next int64 // id
}

// NewCustomerInserter begins to add customers.
func (t *Tx) NewCustomerInserter() (*CustomerInserter, error) {
	n := &CustomerInserter{rows: t.newInserter("customers", nil, "id, phone, name, search, blocked_at, blocked_by, blocked_kind, blocked_way, blocked_reason, blocked_note, blocked_until")}
	if err := t.db.Raw("SELECT coalesce(max(id), 0) + 1 FROM customers").Scan(&n.next).Error; err != nil {
		return nil, fmt.Errorf("number the new customers: %w", err)
	}
	t.bulk.events.parent = n.rows
	return n, nil
}

// Add adds a customer without a chat and returns it with its id. An event must
// follow before the BulkWrite ends.
func (n *CustomerInserter) Add(c data.Customer) (data.Customer, error) {
	c.ID, c.Version = n.next, 1
	n.next++
	b := c.Block
	if err := n.rows.add(c.ID, string(c.Phone), c.Name, searchText(c.Name, c.Phone),
		int64(b.At), b.By.Name, string(b.By.Kind), string(b.By.Channel), b.Reason, b.Note, int64(b.Until)); err != nil {
		return c, fmt.Errorf("add %s: %w", c.Phone, err)
	}
	return c, nil
}
