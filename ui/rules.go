package ui

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/precheck"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// blockingRules are the settings about blocking that the whole desk shares.
type blockingRules struct {
	reasons  []string
	disabled []string // the guard rails that are switched off
	review   data.ReviewPeriods
}

// openRules shows how this desk blocks.
func (w *Window) openRules() {
	dialogs.Load(w.dialogs, func(ctx context.Context) (r blockingRules, err error) {
		if r.reasons, err = w.Desk.Reasons(ctx); err != nil {
			return r, err
		}
		if r.disabled, err = w.Desk.DisabledRules(ctx); err != nil {
			return r, err
		}
		r.review, err = w.Desk.ReviewPeriods(ctx)
		return r, err
	}, w.showRulesDialog)
}

func (w *Window) showRulesDialog(r blockingRules) {
	reasons := widgets.NewEntry()
	reasons.SetText(strings.Join(r.reasons, ", "))
	body := newForm(
		newCaption("Reasons for a block, with commas between; left empty, the usual ones come back"), reasons,
		newCaption("Ask twice before a block where there are"),
	)
	checks := map[string]*widgets.Check{}
	for _, rule := range precheck.Rules() {
		check := widgets.NewCheck(rule.Title, nil)
		check.SetChecked(!slices.Contains(r.disabled, rule.ID))
		checks[rule.ID] = check
		body.Add(check)
	}
	review := newReviewFields(r.review)
	body.Add(newCaption("Looking at blocks again; 0 days for never"))
	body.Add(review.rows())
	var d *widgets.Dialog
	d = widgets.NewDialog(w.win.Canvas(), "Blocking Settings", body,
		widgets.WithConfirm("Save", widgets.Primary, func() {
			periods, err := review.periods()
			if err != nil {
				d.SetError(desk.Explain(err))
				return
			}
			words := strings.Split(reasons.Text, ",")
			var off []string
			for _, rule := range precheck.Rules() {
				if !checks[rule.ID].Checked {
					off = append(off, rule.ID)
				}
			}
			w.runDialog(d, func(ctx context.Context) error {
				return errors.Join(w.Desk.SaveReasons(ctx, words), w.Desk.SetDisabledRules(ctx, off), w.Desk.SaveReviewPeriods(ctx, periods))
			})
		}))
	d.Show()
}
