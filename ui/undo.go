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

// undoFor is how long an act can be taken back.
const undoFor = 10 * time.Second

// undoable is the act that can be taken back now.
type undoable struct {
	toast *widgets.Toast
	layer *fyne.Container
	undo  func() // takes it back; nil where there is nothing to
	stop  func() // ends the wait for the toast to go
	after func(wait time.Duration, do func()) (stop func())
}

func newUndoable(after func(time.Duration, func()) func()) *undoable {
	u := &undoable{toast: widgets.NewToast(), stop: func() {}, after: after}
	u.layer = container.New(layout.NewCustomPaddedLayout(68, 0, 24, 24), // under the header: the foot shows what happened
		container.NewBorder(container.NewCenter(u.toast), nil, nil, nil))
	u.layer.Hide()
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
	w.offerUndo(text, func() { w.undoOne(out.Undo) })
}

// offerUndo shows for a while what was done, and that it can be taken back.
func (w *Window) offerUndo(text string, undo func()) {
	w.undo.undo = undo
	w.undo.toast.Set(text, "Undo", "Ctrl+Z", w.takeBack)
	w.undo.layer.Show()
	w.undo.layer.Refresh()
	w.undo.stop()
	w.undo.stop = w.undo.after(undoFor, w.forgetUndo)
}

// forgetUndo lets what was done stand.
func (w *Window) forgetUndo() {
	w.undo.stop()
	w.undo.undo = nil
	w.undo.layer.Hide()
}

// undoFirst takes the act back while the toast stands; after that Ctrl+Z is
// the entry's own.
func (w *Window) undoFirst() bool {
	if w.undo.undo == nil {
		return false
	}
	w.takeBack()
	return true
}

// takeBack undoes the last act, where it still can be.
func (w *Window) takeBack() {
	if undo := w.undo.undo; undo != nil {
		w.forgetUndo()
		undo()
	}
}

func (w *Window) undoOne(undo data.Undo) {
	by := w.actor()
	w.runner.Enqueue(func(ctx context.Context) error {
		_, err := w.Desk.Undo(ctx, by, undo)
		return err
	}, func(err error) {
		if errors.Is(err, data.ErrChanged) {
			widgets.NewNotice(w.win.Canvas(), "Not undone", "Someone changed this customer meanwhile, so nothing was undone.", "OK").Show()
		} else if err != nil {
			w.tell(err)
		}
	})
}

// after has do called on the interface's goroutine after a while, unless it is
// stopped before.
func (w *Window) after(wait time.Duration, do func()) (stop func()) {
	stopped := false
	timer := time.AfterFunc(wait, func() {
		w.runner.RunOnUI(func() {
			if !stopped {
				do()
			}
		})
	})
	return func() {
		stopped = true
		timer.Stop()
	}
}

// typed opens the dialog that a command in the composer asks for; it tells
// whether the text is one.
func (w *Window) typed(text string) bool {
	typed, ok := data.ParseTyped(text, w.reasons, w.Desk.Now())
	if ok {
		w.blockDialogs.OpenFor(w.chat.Customer(), typed)
	}
	return ok
}
