package store

import (
	"context"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
)

// messagePage reads shown and held messages each by its own index.
var messagePage = fmt.Sprintf(`SELECT * FROM (%s) UNION ALL SELECT * FROM (%s) ORDER BY at, id LIMIT @limit`,
	messagesWhere(shown), messagesWhere("hold = 1"))

func messagesWhere(condition string) string {
	return "SELECT * FROM messages WHERE customer_id = @customer AND " + condition + " AND (at, id) > (@at, @id) ORDER BY at, id LIMIT @limit"
}

// Messages reads at most limit messages of a customer that come after a place,
// oldest first: those in the chat and those held, but neither cleared nor
// discarded ones. The zero key reads from the first.
func (r *Queries) Messages(ctx context.Context, customer int64, after data.ItemKey, limit int) ([]data.Message, error) {
	var rows []messageRow
	err := r.db.WithContext(ctx).Raw(messagePage, map[string]any{
		"customer": customer, "at": after.At, "id": after.ID, "limit": limit,
	}).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the messages of customer %d: %w", customer, err)
	}
	return messagesOf(rows), nil
}

// heldPage reads what is held in the chat, by whichever block, and what the customer's
// block holds in groups, each by its own index.
var heldPage = fmt.Sprintf(`SELECT * FROM (%s) UNION ALL SELECT * FROM (
	SELECT * FROM messages WHERE held_for = @customer AND held_for > 0 AND hold = 1 AND customer_id <> @customer
		AND (at, id) > (@at, @id) ORDER BY at, id LIMIT @limit) ORDER BY at, id LIMIT @limit`, messagesWhere("hold = 1"))

// HeldMessages reads at most limit held messages of a customer that come after a place,
// oldest first: those in the chat, and those that the customer wrote in groups. The zero
// key reads from the first.
func (r *Queries) HeldMessages(ctx context.Context, customer int64, after data.ItemKey, limit int) ([]data.Message, error) {
	var rows []messageRow
	err := r.db.WithContext(ctx).Raw(heldPage, map[string]any{
		"customer": customer, "at": after.At, "id": after.ID, "limit": limit,
	}).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the held messages of customer %d: %w", customer, err)
	}
	return messagesOf(rows), nil
}
