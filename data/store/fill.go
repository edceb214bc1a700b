package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"gorm.io/gorm"
)

// fillPrefix begins the settings that hold how far a migration's fill has come. One
// that is finished has none.
const fillPrefix = "fill:"

// Fills lists the migrations of which something is still to be filled.
func (r *Queries) Fills(ctx context.Context) ([]string, error) {
	return findFills(r.db.WithContext(ctx))
}

func findFills(db *gorm.DB) ([]string, error) {
	var keys []string
	if err := db.Raw("SELECT key FROM settings WHERE key >= ? AND key < ? ORDER BY key", fillPrefix, "fill;").Scan(&keys).Error; err != nil {
		return nil, fmt.Errorf("read what is to be filled: %w", err)
	}
	for i, key := range keys {
		keys[i] = strings.TrimPrefix(key, fillPrefix)
	}
	return keys, nil
}

// Fill writes at most limit rows of what the oldest migration has left to be filled
// later, and how far that has come, in one transaction. It reports whether anything
// may remain.
func (s *Store) Fill(ctx context.Context, limit int) (more bool, err error) {
	err = s.Write(ctx, func(tx *Tx) error {
		more, err = tx.fill(limit)
		return err
	})
	return more, err
}

func (t *Tx) fill(limit int) (more bool, err error) {
	ids, err := findFills(t.db)
	if err != nil || len(ids) == 0 {
		return false, err
	}
	id, key := ids[0], fillPrefix+ids[0]
	do := goMigrations[id].fill
	if do == nil {
		return false, fmt.Errorf("fill what the migration %s left: this version does not know how", id)
	}
	var position string
	if err := t.db.Raw("SELECT value FROM settings WHERE key = ?", key).Scan(&position).Error; err != nil {
		return false, fmt.Errorf("read how far the fill of %s has come: %w", id, err)
	}
	after, err := strconv.ParseInt(position, 10, 64)
	if err != nil {
		return false, fmt.Errorf("read how far the fill of %s has come: %w", id, err)
	}
	next, more, err := do(t, after, limit)
	if err != nil {
		return false, fmt.Errorf("fill what the migration %s left: %w", id, err)
	}
	if more {
		return true, t.set(key, strconv.FormatInt(next, 10))
	}
	if err := t.db.Exec("DELETE FROM settings WHERE key = ?", key).Error; err != nil {
		return false, fmt.Errorf("note that the fill of %s is done: %w", id, err)
	}
	return len(ids) > 1, nil
}
