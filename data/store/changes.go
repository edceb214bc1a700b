package store

import (
	"context"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
)

// keptChanges is how many changes can be resumed from; older ones go.
const keptChanges = 100_000

// Changed notes that something changed, for all who subscribe.
func (t *Tx) Changed(kind data.ChangeKind, customer int64) error {
	if t.bulk != nil {
		t.bulk.changes = append(t.bulk.changes, data.Change{Kind: kind, CustomerID: customer})
		return nil
	}
	return t.db.Exec("INSERT INTO changes (kind, customer_id) VALUES (?, ?)", kind, customer).Error
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
