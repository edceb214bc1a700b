package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
)

// ownBlockRow is the block that a customer who is not alone has of their own.
type ownBlockRow struct {
	CustomerID int64 `gorm:"primaryKey"`
	At         data.Moment
	By         string
	Kind       data.ActorKind
	Way        data.Channel
	Reason     string
	Note       string
	Until      data.Moment
	Review     data.Moment
	Asked      data.Moment
}

func (ownBlockRow) TableName() string { return "own_blocks" }

// Rows returns the id of a customer, and behind it those of the rows that were joined
// into it.
func (t *Tx) Rows(customer int64) ([]int64, error) { return rowsOfJoined(t.db, customer) }

// OwnBlocks returns the blocks that the rows of customers have of their own, by row. Of
// customers who are alone there are none here: theirs is Customer.Block.
func (t *Tx) OwnBlocks(rows []int64) (map[int64]*data.Block, error) {
	list, err := json.Marshal(rows)
	if err != nil {
		return nil, fmt.Errorf("read own blocks: %w", err)
	}
	var found []ownBlockRow
	if err := t.db.Raw("SELECT * FROM own_blocks WHERE customer_id IN (SELECT value FROM json_each(?))", string(list)).Scan(&found).Error; err != nil {
		return nil, fmt.Errorf("read the own blocks of customers %v: %w", rows, err)
	}
	own := make(map[int64]*data.Block, len(found))
	for _, r := range found {
		own[r.CustomerID] = &data.Block{
			By: data.Actor{Kind: r.Kind, Name: r.By, Channel: r.Way}, At: r.At, Reason: r.Reason, Note: r.Note,
			Until: r.Until, Review: r.Review, UnblockRequestedAt: r.Asked,
		}
	}
	return own, nil
}

// DueOwn returns at most limit rows whose own block has reached its end at now.
func (r *Queries) DueOwn(ctx context.Context, now data.Moment, limit int) (rows []int64, err error) {
	err = r.db.WithContext(ctx).Raw("SELECT customer_id FROM own_blocks WHERE until > 0 AND until <= ? ORDER BY until LIMIT ?", now, limit).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("look for own blocks that have ended: %w", err)
	}
	return rows, nil
}

// SaveOwnBlock writes the block that the row of a customer has of its own, nil for
// none.
func (t *Tx) SaveOwnBlock(row int64, b *data.Block) error {
	var err error
	if b == nil {
		err = t.db.Exec("DELETE FROM own_blocks WHERE customer_id = ?", row).Error
	} else {
		err = t.db.Save(&ownBlockRow{
			CustomerID: row, At: b.At, By: b.By.Name, Kind: b.By.Kind, Way: b.By.Channel, Reason: b.Reason, Note: b.Note,
			Until: b.Until, Review: b.Review, Asked: b.UnblockRequestedAt,
		}).Error
	}
	if err != nil {
		return fmt.Errorf("write the own block of customer %d: %w", row, err)
	}
	return nil
}
