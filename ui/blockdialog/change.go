package blockdialog

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// changeDialogData is what is read before the dialog that changes a block opens.
type changeDialogData struct {
	periods data.ReviewPeriods
	reasons []string
}

// OpenChange opens the dialog that changes a block in force: its reason, its end, its
// review, its note, and whether the customer asked for its end.
func (c *Controller) OpenChange(customer data.Customer) {
	dialogs.Load(c.dialogs, func(ctx context.Context) (loaded changeDialogData, err error) {
		if loaded.periods, err = c.desk.ReviewPeriods(ctx); err != nil {
			return loaded, err
		}
		loaded.reasons, err = c.desk.Reasons(ctx)
		return loaded, err
	}, func(loaded changeDialogData) { c.showChange(customer, loaded) })
}

func (c *Controller) showChange(customer data.Customer, loaded changeDialogData) {
	by, block, periods := c.actor(), customer.Block, loaded.periods
	reason := newReasonSelect(loaded.reasons, block.Reason)
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
		title:       "Change block",
		prompt:      "How long does this block last, and when is it reviewed?",
		effects:     blockFacts(*block, c.desk.Now()),
		button:      "Save",
		style:       widgets.Primary,
		options:     dialogs.Form(container.NewGridWithColumns(2, reason, expiry.preset), expiry.custom, review, unblockRequested, note),
		alreadyDone: "This customer is no longer blocked. Nothing was changed.",
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
			if chosen := chosenReason(reason); chosen != block.Reason {
				request.Reason = &chosen
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

// blockFacts says how a block stands: who blocked, when and why, and until when.
func blockFacts(b data.Block, now data.Moment) []string {
	who := "Blocked"
	if b.By.Name != "" {
		who += " by " + data.OneLine(b.By.Name, 60)
	}
	why := "No reason was given."
	if b.Reason != "" {
		why = "Reason: " + b.Reason + "."
	}
	end := "It is for good."
	if b.Until != 0 {
		end = "It ends on " + b.Until.Time().Format("2 Jan 2006 15:04") + ", in " + b.Until.Remaining(now) + "."
	}
	return []string{who + " " + b.At.Relative(now) + ".", why, end}
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
