package blocking

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const noReason = "No reason"

func (a *Controller) blockSpec(k dialogData, typed data.Typed) dialogSpec {
	by, id := a.Actor(), k.customer.ID
	options := NewBlockOptions(k.reasons, typed)
	doubts := newRiskWarnings(k.facts.Warnings())
	return dialogSpec{
		want:   data.Blocked,
		title:  "Block Customer",
		prompt: "Are you sure you want to block this customer?",
		button: "Block",
		style:  widgets.Danger,
		effects: []string{
			"New messages are held, not shown, and make no sound.",
			"Nothing can be sent to this customer from this desk.",
			"The chat and its history stay. You can unblock at any time.",
		},
		impact:      k.facts.Impact(),
		warnings:    doubts,
		options:     options.Box,
		alreadyDone: "This customer is blocked already. Nothing was changed.",
		action: func() (action, error) {
			if err := doubts.check(); err != nil {
				return nil, err
			}
			ask, err := options.Request(a.Desk.Now())
			if err != nil {
				return nil, err
			}
			return func(ctx context.Context, version int64) (data.Outcome, error) {
				ask.Version = version
				return a.Desk.Block(ctx, by, id, ask)
			}, nil
		},
	}
}

const (
	showHeld    = "Show in chat"
	discardHeld = "Discard"
)

func (a *Controller) unblockSpec(k dialogData, typed data.Typed) dialogSpec {
	by, id := a.Actor(), k.customer.ID
	options := NewUnblockOptions(k.customer.Held, typed)
	return dialogSpec{
		want:   data.Active,
		title:  "Unblock Customer",
		prompt: "Are you sure you want to unblock this customer?",
		button: "Unblock",
		style:  widgets.Confirm,
		effects: []string{
			"New messages are shown again, with sound and unread mark.",
			"You can write to this customer again.",
			heldEffectText(k.customer.Held),
		},
		options:     options.Box,
		alreadyDone: "This customer is not blocked any more. Nothing was changed.",
		action: func() (action, error) {
			ask := options.Request()
			return func(ctx context.Context, version int64) (data.Outcome, error) {
				ask.Version = version
				return a.Desk.Unblock(ctx, by, id, ask)
			}, nil
		},
	}
}

func heldEffectText(held int) string {
	switch held {
	case 0:
		return "No messages were held."
	case 1:
		return "1 held message comes into the chat, at its own time."
	}
	return fmt.Sprintf("%d held messages come into the chat, at their own time.", held)
}

// OpenChange asks until when a block in force lasts, when it is looked at again,
// whether the customer asked for its end, and for its note.
func (a *Controller) OpenChange(c data.Customer) {
	async.Load(a.Slot, a.Desk.ReviewPeriods, func(p data.ReviewPeriods) { a.showChange(c, p) })
}

func (a *Controller) showChange(c data.Customer, periods data.ReviewPeriods) {
	by := a.Actor()
	term := newExpiryChoice("", keepExpiry)
	review := widgets.NewEntry()
	suggested := fmt.Sprintf("%dd", max(1, periods.Days))
	review.SetPlaceHolder("Review: " + suggested + " or 2026-12-24; empty for never")
	switch {
	case c.Block.Due(a.Desk.Now(), periods) && periods.Days > 0:
		review.SetText(suggested) // it is being looked at now
	case c.Block.Review > a.Desk.Now():
		review.SetText(c.Block.Review.Time().Format("2006-01-02"))
	}
	asked := widgets.NewCheck("The customer asked to be unblocked", nil)
	note := newNote(c.Block.Note)
	a.show(c, dialogSpec{
		want:        data.Active,
		title:       "Change Block",
		prompt:      "Until when does this block last, and when is it looked at again?",
		button:      "Save",
		style:       widgets.Primary,
		options:     newForm(term.preset, term.custom, review, asked, note),
		alreadyDone: "This customer is not blocked any more. Nothing was changed.",
		action: func() (action, error) {
			ask := data.AmendRequest{Asked: asked.Checked}
			now := a.Desk.Now()
			if term.preset.Selected() != keepExpiry {
				until, err := term.expiry(now)
				if err != nil {
					return nil, err
				}
				ask.Until = &until
			}
			again, err := parseReview(review.Text, c.Block.Review, now)
			if err != nil {
				return nil, err
			}
			if again != c.Block.Review {
				ask.Review = &again
			}
			if words := note.Text; words != c.Block.Note {
				ask.Note = &words
			}
			return func(ctx context.Context, version int64) (data.Outcome, error) {
				ask.Version = version
				return a.Desk.Amend(ctx, by, c.ID, ask)
			}, nil
		},
	})
}

// parseReview reads a review; a text that was left as it was keeps the moment
// to the millisecond.
func parseReview(text string, before, now data.Moment) (data.Moment, error) {
	switch {
	case text == "":
		return 0, nil
	case before != 0 && text == before.Time().Format("2006-01-02"):
		return before, nil
	}
	return data.ParseTerm(text, now)
}

func newNote(text string) *widgets.Entry {
	note := widgets.NewEntry()
	note.SetPlaceHolder("Note for your colleagues (optional)")
	note.SetText(text)
	return note
}

func newForm(parts ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(8), parts...)
}
