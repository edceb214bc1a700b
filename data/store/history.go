package store

import (
	"context"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
)

// Messages reads at most limit messages of a customer that come after a place,
// oldest first: those in the chat and those held, but neither cleared nor
// discarded ones. The zero key reads from the first.
func (r *Reads) Messages(ctx context.Context, customer int64, after data.ItemKey, limit int) ([]data.Message, error) {
	// Shown and held messages have an index each, so each is read by its own.
	const page = `SELECT * FROM (SELECT * FROM messages WHERE customer_id = @customer AND %s AND (at, id) > (@at, @id) ORDER BY at, id LIMIT @limit)`
	query := fmt.Sprintf(page, shown) + " UNION ALL " + fmt.Sprintf(page, "hold = 1") + " ORDER BY at, id LIMIT @limit"
	var rows []messageRow
	err := r.db.WithContext(ctx).Raw(query, map[string]any{
		"customer": customer, "at": after.At, "id": after.ID, "limit": limit,
	}).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the messages of customer %d: %w", customer, err)
	}
	messages := make([]data.Message, len(rows))
	for i, row := range rows {
		messages[i] = row.message()
	}
	return messages, nil
}
