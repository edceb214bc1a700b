package blockdialog

import (
	"context"
	"fmt"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// OpenChange opens the dialog that changes a block in force: its end, its review,
// its note, and whether the customer asked for its end.
func (c *Controller) OpenChange(customer data.Customer) {
	dialogs.Load(c.dialogs, c.desk.ReviewPeriods, func(p data.ReviewPeriods) { c.showChange(customer, p) })
}

func (c *Controller) showChange(customer data.Customer, periods data.ReviewPeriods) {
	by, block := c.actor(), customer.Block
	expiry := newExpiryChoice("", keepExpiry)
	review := widgets.NewEntry()
	suggested := fmt.Sprintf("%dd", max(1, periods.Days))
	review.SetPlaceHolder("Review: " + suggested + " or 2026-12-24; empty for never")
	switch {
	case block.Due(c.desk.Now(), periods) && periods.Days > 0:
		review.SetText(suggested) // it is being reviewed now
	case block.Review > c.desk.Now():
		review.SetText(block.Review.Time().Format("2006-01-02"))
	}
	unblockRequested := widgets.NewCheck("The customer asked to be unblocked", nil)
	note := newNoteEntry(block.Note)
	c.show(customer, dialogSpec{
		want:        data.Active,
		title:       "Change Block",
		prompt:      "Until when does this block last, and when is it looked at again?",
		button:      "Save",
		style:       widgets.Primary,
		options:     dialogs.Form(expiry.preset, expiry.custom, review, unblockRequested, note),
		alreadyDone: "This customer is not blocked any more. Nothing was changed.",
		action: func() (action, error) {
			request := data.AmendRequest{Asked: unblockRequested.Checked}
			now := c.desk.Now()
			if expiry.preset.Selected() != keepExpiry {
				until, err := expiry.expiry(now)
				if err != nil {
					return nil, err
				}
				request.Until = &until
			}
			reviewAt, err := parseReview(review.Text, block.Review, now)
			if err != nil {
				return nil, err
			}
			if reviewAt != block.Review {
				request.Review = &reviewAt
			}
			if text := note.Text; text != block.Note {
				request.Note = &text
			}
			return func(ctx context.Context, version int64) (data.Outcome, error) {
				request.Version = version
				return c.desk.Amend(ctx, by, customer.ID, request)
			}, nil
		},
	})
}

// parseReview reads when a block is reviewed. A date that was left as it was
// stays the same to the millisecond.
func parseReview(text string, before, now data.Moment) (data.Moment, error) {
	switch {
	case text == "":
		return 0, nil
	case before != 0 && text == before.Time().Format("2006-01-02"):
		return before, nil
	}
	return data.ParseTerm(text, now)
}
