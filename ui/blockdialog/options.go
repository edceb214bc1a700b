package blockdialog

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const noReason = "No reason"

// blockOptions ask for a block's reason, end and note.
type blockOptions struct {
	box    fyne.CanvasObject
	reason *widgets.Select
	expiry *expiryChoice
	note   *widgets.Entry
}

// newBlockOptions offers the given reasons, filled in with what was typed.
func newBlockOptions(reasons []string, typed data.Typed) *blockOptions {
	o := &blockOptions{
		reason: newReasonSelect(reasons, typed.Reason),
		expiry: newExpiryChoice(typed.Until, noEnd),
		note:   newNoteEntry(typed.Note),
	}
	o.box = dialogs.Form(container.NewGridWithColumns(2, o.reason, o.expiry.preset), o.expiry.custom, o.note)
	return o
}

// request returns what was chosen, or what is wrong with the end.
func (o *blockOptions) request(now data.Moment) (data.BlockRequest, error) {
	until, err := o.expiry.expiry(now)
	if err != nil {
		return data.BlockRequest{}, err
	}
	return data.BlockRequest{Reason: chosenReason(o.reason), Note: o.note.Text, Until: until}, nil
}

// typed returns what was chosen in the form that fills in another dialog.
func (o *blockOptions) typed() data.Typed {
	return data.Typed{Want: data.Blocked, Reason: chosenReason(o.reason), Until: o.expiry.text(), Note: o.note.Text}
}

// newReasonSelect offers the reasons, and none. The selected one may be none of them: a
// block from a list keeps the word that it came with.
func newReasonSelect(reasons []string, selected string) *widgets.Select {
	offered := append([]string{noReason}, reasons...)
	if selected == "" {
		selected = noReason
	}
	if !slices.Contains(offered, selected) {
		offered = append(offered, selected)
	}
	s := widgets.NewSelect("", offered, nil)
	s.SetSelected(selected)
	return s
}

// chosenReason returns the reason that is selected, empty for none.
func chosenReason(s *widgets.Select) string {
	if chosen := s.Selected(); chosen != noReason {
		return chosen
	}
	return ""
}

const (
	showHeld    = "Show in chat"
	discardHeld = "Discard"
)

// unblockOptions ask what becomes of the held messages, and for a note.
type unblockOptions struct {
	box  fyne.CanvasObject
	held *widgets.Select
	note *widgets.Entry
}

// newUnblockOptions asks about the held messages if there are any.
func newUnblockOptions(held int, typed data.Typed) *unblockOptions {
	o := &unblockOptions{
		held: widgets.NewSelect("Held messages", []string{showHeld, discardHeld}, nil),
		note: newNoteEntry(typed.Note),
	}
	o.held.SetSelected(showHeld)
	o.held.Hidden = held == 0
	o.box = dialogs.Form(o.held, o.note)
	return o
}

func (o *unblockOptions) request() data.UnblockRequest {
	return data.UnblockRequest{Note: o.note.Text, Discard: o.held.Selected() == discardHeld}
}

func newNoteEntry(text string) *widgets.Entry {
	note := widgets.NewEntry()
	note.SetPlaceHolder("Note for your colleagues (optional)")
	note.SetText(text)
	return note
}
