package desk

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// SaveSettings saves the settings. It returns data.ErrInvalid if the agent has no
// name.
func (d *Desk) SaveSettings(ctx context.Context, s data.Settings) error {
	s.Agent = data.CleanName(s.Agent)
	s.Country = strings.ToUpper(data.CleanLine(s.Country, 2))
	if s.Agent == "" {
		return fmt.Errorf("save the settings: %w: the agent needs a name", data.ErrInvalid)
	}
	return d.write(ctx, func(tx *store.Tx) error {
		if err := tx.SaveSettings(s); err != nil {
			return err
		}
		if err := tx.AddAgent(s.Agent); err != nil {
			return err
		}
		return tx.Changed(data.SettingsChanged, 0)
	})
}

// maxReasons is how many reasons a desk can have.
const maxReasons = 30

// SaveReasons saves the reasons for a block; none restores the default ones.
func (d *Desk) SaveReasons(ctx context.Context, reasons []string) error {
	var clean []string
	for _, reason := range reasons {
		reason = data.CleanLine(reason, data.MaxReason)
		same := func(other string) bool { return data.Fold(other) == data.Fold(reason) }
		if reason != "" && !slices.ContainsFunc(clean, same) {
			clean = append(clean, reason)
		}
	}
	if len(clean) > maxReasons {
		return fmt.Errorf("save the reasons: %w: %d are the most", data.ErrInvalid, maxReasons)
	}
	return d.write(ctx, func(tx *store.Tx) error {
		if err := tx.SaveReasons(clean); err != nil {
			return err
		}
		return tx.Changed(data.SettingsChanged, 0)
	})
}

// SetDisabledRules saves which precheck rules are off; all others are on. An
// unknown rule is saved, too: a newer version may know it.
func (d *Desk) SetDisabledRules(ctx context.Context, ids []string) error {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	for _, id := range ids {
		if id == "" || strings.Trim(id, "abcdefghijklmnopqrstuvwxyz-") != "" || len(id) > data.MaxTag {
			return fmt.Errorf("switch guard rules off: %w: %q is not the name of a rule", data.ErrInvalid, data.OneLine(id, data.MaxTag))
		}
	}
	return d.write(ctx, func(tx *store.Tx) error {
		if err := tx.SetDisabledRules(ids); err != nil {
			return err
		}
		return tx.Changed(data.SettingsChanged, 0)
	})
}

// SaveReviewPeriods saves after how many days blocks are reviewed; zero switches a
// period off.
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
