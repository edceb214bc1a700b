package ui

import (
	"context"
	"errors"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// undoTimeout is how long an act can be taken back.
const undoTimeout = 10 * time.Second

// undoToast is the act that can be taken back now.
type undoToast struct {
	toast       *widgets.Toast
	root        *fyne.Container
	action      func() // takes it back; nil where there is nothing to
	cancelTimer func() // ends the wait for the toast to go
	schedule    func(wait time.Duration, do func()) (stop func())
}

func newUndoToast(after func(time.Duration, func()) func()) *undoToast {
	u := &undoToast{toast: widgets.NewToast(), cancelTimer: func() {}, schedule: after}
	u.root = container.New(layout.NewCustomPaddedLayout(68, 0, 24, 24), // under the header: the foot shows what happened
		container.NewBorder(container.NewCenter(u.toast), nil, nil, nil))
	u.root.Hide()
	return u
}

// blockDone says what was done, where it can be taken back.
func (w *Window) blockDone(out data.Outcome) {
	if !out.Changed || out.Undo.Event == 0 {
		return
	}
	text := "Customer unblocked"
	if out.Customer.Status(w.Desk.Now()) == data.Blocked {
		text = "Customer blocked"
		if out.Undo.Before != nil {
			text = "Block changed"
		}
	}
	w.offerUndo(text, func() { w.undoBlock(out.Undo) })
}

// offerUndo shows for a while what was done, and that it can be taken back.
func (w *Window) offerUndo(text string, undo func()) {
	w.undoToast.action = undo
	w.undoToast.toast.Set(text, "Undo", "Ctrl+Z", w.undoLast)
	w.undoToast.root.Show()
	w.undoToast.root.Refresh()
	w.undoToast.cancelTimer()
	w.undoToast.cancelTimer = w.undoToast.schedule(undoTimeout, w.clearUndo)
}

// clearUndo lets what was done stand.
func (w *Window) clearUndo() {
	w.undoToast.cancelTimer()
	w.undoToast.action = nil
	w.undoToast.root.Hide()
}

// undoIfOffered takes the act back while the toast stands; after that Ctrl+Z is
// the entry's own.
func (w *Window) undoIfOffered() bool {
	if w.undoToast.action == nil {
		return false
	}
	w.undoLast()
	return true
}

// undoLast undoes the last act, where it still can be.
func (w *Window) undoLast() {
	if undo := w.undoToast.action; undo != nil {
		w.clearUndo()
		undo()
	}
}

func (w *Window) undoBlock(undo data.Undo) {
	by := w.actor()
	w.runner.Enqueue(func(ctx context.Context) error {
		_, err := w.Desk.Undo(ctx, by, undo)
		return err
	}, func(err error) {
		if errors.Is(err, data.ErrChanged) {
			widgets.NewNotice(w.win.Canvas(), "Not undone", "Someone changed this customer meanwhile, so nothing was undone.", "OK").Show()
		} else if err != nil {
			w.showError(err)
		}
	})
}

// runTypedCommand opens the dialog that a command in the composer asks for; it tells
// whether the text is one.
func (w *Window) runTypedCommand(text string) bool {
	typed, ok := data.ParseTyped(text, w.reasons, w.Desk.Now())
	if ok {
		w.blockDialogs.OpenFor(w.chat.Customer(), typed)
	}
	return ok
}
