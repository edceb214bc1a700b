package chat

import (
	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/ui/theme"
)

// arrowScroll is how far an arrow key scrolls.
const arrowScroll float32 = 60

// TypedShortcut copies and selects; other shortcuts go to the window.
func (t *timeline) TypedShortcut(shortcut fyne.Shortcut) {
	switch shortcut.(type) {
	case *fyne.ShortcutCopy:
		t.copySelection()
	case *fyne.ShortcutSelectAll:
		if t.selected != nil {
			t.selected.SelectAll()
		}
	default:
		if c, ok := fyne.CurrentApp().Driver().CanvasForObject(t).(fyne.Shortcutable); ok {
			c.TypedShortcut(shortcut)
		}
	}
}

// TypedKey scrolls; other keys go to the window.
func (t *timeline) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyUp:
		t.scrollBy(-arrowScroll)
	case fyne.KeyDown:
		t.scrollBy(arrowScroll)
	case fyne.KeyPageUp:
		t.scrollPage(-1)
	case fyne.KeyPageDown:
		t.scrollPage(1)
	case fyne.KeyHome:
		t.scrollBy(-t.scroll.Offset.Y)
	case fyne.KeyEnd:
		t.onEnd()
	default:
		if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil && c.OnTypedKey() != nil {
			c.OnTypedKey()(key)
		}
	}
}

// TypedRune types into the composer.
func (t *timeline) TypedRune(r rune) { t.onRune(r) }

// FocusGained shows the focus ring, unless the mouse is selecting.
func (t *timeline) FocusGained() {
	t.focused = true
	t.showRing()
}

// FocusLost hides the focus ring; the selection stays.
func (t *timeline) FocusLost() {
	t.focused = false
	t.showRing()
}

func (t *timeline) showRing() {
	t.ring.Hidden = !t.focused || t.selected != nil
	t.ring.StrokeColor = theme.Color(theme.Focus)
	t.ring.Refresh()
}
