package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// overlay is what a dialog and a menu have in common: a layer over the window that
// takes the focus and restores it.
type overlay struct {
	canvas           fyne.Canvas
	root             fyne.CanvasObject
	previousFocus    fyne.Focusable // had the focus when the layer came
	previousTypedKey func(*fyne.KeyEvent)
	previousKeyDown  func(*fyne.KeyEvent)
	previousKeyUp    func(*fyne.KeyEvent)
	open             bool
}

// show puts root over the window; keys that nothing in it handles go to keys.
func (l *overlay) show(c fyne.Canvas, root fyne.CanvasObject, keys func(*fyne.KeyEvent)) {
	l.canvas, l.root, l.open = c, root, true
	// Fyne keeps a focus for each layer, so the widget below would keep its ring
	// and cursor.
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

// hide removes the layer and whatever lies over it.
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
		if l.previousKeyUp != nil { // which must see the release of the Enter that closed the layer
			d.SetOnKeyUp(l.previousKeyUp)
		}
	}
	if l.previousFocus != nil && l.canvas.Focused() == l.previousFocus {
		l.previousFocus.FocusGained()
	}
}
