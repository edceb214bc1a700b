// Package widgets holds what the panes share: small things that show what
// they are told and report what is done to them, and know nothing of the desk.
package widgets

import (
	"math"

	"fyne.io/fyne/v2"
)

// controlHeight is the height of everything that is pressed or typed in.
const controlHeight float32 = 36

// staticObjects is the share of a renderer that is the same for every widget here.
type staticObjects []fyne.CanvasObject

func (p staticObjects) Objects() []fyne.CanvasObject { return p }
func (p staticObjects) Destroy()                     {}

// forwardKey returns a key that w has no use for to whoever listens to the canvas:
// an open dialog, else the window.
func forwardKey(w fyne.CanvasObject, key *fyne.KeyEvent) {
	c := fyne.CurrentApp().Driver().CanvasForObject(w)
	if c == nil {
		return
	}
	if listen := c.OnTypedKey(); listen != nil {
		listen(key)
	}
}

// requestFocus returns w the keyboard, where it is on a canvas.
func requestFocus(w fyne.Focusable) {
	if c := fyne.CurrentApp().Driver().CanvasForObject(w.(fyne.CanvasObject)); c != nil {
		c.Focus(w)
	}
}

func isEnter(key *fyne.KeyEvent) bool {
	return key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter
}

// Lines are laid at whole pixels, so that hairlines and letters stay sharp.
func ceil(x float32) float32  { return float32(math.Ceil(float64(x))) }
func floor(x float32) float32 { return float32(math.Floor(float64(x))) }
