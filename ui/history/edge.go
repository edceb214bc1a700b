package history

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

// edge is the line around the list, and the ring while the list has the keyboard.
type edge struct {
	widget.BaseWidget

	rect    *canvas.Rectangle
	focused bool
}

func newEdge() *edge {
	e := &edge{rect: canvas.NewRectangle(color.Transparent)}
	e.rect.CornerRadius = 4
	e.ExtendBaseWidget(e)
	e.paint()
	return e
}

func (e *edge) setFocused(has bool) {
	e.focused = has
	e.paint()
	e.rect.Refresh()
}

func (e *edge) paint() {
	e.rect.StrokeColor, e.rect.StrokeWidth = theme.Color(theme.Separator), 1
	if e.focused {
		e.rect.StrokeColor, e.rect.StrokeWidth = theme.Color(theme.Focus), 2
	}
}

// CreateRenderer is used by Fyne alone.
func (e *edge) CreateRenderer() fyne.WidgetRenderer { return edgeRenderer{e} }

type edgeRenderer struct{ edge *edge }

func (r edgeRenderer) Layout(size fyne.Size)        { r.edge.rect.Resize(size) }
func (r edgeRenderer) MinSize() fyne.Size           { return fyne.Size{} }
func (r edgeRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.edge.rect} }
func (r edgeRenderer) Destroy()                     {}

func (r edgeRenderer) Refresh() {
	r.edge.paint()
	r.edge.rect.Refresh()
}

// centred puts one text in the middle, as wide as it wants to be.
type centred struct{}

func (centred) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

func (centred) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	want := fyne.NewSize(min(size.Width, 240), objects[0].MinSize().Height)
	objects[0].Resize(want)
	objects[0].Move(fyne.NewPos((size.Width-want.Width)/2, (size.Height-want.Height)/2))
}
