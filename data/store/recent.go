package store

import (
	"context"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
)

// LastMessage returns the id of the message that was written down last.
func (r *Queries) LastMessage(ctx context.Context) (int64, error) {
	var id int64
	return id, r.db.WithContext(ctx).Raw("SELECT coalesce(max(id), 0) FROM messages").Scan(&id).Error
}

// SentBetween reads the outgoing messages of all customers with ids above
// after and up to upTo, in that order.
func (r *Queries) SentBetween(ctx context.Context, after, upTo int64) ([]data.Message, error) {
	var rows []messageRow
	err := r.db.WithContext(ctx).Where("id > ? AND id <= ? AND direction = ?", after, upTo, data.Out).Order("id").Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read what was sent: %w", err)
	}
	messages := make([]data.Message, len(rows))
	for i, row := range rows {
		messages[i] = row.message()
	}
	return messages, nil
}

// CountSent counts a chat's outgoing messages up to the one with this id.
func (r *Queries) CountSent(ctx context.Context, customer, upTo int64) (int, error) {
	var n int64
	err := r.db.WithContext(ctx).Model(&messageRow{}).
		Where("customer_id = ? AND "+shown+" AND direction = ? AND id <= ?", customer, data.Out, upTo).Count(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count what was sent to customer %d: %w", customer, err)
	}
	return int(n), nil
}

// LastBlocked reads those who are blocked now and were blocked last, without
// their tags.
func (r *Queries) LastBlocked(ctx context.Context, limit int) ([]data.Customer, error) {
	var rows []customerRow
	err := r.db.WithContext(ctx).Where(blockedNow, r.now()).Order("blocked_at DESC, id DESC").Limit(limit).Find(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read who was blocked last: %w", err)
	}
	customers := make([]data.Customer, len(rows))
	for i, row := range rows {
		customers[i] = row.customer()
	}
	return customers, nil
}
