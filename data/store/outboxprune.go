package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

const (
	// maxEntryAge is how long an outbox entry is kept on which nothing is to be done.
	maxEntryAge = 30 * 24 * time.Hour
	// maxEntries is how many of them are kept that are younger, but not younger than
	// minEntryAge: within that time the status of a text is asked for.
	maxEntries  = 50_000
	minEntryAge = 2 * 24 * time.Hour
	// prunedAtOnce is how many go in one transaction.
	prunedAtOnce = 1000
)

// removable are the entries that nobody reads any more. Of the blocks and unblocks at
// each address those are left that StatusEntries reads, and the newest that was not
// taken back: from them follows what DoubleTick knows, also after a split.
const removable = `o.state IN ('done', 'folded', 'kept') AND (o.at < @old OR o.at < @young AND o.id <= (SELECT max(id) FROM outbox) - @kept)
	AND (o.act NOT IN ('block', 'unblock')
		OR (SELECT count(*) FROM (SELECT 1 ` + newerStatus + ` LIMIT @status)) = @status
			AND (o.state = 'folded' OR EXISTS (SELECT 1 ` + newerStatus + ` AND n.state <> 'folded')))`

const newerStatus = "FROM outbox n WHERE n.customer_id = o.customer_id AND n.act IN ('block', 'unblock') AND n.address = o.address AND n.id > o.id"

// PruneOutbox removes outbox entries that were done long ago, or with many after them.
// They are looked for without the writer's lock, and go few at once.
func (s *Store) PruneOutbox(ctx context.Context) error {
	now := s.Now()
	values := map[string]any{
		"old": now.Add(-maxEntryAge), "young": now.Add(-minEntryAge), "kept": maxEntries,
		"status": maxStatusEntries, "some": prunedAtOnce, "after": int64(0),
	}
	for {
		var ids []int64
		err := s.db.WithContext(ctx).Raw("SELECT o.id FROM outbox o WHERE o.id > @after AND "+removable+" ORDER BY o.id LIMIT @some", values).Scan(&ids).Error
		if err != nil {
			return fmt.Errorf("look for outbox entries that are long done: %w", err)
		}
		if len(ids) == 0 {
			return nil
		}
		list, err := json.Marshal(ids)
		if err != nil {
			return fmt.Errorf("remove outbox entries that are long done: %w", err)
		}
		values["after"], values["ids"] = ids[len(ids)-1], string(list)
		err = s.Write(ctx, func(tx *Tx) error {
			return tx.db.Exec("DELETE FROM outbox AS o WHERE o.id IN (SELECT value FROM json_each(@ids)) AND "+removable, values).Error
		})
		if err != nil {
			return fmt.Errorf("remove outbox entries that are long done: %w", err)
		}
	}
}
