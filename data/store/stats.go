package store

import (
	"context"
	"fmt"

	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

// Stats returns what the database holds.
func (r *Queries) Stats(ctx context.Context) (data.Stats, error) {
	var row struct {
		Schema, SQLVersion                 string
		Customers, Chats, Messages, Events int64
	}
	err := r.db.WithContext(ctx).Raw(`SELECT
		(SELECT max(id) FROM migrations) AS schema,
		sqlite_version() AS sql_version,
		(SELECT count(*) FROM customers) - (SELECT count(*) FROM customers WHERE joined_into > 0) AS customers,
		(SELECT count(*) FROM chats) AS chats,
		(SELECT count(*) FROM messages) AS messages,
		(SELECT count(*) FROM events) AS events`).Scan(&row).Error
	if err != nil {
		return data.Stats{}, fmt.Errorf("count what the database holds: %w", err)
	}
	return data.Stats{
		Schema: row.Schema, SQLite: row.SQLVersion,
		Customers: row.Customers, Chats: row.Chats, Messages: row.Messages, Events: row.Events,
	}, nil
}

// IsEmpty reports whether nothing was ever kept in the database.
func (r *Queries) IsEmpty(ctx context.Context) (bool, error) {
	return isEmpty(r.db.WithContext(ctx))
}

// IsEmpty reports the same within the transaction.
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
