package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var (
	_ fyne.Widget        = (*Link)(nil)
	_ fyne.Tappable      = (*Link)(nil)
	_ fyne.Focusable     = (*Link)(nil)
	_ desktop.Hoverable  = (*Link)(nil)
	_ desktop.Cursorable = (*Link)(nil)
	_ desktop.Keyable    = (*Link)(nil)
)

// Link is a text that can be pressed.
type Link struct {
	widget.BaseWidget

	// OnTapped is called when the link is pressed.
	OnTapped func()

	text             string
	hovered, focused bool
}

// NewLink returns a link with a text.
func NewLink(text string, tapped func()) *Link {
	l := &Link{OnTapped: tapped, text: text}
	l.ExtendBaseWidget(l)
	return l
}

// SetText changes the text.
func (l *Link) SetText(text string) {
	if text == l.text {
		return
	}
	l.text = text
	l.Refresh()
}

// Tapped follows the link.
func (l *Link) Tapped(*fyne.PointEvent) {
	requestFocus(l)
	l.activate()
}

func (l *Link) activate() {
	if l.OnTapped != nil {
		l.OnTapped()
	}
}

// TypedKey follows the link with Enter or Space and passes other keys on.
func (l *Link) TypedKey(key *fyne.KeyEvent) {
	if isEnter(key) || key.Name == fyne.KeySpace {
		l.activate()
		return
	}
	forwardKey(l, key)
}

// KeyDown notes a press of Enter; its repeats come to TypedKey alone.
func (l *Link) KeyDown(key *fyne.KeyEvent) { enterDown(key) }

// KeyUp notes the release of Enter.
func (l *Link) KeyUp(key *fyne.KeyEvent) { enterUp(key) }

// TypedRune passes a letter on to the window.
func (l *Link) TypedRune(r rune) { forwardRune(l, r) }

// FocusGained shows the focus ring.
func (l *Link) FocusGained() {
	l.focused = true
	l.Refresh()
}

// FocusLost hides the focus ring.
func (l *Link) FocusLost() {
	l.focused = false
	l.Refresh()
}

// MouseIn underlines the link.
func (l *Link) MouseIn(*desktop.MouseEvent) {
	l.hovered = true
	l.Refresh()
}

// MouseMoved does nothing; it is part of desktop.Hoverable.
func (l *Link) MouseMoved(*desktop.MouseEvent) {}

// MouseOut removes the line.
func (l *Link) MouseOut() {
	l.hovered = false
	l.Refresh()
}

// Cursor returns the pointing hand.
func (l *Link) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (l *Link) CreateRenderer() fyne.WidgetRenderer {
	r := &linkRenderer{
		link: l,
		ring: newFocusRing(),
		text: canvas.NewText(l.text, theme.Color(theme.Accent)),
		line: canvas.NewRectangle(color.Transparent),
	}
	r.text.TextSize = theme.Caption
	r.text.TextStyle.Bold = true
	r.RendererObjects = RendererObjects{r.ring, r.text, r.line}
	r.paint()
	return r
}

type linkRenderer struct {
	RendererObjects
	link *Link
	ring *canvas.Rectangle
	text *canvas.Text
	line *canvas.Rectangle
}

func (r *linkRenderer) Layout(size fyne.Size) {
	text := r.text.MinSize()
	x, y := (size.Width-text.Width)/2, (size.Height-text.Height)/2
	r.text.Resize(text)
	r.text.Move(fyne.NewPos(x, y))
	r.line.Resize(fyne.NewSize(text.Width, 1))
	r.line.Move(fyne.NewPos(x, y+text.Height-1))
	layoutFocusRing(r.ring, size, false)
	r.ring.CornerRadius = 4
}

func (r *linkRenderer) MinSize() fyne.Size {
	return r.text.MinSize().AddWidthHeight(8, 4)
}

func (r *linkRenderer) Refresh() {
	r.paint()
	r.Layout(r.link.Size())
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}

func (r *linkRenderer) paint() {
	r.text.Text = r.link.text
	r.text.Color = theme.Color(theme.Accent)
	r.line.FillColor = r.text.Color
	SetVisible(r.line, r.link.hovered)
	paintFocusRing(r.ring, r.link.focused)
}
