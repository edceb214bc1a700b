package store

import (
	"bytes"
	"context"
	"fmt"

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
	Way        data.Way
	Detail     string
	Prev       []byte
	Hash       []byte
}

func (eventRow) TableName() string { return "events" }

func (r eventRow) event() data.Event {
	return data.Event{
		Seq: r.Seq, At: r.At, RecordedAt: r.RecordedAt, Kind: r.Kind, CustomerID: r.CustomerID, Phone: r.Phone,
		Actor:  data.Actor{Kind: r.ActorKind, Name: r.Actor, Way: r.Way},
		Detail: r.Detail, Prev: r.Prev, Hash: r.Hash,
	}
}

// Append writes e at the end of the chain and gives it with its sequence and
// hashes.
func (t *Tx) Append(e data.Event) (data.Event, error) {
	var head struct {
		Seq  int64
		Hash []byte
	}
	if err := t.db.Raw("SELECT seq, hash FROM chain WHERE id = 1").Scan(&head).Error; err != nil {
		return e, fmt.Errorf("read the head of the events: %w", err)
	}
	e.Seq, e.Prev = head.Seq+1, head.Hash
	if e.Prev == nil {
		e.Prev = []byte{}
	}
	e.Hash = e.Sum()
	row := eventRow{
		Seq: e.Seq, At: e.At, RecordedAt: e.RecordedAt, Kind: e.Kind, CustomerID: e.CustomerID, Phone: e.Phone,
		ActorKind: e.Actor.Kind, Actor: e.Actor.Name, Way: e.Actor.Way,
		Detail: e.Detail, Prev: e.Prev, Hash: e.Hash,
	}
	if err := t.db.Create(&row).Error; err != nil {
		return e, fmt.Errorf("write event %d: %w", e.Seq, err)
	}
	if err := t.db.Exec("UPDATE chain SET seq = ?, count = count + 1, hash = ? WHERE id = 1", e.Seq, e.Hash).Error; err != nil {
		return e, fmt.Errorf("write the head of the events: %w", err)
	}
	return e, nil
}

// Events reads all events of a customer in the order they were written down.
func (r *Reads) Events(ctx context.Context, customer int64) ([]data.Event, error) {
	var rows []eventRow
	if err := r.db.WithContext(ctx).Where("customer_id = ?", customer).Order("seq").Find(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the events of customer %d: %w", customer, err)
	}
	events := make([]data.Event, len(rows))
	for i, row := range rows {
		events[i] = row.event()
	}
	return events, nil
}

// VerifyEvents walks the whole chain and tells the first thing wrong with it;
// count is how many events it found sound.
func (r *Reads) VerifyEvents(ctx context.Context) (count int64, err error) {
	rows, err := r.db.WithContext(ctx).Model(&eventRow{}).Order("seq").Rows()
	if err != nil {
		return 0, fmt.Errorf("read the events: %w", err)
	}
	defer rows.Close()
	prev := []byte{}
	for rows.Next() {
		var row eventRow
		if err := r.db.ScanRows(rows, &row); err != nil {
			return count, fmt.Errorf("read the events: %w", err)
		}
		e := row.event()
		if e.Seq != count+1 || !bytes.Equal(e.Prev, prev) || !bytes.Equal(e.Hash, e.Sum()) {
			return count, fmt.Errorf("event %d: %w: it does not follow from the one before", e.Seq, ErrDamaged)
		}
		count, prev = count+1, e.Hash
	}
	if err := rows.Err(); err != nil {
		return count, err
	}
	var head struct {
		Seq, Count int64
		Hash       []byte
	}
	if err := r.db.WithContext(ctx).Raw("SELECT seq, count, hash FROM chain WHERE id = 1").Scan(&head).Error; err != nil {
		return count, fmt.Errorf("read the head of the events: %w", err)
	}
	if head.Seq != count || head.Count != count || !bytes.Equal(head.Hash, prev) {
		return count, fmt.Errorf("%w: %d events are there, %d were written", ErrDamaged, count, head.Count)
	}
	return count, nil
}
