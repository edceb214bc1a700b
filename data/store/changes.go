package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// keptChanges is how many changes can be resumed from; older ones go.
const keptChanges = 100_000

// changesAtOnce is how many changes one statement writes: the driver looks for each of
// its values among all of them.
const changesAtOnce = 50

// Changed notes that something changed, for all who subscribe. It is written at the
// end of the transaction, which cannot read it before.
func (t *Tx) Changed(kind data.ChangeKind, customer int64) error {
	t.changes = append(t.changes, data.Change{Kind: kind, CustomerID: customer})
	return nil
}

// writeChanges writes what changed, in the order in which it did.
func (t *Tx) writeChanges() error {
	for some := range slices.Chunk(t.changes, changesAtOnce) {
		values := make([]any, 0, 2*len(some))
		for _, c := range some {
			values = append(values, string(c.Kind), c.CustomerID)
		}
		err := t.db.Exec("INSERT INTO changes (kind, customer_id) VALUES (?, ?)"+strings.Repeat(", (?, ?)", len(some)-1), values...).Error
		if err != nil {
			return fmt.Errorf("note %d changes: %w", len(t.changes), err)
		}
	}
	return nil
}

// LastChange returns the sequence of the newest change.
func (r *Queries) LastChange(ctx context.Context) (int64, error) {
	var seq int64
	return seq, r.db.WithContext(ctx).Raw("SELECT coalesce(max(seq), 0) FROM changes").Scan(&seq).Error
}

// ChangesAfter reads at most limit changes that came after seq, oldest first.
func (r *Queries) ChangesAfter(ctx context.Context, seq int64, limit int) ([]data.Change, error) {
	var changes []data.Change
	err := r.db.WithContext(ctx).Raw("SELECT seq, kind, customer_id FROM changes WHERE seq > ? ORDER BY seq LIMIT ?", seq, limit).Scan(&changes).Error
	if err != nil {
		return nil, fmt.Errorf("read the changes: %w", err)
	}
	return changes, nil
}

// PruneChanges forgets changes that nobody will ask for any more.
func (t *Tx) PruneChanges() error {
	return t.db.Exec("DELETE FROM changes WHERE seq <= (SELECT max(seq) FROM changes) - ?", keptChanges).Error
}
