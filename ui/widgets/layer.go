package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// layer is what a dialog and a menu have in common: something laid over the
// window, that takes the keyboard and gives it back.
type layer struct {
	canvas fyne.Canvas
	root   fyne.CanvasObject
	before fyne.Focusable // had the keyboard when the layer came
	listen func(*fyne.KeyEvent)
	down   func(*fyne.KeyEvent)
	up     func(*fyne.KeyEvent)
	open   bool
}

// lay puts root over the window; keys that nothing in it takes go to keys.
func (l *layer) lay(c fyne.Canvas, root fyne.CanvasObject, keys func(*fyne.KeyEvent)) {
	l.canvas, l.root, l.open = c, root, true
	// Fyne keeps the focus of each layer apart, so what had it still believes
	// that it has: its ring and cursor must go by hand.
	if l.before = c.Focused(); l.before != nil {
		l.before.FocusLost()
	}
	l.listen = c.OnTypedKey()
	c.SetOnTypedKey(keys)
	if d, ok := c.(desktop.Canvas); ok {
		l.down, l.up = d.OnKeyDown(), d.OnKeyUp()
		d.SetOnKeyDown(enterDown)
		d.SetOnKeyUp(enterUp)
	}
	c.Overlays().Add(root)
}

// lift takes the layer and whatever lies over it away.
func (l *layer) lift() {
	l.open = false
	for top := l.canvas.Overlays().Top(); top != nil && top != l.root; top = l.canvas.Overlays().Top() {
		if ours, ok := top.(interface{ dismiss() }); ok {
			ours.dismiss()
			continue
		}
		l.canvas.Overlays().Remove(top)
	}
	l.canvas.Overlays().Remove(l.root)
	l.canvas.SetOnTypedKey(l.listen)
	if d, ok := l.canvas.(desktop.Canvas); ok {
		d.SetOnKeyDown(l.down)
		if l.up != nil { // else nobody would hear that Enter, which closed the layer, is let go
			d.SetOnKeyUp(l.up)
		}
	}
	if l.before != nil && l.canvas.Focused() == l.before {
		l.before.FocusGained()
	}
}
