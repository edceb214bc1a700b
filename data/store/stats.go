package store

import (
	"context"
	"fmt"

	"gorm.io/gorm"
)

// Stats are what there is to say about a database as a whole.
type Stats struct {
	Schema    string // the newest migration it has had
	SQLite    string `gorm:"column:sqlite"` // the version of SQLite that reads it
	Customers int64
	Chats     int64
	Messages  int64
	Events    int64
}

// Stats counts what the database holds.
func (r *Queries) Stats(ctx context.Context) (Stats, error) {
	var f Stats
	err := r.db.WithContext(ctx).Raw(`SELECT
		(SELECT max(id) FROM migrations) AS schema,
		sqlite_version() AS sqlite,
		(SELECT count(*) FROM customers) AS customers,
		(SELECT count(*) FROM chats) AS chats,
		(SELECT count(*) FROM messages) AS messages,
		(SELECT count(*) FROM events) AS events`).Scan(&f).Error
	if err != nil {
		return f, fmt.Errorf("count what the database holds: %w", err)
	}
	return f, nil
}

// IsEmpty reports whether nothing was ever kept in the database.
func (r *Queries) IsEmpty(ctx context.Context) (bool, error) {
	return isEmpty(r.db.WithContext(ctx))
}

// IsEmpty tells the same within the transaction.
func (t *Tx) IsEmpty() (bool, error) { return isEmpty(t.db) }

func isEmpty(db *gorm.DB) (bool, error) {
	var kept int64
	err := db.Raw(`SELECT
		EXISTS (SELECT 1 FROM customers) + EXISTS (SELECT 1 FROM events) + EXISTS (SELECT 1 FROM settings)`).Scan(&kept).Error
	if err != nil {
		return false, fmt.Errorf("look whether the database is fresh: %w", err)
	}
	return kept == 0, nil
}
