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
	statusBarPad      float32 = 12 // before the drawing, where the names of the lists begin
	statusBarRingGap  float32 = 6  // that the ring keeps from what it is around
)

// StatusBar is a quiet line that says how something stands: a drawing, words, and
// at the right end what there is to do. Pressed, it leads to more.
type StatusBar struct {
	widget.BaseWidget

	hovered, focused bool
	onTapped         func()

	texts    []string // the longest first
	icon     *canvas.Image
	text     *EllipsisLabel
	trailing *EllipsisLabel
}

// NewStatusBar makes a sign that says nothing yet and cannot be seen.
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

// Set says something, in the longest of the words that fit, and what there is
// to do at the right end.
func (s *StatusBar) Set(icon fyne.Resource, more string, words ...string) {
	s.icon.Resource, s.texts = icon, words
	s.trailing.SetText(more)
	s.Refresh()
}

// Text is what the sign says where there is room enough.
func (s *StatusBar) Text() string {
	if len(s.texts) == 0 {
		return ""
	}
	return s.texts[0]
}

// Trailing is what stands at its right end.
func (s *StatusBar) Trailing() string { return s.trailing.Text() }

// Tapped leads to more.
func (s *StatusBar) Tapped(*fyne.PointEvent) { s.onTapped() }

// TypedKey leads to more with Enter or Space and passes other keys on.
func (s *StatusBar) TypedKey(key *fyne.KeyEvent) {
	if isEnter(key) || key.Name == fyne.KeySpace {
		s.onTapped()
		return
	}
	forwardKey(s, key)
}

// KeyDown is here to tell a press of Enter from its repeats.
func (s *StatusBar) KeyDown(key *fyne.KeyEvent) { enterDown(key) }

// KeyUp is here for the same.
func (s *StatusBar) KeyUp(key *fyne.KeyEvent) { enterUp(key) }

// TypedRune is here because what can be focused must have it.
func (s *StatusBar) TypedRune(rune) {}

// FocusGained shows the ring.
func (s *StatusBar) FocusGained() {
	s.focused = true
	s.Refresh()
}

// FocusLost takes the ring away.
func (s *StatusBar) FocusLost() {
	s.focused = false
	s.Refresh()
}

// MouseIn makes the words stronger.
func (s *StatusBar) MouseIn(*desktop.MouseEvent) {
	s.hovered = true
	s.Refresh()
}

// MouseMoved is here because what can be hovered must have it.
func (s *StatusBar) MouseMoved(*desktop.MouseEvent) {}

// MouseOut makes them quiet again.
func (s *StatusBar) MouseOut() {
	s.hovered = false
	s.Refresh()
}

// Cursor is the hand.
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
	left, right := statusBarPad+statusBarIconSize+6, size.Width
	more := float32(0)
	if s.trailing.Text() != "" {
		more = ceil(s.trailing.NaturalSize().Width) + 1
	}
	room := max(0, right-left-more-8)
	for _, words := range s.texts {
		s.text.SetText(words)
		if s.text.NaturalSize().Width <= room {
			break
		}
	}
	s.text.Resize(fyne.NewSize(room, size.Height))
	s.text.Move(fyne.NewPos(left, 0))
	s.trailing.Resize(fyne.NewSize(min(more, max(0, right-left)), size.Height))
	s.trailing.Move(fyne.NewPos(right-more, 0))
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
