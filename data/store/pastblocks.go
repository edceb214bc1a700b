package store

import (
	"context"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
)

// endedBlocks are the events that ended a block for good: an unblock that was
// undone ended none. The text of a detail is canonical, so that what a note
// says cannot be taken for a field.
const endedBlocks = `SELECT seq AS id, customer_id FROM events INDEXED BY events_ends
	WHERE kind IN ('unblocked', 'block_ended', 'undone')
	AND (kind <> 'undone' OR instr(detail, '"from":"blocked"') > 0)
	AND seq NOT IN (
		SELECT json_extract(detail, '$.of') FROM events INDEXED BY events_ends
		WHERE kind IN ('unblocked', 'block_ended', 'undone')
		AND kind = 'undone' AND instr(detail, '"from":"unblocked"') > 0
		AND json_valid(detail) AND json_extract(detail, '$.of') IS NOT NULL)`

// PastIDs returns all blocks that are over, newest first, each by the number of
// the event that ended it; search narrows them to the customers it finds.
func (r *Queries) PastIDs(ctx context.Context, search string) ([]int64, error) {
	query := endedBlocks
	words, found := searchWords(search)
	if len(words) > 0 {
		query += " AND customer_id IN (SELECT id FROM customers WHERE " + found + ")"
	}
	return r.ids(ctx, query+" ORDER BY seq DESC", words...)
}

// pastBlocks puts the event that ended a block beside the one that began it,
// which is the latest block of that customer before.
const pastBlocks = `SELECT e.seq, e.at, e.kind, e.actor, e.customer_id, e.phone, c.name, c.joined_into,
		EXISTS (SELECT 1 FROM chats WHERE customer_id = e.customer_id) AS chat,
		coalesce(b.at, 0) AS began_at, coalesce(b.actor, '') AS began_by, coalesce(b.detail, '') AS began_detail
	FROM events e JOIN customers c ON c.id = e.customer_id
	LEFT JOIN events b ON b.seq = (SELECT max(seq) FROM events WHERE customer_id = e.customer_id AND kind = 'blocked' AND seq < e.seq)
	WHERE e.seq IN ?`

// PastBlocks reads the blocks that the given events ended, in no order.
func (r *Queries) PastBlocks(ctx context.Context, seqs []int64) ([]data.PastBlock, error) {
	var rows []struct {
		Seq         int64
		At          data.Moment
		Kind        data.EventKind
		Actor       string
		CustomerID  int64
		Phone       data.Phone
		Name        string
		Chat        bool
		BeganAt     data.Moment
		BeganBy     string
		BeganDetail string
		JoinedInto  int64
	}
	if err := r.db.WithContext(ctx).Raw(pastBlocks, seqs).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the past blocks: %w", err)
	}
	list := make([]data.PastBlock, len(rows))
	for i, row := range rows {
		began := data.Event{Detail: row.BeganDetail}.Rest()
		list[i] = data.PastBlock{
			Seq: row.Seq, CustomerID: row.CustomerID, Phone: row.Phone, Name: row.Name, Chat: row.Chat,
			By: row.BeganBy, At: row.BeganAt, Reason: began.Reason,
			Ended: row.At, How: row.Kind, EndedBy: row.Actor,
		}
		if row.JoinedInto != 0 {
			if err := r.showAsJoined(ctx, &list[i]); err != nil {
				return nil, err
			}
		}
		if began.ImportedAt != 0 { // a list brought it, and says itself who blocked and when
			list[i].By, list[i].At = began.ImportedBy, data.Moment(began.ImportedAt)
		}
	}
	return list, nil
}

// showAsJoined makes a past block of a joined customer one of the customer they were
// joined into.
func (r *Queries) showAsJoined(ctx context.Context, b *data.PastBlock) error {
	c, err := r.Customer(ctx, b.CustomerID)
	if err != nil {
		return err
	}
	b.CustomerID, b.Name = c.ID, c.Name
	return r.db.WithContext(ctx).Raw("SELECT EXISTS (SELECT 1 FROM chats WHERE customer_id = ?)", c.ID).Scan(&b.Chat).Error
}
