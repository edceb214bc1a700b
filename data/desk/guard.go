package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// SetDisabledRules keeps which guard rules are switched off, all others are on. An
// unknown rule is kept: a newer version may know it.
func (d *Desk) SetDisabledRules(ctx context.Context, ids []string) error {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	for _, id := range ids {
		if id == "" || strings.Trim(id, "abcdefghijklmnopqrstuvwxyz-") != "" || len(id) > data.MaxTag {
			return fmt.Errorf("switch guard rules off: %w: %q is no name of a rule", data.ErrInvalid, data.OneLine(id, data.MaxTag))
		}
	}
	return d.write(ctx, func(tx *store.Tx) error {
		if err := tx.SetDisabledRules(ids); err != nil {
			return err
		}
		return tx.Changed(data.SettingsChanged, 0)
	})
}
