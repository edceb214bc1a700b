package blockedview

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	rowButtonWidth  float32 = 88
	rowButtonHeight float32 = 32
)

var (
	_ fyne.Widget        = (*rowButton)(nil)
	_ fyne.Tappable      = (*rowButton)(nil)
	_ desktop.Hoverable  = (*rowButton)(nil)
	_ desktop.Mouseable  = (*rowButton)(nil)
	_ desktop.Cursorable = (*rowButton)(nil)
)

// rowButton is the button in a row. It never has the keyboard: the list has it, and
// a key for the same, and Tab would jump among rows that are reused.
type rowButton struct {
	widget.BaseWidget

	onTapped         func()
	hovered, pressed bool // the pointer is on it, or presses it

	background *canvas.Rectangle
	tint       *canvas.Rectangle
	text       *canvas.Text
}

func newRowButton(text string, tapped func()) *rowButton {
	b := &rowButton{
		onTapped:   tapped,
		background: canvas.NewRectangle(color.Transparent),
		tint:       canvas.NewRectangle(color.Transparent),
		text:       canvas.NewText(text, theme.Color(theme.Accent)),
	}
	b.background.StrokeWidth = 1
	b.background.CornerRadius, b.tint.CornerRadius = theme.Radius, theme.Radius
	b.text.TextSize = 13
	b.text.TextStyle.Bold = true
	b.text.Alignment = fyne.TextAlignCenter
	b.ExtendBaseWidget(b)
	return b
}

func (b *rowButton) Tapped(*fyne.PointEvent) { b.onTapped() }

func (b *rowButton) MouseIn(*desktop.MouseEvent) { b.setState(true, false) }

func (b *rowButton) MouseMoved(*desktop.MouseEvent) {}

func (b *rowButton) MouseOut() { b.setState(false, false) }

func (b *rowButton) MouseDown(*desktop.MouseEvent) { b.setState(true, true) }

func (b *rowButton) MouseUp(*desktop.MouseEvent) { b.setState(b.hovered, false) }

func (b *rowButton) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (b *rowButton) setState(hovered, pressed bool) {
	b.hovered, b.pressed = hovered, pressed
	b.paint()
	b.tint.Refresh()
}

func (b *rowButton) paint() {
	b.background.StrokeColor = theme.Color(theme.Accent)
	b.text.Color = theme.Color(theme.Accent)
	switch {
	case b.pressed:
		b.tint.FillColor = theme.Color(theme.Pressed)
	case b.hovered:
		b.tint.FillColor = theme.Color(theme.Hover)
	default:
		b.tint.FillColor = color.Transparent
	}
}

func (b *rowButton) CreateRenderer() fyne.WidgetRenderer {
	b.paint()
	return &rowButtonRenderer{widgets.RendererObjects{b.background, b.tint, b.text}, b}
}

type rowButtonRenderer struct {
	widgets.RendererObjects
	button *rowButton
}

func (r *rowButtonRenderer) Layout(size fyne.Size) {
	for _, o := range r.RendererObjects {
		o.Resize(size)
	}
}

func (r *rowButtonRenderer) MinSize() fyne.Size { return fyne.NewSize(rowButtonWidth, rowButtonHeight) }

func (r *rowButtonRenderer) Refresh() {
	r.button.paint()
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}
