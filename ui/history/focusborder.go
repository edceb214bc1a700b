package history

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

var _ fyne.Widget = (*focusBorder)(nil)

// focusBorder is the line around the list, and the ring while the list has the
// keyboard.
type focusBorder struct {
	widget.BaseWidget

	rect    *canvas.Rectangle
	focused bool
}

func newFocusBorder() *focusBorder {
	b := &focusBorder{rect: canvas.NewRectangle(color.Transparent)}
	b.rect.CornerRadius = 4
	b.ExtendBaseWidget(b)
	b.paint()
	return b
}

func (b *focusBorder) setFocused(focused bool) {
	b.focused = focused
	b.paint()
	b.rect.Refresh()
}

func (b *focusBorder) paint() {
	b.rect.StrokeColor, b.rect.StrokeWidth = theme.Color(theme.Separator), 1
	if b.focused {
		b.rect.StrokeColor, b.rect.StrokeWidth = theme.Color(theme.Focus), 2
	}
}

func (b *focusBorder) CreateRenderer() fyne.WidgetRenderer {
	return focusBorderRenderer{widgets.RendererObjects{b.rect}, b}
}

type focusBorderRenderer struct {
	widgets.RendererObjects
	border *focusBorder
}

func (r focusBorderRenderer) Layout(size fyne.Size) { r.border.rect.Resize(size) }
func (r focusBorderRenderer) MinSize() fyne.Size    { return fyne.Size{} }

func (r focusBorderRenderer) Refresh() {
	r.border.paint()
	r.border.rect.Refresh()
}

// centerLayout puts a text in the middle, at most 240 wide.
type centerLayout struct{}

func (centerLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (centerLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	want := fyne.NewSize(min(size.Width, 240), objects[0].MinSize().Height)
	objects[0].Resize(want)
	objects[0].Move(fyne.NewPos((size.Width-want.Width)/2, (size.Height-want.Height)/2))
}
