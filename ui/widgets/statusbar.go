package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var (
	_ fyne.Widget        = (*StatusBar)(nil)
	_ fyne.Tappable      = (*StatusBar)(nil)
	_ fyne.Focusable     = (*StatusBar)(nil)
	_ desktop.Hoverable  = (*StatusBar)(nil)
	_ desktop.Cursorable = (*StatusBar)(nil)
	_ desktop.Keyable    = (*StatusBar)(nil)
)

const (
	statusBarHeight   float32 = 24
	statusBarIconSize float32 = 14
	statusBarPad      float32 = 12 // left of the icon, in line with the names of the lists
	statusBarRingGap  float32 = 6  // between the focus ring and what it is around

	statusBarTextX       = statusBarPad + statusBarIconSize + 6
	statusBarTrailingGap = 8
)

// StatusBar is a muted line with an icon, a status and, at the right end, what there
// is to do. It can be pressed.
type StatusBar struct {
	widget.BaseWidget

	hovered, focused bool
	onTapped         func()

	texts    []string // the longest first
	icon     *canvas.Image
	text     *EllipsisLabel
	trailing *EllipsisLabel
}

// NewStatusBar returns an empty, hidden status bar.
func NewStatusBar(tapped func()) *StatusBar {
	s := &StatusBar{
		onTapped: tapped,
		icon:     canvas.NewImageFromResource(nil),
		text:     NewEllipsisLabel(theme.Muted, theme.Caption),
		trailing: NewEllipsisLabel(theme.Muted, theme.Caption),
	}
	s.icon.FillMode = canvas.ImageFillContain
	s.trailing.SetAlign(fyne.TextAlignTrailing)
	s.ExtendBaseWidget(s)
	s.Hide()
	return s
}

// Set shows an icon, the longest of texts that fits, and trailing at the right end.
// The texts are ordered by length, the longest first.
func (s *StatusBar) Set(icon fyne.Resource, trailing string, texts ...string) {
	s.icon.Resource, s.texts = icon, texts
	s.trailing.SetText(trailing)
	s.Refresh()
}

// Text returns the longest of the texts.
func (s *StatusBar) Text() string {
	if len(s.texts) == 0 {
		return ""
	}
	return s.texts[0]
}

// Trailing returns the text at the right end.
func (s *StatusBar) Trailing() string { return s.trailing.Text() }

// NaturalWidth returns how wide the bar is with its longest text.
func (s *StatusBar) NaturalWidth() float32 {
	label := NewEllipsisLabel(theme.Muted, theme.Caption)
	label.SetText(s.Text())
	width := statusBarTextX + ceil(label.NaturalSize().Width) + statusBarRingGap + statusBarTrailingGap
	if s.Trailing() != "" {
		width += ceil(s.trailing.NaturalSize().Width) + 1
	}
	return width
}

// Tapped calls what NewStatusBar was called with.
func (s *StatusBar) Tapped(*fyne.PointEvent) {
	requestFocus(s)
	s.onTapped()
}

// TypedKey does the same as Tapped for Enter and Space, and passes other keys on.
func (s *StatusBar) TypedKey(key *fyne.KeyEvent) {
	if isEnter(key) || key.Name == fyne.KeySpace {
		s.onTapped()
		return
	}
	forwardKey(s, key)
}

// KeyDown notes a press of Enter; its repeats come to TypedKey alone.
func (s *StatusBar) KeyDown(key *fyne.KeyEvent) { enterDown(key) }

// KeyUp notes the release of Enter.
func (s *StatusBar) KeyUp(key *fyne.KeyEvent) { enterUp(key) }

// TypedRune passes a letter on to the window.
func (s *StatusBar) TypedRune(r rune) { forwardRune(s, r) }

// FocusGained shows the focus ring.
func (s *StatusBar) FocusGained() {
	s.focused = true
	s.Refresh()
}

// FocusLost hides the focus ring.
func (s *StatusBar) FocusLost() {
	s.focused = false
	s.Refresh()
}

// MouseIn highlights the text.
func (s *StatusBar) MouseIn(*desktop.MouseEvent) {
	s.hovered = true
	s.Refresh()
}

// MouseMoved does nothing; it is part of desktop.Hoverable.
func (s *StatusBar) MouseMoved(*desktop.MouseEvent) {}

// MouseOut mutes the text again.
func (s *StatusBar) MouseOut() {
	s.hovered = false
	s.Refresh()
}

// Cursor returns the pointing hand.
func (s *StatusBar) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (s *StatusBar) CreateRenderer() fyne.WidgetRenderer {
	r := &statusBarRenderer{bar: s, ring: newFocusRing()}
	r.RendererObjects = RendererObjects{r.ring, s.icon, s.text, s.trailing}
	r.paint()
	return r
}

type statusBarRenderer struct {
	RendererObjects
	bar  *StatusBar
	ring *canvas.Rectangle
}

func (r *statusBarRenderer) Layout(size fyne.Size) {
	s := r.bar
	layoutFocusRing(r.ring, fyne.NewSize(size.Width-statusBarPad+2*statusBarRingGap, size.Height), false)
	r.ring.Move(fyne.NewPos(statusBarPad-statusBarRingGap, 0))
	s.icon.Resize(fyne.NewSquareSize(statusBarIconSize))
	s.icon.Move(fyne.NewPos(statusBarPad, (size.Height-statusBarIconSize)/2))
	left, right := statusBarTextX, size.Width
	trailing := float32(0)
	if s.trailing.Text() != "" {
		trailing = ceil(s.trailing.NaturalSize().Width) + 1
	}
	room := max(0, right-left-trailing-statusBarTrailingGap)
	for _, text := range s.texts {
		s.text.SetText(text)
		if s.text.NaturalSize().Width <= room {
			break
		}
	}
	s.text.Resize(fyne.NewSize(room, size.Height))
	s.text.Move(fyne.NewPos(left, 0))
	s.trailing.Resize(fyne.NewSize(min(trailing, max(0, right-left)), size.Height))
	s.trailing.Move(fyne.NewPos(right-trailing, 0))
}

func (r *statusBarRenderer) MinSize() fyne.Size { return fyne.NewSize(120, statusBarHeight) }

func (r *statusBarRenderer) Refresh() {
	r.paint()
	r.Layout(r.bar.Size())
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}

func (r *statusBarRenderer) paint() {
	role := theme.Muted
	if r.bar.hovered || r.bar.focused {
		role = theme.Text
	}
	r.bar.text.SetColor(role)
	paintFocusRing(r.ring, r.bar.focused)
}
