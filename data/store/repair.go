package store

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// RepairCopy returns the file that holds the database as it was before a repair at now.
// It is no daily copy, and nothing removes it.
func (s *Store) RepairCopy(now time.Time) string {
	return strings.TrimSuffix(s.Path, filepath.Ext(s.Path)) + "-before-repair-" + now.UTC().Format("20060102T150405.000Z") + ".db"
}

// RowState returns what the row of a customer says, and what follows from its events.
// Who was joined is read as itself, and has no block that counts.
func (t *Tx) RowState(row int64) (c data.Customer, state data.State, err error) {
	var r customerRow
	if err := t.db.Where("id = ?", row).Take(&r).Error; err != nil {
		return c, state, fmt.Errorf("read customer %d: %w", row, err)
	}
	events, err := t.Events(row)
	if err != nil {
		return c, state, err
	}
	if state = data.StateOf(events); r.JoinedInto != 0 {
		state = data.State{}
	}
	return r.customer(), state, nil
}

// RepairHolds sets each message in the chat of a row, or held by its block in a group,
// to the state that the event says which let go of it. What nothing holds is shown.
func (t *Tx) RepairHolds(row int64) error {
	const (
		theirs    = "(customer_id = @row OR held_for = @row AND held_for > 0)"
		discarded = `coalesce((SELECT instr(detail, '"discarded":') > 0 FROM events WHERE seq = released_by), 0)`
		blocked   = "coalesce((SELECT blocked_at FROM customers WHERE id = iif(held_for > 0, held_for, customer_id)), 0) > 0"
		demo      = "EXISTS (SELECT 1 FROM settings WHERE key = 'demo')"
	)
	return t.all(fmt.Sprintf("set right what is held of customer %d", row), map[string]any{"row": row},
		"UPDATE messages SET hold = iif("+discarded+", 3, 2) WHERE "+theirs+" AND released_by > 0",
		"UPDATE messages SET hold = 0, held_for = 0 WHERE "+theirs+" AND released_by = 0 AND (hold = 1 AND NOT ("+blocked+
			") OR hold IN (2, 3) AND NOT "+demo+" OR hold = 4 AND imported_by = 0 OR hold NOT BETWEEN 0 AND 4)")
}

// RepairCounts counts anew how many messages a row's block holds.
func (t *Tx) RepairCounts(row int64) error {
	return t.all(fmt.Sprintf("count what is held of customer %d", row), map[string]any{"row": row}, recountHeld("@row"))
}

// SealMessages takes the messages in the chat of a row as they are now: each has the
// checksum of what it says, and the row counts these. Those of an older version whose
// turn to be filled comes have none yet.
func (t *Tx) SealMessages(row int64) error {
	fills, err := findFills(t.db)
	if err != nil {
		return err
	}
	filling := slices.Contains(fills, checksumsMigration)
	var rows []messageRow
	if err := t.db.Where("customer_id = ?", row).Find(&rows).Error; err != nil {
		return fmt.Errorf("read the messages of customer %d: %w", row, err)
	}
	var all messageSum
	for _, r := range rows {
		if r.Checksum == noChecksum && filling {
			continue
		}
		sum := r.sealed()
		all = all.plus(messageSum{1, sum})
		if r.Checksum == sum {
			continue
		}
		if err := t.db.Exec("UPDATE messages SET checksum = ? WHERE id = ?", sum, r.ID).Error; err != nil {
			return fmt.Errorf("write the checksum of message %d: %w", r.ID, err)
		}
	}
	if err := t.db.Exec("UPDATE customers SET messages = ?, messages_sum = ? WHERE id = ?", all.count, all.sum, row).Error; err != nil {
		return fmt.Errorf("write the checksum of the messages of customer %d: %w", row, err)
	}
	return nil
}
