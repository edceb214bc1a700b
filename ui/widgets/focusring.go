package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"

	"github.com/latchdesk/latchdesk/ui/theme"
)

// newFocusRing returns the ring that shows which widget has the focus.
func newFocusRing() *canvas.Rectangle {
	ring := canvas.NewRectangle(color.Transparent)
	ring.StrokeWidth = 2
	ring.Hide()
	return ring
}

// layoutFocusRing lays the ring along the edge of size, or around it with a gap if
// the edge itself is coloured.
func layoutFocusRing(ring *canvas.Rectangle, size fyne.Size, outside bool) {
	gap := float32(0)
	if outside {
		gap = 4
	}
	ring.CornerRadius = theme.Radius + gap
	ring.Resize(size.AddWidthHeight(2*gap, 2*gap))
	ring.Move(fyne.NewPos(-gap, -gap))
}

func paintFocusRing(ring *canvas.Rectangle, focused bool) {
	ring.StrokeColor = theme.Color(theme.Focus)
	SetVisible(ring, focused)
}
