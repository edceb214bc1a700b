package desk

import (
	"context"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// SaveReviewPeriods keeps after how many days blocks are looked at again; zero
// switches a period off.
func (d *Desk) SaveReviewPeriods(ctx context.Context, p data.ReviewPeriods) error {
	for _, days := range []int{p.Days, p.Old} {
		if days < 0 || days > data.MaxReviewDays {
			return fmt.Errorf("save when blocks are reviewed: %w: a period has 0 to %d days", data.ErrInvalid, data.MaxReviewDays)
		}
	}
	return d.write(ctx, func(tx *store.Tx) error {
		if err := tx.SaveReviewPeriods(p); err != nil {
			return err
		}
		return tx.Changed(data.SettingsChanged, 0)
	})
}
