package blockedview

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

const (
	rowButtonWidth  float32 = 88
	rowButtonHeight float32 = 32
)

// rowButton is the button in a row. It never has the keyboard: the list has it, and
// a key for the same; rows are used again, so that Tab would jump among them.
type rowButton struct {
	widget.BaseWidget

	onTapped         func()
	hovered, pressed bool // the pointer is on it, or presses it

	background *canvas.Rectangle
	tint       *canvas.Rectangle
	text       *canvas.Text
}

func newRowButton(text string, tapped func()) *rowButton {
	p := &rowButton{
		onTapped:   tapped,
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
func (p *rowButton) Tapped(*fyne.PointEvent) { p.onTapped() }

// MouseIn tints the button.
func (p *rowButton) MouseIn(*desktop.MouseEvent) { p.setState(true, false) }

// MouseMoved is here because what can be hovered must have it.
func (p *rowButton) MouseMoved(*desktop.MouseEvent) {}

// MouseOut takes the tint away.
func (p *rowButton) MouseOut() { p.setState(false, false) }

// MouseDown tints the button more.
func (p *rowButton) MouseDown(*desktop.MouseEvent) { p.setState(true, true) }

// MouseUp takes that tint away.
func (p *rowButton) MouseUp(*desktop.MouseEvent) { p.setState(p.hovered, false) }

// Cursor is the hand.
func (p *rowButton) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (p *rowButton) setState(hovered, beset bool) {
	p.hovered, p.pressed = hovered, beset
	p.paint()
	p.tint.Refresh()
}

func (p *rowButton) paint() {
	p.background.StrokeColor = theme.Color(theme.Accent)
	p.text.Color = theme.Color(theme.Accent)
	switch {
	case p.pressed:
		p.tint.FillColor = theme.Color(theme.Pressed)
	case p.hovered:
		p.tint.FillColor = theme.Color(theme.Hover)
	default:
		p.tint.FillColor = color.Transparent
	}
}

// CreateRenderer is used by Fyne alone.
func (p *rowButton) CreateRenderer() fyne.WidgetRenderer {
	p.paint()
	return &rowButtonRenderer{p, []fyne.CanvasObject{p.background, p.tint, p.text}}
}

type rowButtonRenderer struct {
	button  *rowButton
	objects []fyne.CanvasObject
}

func (r *rowButtonRenderer) Layout(size fyne.Size) {
	for _, o := range r.objects {
		o.Resize(size)
	}
}

func (r *rowButtonRenderer) MinSize() fyne.Size           { return fyne.NewSize(rowButtonWidth, rowButtonHeight) }
func (r *rowButtonRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *rowButtonRenderer) Destroy()                     {}

func (r *rowButtonRenderer) Refresh() {
	r.button.paint()
	for _, o := range r.objects {
		o.Refresh()
	}
}
