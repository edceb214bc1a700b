package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/ui/widgets"
)

// undoTimeout is how long an act can be undone.
const undoTimeout = 10 * time.Second

// undoToast shows the newest act for a while, and undoes it.
type undoToast struct {
	toast       *widgets.Toast
	root        *fyne.Container
	action      func() // nil while there is nothing to undo
	cancelTimer func()
	schedule    func(wait time.Duration, do func()) (stop func())
}

func newUndoToast(schedule func(time.Duration, func()) func()) *undoToast {
	u := &undoToast{toast: widgets.NewToast(), cancelTimer: func() {}, schedule: schedule}
	u.root = container.New(layout.NewCustomPaddedLayout(68, 0, 24, 24), // under the header: the foot shows what happened
		container.NewBorder(container.NewCenter(u.toast), nil, nil, nil))
	u.root.Hide()
	return u
}

// offer shows what was done and has it undone by undo, for undoTimeout.
func (u *undoToast) offer(text string, undo func()) {
	u.action = undo
	u.toast.Set(text, "Undo", "Ctrl+Z", func() { u.undo() })
	u.root.Show()
	u.root.Refresh()
	u.cancelTimer()
	u.cancelTimer = u.schedule(undoTimeout, u.clear)
}

// clear takes the offer back.
func (u *undoToast) clear() {
	u.cancelTimer()
	u.action = nil
	u.root.Hide()
}

// undo undoes the act that is on offer. It reports whether there was one: where
// there is none, Ctrl+Z is the entry's own.
func (u *undoToast) undo() bool {
	undo := u.action
	if undo == nil {
		return false
	}
	u.clear()
	undo()
	return true
}
