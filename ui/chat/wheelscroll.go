package chat

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

const (
	toolkitNotch float32 = 25 // what Fyne makes of a notch of the wheel
	wheelNotch   float32 = 100
)

// wheelScroll scrolls upright, by some lines of text at each notch of a mouse wheel.
type wheelScroll struct{ container.Scroll }

// newWheelScroll returns a scroller of content.
func newWheelScroll(content fyne.CanvasObject) *wheelScroll {
	s := &wheelScroll{container.Scroll{Content: content, Direction: container.ScrollVerticalOnly}}
	s.ExtendBaseWidget(s)
	return s
}

// Scrolled moves the content. What is no whole number of notches comes from a touchpad,
// which is followed as it is.
func (s *wheelScroll) Scrolled(e *fyne.ScrollEvent) {
	moved := *e
	if notches := e.Scrolled.DY / toolkitNotch; notches == float32(int(notches)) {
		moved.Scrolled.DY = notches * wheelNotch
	}
	s.Scroll.Scrolled(&moved)
}
