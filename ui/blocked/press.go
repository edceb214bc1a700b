package blocked

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

const (
	pressWidth  float32 = 88
	pressHeight float32 = 32
)

// press is the button in a row. It never has the keyboard: the list has it, and
// a key for the same; rows are used again, so that Tab would jump among them.
type press struct {
	widget.BaseWidget

	tapped         func()
	hovered, beset bool // the pointer is on it, or presses it

	background *canvas.Rectangle
	tint       *canvas.Rectangle
	text       *canvas.Text
}

func newPress(text string, tapped func()) *press {
	p := &press{
		tapped:     tapped,
		background: canvas.NewRectangle(color.Transparent),
		tint:       canvas.NewRectangle(color.Transparent),
		text:       canvas.NewText(text, theme.Color(theme.Accent)),
	}
	p.background.StrokeWidth = 1
	p.background.CornerRadius, p.tint.CornerRadius = theme.Radius, theme.Radius
	p.text.TextSize = 13
	p.text.TextStyle.Bold = true
	p.text.Alignment = fyne.TextAlignCenter
	p.ExtendBaseWidget(p)
	return p
}

// Tapped presses the button.
func (p *press) Tapped(*fyne.PointEvent) { p.tapped() }

// MouseIn tints the button.
func (p *press) MouseIn(*desktop.MouseEvent) { p.set(true, false) }

// MouseMoved is here because what can be hovered must have it.
func (p *press) MouseMoved(*desktop.MouseEvent) {}

// MouseOut takes the tint away.
func (p *press) MouseOut() { p.set(false, false) }

// MouseDown tints the button more.
func (p *press) MouseDown(*desktop.MouseEvent) { p.set(true, true) }

// MouseUp takes that tint away.
func (p *press) MouseUp(*desktop.MouseEvent) { p.set(p.hovered, false) }

// Cursor is the hand.
func (p *press) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (p *press) set(hovered, beset bool) {
	p.hovered, p.beset = hovered, beset
	p.paint()
	p.tint.Refresh()
}

func (p *press) paint() {
	p.background.StrokeColor = theme.Color(theme.Accent)
	p.text.Color = theme.Color(theme.Accent)
	switch {
	case p.beset:
		p.tint.FillColor = theme.Color(theme.Pressed)
	case p.hovered:
		p.tint.FillColor = theme.Color(theme.Hover)
	default:
		p.tint.FillColor = color.Transparent
	}
}

// CreateRenderer is used by Fyne alone.
func (p *press) CreateRenderer() fyne.WidgetRenderer {
	p.paint()
	return &pressRenderer{p, []fyne.CanvasObject{p.background, p.tint, p.text}}
}

type pressRenderer struct {
	press   *press
	objects []fyne.CanvasObject
}

func (r *pressRenderer) Layout(size fyne.Size) {
	for _, o := range r.objects {
		o.Resize(size)
	}
}

func (r *pressRenderer) MinSize() fyne.Size           { return fyne.NewSize(pressWidth, pressHeight) }
func (r *pressRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *pressRenderer) Destroy()                     {}

func (r *pressRenderer) Refresh() {
	r.press.paint()
	for _, o := range r.objects {
		o.Refresh()
	}
}
