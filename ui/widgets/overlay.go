package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// overlay is what a dialog and a menu have in common: something laid over the
// window, that takes the keyboard and gives it back.
type overlay struct {
	canvas           fyne.Canvas
	root             fyne.CanvasObject
	previousFocus    fyne.Focusable // had the keyboard when the layer came
	previousTypedKey func(*fyne.KeyEvent)
	previousKeyDown  func(*fyne.KeyEvent)
	previousKeyUp    func(*fyne.KeyEvent)
	open             bool
}

// show puts root over the window; keys that nothing in it takes go to keys.
func (l *overlay) show(c fyne.Canvas, root fyne.CanvasObject, keys func(*fyne.KeyEvent)) {
	l.canvas, l.root, l.open = c, root, true
	// Fyne keeps the focus of each layer apart, so what had it still believes
	// that it has: its ring and cursor must go by hand.
	if l.previousFocus = c.Focused(); l.previousFocus != nil {
		l.previousFocus.FocusLost()
	}
	l.previousTypedKey = c.OnTypedKey()
	c.SetOnTypedKey(keys)
	if d, ok := c.(desktop.Canvas); ok {
		l.previousKeyDown, l.previousKeyUp = d.OnKeyDown(), d.OnKeyUp()
		d.SetOnKeyDown(enterDown)
		d.SetOnKeyUp(enterUp)
	}
	c.Overlays().Add(root)
}

// hide takes the layer and whatever lies over it away.
func (l *overlay) hide() {
	l.open = false
	for top := l.canvas.Overlays().Top(); top != nil && top != l.root; top = l.canvas.Overlays().Top() {
		if ours, ok := top.(interface{ dismiss() }); ok {
			ours.dismiss()
			continue
		}
		l.canvas.Overlays().Remove(top)
	}
	l.canvas.Overlays().Remove(l.root)
	l.canvas.SetOnTypedKey(l.previousTypedKey)
	if d, ok := l.canvas.(desktop.Canvas); ok {
		d.SetOnKeyDown(l.previousKeyDown)
		if l.previousKeyUp != nil { // else nobody would hear that Enter, which closed the layer, is let go
			d.SetOnKeyUp(l.previousKeyUp)
		}
	}
	if l.previousFocus != nil && l.canvas.Focused() == l.previousFocus {
		l.previousFocus.FocusGained()
	}
}
