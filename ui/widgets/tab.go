package widgets

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var (
	_ fyne.Widget        = (*Tab)(nil)
	_ fyne.Tappable      = (*Tab)(nil)
	_ fyne.Focusable     = (*Tab)(nil)
	_ desktop.Hoverable  = (*Tab)(nil)
	_ desktop.Cursorable = (*Tab)(nil)
)

// Tab is the name of a list with the number of its items.
type Tab struct {
	widget.BaseWidget

	name             string
	count            int
	selected         bool
	hovered, focused bool
	onTapped         func()

	background *canvas.Rectangle
	text       *canvas.Text
}

// NewTab returns a tab without a number that calls tapped when it is chosen.
func NewTab(name string, tapped func()) *Tab {
	t := &Tab{name: name, onTapped: tapped, count: -1}
	t.background = canvas.NewRectangle(theme.Color(theme.Sidebar))
	t.background.CornerRadius = theme.Radius
	t.text = canvas.NewText(name, theme.Color(theme.Muted))
	t.ExtendBaseWidget(t)
	return t
}

// SetCount shows a number beside the name.
func (t *Tab) SetCount(n int) {
	if n == t.count {
		return
	}
	t.count = n
	t.text.Text = t.name + " " + FormatCount(n)
	t.Refresh()
}

// SetSelected shows whether this is the list that is shown.
func (t *Tab) SetSelected(on bool) {
	t.selected = on
	t.Refresh()
}

// FormatCount returns n with a thin space between groups of three digits.
func FormatCount(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "\u202f" + text[i:]
	}
	return text
}

// Tapped chooses the tab.
func (t *Tab) Tapped(*fyne.PointEvent) { t.onTapped() }

// TypedKey chooses the tab with Enter or Space and passes other keys on.
func (t *Tab) TypedKey(key *fyne.KeyEvent) {
	if isEnter(key) || key.Name == fyne.KeySpace {
		t.onTapped()
		return
	}
	forwardKey(t, key)
}

// TypedRune passes a letter on to the window.
func (t *Tab) TypedRune(r rune) { forwardRune(t, r) }

// FocusGained shows the focus ring.
func (t *Tab) FocusGained() {
	t.focused = true
	t.Refresh()
}

// FocusLost hides the focus ring.
func (t *Tab) FocusLost() {
	t.focused = false
	t.Refresh()
}

// MouseIn tints the tab.
func (t *Tab) MouseIn(*desktop.MouseEvent) {
	t.hovered = true
	t.Refresh()
}

// MouseMoved does nothing; it is part of desktop.Hoverable.
func (t *Tab) MouseMoved(*desktop.MouseEvent) {}

// MouseOut removes the tint.
func (t *Tab) MouseOut() {
	t.hovered = false
	t.Refresh()
}

// Cursor returns the pointing hand.
func (t *Tab) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (t *Tab) CreateRenderer() fyne.WidgetRenderer {
	r := &tabRenderer{RendererObjects{t.background, t.text}, t}
	r.paint()
	return r
}

type tabRenderer struct {
	RendererObjects
	tab *Tab
}

func (r *tabRenderer) paint() {
	t := r.tab
	t.background.FillColor = theme.Color(theme.Sidebar)
	t.text.Color = theme.Color(theme.Muted)
	t.text.TextStyle.Bold = t.selected
	switch {
	case t.selected:
		t.background.FillColor = theme.Color(theme.Selected)
		t.text.Color = theme.Color(theme.Accent)
	case t.hovered:
		t.background.FillColor = theme.Color(theme.Hover)
	}
	t.background.StrokeWidth = 0
	if t.focused {
		t.background.StrokeWidth = 2
		t.background.StrokeColor = theme.Color(theme.Focus)
	}
}

func (r *tabRenderer) Layout(size fyne.Size) {
	r.tab.background.Resize(size)
	text := r.tab.text.MinSize()
	r.tab.text.Resize(text)
	r.tab.text.Move(fyne.NewPos((size.Width-text.Width)/2, (size.Height-text.Height)/2))
}

func (r *tabRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.tab.text.MinSize().Width+24, 28)
}

func (r *tabRenderer) Refresh() {
	r.paint()
	r.Layout(r.tab.Size())
	r.tab.background.Refresh()
	r.tab.text.Refresh()
}
