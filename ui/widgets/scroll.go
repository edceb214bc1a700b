package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

const (
	toolkitNotch float32 = 25 // what Fyne makes of a notch of the wheel
	wheelNotch   float32 = 100
)

// Scroll is the toolkit's scroller, which a notch of a mouse wheel moves by some lines
// of text.
type Scroll struct{ container.Scroll }

// NewVScroll returns a scroller of content that is higher than its place.
func NewVScroll(content fyne.CanvasObject) *Scroll {
	return newScroll(content, container.ScrollVerticalOnly)
}

// NewHScroll returns a scroller of content that is wider than its place.
func NewHScroll(content fyne.CanvasObject) *Scroll {
	return newScroll(content, container.ScrollHorizontalOnly)
}

func newScroll(content fyne.CanvasObject, direction container.ScrollDirection) *Scroll {
	s := &Scroll{container.Scroll{Content: content, Direction: direction}}
	s.ExtendBaseWidget(s)
	return s
}

// Scrolled moves the content. What is no whole number of notches comes from a touchpad,
// which is followed as it is.
func (s *Scroll) Scrolled(e *fyne.ScrollEvent) {
	moved := *e
	moved.Scrolled = fyne.NewDelta(distance(e.Scrolled.DX), distance(e.Scrolled.DY))
	s.Scroll.Scrolled(&moved)
}

// distance returns how far to scroll by what the toolkit made of a turn of the wheel.
func distance(turned float32) float32 {
	if notches := turned / toolkitNotch; notches == float32(int(notches)) {
		return notches * wheelNotch
	}
	return turned
}
