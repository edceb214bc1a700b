package store

import (
	"context"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
)

// EachBlocked returns all who are blocked now, by phone number, without their
// tags. They stand as they did at one moment, however long it takes.
func (r *Queries) EachBlocked(ctx context.Context, each func(data.Customer) error) error {
	rows, err := r.rows(ctx, `SELECT id, phone, name, username, blocked_at, blocked_by, blocked_reason, blocked_note, blocked_until
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
		if err := rows.Scan(&c.ID, &phone, &c.Name, &c.Username, &at, &b.By.Name, &b.Reason, &b.Note, &until); err != nil {
			return fmt.Errorf("read the blocked customers: %w", err)
		}
		c.Address, b.At, b.Until = data.Address(phone), data.Moment(at), data.Moment(until)
		c.Phone = c.Address.Phone()
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
	rows, identities *bulkInserter
	next             int64 // id
}

// NewCustomerInserter begins to add customers.
func (t *Tx) NewCustomerInserter() (*CustomerInserter, error) {
	n := &CustomerInserter{rows: t.newInserter("customers", nil, "id, phone, name, search, blocked_at, blocked_by, blocked_kind, blocked_way, blocked_reason, blocked_note, blocked_until")}
	if err := t.db.Raw("SELECT coalesce(max(id), 0) + 1 FROM customers").Scan(&n.next).Error; err != nil {
		return nil, fmt.Errorf("number the new customers: %w", err)
	}
	n.identities = t.newInserter("identities", n.rows, "customer_id, kind, address, match_key")
	t.bulk.events.parent = n.identities
	return n, nil
}

// Add adds a customer without a chat, known by address, and returns it with its id.
// An event must follow before the BulkWrite ends.
func (n *CustomerInserter) Add(c data.Customer) (data.Customer, error) {
	c.ID, c.Version = n.next, 1
	n.next++
	b, i := c.Block, data.NewIdentity(c.Address)
	if err := n.rows.add(c.ID, string(c.Address), c.Name, searchText(c.Name, "", []data.Identity{i}),
		int64(b.At), b.By.Name, string(b.By.Kind), string(b.By.Channel), b.Reason, b.Note, int64(b.Until)); err != nil {
		return c, fmt.Errorf("add %s: %w", c.Address, err)
	}
	if err := n.identities.add(c.ID, string(i.Kind), string(i.Address), i.Key()); err != nil {
		return c, fmt.Errorf("add %s: %w", c.Address, err)
	}
	return c, nil
}
