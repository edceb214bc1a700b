package store

import (
	"context"
	"fmt"
	"time"

	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

// idempotencyTTL is how long a request with a key is remembered.
const idempotencyTTL = 24 * time.Hour

// FindResponse reports whether the request with the key was done already, and
// returns the response to it. It returns data.ErrReused if the key came with
// another request.
func (r *Queries) FindResponse(ctx context.Context, key data.IdempotencyKey) (answer string, done bool, err error) {
	return findResponse(r.db.WithContext(ctx), key, r.now())
}

// FindResponse reads the same within the transaction.
func (t *Tx) FindResponse(key data.IdempotencyKey, now data.Moment) (answer string, done bool, err error) {
	return findResponse(t.db, key, now)
}

func findResponse(db *gorm.DB, key data.IdempotencyKey, now data.Moment) (answer string, done bool, err error) {
	var rows []struct{ Sum, Answer string }
	if err := db.Raw("SELECT sum, answer FROM once WHERE key = ? AND at > ?", key.Key, now.Add(-idempotencyTTL)).Scan(&rows).Error; err != nil {
		return "", false, fmt.Errorf("look for an earlier request: %w", err)
	}
	switch {
	case len(rows) == 0:
		return "", false, nil
	case rows[0].Sum != key.RequestHash:
		return "", false, data.ErrReused
	}
	return rows[0].Answer, true, nil
}

// SaveResponse remembers the response to the request with the key, and forgets
// those that are older than idempotencyTTL.
func (t *Tx) SaveResponse(key data.IdempotencyKey, answer string, now data.Moment) error {
	if err := t.db.Exec("DELETE FROM once WHERE at <= ?", now.Add(-idempotencyTTL)).Error; err != nil {
		return fmt.Errorf("forget earlier requests: %w", err)
	}
	err := t.db.Exec("INSERT INTO once (key, at, sum, answer) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING", key.Key, now, key.RequestHash, answer).Error
	if err != nil {
		return fmt.Errorf("remember the request: %w", err)
	}
	return nil
}

// SentAs reads the message that was sent with this id of the sender's choice.
func (t *Tx) SentAs(remoteID string) (data.Message, error) {
	var row messageRow
	found := t.db.Where(byRemoteID, remoteID).Limit(1).Find(&row)
	if found.Error != nil {
		return data.Message{}, fmt.Errorf("read message %s: %w", remoteID, found.Error)
	}
	if found.RowsAffected == 0 {
		return data.Message{}, fmt.Errorf("message %s: %w", remoteID, data.ErrNotFound)
	}
	return row.message(), nil
}
