package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var (
	_ fyne.Widget       = (*Entry)(nil)
	_ fyne.Focusable    = (*Entry)(nil)
	_ fyne.Shortcutable = (*Entry)(nil)
	_ fyne.Tabbable     = (*Entry)(nil)
	_ desktop.Keyable   = (*Entry)(nil)
)

// Entry is Fyne's entry, but passes keys and shortcuts on that it has no use for.
type Entry struct {
	widget.Entry

	// OnKey is called with every key first and reports whether it handled it.
	OnKey func(*fyne.KeyEvent) bool
	// OnShortcut is called with shortcuts that editing does not use and reports
	// whether it handled them; the rest go to the window.
	OnShortcut func(fyne.Shortcut) bool
	// OnUndo is called with Ctrl+Z first and reports whether it handled it.
	OnUndo func() bool
	// OnFocus is called when the focus is gained or lost.
	OnFocus func(bool)

	focused    bool
	heldEnter  heldEnter
	shiftsDown int // shift keys that are down
}

// NewEntry returns an entry of one line.
func NewEntry() *Entry {
	e := &Entry{}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.ExtendBaseWidget(e)
	return e
}

// NewPasswordEntry returns an entry of one line that hides its text until the eye
// in it is pressed.
func NewPasswordEntry() *Entry {
	e := NewEntry()
	e.Password, e.ActionItem = true, newRevealButton(e)
	return e
}

// NewMultiLineEntry returns an entry of many lines, in which Enter starts a new line
// unless OnKey handles it.
func NewMultiLineEntry() *Entry {
	e := &Entry{}
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	e.ExtendBaseWidget(e)
	return e
}

// Focused reports whether the entry has the focus.
func (e *Entry) Focused() bool { return e.focused }

// ShiftHeld reports whether a shift key is down.
func (e *Entry) ShiftHeld() bool { return e.shiftsDown > 0 }

// ReplaceText sets the text, with the cursor at its end.
func (e *Entry) ReplaceText(text string) {
	e.SetText(text)
	e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
}

// EnterHeld reports whether Enter has been down since before the entry got the
// focus. Its repeats are not meant for the entry.
func (e *Entry) EnterHeld() bool { return e.heldEnter.active() }

// AcceptsTab returns false: Tab moves the focus, as everywhere else.
func (e *Entry) AcceptsTab() bool { return false }

// MinSize returns that of Fyne's entry, at least as high as our other controls.
func (e *Entry) MinSize() fyne.Size {
	e.ExtendBaseWidget(e)
	size := e.Entry.MinSize()
	return fyne.NewSize(size.Width, max(size.Height, controlHeight))
}

// TypedKey edits the text; keys without use here go to the dialog or the window.
func (e *Entry) TypedKey(key *fyne.KeyEvent) {
	if e.OnKey != nil && e.OnKey(key) {
		return
	}
	if e.isEditingKey(key) {
		e.Entry.TypedKey(key)
		return
	}
	forwardKey(e, key)
}

func (e *Entry) isEditingKey(key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeyBackspace, fyne.KeyDelete, fyne.KeyTab, fyne.KeyUp, fyne.KeyDown, fyne.KeyLeft, fyne.KeyRight,
		fyne.KeyHome, fyne.KeyEnd, fyne.KeyPageUp, fyne.KeyPageDown:
		return true
	case fyne.KeyReturn, fyne.KeyEnter:
		return e.MultiLine || e.OnSubmitted != nil
	}
	return false
}

// KeyDown also notes a press of Enter; its repeats come to TypedKey alone.
func (e *Entry) KeyDown(key *fyne.KeyEvent) {
	enterDown(key)
	if isShift(key) {
		e.shiftsDown++
	}
	e.Entry.KeyDown(key)
}

// KeyUp also notes the release of Enter.
func (e *Entry) KeyUp(key *fyne.KeyEvent) {
	enterUp(key)
	if isShift(key) {
		e.shiftsDown = max(0, e.shiftsDown-1)
	}
	e.Entry.KeyUp(key)
}

// TypedShortcut edits the text, or else passes the shortcut to OnShortcut and the
// window.
func (e *Entry) TypedShortcut(shortcut fyne.Shortcut) {
	if _, undo := shortcut.(*fyne.ShortcutUndo); undo && e.OnUndo != nil && e.OnUndo() {
		return
	}
	if paste, ok := shortcut.(*fyne.ShortcutPaste); ok {
		shortcut = &fyne.ShortcutPaste{Clipboard: limitedClipboard{paste.Clipboard}, Secondary: paste.Secondary}
	}
	if isEditingShortcut(shortcut) {
		e.Entry.TypedShortcut(shortcut)
		return
	}
	if e.OnShortcut != nil && e.OnShortcut(shortcut) {
		return
	}
	forwardShortcut(fyne.CurrentApp().Driver().CanvasForObject(e), shortcut)
}

// The most that is pasted. Fyne lays an entry out anew with every letter, in time
// that grows with the square of its lines: a megabyte takes minutes.
const (
	maxPastedBytes = 10_000 // characters
	maxPastedLines = 1_000
)

// limitedClipboard is a clipboard with no more than can be pasted; an ellipsis at the
// end shows that there was more.
type limitedClipboard struct{ fyne.Clipboard }

// Content returns what can be pasted.
func (b limitedClipboard) Content() string {
	text := b.Clipboard.Content()
	runes, lines := 0, 1
	for i, r := range text {
		if r == '\n' {
			lines++
		}
		if runes == maxPastedBytes || lines > maxPastedLines {
			return text[:i] + ellipsis
		}
		runes++
	}
	return text
}

// forwardShortcut passes a shortcut on to the window, as the driver does if nothing
// has the focus.
func forwardShortcut(c fyne.Canvas, shortcut fyne.Shortcut) {
	if window, ok := c.(fyne.Shortcutable); ok {
		window.TypedShortcut(shortcut)
	}
}

func isShift(key *fyne.KeyEvent) bool {
	return key.Name == desktop.KeyShiftLeft || key.Name == desktop.KeyShiftRight
}

// isEditingShortcut reports whether Fyne's entry handles a shortcut itself.
func isEditingShortcut(shortcut fyne.Shortcut) bool {
	switch s := shortcut.(type) {
	case *fyne.ShortcutCopy, *fyne.ShortcutCut, *fyne.ShortcutPaste, *fyne.ShortcutSelectAll,
		*fyne.ShortcutUndo, *fyne.ShortcutRedo:
		return true
	case *desktop.CustomShortcut:
		switch s.KeyName {
		case fyne.KeyLeft, fyne.KeyRight:
			return s.Modifier&^fyne.KeyModifierShift == fyne.KeyModifierShortcutDefault
		case fyne.KeyBackspace, fyne.KeyDelete:
			return s.Modifier == fyne.KeyModifierShortcutDefault
		}
	}
	return false
}

// FocusGained shows the cursor and the focus ring.
func (e *Entry) FocusGained() {
	e.focused, e.heldEnter = true, watchHeldEnter()
	e.Entry.FocusGained()
	if e.OnFocus != nil {
		e.OnFocus(true)
	}
}

// FocusLost hides the cursor and the focus ring.
func (e *Entry) FocusLost() {
	e.focused, e.shiftsDown = false, 0
	e.Entry.FocusLost()
	if e.OnFocus != nil {
		e.OnFocus(false)
	}
}

func (e *Entry) CreateRenderer() fyne.WidgetRenderer {
	return &entryRenderer{WidgetRenderer: e.Entry.CreateRenderer(), entry: e, ring: newFocusRing()}
}

// entryRenderer adds the focus ring to Fyne's look, whose own is a hairline.
type entryRenderer struct {
	fyne.WidgetRenderer
	entry *Entry
	ring  *canvas.Rectangle
}

func (r *entryRenderer) Objects() []fyne.CanvasObject {
	stock := r.WidgetRenderer.Objects()
	return append(stock[:len(stock):len(stock)], r.ring)
}

func (r *entryRenderer) Layout(size fyne.Size) {
	r.WidgetRenderer.Layout(size)
	layoutFocusRing(r.ring, size, false)
}

func (r *entryRenderer) Refresh() {
	paintFocusRing(r.ring, r.entry.focused && !r.entry.Disabled())
	r.WidgetRenderer.Refresh()
	// Fyne draws a disabled entry with a stronger edge.
	if edge, ok := r.WidgetRenderer.Objects()[1].(*canvas.Rectangle); ok && r.entry.Disabled() {
		edge.StrokeColor = theme.Color(theme.Separator)
		edge.Refresh()
	}
}
