package widgets

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var (
	_ fyne.Widget        = (*Select)(nil)
	_ fyne.Tappable      = (*Select)(nil)
	_ fyne.Focusable     = (*Select)(nil)
	_ desktop.Hoverable  = (*Select)(nil)
	_ desktop.Cursorable = (*Select)(nil)
	_ desktop.Keyable    = (*Select)(nil)
)

// Select shows one of several options and opens a menu of them. Unlike Fyne's it has
// a border, and passes Enter and Escape on to a dialog.
type Select struct {
	widget.DisableableWidget

	// OnChanged is called with the option that has been selected.
	OnChanged func(string)

	label            string
	options          []string
	selected         string
	hovered, focused bool
	menu             *Menu
}

// NewSelect returns a select with nothing selected. A label that is not empty stands
// before the option.
func NewSelect(label string, options []string, changed func(string)) *Select {
	s := &Select{OnChanged: changed, label: label, options: options}
	s.ExtendBaseWidget(s)
	return s
}

// SetOptions sets the options.
func (s *Select) SetOptions(options []string) {
	s.options = options
	s.Refresh()
}

// Options returns the options.
func (s *Select) Options() []string { return s.options }

// SetSelected selects an option and calls OnChanged. It does nothing if the option is
// selected already or not among the options.
func (s *Select) SetSelected(option string) {
	if option == s.selected || !slices.Contains(s.options, option) {
		return
	}
	s.selected = option
	s.Refresh()
	if s.OnChanged != nil {
		s.OnChanged(option)
	}
}

// Selected returns the option that is selected, empty if none is.
func (s *Select) Selected() string { return s.selected }

// Menu returns the menu of options, nil before it was first opened.
func (s *Select) Menu() *Menu { return s.menu }

// Tapped opens the menu.
func (s *Select) Tapped(*fyne.PointEvent) {
	if s.Disabled() {
		return
	}
	requestFocus(s)
	s.openMenu()
}

func (s *Select) openMenu() {
	c := fyne.CurrentApp().Driver().CanvasForObject(s)
	if c == nil || s.Disabled() {
		return
	}
	items := make([]MenuItem, len(s.options))
	for i, option := range s.options {
		items[i] = MenuItem{Label: option, Action: func() { s.SetSelected(option) }}
		if option == s.selected {
			items[i].Icon = theme.Icon("check", theme.Accent)
		}
	}
	s.menu = showMenu(c, items, Below(s), s.Size().Width)
	if at := slices.Index(s.options, s.selected); at >= 0 {
		s.menu.rows.highlight(at)
	}
}

// TypedKey opens the menu with Space, changes the option with the arrows, and passes
// other keys on.
func (s *Select) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeySpace:
		s.openMenu()
	case fyne.KeyDown, fyne.KeyRight:
		s.selectNext(1)
	case fyne.KeyUp, fyne.KeyLeft:
		s.selectNext(-1)
	default:
		forwardKey(s, key)
	}
}

func (s *Select) selectNext(by int) {
	if s.Disabled() || len(s.options) == 0 {
		return
	}
	at := slices.Index(s.options, s.selected) + by
	s.SetSelected(s.options[min(max(at, 0), len(s.options)-1)])
}

// KeyDown notes a press of Enter; its repeats come to TypedKey alone.
func (s *Select) KeyDown(key *fyne.KeyEvent) { enterDown(key) }

// KeyUp notes the release of Enter.
func (s *Select) KeyUp(key *fyne.KeyEvent) { enterUp(key) }

// TypedRune does nothing; it is part of fyne.Focusable.
func (s *Select) TypedRune(rune) {}

// FocusGained shows the focus ring.
func (s *Select) FocusGained() {
	s.focused = true
	s.Refresh()
}

// FocusLost hides the focus ring.
func (s *Select) FocusLost() {
	s.focused = false
	s.Refresh()
}

// MouseIn tints the select.
func (s *Select) MouseIn(*desktop.MouseEvent) {
	s.hovered = true
	s.Refresh()
}

// MouseMoved does nothing; it is part of desktop.Hoverable.
func (s *Select) MouseMoved(*desktop.MouseEvent) {}

// MouseOut removes the tint.
func (s *Select) MouseOut() {
	s.hovered = false
	s.Refresh()
}

// Cursor returns the pointing hand.
func (s *Select) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (s *Select) CreateRenderer() fyne.WidgetRenderer {
	r := &selectRenderer{
		choice:     s,
		background: canvas.NewRectangle(theme.Color(theme.Background)),
		tint:       canvas.NewRectangle(theme.Color(theme.Hover)),
		text:       NewEllipsisLabel(theme.Text, theme.Body),
		arrow:      canvas.NewImageFromResource(theme.Icon("down", theme.Muted)),
		ring:       newFocusRing(),
	}
	r.background.CornerRadius = theme.Radius
	r.background.StrokeWidth = 1
	r.tint.CornerRadius = theme.Radius
	r.arrow.FillMode = canvas.ImageFillContain
	r.RendererObjects = RendererObjects{r.background, r.tint, r.text, r.arrow, r.ring}
	r.paint()
	return r
}

type selectRenderer struct {
	RendererObjects
	choice           *Select
	background, tint *canvas.Rectangle
	text             *EllipsisLabel
	arrow            *canvas.Image
	ring             *canvas.Rectangle
}

func (r *selectRenderer) Layout(size fyne.Size) {
	r.background.Resize(size)
	r.tint.Resize(size)
	layoutFocusRing(r.ring, size, false)
	r.text.Resize(fyne.NewSize(max(size.Width-12-8-16-8, 0), size.Height))
	r.text.Move(fyne.NewPos(12, 0))
	r.arrow.Resize(fyne.NewSquareSize(16))
	r.arrow.Move(fyne.NewPos(size.Width-8-16, (size.Height-16)/2))
}

func (r *selectRenderer) MinSize() fyne.Size { return fyne.NewSize(120, controlHeight) }

func (r *selectRenderer) Refresh() {
	r.paint()
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}

func (r *selectRenderer) paint() {
	s := r.choice
	text := s.selected
	if s.label != "" {
		text = s.label + ": " + s.selected
	}
	r.text.SetText(text)
	r.text.SetColor(theme.Text)
	if s.Disabled() {
		r.text.SetColor(theme.Muted)
	}
	r.background.FillColor = theme.Color(theme.Background)
	r.background.StrokeColor = theme.Color(theme.InputBorder)
	r.tint.FillColor = theme.Color(theme.Hover)
	SetVisible(r.tint, s.hovered && !s.Disabled())
	paintFocusRing(r.ring, s.focused)
}
