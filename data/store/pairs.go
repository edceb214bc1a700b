package store

import (
	"context"
	"encoding/json"
	"fmt"

	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

type pairRow struct {
	ID        int64 `gorm:"primaryKey"`
	FirstID   int64
	SecondID  int64
	Reason    data.PairReason
	At        data.Moment
	State     data.PairState
	DecidedAt data.Moment
	Kept      string
}

func (pairRow) TableName() string { return "pairs" }

func (r pairRow) pair() data.Pair {
	return data.Pair{
		ID: r.ID, First: r.FirstID, Second: r.SecondID, Reason: r.Reason, At: r.At,
		State: r.State, DecidedAt: r.DecidedAt,
	}
}

func pairsOf(rows []pairRow) []data.Pair {
	pairs := make([]data.Pair, len(rows))
	for i, row := range rows {
		pairs[i] = row.pair()
	}
	return pairs
}

// AddPair records that two customers may be the same person, and returns the pair with
// its id.
func (t *Tx) AddPair(p data.Pair) (data.Pair, error) {
	row := pairRow{
		FirstID: p.First, SecondID: p.Second, Reason: p.Reason, At: p.At, State: p.State, DecidedAt: p.DecidedAt,
	}
	if err := t.db.Create(&row).Error; err != nil {
		return p, fmt.Errorf("record that customers %d and %d may be one: %w", p.First, p.Second, err)
	}
	return row.pair(), nil
}

// SavePair writes what was decided of a pair.
func (t *Tx) SavePair(p data.Pair) error {
	err := t.db.Exec("UPDATE pairs SET first_id = ?, second_id = ?, state = ?, decided_at = ? WHERE id = ?",
		p.First, p.Second, string(p.State), p.DecidedAt, p.ID).Error
	if err != nil {
		return fmt.Errorf("write pair %d: %w", p.ID, err)
	}
	return nil
}

// RemovePair removes a pair for which another one stands.
func (t *Tx) RemovePair(id int64) error {
	if err := t.db.Exec("DELETE FROM pairs WHERE id = ?", id).Error; err != nil {
		return fmt.Errorf("remove pair %d: %w", id, err)
	}
	return nil
}

// Pair returns the pair with the id, or data.ErrNotFound.
func (t *Tx) Pair(id int64) (data.Pair, error) { return findPair(t.db, id) }

// Pair returns the pair with the id, or data.ErrNotFound.
func (r *Queries) Pair(ctx context.Context, id int64) (data.Pair, error) {
	return findPair(r.db.WithContext(ctx), id)
}

func findPair(db *gorm.DB, id int64) (data.Pair, error) {
	var rows []pairRow
	if err := db.Raw("SELECT * FROM pairs WHERE id = ?", id).Scan(&rows).Error; err != nil {
		return data.Pair{}, fmt.Errorf("read pair %d: %w", id, err)
	}
	if len(rows) == 0 {
		return data.Pair{}, fmt.Errorf("pair %d: %w", id, data.ErrNotFound)
	}
	return rows[0].pair(), nil
}

// PairsBetween returns the pairs of one customer and another, and of whoever was
// joined into either.
func (t *Tx) PairsBetween(a, b int64) ([]data.Pair, error) {
	as, err := rowsOf(t.db, a)
	if err != nil {
		return nil, err
	}
	bs, err := rowsOf(t.db, b)
	if err != nil {
		return nil, err
	}
	var rows []pairRow
	err = t.db.Raw("SELECT * FROM pairs WHERE first_id IN ? AND second_id IN ? UNION SELECT * FROM pairs WHERE first_id IN ? AND second_id IN ? ORDER BY id",
		as, bs, bs, as).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("look for pairs of customers %d and %d: %w", a, b, err)
	}
	return pairsOf(rows), nil
}

// PairsWith returns the pairs in which the row of a customer stands, in the order of
// their beginning.
func (t *Tx) PairsWith(customer int64) ([]data.Pair, error) {
	return pairsWith(t.db, []int64{customer})
}

// PairsOf returns the pairs of a customer and of whoever was joined into them, in the
// order of their beginning.
func (r *Queries) PairsOf(ctx context.Context, customer int64) ([]data.Pair, error) {
	ids, err := rowsOf(r.db.WithContext(ctx), customer)
	if err != nil {
		return nil, err
	}
	return pairsWith(r.db.WithContext(ctx), ids)
}

func pairsWith(db *gorm.DB, customers []int64) ([]data.Pair, error) {
	var rows []pairRow
	err := db.Raw("SELECT * FROM pairs WHERE first_id IN ? UNION SELECT * FROM pairs WHERE second_id IN ? ORDER BY id", customers, customers).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the pairs of customer %d: %w", customers[0], err)
	}
	return pairsOf(rows), nil
}

// Pairs returns at most limit pairs in a state that nobody has decided, in the order of
// their beginning: those that began after the pair with the id after.
func (r *Queries) Pairs(ctx context.Context, state data.PairState, after int64, limit int) ([]data.Pair, error) {
	var rows []pairRow
	err := r.db.WithContext(ctx).Raw("SELECT * FROM pairs WHERE state = ? AND state IN ('found', 'open') AND id > ? ORDER BY id LIMIT ?", string(state), after, limit).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the pairs: %w", err)
	}
	return pairsOf(rows), nil
}

// CountPairs returns how many pairs nobody has decided.
func (r *Queries) CountPairs(ctx context.Context) (int, error) {
	var n int
	err := r.db.WithContext(ctx).Raw("SELECT count(*) FROM pairs WHERE state = 'open' AND state IN ('found', 'open')").Scan(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count the pairs: %w", err)
	}
	return n, nil
}

// SetPairedWith writes with whom the customer stands in a pair that is not decided,
// as the pairs have it, and the next version.
func (t *Tx) SetPairedWith(c *data.Customer) error {
	var with int64
	err := t.db.Raw(`SELECT coalesce((SELECT iif(first_id = @id, second_id, first_id) FROM pairs
		WHERE state = 'open' AND (first_id = @id OR second_id = @id) ORDER BY id LIMIT 1), 0)`, map[string]any{"id": c.ID}).Scan(&with).Error
	if err != nil {
		return fmt.Errorf("read the pairs of customer %d: %w", c.ID, err)
	}
	if err := t.updateCustomer(c, map[string]any{"paired_with": with}); err != nil {
		return err
	}
	c.PairedWith = with
	return nil
}

// SamePerson returns the customers who may be the same person as the customer, by all
// the pairs that nobody has decided, from one to the next; the customer comes first.
func (t *Tx) SamePerson(customer int64) ([]data.Customer, error) {
	var ids []int64
	err := t.db.Raw(`WITH RECURSIVE person (id) AS (SELECT ? UNION
			SELECT iif(pairs.first_id = person.id, pairs.second_id, pairs.first_id) FROM person JOIN pairs
			ON (pairs.first_id = person.id OR pairs.second_id = person.id) AND pairs.state = 'open')
		SELECT id FROM person`, customer).Scan(&ids).Error
	if err != nil {
		return nil, fmt.Errorf("look who may be customer %d: %w", customer, err)
	}
	all := make([]data.Customer, len(ids))
	for i, id := range ids {
		if all[i], err = findCustomer(t.db, id); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// UnblockedWith returns the event that unblocked a customer in the act that began with
// the event first, zero where there is none.
func (t *Tx) UnblockedWith(customer int64, first data.Event) (seq int64, err error) {
	err = t.db.Raw("SELECT coalesce(min(seq), 0) FROM events WHERE customer_id = ? AND seq > ? AND kind = ? AND recorded_at = ?",
		customer, first.Seq, data.UnblockedEvent, first.RecordedAt).Scan(&seq).Error
	if err != nil {
		return 0, fmt.Errorf("look when customer %d was unblocked: %w", customer, err)
	}
	return seq, nil
}

// SaveLetGo keeps with a pair the events that let go of what was held when its
// customers were kept apart, by customer.
func (t *Tx) SaveLetGo(pair int64, events map[int64]int64) error {
	text, err := json.Marshal(events)
	if err != nil {
		return fmt.Errorf("keep what pair %d let go of: %w", pair, err)
	}
	if err := t.db.Exec("UPDATE pairs SET kept = ? WHERE id = ?", string(text), pair).Error; err != nil {
		return fmt.Errorf("keep what pair %d let go of: %w", pair, err)
	}
	return nil
}

// LetGo returns those events.
func (t *Tx) LetGo(pair int64) (events map[int64]int64, err error) {
	var text string
	if err := t.db.Raw("SELECT kept FROM pairs WHERE id = ?", pair).Scan(&text).Error; err != nil {
		return nil, fmt.Errorf("read what pair %d let go of: %w", pair, err)
	}
	if err := json.Unmarshal([]byte(text), &events); err != nil {
		return nil, fmt.Errorf("read what pair %d let go of: %w: %w", pair, data.ErrDamaged, err)
	}
	return events, nil
}

// Event reads an event within the transaction.
func (t *Tx) Event(seq int64) (data.Event, error) {
	var rows []eventRow
	if err := t.db.Where("seq = ?", seq).Find(&rows).Error; err != nil {
		return data.Event{}, fmt.Errorf("read event %d: %w", seq, err)
	}
	if len(rows) == 0 {
		return data.Event{}, fmt.Errorf("event %d: %w", seq, data.ErrNotFound)
	}
	return rows[0].event(), nil
}
