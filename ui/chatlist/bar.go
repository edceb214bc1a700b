package chatlist

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// bar stands in the place of the tabs while chats are selected together: how
// many, and what can be done to all of them.
type bar struct {
	root       *fyne.Container
	words      []string // how many, the longest first
	count      *widgets.EllipsisLabel
	background *widgets.Background
	acts       []fyne.CanvasObject
}

const (
	barHeight float32 = 28 // as high as the tabs, so that nothing jumps
	barPad    float32 = 8
	barGap    float32 = 4
)

func newBar(block, unblock, clear func()) *bar {
	b := &bar{background: widgets.NewRoundedBackground(theme.Selected), count: widgets.NewEllipsisLabel(theme.Accent, 13)}
	b.count.SetStyle(fyne.TextStyle{Bold: true})
	b.acts = []fyne.CanvasObject{widgets.NewLink("Block…", block), widgets.NewLink("Unblock…", unblock), widgets.NewLink("Clear", clear)}
	b.root = container.New(b, append([]fyne.CanvasObject{b.background, b.count}, b.acts...)...)
	b.root.Hide()
	return b
}

func (b *bar) show(n int, list data.List, search string, all bool) {
	b.words = countWords(n, list, search, all)
	b.Layout(nil, b.root.Size())
}

// MinSize is the least that the bar can be read at.
func (b *bar) MinSize([]fyne.CanvasObject) fyne.Size {
	width := 2*barPad + 40
	for _, act := range b.acts {
		width += act.MinSize().Width + barGap
	}
	return fyne.NewSize(width, barHeight)
}

// Layout puts what can be done at the right, and says how many as fully as the
// rest of the width allows.
func (b *bar) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	b.background.Resize(size)
	right := size.Width - barPad
	for i := len(b.acts) - 1; i >= 0; i-- {
		act := b.acts[i].MinSize()
		right -= act.Width
		b.acts[i].Resize(act)
		b.acts[i].Move(fyne.NewPos(right, (size.Height-act.Height)/2))
		right -= barGap
	}
	room := max(0, right-barPad)
	for _, words := range b.words {
		b.count.SetText(words)
		if b.count.NaturalSize().Width <= room {
			break
		}
	}
	b.count.Resize(fyne.NewSize(room, size.Height))
	b.count.Move(fyne.NewPos(barPad, 0))
}
