package chatlist

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// selectionBar stands in the place of the tabs while chats are selected: how many,
// and what can be done to all of them.
type selectionBar struct {
	root       *fyne.Container
	texts      []string // how many, the longest first
	count      *widgets.EllipsisLabel
	background *widgets.Background
	actions    []fyne.CanvasObject
}

const (
	selectionBarHeight float32 = 28 // as high as the tabs, so that nothing jumps
	selectionBarPad    float32 = 8
	selectionBarGap    float32 = 4
)

func newSelectionBar(block, unblock, clear func()) *selectionBar {
	b := &selectionBar{background: widgets.NewRoundedBackground(theme.Selected), count: widgets.NewEllipsisLabel(theme.Accent, 13)}
	b.count.SetStyle(fyne.TextStyle{Bold: true})
	b.actions = []fyne.CanvasObject{widgets.NewLink("Block…", block), widgets.NewLink("Unblock…", unblock), widgets.NewLink("Clear", clear)}
	b.root = container.New(b, append([]fyne.CanvasObject{b.background, b.count}, b.actions...)...)
	b.root.Hide()
	return b
}

func (b *selectionBar) show(n int, list data.List, search string, all bool) {
	b.texts = countTexts(n, list, search, all)
	b.Layout(nil, b.root.Size())
}

// MinSize returns the smallest size at which the bar can be read.
func (b *selectionBar) MinSize([]fyne.CanvasObject) fyne.Size {
	width := 2*selectionBarPad + 40
	for _, action := range b.actions {
		width += action.MinSize().Width + selectionBarGap
	}
	return fyne.NewSize(width, selectionBarHeight)
}

// Layout puts the actions at the right, and before them the longest text that fits.
func (b *selectionBar) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	b.background.Resize(size)
	right := size.Width - selectionBarPad
	for i := len(b.actions) - 1; i >= 0; i-- {
		action := b.actions[i].MinSize()
		right -= action.Width
		b.actions[i].Resize(action)
		b.actions[i].Move(fyne.NewPos(right, (size.Height-action.Height)/2))
		right -= selectionBarGap
	}
	room := max(0, right-selectionBarPad)
	for _, text := range b.texts {
		b.count.SetText(text)
		if b.count.NaturalSize().Width <= room {
			break
		}
	}
	b.count.Resize(fyne.NewSize(room, size.Height))
	b.count.Move(fyne.NewPos(selectionBarPad, 0))
}
