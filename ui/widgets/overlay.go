package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// overlay is what a dialog and a menu have in common: a layer over the window that
// takes the keyboard and gives it back. While it is open no key and no letter goes to
// what is below.
type overlay struct {
	canvas            fyne.Canvas
	root              fyne.CanvasObject
	previousFocus     fyne.Focusable // had the focus when the layer came
	nextFocus         fyne.Focusable // gets it once the layer is gone, where it is not nil
	previousTypedKey  func(*fyne.KeyEvent)
	previousTypedRune func(rune)
	previousKeyDown   func(*fyne.KeyEvent)
	previousKeyUp     func(*fyne.KeyEvent)
	open              bool
}

// show puts root over the window. Keys that nothing in it handles go to keys, letters
// to runes.
func (l *overlay) show(c fyne.Canvas, root fyne.CanvasObject, keys func(*fyne.KeyEvent), runes func(rune)) {
	l.canvas, l.root, l.open, l.nextFocus = c, root, true, nil
	// Fyne keeps a focus for each layer, so the widget below would keep its ring
	// and cursor.
	if l.previousFocus = c.Focused(); l.previousFocus != nil {
		l.previousFocus.FocusLost()
	}
	l.previousTypedKey = c.OnTypedKey()
	c.SetOnTypedKey(keys)
	l.previousTypedRune = c.OnTypedRune()
	c.SetOnTypedRune(runes)
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
	l.canvas.SetOnTypedRune(l.previousTypedRune)
	if d, ok := l.canvas.(desktop.Canvas); ok {
		d.SetOnKeyDown(l.previousKeyDown)
		if l.previousKeyUp != nil { // which must see the release of the Enter that closed the layer
			d.SetOnKeyUp(l.previousKeyUp)
		}
	}
	switch focused := l.canvas.Focused(); {
	case l.nextFocus != nil && focused != l.nextFocus:
		l.canvas.Focus(l.nextFocus)
	case l.previousFocus != nil && focused == l.previousFocus:
		l.previousFocus.FocusGained()
	}
}
