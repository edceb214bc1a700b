package history

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

// focusBorder is the line around the list, and the ring while the list has the keyboard.
type focusBorder struct {
	widget.BaseWidget

	rect    *canvas.Rectangle
	focused bool
}

func newFocusBorder() *focusBorder {
	e := &focusBorder{rect: canvas.NewRectangle(color.Transparent)}
	e.rect.CornerRadius = 4
	e.ExtendBaseWidget(e)
	e.paint()
	return e
}

func (e *focusBorder) setFocused(has bool) {
	e.focused = has
	e.paint()
	e.rect.Refresh()
}

func (e *focusBorder) paint() {
	e.rect.StrokeColor, e.rect.StrokeWidth = theme.Color(theme.Separator), 1
	if e.focused {
		e.rect.StrokeColor, e.rect.StrokeWidth = theme.Color(theme.Focus), 2
	}
}

// CreateRenderer is used by Fyne alone.
func (e *focusBorder) CreateRenderer() fyne.WidgetRenderer { return focusBorderRenderer{e} }

type focusBorderRenderer struct{ border *focusBorder }

func (r focusBorderRenderer) Layout(size fyne.Size)        { r.border.rect.Resize(size) }
func (r focusBorderRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r focusBorderRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.border.rect} }
func (r focusBorderRenderer) Destroy()                     {}

func (r focusBorderRenderer) Refresh() {
	r.border.paint()
	r.border.rect.Refresh()
}

// centerLayout puts one text in the middle, as wide as it wants to be.
type centerLayout struct{}

func (centerLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (centerLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	want := fyne.NewSize(min(size.Width, 240), objects[0].MinSize().Height)
	objects[0].Resize(want)
	objects[0].Move(fyne.NewPos((size.Width-want.Width)/2, (size.Height-want.Height)/2))
}
