package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

const (
	signHeight float32 = 24
	signIcon   float32 = 14
	signPad    float32 = 12 // before the drawing, where the names of the lists begin
	signRing   float32 = 6  // that the ring keeps from what it is around
)

// Sign is a quiet line that says how something stands: a drawing, words, and
// at the right end what there is to do. Pressed, it leads to more.
type Sign struct {
	widget.BaseWidget

	hovered, focused bool
	tapped           func()

	words []string // the longest first
	icon  *canvas.Image
	text  *EllipsisLabel
	more  *EllipsisLabel
}

// NewSign makes a sign that says nothing yet and cannot be seen.
func NewSign(tapped func()) *Sign {
	s := &Sign{
		tapped: tapped,
		icon:   canvas.NewImageFromResource(nil),
		text:   NewEllipsisLabel(theme.Muted, theme.Caption),
		more:   NewEllipsisLabel(theme.Muted, theme.Caption),
	}
	s.icon.FillMode = canvas.ImageFillContain
	s.more.SetAlign(fyne.TextAlignTrailing)
	s.ExtendBaseWidget(s)
	s.Hide()
	return s
}

// Set says something, in the longest of the words that fit, and what there is
// to do at the right end.
func (s *Sign) Set(icon fyne.Resource, more string, words ...string) {
	s.icon.Resource, s.words = icon, words
	s.more.SetText(more)
	s.Refresh()
}

// Text is what the sign says where there is room enough.
func (s *Sign) Text() string {
	if len(s.words) == 0 {
		return ""
	}
	return s.words[0]
}

// More is what stands at its right end.
func (s *Sign) More() string { return s.more.Text() }

// Tapped leads to more.
func (s *Sign) Tapped(*fyne.PointEvent) { s.tapped() }

// TypedKey leads to more with Enter or Space and passes other keys on.
func (s *Sign) TypedKey(key *fyne.KeyEvent) {
	if isEnter(key) || key.Name == fyne.KeySpace {
		s.tapped()
		return
	}
	passOn(s, key)
}

// KeyDown is here to tell a press of Enter from its repeats.
func (s *Sign) KeyDown(key *fyne.KeyEvent) { enterDown(key) }

// KeyUp is here for the same.
func (s *Sign) KeyUp(key *fyne.KeyEvent) { enterUp(key) }

// TypedRune is here because what can be focused must have it.
func (s *Sign) TypedRune(rune) {}

// FocusGained shows the ring.
func (s *Sign) FocusGained() {
	s.focused = true
	s.Refresh()
}

// FocusLost takes the ring away.
func (s *Sign) FocusLost() {
	s.focused = false
	s.Refresh()
}

// MouseIn makes the words stronger.
func (s *Sign) MouseIn(*desktop.MouseEvent) {
	s.hovered = true
	s.Refresh()
}

// MouseMoved is here because what can be hovered must have it.
func (s *Sign) MouseMoved(*desktop.MouseEvent) {}

// MouseOut makes them quiet again.
func (s *Sign) MouseOut() {
	s.hovered = false
	s.Refresh()
}

// Cursor is the hand.
func (s *Sign) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer is used by Fyne alone.
func (s *Sign) CreateRenderer() fyne.WidgetRenderer {
	r := &signRenderer{sign: s, ring: newRing()}
	r.parts = parts{r.ring, s.icon, s.text, s.more}
	r.paint()
	return r
}

type signRenderer struct {
	parts
	sign *Sign
	ring *canvas.Rectangle
}

func (r *signRenderer) Layout(size fyne.Size) {
	s := r.sign
	layoutRing(r.ring, fyne.NewSize(size.Width-signPad+2*signRing, size.Height), false)
	r.ring.Move(fyne.NewPos(signPad-signRing, 0))
	s.icon.Resize(fyne.NewSquareSize(signIcon))
	s.icon.Move(fyne.NewPos(signPad, (size.Height-signIcon)/2))
	left, right := signPad+signIcon+6, size.Width
	more := float32(0)
	if s.more.Text() != "" {
		more = ceil(s.more.NaturalSize().Width) + 1
	}
	room := max(0, right-left-more-8)
	for _, words := range s.words {
		s.text.SetText(words)
		if s.text.NaturalSize().Width <= room {
			break
		}
	}
	s.text.Resize(fyne.NewSize(room, size.Height))
	s.text.Move(fyne.NewPos(left, 0))
	s.more.Resize(fyne.NewSize(min(more, max(0, right-left)), size.Height))
	s.more.Move(fyne.NewPos(right-more, 0))
}

func (r *signRenderer) MinSize() fyne.Size { return fyne.NewSize(120, signHeight) }

func (r *signRenderer) Refresh() {
	r.paint()
	r.Layout(r.sign.Size())
	for _, o := range r.parts {
		o.Refresh()
	}
}

func (r *signRenderer) paint() {
	role := theme.Muted
	if r.sign.hovered || r.sign.focused {
		role = theme.Text
	}
	r.sign.text.SetColor(role)
	paintRing(r.ring, r.sign.focused)
}
