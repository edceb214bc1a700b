package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/ui/widgets"
)

// statusLine is the line under the lists: how the desk stands with its account at the
// left, and what is set aside at the right. Below, if anything is wrong with them, it
// says so of the daily copies.
type statusLine struct {
	root, halves              *fyne.Container
	account, setAside, copies *widgets.StatusBar
}

func newStatusLine(openAccount, openSetAside, openCopies func()) *statusLine {
	l := &statusLine{
		account: widgets.NewStatusBar(openAccount), setAside: widgets.NewStatusBar(openSetAside),
		copies: widgets.NewStatusBar(openCopies),
	}
	l.halves = container.New(statusLineLayout{l}, l.account, l.setAside)
	l.root = container.New(layout.NewCustomPaddedVBoxLayout(0), l.halves, l.copies)
	l.update()
	return l
}

// update lays the line out again after one of its parts has appeared or vanished.
func (l *statusLine) update() {
	widgets.SetVisible(l.halves, l.account.Visible() || l.setAside.Visible())
	widgets.SetVisible(l.root, l.halves.Visible() || l.copies.Visible())
	l.root.Refresh()
}

// statusLineLayout keeps for what is set aside the room that it needs, and leaves the rest to the
// account. What is alone has the whole line.
type statusLineLayout struct{ line *statusLine }

func (s statusLineLayout) MinSize([]fyne.CanvasObject) fyne.Size { return s.line.account.MinSize() }

func (s statusLineLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	left, right := s.line.account, s.line.setAside
	width := size.Width
	if left.Visible() && right.Visible() {
		width = min(right.NaturalWidth(), size.Width/2)
	}
	right.Resize(fyne.NewSize(width, size.Height))
	right.Move(fyne.NewPos(size.Width-width, 0))
	if right.Visible() {
		left.Resize(fyne.NewSize(size.Width-width, size.Height))
		return
	}
	left.Resize(size)
}
