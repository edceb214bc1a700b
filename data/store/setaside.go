package store

import (
	"context"
	"crypto/sha256"
	"fmt"

	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

type setAsideRow struct {
	ID       int64
	Sum      []byte
	State    data.SetAsideState
	At       data.Moment
	LastAt   data.Moment
	Count    int64
	Size     int64
	Reason   string
	Address  data.Address
	DoneAt   data.Moment
	DoneBy   string
	DoneKind data.ActorKind
	DoneWay  data.Channel
	Raw      []byte
}

func (r setAsideRow) setAside() data.SetAside {
	return data.SetAside{
		ID: r.ID, At: r.At, LastAt: r.LastAt, Count: r.Count, Reason: r.Reason, From: r.Address, Size: r.Size, Raw: r.Raw, Sum: r.Sum,
		State: r.State, DoneAt: r.DoneAt, By: data.Actor{Kind: r.DoneKind, Name: r.DoneBy, Channel: r.DoneWay},
	}
}

const (
	isKept          = "state = 'kept'" // the condition of the index set_aside_kept, word for word
	setAsideColumns = "id, sum, state, at, last_at, count, size, reason, address, done_at, done_by, done_kind, done_way"
)

// SetAside keeps a delivery as it came in, or counts it where it is here already,
// whatever has become of it since. It returns data.ErrSetAsideFull where there is
// no room for another.
func (t *Tx) SetAside(d data.SetAside, now data.Moment) error {
	sum := sha256.Sum256(d.Raw)
	done := t.db.Exec("UPDATE set_aside SET count = count + 1, last_at = ? WHERE sum = ?", now, sum[:])
	if done.Error != nil {
		return fmt.Errorf("set a delivery aside: %w", done.Error)
	}
	if done.RowsAffected > 0 {
		return nil
	}
	total, err := findSetAsideTotal(t.db)
	if err != nil {
		return err
	}
	if total.IsFull() {
		return data.ErrSetAsideFull
	}
	// The sum does not come first: GORM takes a slice right behind a bracket for a list.
	err = t.db.Exec("INSERT INTO set_aside (state, sum, at, last_at, size, reason, address, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		data.SetAsideKept, sum[:], now, now, len(d.Raw), d.Reason, d.From, d.Raw).Error
	if err != nil {
		return fmt.Errorf("set a delivery aside: %w", err)
	}
	return t.addSetAsideTotal(1, int64(len(d.Raw)))
}

func (t *Tx) addSetAsideTotal(rows, bytes int64) error {
	err := t.db.Exec(`INSERT INTO set_aside_total (id, rows, bytes) VALUES (1, ?, ?)
		ON CONFLICT (id) DO UPDATE SET rows = rows + excluded.rows, bytes = bytes + excluded.bytes`, rows, bytes).Error
	if err != nil {
		return fmt.Errorf("count what is set aside: %w", err)
	}
	return nil
}

// SetAsideTotal returns how much is kept.
func (r *Queries) SetAsideTotal(ctx context.Context) (data.SetAsideTotal, error) {
	return findSetAsideTotal(r.db.WithContext(ctx))
}

func findSetAsideTotal(db *gorm.DB) (total data.SetAsideTotal, err error) {
	if err := db.Raw("SELECT rows, bytes FROM set_aside_total WHERE id = 1").Scan(&total).Error; err != nil {
		return total, fmt.Errorf("count what is set aside: %w", err)
	}
	return total, nil
}

// SetAsideIDs returns the deliveries that are kept, the newest first.
func (r *Queries) SetAsideIDs(ctx context.Context) ([]int64, error) {
	var all string
	err := r.db.WithContext(ctx).Raw("SELECT json_group_array(id) FROM (SELECT id FROM set_aside WHERE " + isKept + " ORDER BY id DESC)").Scan(&all).Error
	if err != nil {
		return nil, fmt.Errorf("read what is set aside: %w", err)
	}
	return numbers(all)
}

// SetAsideRows reads those of the deliveries that were set aside, the newest first
// and without their raw text.
func (r *Queries) SetAsideRows(ctx context.Context, ids []int64) ([]data.SetAside, error) {
	var rows []setAsideRow
	err := r.db.WithContext(ctx).Raw("SELECT "+setAsideColumns+" FROM set_aside WHERE id IN ? ORDER BY id DESC", ids).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read what is set aside: %w", err)
	}
	list := make([]data.SetAside, len(rows))
	for i, row := range rows {
		list[i] = row.setAside()
	}
	return list, nil
}

// FindSetAside reads a delivery that was set aside, or returns data.ErrNotSetAside.
func (r *Queries) FindSetAside(ctx context.Context, id int64) (data.SetAside, error) {
	return findSetAside(r.db.WithContext(ctx), id, setAsideColumns+", raw")
}

// FindSetAside reads the same within the transaction, without the raw text.
func (t *Tx) FindSetAside(id int64) (data.SetAside, error) {
	return findSetAside(t.db, id, setAsideColumns)
}

func findSetAside(db *gorm.DB, id int64, columns string) (data.SetAside, error) {
	var row setAsideRow
	found := db.Raw("SELECT "+columns+" FROM set_aside WHERE id = ?", id).Scan(&row)
	if found.Error != nil {
		return data.SetAside{}, fmt.Errorf("read delivery %d: %w", id, found.Error)
	}
	if found.RowsAffected == 0 {
		return data.SetAside{}, fmt.Errorf("delivery %d: %w", id, data.ErrNotSetAside)
	}
	return row.setAside(), nil
}

// FinishSetAside marks a delivery that is kept as taken or dropped, and lets go of
// its raw text.
func (t *Tx) FinishSetAside(d data.SetAside, state data.SetAsideState, by data.Actor, now data.Moment) error {
	err := t.db.Exec("UPDATE set_aside SET state = ?, done_at = ?, done_by = ?, done_kind = ?, done_way = ?, raw = x'' WHERE id = ?",
		state, now, by.Name, by.Kind, by.Channel, d.ID).Error
	if err != nil {
		return fmt.Errorf("mark delivery %d as %s: %w", d.ID, state, err)
	}
	return t.addSetAsideTotal(-1, -d.Size)
}

// SetSetAsideReason says anew what is wrong with a delivery.
func (t *Tx) SetSetAsideReason(id int64, reason string) error {
	if err := t.db.Exec("UPDATE set_aside SET reason = ? WHERE id = ?", reason, id).Error; err != nil {
		return fmt.Errorf("note what is wrong with delivery %d: %w", id, err)
	}
	return nil
}

// AddReread writes a message that was read from a delivery after it had been set
// aside, as AddMessage does, or as AddHistory where it counts as read. Released are the
// events that let go of it: none, or that of its chat, or in a group the member's first.
func (t *Tx) AddReread(c *data.Customer, m data.Message, setAside int64, released []int64, read bool) (id int64, fresh bool, err error) {
	add := t.AddMessage
	if read || m.Hold == data.Discarded {
		add = t.AddHistory
	}
	if id, fresh, err = add(c, m); err != nil || !fresh {
		return id, fresh, err
	}
	var release int64
	if m.Hold != data.IsHeld && len(released) > 0 {
		release = released[0]
	}
	if err := t.db.Exec("UPDATE messages SET set_aside = ?, released_by = ? WHERE id = ?", setAside, release, id).Error; err != nil {
		return id, fresh, fmt.Errorf("note where message %d comes from: %w", id, err)
	}
	for _, event := range released {
		if !c.IsGroup() {
			break
		}
		if err := t.noteReleased(event, "id = ?", id); err != nil {
			return id, fresh, err
		}
	}
	return id, fresh, nil
}

const setAsideRetried = "set_aside_retried" // a setting

// SetAsideRetriedBy returns the version of the program that last retried all that
// is set aside, empty for none.
func (r *Queries) SetAsideRetriedBy(ctx context.Context) (version string, err error) {
	if err := r.db.WithContext(ctx).Raw("SELECT value FROM settings WHERE key = ?", setAsideRetried).Scan(&version).Error; err != nil {
		return "", fmt.Errorf("read which version last retried what is set aside: %w", err)
	}
	return version, nil
}

// SaveSetAsideRetriedBy saves that version.
func (t *Tx) SaveSetAsideRetriedBy(version string) error { return t.set(setAsideRetried, version) }
