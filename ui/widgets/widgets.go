// Package widgets holds the widgets that the panes share. They show what they are
// given and report what is done to them, and know nothing of the desk.
package widgets

import (
	"math"

	"fyne.io/fyne/v2"
)

// controlHeight is the height of buttons, entries and selects.
const controlHeight float32 = 36

// RendererObjects are the objects of a widget's renderer. A renderer embeds them and
// has only Layout, MinSize and Refresh left to write.
type RendererObjects []fyne.CanvasObject

// Objects returns the objects themselves.
func (s RendererObjects) Objects() []fyne.CanvasObject { return s }

// Destroy does nothing.
func (s RendererObjects) Destroy() {}

// SetVisible shows or hides o, unless it is so already.
func SetVisible(o fyne.CanvasObject, visible bool) {
	if o.Visible() == visible {
		return
	}
	if visible {
		o.Show()
		return
	}
	o.Hide()
}

// forwardKey passes a key that w has no use for on to an open dialog, or else to the
// window.
func forwardKey(w fyne.CanvasObject, key *fyne.KeyEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(w)
	if c == nil {
		return
	}
	if listen := c.OnTypedKey(); listen != nil {
		listen(key)
	}
}

// forwardRune passes a letter that w has no use for on to the window, where w lies in
// it and not in a dialog or menu. Space is none: it presses.
func forwardRune(w fyne.CanvasObject, r rune) {
	c := fyne.CurrentApp().Driver().CanvasForObject(w)
	if c == nil || r == ' ' || c.Overlays().Top() != nil {
		return
	}
	if listen := c.OnTypedRune(); listen != nil {
		listen(r)
	}
}

// requestFocus focuses w if it is on a canvas.
func requestFocus(w fyne.Focusable) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(w.(fyne.CanvasObject)); c != nil {
		c.Focus(w)
	}
}

func isEnter(key *fyne.KeyEvent) bool {
	return key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter
}

// Positions are rounded to whole pixels, so that hairlines and letters stay sharp.
func ceil(x float32) float32  { return float32(math.Ceil(float64(x))) }
func floor(x float32) float32 { return float32(math.Floor(float64(x))) }
