package settings

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/precheck"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// blockingRules are the settings about blocking that the whole desk shares.
type blockingRules struct {
	reasons  []string
	disabled []string // IDs of precheck's rules
	review   data.ReviewPeriods
}

// OpenRules opens the dialog about the rules of blocking.
func (c *Controller) OpenRules() {
	dialogs.Load(c.dialogs, func(ctx context.Context) (r blockingRules, err error) {
		if r.reasons, err = c.desk.Reasons(ctx); err != nil {
			return r, err
		}
		if r.disabled, err = c.desk.DisabledRules(ctx); err != nil {
			return r, err
		}
		r.review, err = c.desk.ReviewPeriods(ctx)
		return r, err
	}, c.showRules)
}

func (c *Controller) showRules(r blockingRules) {
	reasons := widgets.NewEntry()
	reasons.SetText(strings.Join(r.reasons, ", "))
	body := dialogs.Form(
		dialogs.Caption("Reasons for a block, separated by commas; leave empty for the defaults"), reasons,
		dialogs.Caption("Ask twice before a block if there are"),
	)
	checks := map[string]*widgets.Check{}
	for _, rule := range precheck.Rules() {
		check := widgets.NewCheck(rule.Title, nil)
		check.SetChecked(!slices.Contains(r.disabled, rule.ID))
		checks[rule.ID] = check
		body.Add(check)
	}
	review := newReviewFields(r.review)
	body.Add(dialogs.Caption("Reviewing blocks; 0 days for never"))
	body.Add(review.rows())
	c.dialogs.Ask("Blocking reasons and safeguards", body, "Save", widgets.Primary, func(d *widgets.Dialog) {
		periods, err := review.periods()
		if err != nil {
			dialogs.ShowError(d, err)
			return
		}
		list := strings.Split(reasons.Text, ",")
		var disabled []string
		for _, rule := range precheck.Rules() {
			if !checks[rule.ID].Checked {
				disabled = append(disabled, rule.ID)
			}
		}
		c.dialogs.Run(d, func(ctx context.Context) error {
			return errors.Join(c.desk.SaveReasons(ctx, list), c.desk.SetDisabledRules(ctx, disabled), c.desk.SaveReviewPeriods(ctx, periods))
		})
	})
}
