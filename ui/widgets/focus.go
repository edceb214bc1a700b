package widgets

import "fyne.io/fyne/v2"

// Focus focuses f, which belongs to the window and to no dialog or menu
// over it. While one of those is open it keeps the keyboard, and f has it once all of
// them are closed.
func Focus(c fyne.Canvas, f fyne.Focusable) {
	if layers := c.Overlays().List(); len(layers) > 0 {
		if lowest, ok := layers[0].(interface{ focusAfter(fyne.Focusable) }); ok {
			lowest.focusAfter(f)
			return
		}
	}
	c.Focus(f)
}
