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

// Entry is Fyne's entry that does not swallow what it has no use for.
type Entry struct {
	widget.Entry

	// OnKey sees every key first and says whether it is dealt with.
	OnKey func(*fyne.KeyEvent) bool
	// OnShortcut sees the shortcuts that editing does not use and says whether
	// they are dealt with; the rest go to the window.
	OnShortcut func(fyne.Shortcut) bool
	// OnUndo sees Ctrl+Z before the text does and says whether it is dealt with.
	OnUndo func() bool
	// OnFocus is told when the keyboard comes and goes.
	OnFocus func(bool)

	focused    bool
	heldEnter  heldEnter
	shiftsDown int // how many shift keys are down
}

// NewEntry makes an entry of one line.
func NewEntry() *Entry {
	e := &Entry{}
	e.Wrapping = fyne.TextWrap(fyne.TextTruncateClip)
	e.ExtendBaseWidget(e)
	return e
}

// NewSecretEntry makes an entry of one line that shows no letters until the eye
// in it is pressed.
func NewSecretEntry() *Entry {
	e := NewEntry()
	e.Password, e.ActionItem = true, newRevealButton(e)
	return e
}

// NewMultiLineEntry makes an entry of many lines, in which Enter makes a line
// unless OnKey takes it.
func NewMultiLineEntry() *Entry {
	e := &Entry{}
	e.MultiLine = true
	e.Wrapping = fyne.TextWrapWord
	e.ExtendBaseWidget(e)
	return e
}

// Focused reports whether the entry has the keyboard.
func (e *Entry) Focused() bool { return e.focused }

// ShiftHeld reports whether a shift key is down.
func (e *Entry) ShiftHeld() bool { return e.shiftsDown > 0 }

// ReplaceText shows another text, with the cursor at its end.
func (e *Entry) ReplaceText(text string) {
	e.SetText(text)
	e.Entry.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
}

// EnterHeld reports whether Enter is still down from before the entry got the
// keyboard, and its repeats are meant for nobody.
func (e *Entry) EnterHeld() bool { return e.heldEnter.active() }

// AcceptsTab is false, because Tab leads on here as everywhere else.
func (e *Entry) AcceptsTab() bool { return false }

// MinSize is the stock one, on our grid.
func (e *Entry) MinSize() fyne.Size {
	e.ExtendBaseWidget(e)
	size := e.Entry.MinSize()
	return fyne.NewSize(size.Width, max(size.Height, controlHeight))
}

// TypedKey edits; a key without use here goes on to the dialog or the window.
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

// KeyDown is the stock one, and tells a press of Enter from its repeats.
func (e *Entry) KeyDown(key *fyne.KeyEvent) {
	enterDown(key)
	if isShift(key) {
		e.shiftsDown++
	}
	e.Entry.KeyDown(key)
}

// KeyUp is the stock one, and does the same.
func (e *Entry) KeyUp(key *fyne.KeyEvent) {
	enterUp(key)
	if isShift(key) {
		e.shiftsDown = max(0, e.shiftsDown-1)
	}
	e.Entry.KeyUp(key)
}

// TypedShortcut edits, or asks OnShortcut, or else the window.
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

// limitedClipboard is a clipboard that gives no more than can be pasted; an ellipsis
// reports that there was more.
type limitedClipboard struct{ fyne.Clipboard }

// Content is what can be pasted.
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

// forwardShortcut returns a shortcut to the window, as the driver would if nothing
// had the keyboard.
func forwardShortcut(c fyne.Canvas, shortcut fyne.Shortcut) {
	if window, ok := c.(fyne.Shortcutable); ok {
		window.TypedShortcut(shortcut)
	}
}

func isShift(key *fyne.KeyEvent) bool {
	return key.Name == desktop.KeyShiftLeft || key.Name == desktop.KeyShiftRight
}

// isEditingShortcut says what Fyne's entry registers for itself.
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

// FocusGained shows the cursor and the ring.
func (e *Entry) FocusGained() {
	e.focused, e.heldEnter = true, watchHeldEnter()
	e.Entry.FocusGained()
	if e.OnFocus != nil {
		e.OnFocus(true)
	}
}

// FocusLost takes them away.
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

// entryRenderer adds the ring to the stock look, whose focus is a hairline.
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
	// The stock look draws what is disabled with a stronger edge.
	if edge, ok := r.WidgetRenderer.Objects()[1].(*canvas.Rectangle); ok && r.entry.Disabled() {
		edge.StrokeColor = theme.Color(theme.Separator)
		edge.Refresh()
	}
}
