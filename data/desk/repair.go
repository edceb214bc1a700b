package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Repair sets right what CheckState finds. A customer's block and the number of held
// messages become what follows from the history; messages that were changed, removed or
// put in stay as they are, since nothing here says what they were. Each customer has an
// event that says what was found. Before anything is written all is copied to the file
// that Repair returns, which is empty where there was nothing to do.
//
// It returns data.ErrDamaged if the history itself is not sound: nothing follows from it
// then.
func (d *Desk) Repair(ctx context.Context, by data.Actor, progress func(done, total int64), differs func(data.StateDifference)) (kept string, err error) {
	if err := d.store.ReadOnly(); err != nil {
		return "", fmt.Errorf("repair: %w", err)
	}
	if _, err := d.Check(ctx); err != nil {
		return "", fmt.Errorf("repair: %w", err)
	}
	found := map[int64][]string{}
	var order []int64
	err = d.CheckState(ctx, progress, func(one data.StateDifference) {
		if found[one.CustomerID] == nil {
			order = append(order, one.CustomerID)
		}
		found[one.CustomerID] = append(found[one.CustomerID], one.Text)
		differs(one)
	})
	if err != nil || len(order) == 0 {
		return "", err
	}
	kept = d.store.RepairCopy(d.Now().Time())
	if err := d.store.Backup(ctx, kept); err != nil {
		return "", fmt.Errorf("copy the desk before it is repaired: %w", err)
	}
	repair := func(step func(tx *store.Tx, row int64) error) error {
		for some := range slices.Chunk(order, repairBatch) {
			err := d.write(ctx, func(tx *store.Tx) error {
				for _, row := range some {
					if err := step(tx, row); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				return fmt.Errorf("repair: %w", err)
			}
		}
		return nil
	}
	// A block decides what is held in the chats of others as well, so all blocks come first.
	err = repair(func(tx *store.Tx, row int64) error {
		if err := repairBlock(tx, row, d.Now()); err != nil {
			return err
		}
		return recordRepair(tx, row, found[row], by, d.Now())
	})
	if err != nil {
		return kept, err
	}
	return kept, repair(repairMessages)
}

// repairBatch is how many customers are set right in one transaction.
const repairBatch = 20

// repairBlock writes the block that follows from the history into a customer's row. Of
// who may be the same person as another, that says whether there is one, and the own
// blocks say which one counts.
func repairBlock(tx *store.Tx, row int64, now data.Moment) error {
	c, state, err := tx.RowState(row)
	if err != nil {
		return err
	}
	want := state.Block
	if !state.Shared {
		if state.Difference(c.Block) == "" {
			return nil
		}
		return tx.SetBlock(&c, want)
	}
	p, err := readPerson(tx, c, now)
	if err != nil {
		return err
	}
	if !p.alone {
		if p.own, err = tx.OwnBlocks(p.allRows()); err != nil {
			return err
		}
		blocks, _ := p.counting()
		switch {
		case want == nil && blocks != nil:
			p.own = nil
		case want != nil && blocks == nil:
			p.own[row] = want
		case want != nil:
			want = blocks[row]
		}
		if err := p.save(tx); err != nil {
			return err
		}
	} else if (c.Block == nil) == (want == nil) {
		return nil
	}
	if want == nil && c.Block == nil || want != nil && c.Block != nil && *want == *c.Block {
		return nil
	}
	return tx.SetBlock(&c, want)
}

// recordRepair records what was found of a row. The history of who was joined goes on
// with the one they were joined into.
func recordRepair(tx *store.Tx, row int64, found []string, by data.Actor, now data.Moment) error {
	c, err := tx.Customer(row)
	if err != nil {
		return err
	}
	detail := data.Detail{Found: data.OneLine(strings.Join(found, "; "), maxFound)}
	if _, err := appendEvent(tx, c, data.RepairedEvent, by, now, now, detail); err != nil {
		return err
	}
	return tx.Changed(data.CustomerChanged, c.ID)
}

// maxFound is how many characters an event holds of what was found.
const maxFound = 1000

// repairMessages sets right which messages of a row are held, and how many, and takes the
// rest of them as it is.
func repairMessages(tx *store.Tx, row int64) error {
	if err := tx.RepairHolds(row); err != nil {
		return err
	}
	if err := tx.RepairCounts(row); err != nil {
		return err
	}
	if err := tx.SealMessages(row); err != nil {
		return err
	}
	return tx.Changed(data.MessageChanged, row)
}
