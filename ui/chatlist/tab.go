package chatlist

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
)

var listNames = []struct {
	list data.List
	name string
}{
	{data.AllChats, "All"},
	{data.UnreadChats, "Unread"},
	{data.BlockedChats, "Blocked"},
}

func (p *Pane) newTabs() fyne.CanvasObject {
	p.tabs = map[data.List]*tab{}
	bar := container.NewHBox()
	for _, l := range listNames {
		t := newTab(l.name, func() { p.Show(l.list) })
		t.setOn(l.list == p.list)
		p.tabs[l.list] = t
		bar.Add(t)
	}
	return bar
}

// tab is the name of a list with its count.
type tab struct {
	widget.BaseWidget

	name             string
	count            int
	on               bool
	hovered, focused bool
	tapped           func()

	ground *canvas.Rectangle
	text   *canvas.Text
}

func newTab(name string, tapped func()) *tab {
	t := &tab{name: name, tapped: tapped, count: -1}
	t.ground = canvas.NewRectangle(theme.Color(theme.Side))
	t.ground.CornerRadius = theme.Radius
	t.text = canvas.NewText(name, theme.Color(theme.Muted))
	t.ExtendBaseWidget(t)
	return t
}

func (t *tab) setCount(n int) {
	if n == t.count {
		return
	}
	t.count = n
	t.text.Text = t.name + " " + thousands(n)
	t.Refresh()
}

func (t *tab) setOn(on bool) {
	t.on = on
	t.Refresh()
}

// thousands writes a number so that a long one can be read.
func thousands(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "\u202f" + text[i:]
	}
	return text
}

// Tapped turns to the list.
func (t *tab) Tapped(*fyne.PointEvent) { t.tapped() }

// TypedKey turns to the list with Enter or Space.
func (t *tab) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter, fyne.KeySpace:
		t.tapped()
	}
}

// TypedRune is here because what can be focused must have it.
func (t *tab) TypedRune(rune) {}

// FocusGained shows the ring.
func (t *tab) FocusGained() {
	t.focused = true
	t.Refresh()
}

// FocusLost takes the ring away.
func (t *tab) FocusLost() {
	t.focused = false
	t.Refresh()
}

// MouseIn tints the tab.
func (t *tab) MouseIn(*desktop.MouseEvent) {
	t.hovered = true
	t.Refresh()
}

// MouseMoved is here because what can be hovered must have it.
func (t *tab) MouseMoved(*desktop.MouseEvent) {}

// MouseOut takes the tint away.
func (t *tab) MouseOut() {
	t.hovered = false
	t.Refresh()
}

// Cursor is the hand.
func (t *tab) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer is used by Fyne alone.
func (t *tab) CreateRenderer() fyne.WidgetRenderer {
	r := &tabRenderer{tab: t, objects: []fyne.CanvasObject{t.ground, t.text}}
	r.paint()
	return r
}

type tabRenderer struct {
	tab     *tab
	objects []fyne.CanvasObject
}

func (r *tabRenderer) paint() {
	t := r.tab
	t.ground.FillColor = theme.Color(theme.Side)
	t.text.Color = theme.Color(theme.Muted)
	t.text.TextStyle.Bold = t.on
	switch {
	case t.on:
		t.ground.FillColor = theme.Color(theme.Selected)
		t.text.Color = theme.Color(theme.Accent)
	case t.hovered:
		t.ground.FillColor = theme.Color(theme.Hover)
	}
	t.ground.StrokeWidth = 0
	if t.focused {
		t.ground.StrokeWidth = 2
		t.ground.StrokeColor = theme.Color(theme.Focus)
	}
}

func (r *tabRenderer) Layout(size fyne.Size) {
	r.tab.ground.Resize(size)
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
	r.tab.ground.Refresh()
	r.tab.text.Refresh()
}

func (r *tabRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *tabRenderer) Destroy()                     {}
