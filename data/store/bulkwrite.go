package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
)

// bulkWrite is what a transaction on many customers gathers until its end.
type bulkWrite struct {
	tx      *Tx
	events  *bulkInserter
	head    data.Head // as it will be
	added   int64     // events since it was read
	entries entryBatch
}

// BulkWrite runs do so that what it writes of many customers costs less: events go
// in bulk, and the head of their chain is read and written once. Until do has
// returned, events cannot be read.
func (t *Tx) BulkWrite(do func() error) error {
	m := &bulkWrite{tx: t, events: t.newInserter("events", nil, "seq, at, recorded_at, kind, customer_id, phone, actor_kind, actor, way, detail, prev, hash")}
	var err error
	if m.head, err = t.head(); err != nil {
		return err
	}
	t.bulk = m
	err = do()
	t.bulk = nil
	if err != nil {
		return err
	}
	return m.flush()
}

func (m *bulkWrite) append(e data.Event) (data.Event, error) {
	e = follow(e, m.head)
	m.head = data.Head{Count: e.Seq, Hash: e.Hash}
	m.added++
	return e, m.events.add(e.Seq, int64(e.At), int64(e.RecordedAt), string(e.Kind), e.CustomerID, string(e.Phone),
		string(e.Actor.Kind), e.Actor.Name, string(e.Actor.Channel), e.Detail, e.Prev, e.Hash)
}

func (m *bulkWrite) flush() error {
	if err := m.events.flush(); err != nil {
		return err
	}
	if m.added > 0 {
		if err := m.tx.setHead(m.head, m.added); err != nil {
			return err
		}
	}
	return m.entries.flush(m.tx)
}

// Selected returns how customers who were selected together stand now, in the
// order of their ids in the list.
func (r *Queries) Selected(ctx context.Context, ids []int64) (data.Selection, error) {
	var s data.Selection
	list, err := json.Marshal(ids)
	if err != nil {
		return s, fmt.Errorf("look at %d customers: %w", len(ids), err)
	}
	rows, err := r.rows(ctx, "SELECT c.id, c.held, "+blockedNow+" FROM json_each(?) j JOIN customers c ON c.id = j.value AND c.joined_into = 0 ORDER BY j.key", r.now(), string(list))
	if err != nil {
		return s, fmt.Errorf("look at %d customers: %w", len(ids), err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var held int
		var blocked bool
		if err := rows.Scan(&id, &held, &blocked); err != nil {
			return s, fmt.Errorf("look at %d customers: %w", len(ids), err)
		}
		s.Held += held
		if blocked {
			s.Blocked = append(s.Blocked, id)
		} else {
			s.Active = append(s.Active, id)
		}
	}
	if err := rows.Err(); err != nil {
		return s, fmt.Errorf("look at %d customers: %w", len(ids), err)
	}
	return s, nil
}
