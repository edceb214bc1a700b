package blocking

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// BlockOptions are what can be said with a block: why, until when, and a note.
type BlockOptions struct {
	Box    fyne.CanvasObject
	reason *widgets.Select
	expiry *expiryChoice
	note   *widgets.Entry
}

// NewBlockOptions offers the reasons of this desk, filled in with what was typed.
func NewBlockOptions(reasons []string, typed data.Typed) *BlockOptions {
	o := &BlockOptions{
		reason: widgets.NewSelect("", append([]string{noReason}, reasons...), nil),
		expiry: newExpiryChoice(typed.Until, untilUnblocked),
		note:   newNote(typed.Note),
	}
	o.reason.SetSelected(noReason)
	if typed.Reason != "" {
		o.reason.SetSelected(typed.Reason)
	}
	o.Box = newForm(container.NewGridWithColumns(2, o.reason, o.expiry.preset), o.expiry.custom, o.note)
	return o
}

// Request is what was chosen, or why it cannot be.
func (o *BlockOptions) Request(now data.Moment) (data.BlockRequest, error) {
	until, err := o.expiry.expiry(now)
	if err != nil {
		return data.BlockRequest{}, err
	}
	ask := data.BlockRequest{Note: o.note.Text, Until: until}
	if chosen := o.reason.Selected(); chosen != noReason {
		ask.Reason = chosen
	}
	return ask, nil
}

// UnblockOptions are what can be said with an unblock: what becomes of the held
// messages, and a note.
type UnblockOptions struct {
	Box  fyne.CanvasObject
	held *widgets.Select
	note *widgets.Entry
}

// NewUnblockOptions asks about the held messages where there are any.
func NewUnblockOptions(held int, typed data.Typed) *UnblockOptions {
	o := &UnblockOptions{
		held: widgets.NewSelect("Held messages", []string{showHeld, discardHeld}, nil),
		note: newNote(typed.Note),
	}
	o.held.SetSelected(showHeld)
	o.held.Hidden = held == 0
	o.Box = newForm(o.held, o.note)
	return o
}

// Request is what was chosen.
func (o *UnblockOptions) Request() data.UnblockRequest {
	return data.UnblockRequest{Note: o.note.Text, Discard: o.held.Selected() == discardHeld}
}
