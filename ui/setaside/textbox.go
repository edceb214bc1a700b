package setaside

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	maxTextHeight float32 = 280
	textPadX      float32 = 12
	textPadY      float32 = 8
)

// newTextBox returns a text that wraps, and scrolls where it is long.
func newTextBox(text string) fyne.CanvasObject {
	b := &textBox{words: widgets.NewSelectableText(theme.Caption)}
	b.words.Set(text, nil)
	b.scroll = widgets.NewVScroll(container.New(textLayout{b}, b.words))
	return container.New(b, widgets.NewBackground(theme.Canvas), b.scroll)
}

// textBox is the layout of the box: it wraps the text before the text is scrolled.
type textBox struct {
	words  *widgets.SelectableText
	scroll *widgets.Scroll
	height float32 // of the wrapped text
}

// MinSize is part of fyne.Layout.
func (b *textBox) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, min(maxTextHeight, b.height+2*textPadY))
}

// Layout is part of fyne.Layout.
func (b *textBox) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	b.height = b.words.Wrap(max(1, size.Width-2*textPadX)).Height
	for _, o := range objects {
		o.Resize(size)
	}
	b.scroll.Refresh()
}

// textLayout places the text within what is scrolled.
type textLayout struct{ box *textBox }

func (l textLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, l.box.height+2*textPadY)
}

func (l textLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Move(fyne.NewPos(textPadX, textPadY))
	objects[0].Resize(fyne.NewSize(size.Width-2*textPadX, l.box.height))
}
