package filedialog

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// The measures of a row.
const (
	rowHeight float32 = 32
	rowPad    float32 = 8
	iconSize  float32 = 16
)

var (
	_ fyne.Widget       = (*row)(nil)
	_ fyne.Tappable     = (*row)(nil)
	_ desktop.Hoverable = (*row)(nil)
)

// row is one file or folder. Rows are reused for others, so show sets everything.
type row struct {
	widget.BaseWidget

	pick                       func(file)
	file                       file
	selected, focused, hovered bool

	background, ring *canvas.Rectangle
	icon             *canvas.Image
	name             *widgets.EllipsisLabel
}

func newRow(pick func(file)) *row {
	r := &row{
		pick:       pick,
		background: canvas.NewRectangle(color.Transparent),
		ring:       canvas.NewRectangle(color.Transparent),
		icon:       canvas.NewImageFromResource(theme.Icon("file", theme.Muted)),
		name:       widgets.NewEllipsisLabel(theme.Text, theme.Body),
	}
	r.icon.FillMode = canvas.ImageFillContain
	r.ring.StrokeWidth, r.ring.CornerRadius = 2, 4
	r.ExtendBaseWidget(r)
	r.paint()
	return r
}

func (r *row) show(f file, selected, focused bool) {
	r.file, r.selected, r.focused = f, selected, focused
	r.name.SetText(data.CleanLine(f.name, 200))
	r.paint()
}

func (r *row) paint() {
	fill := theme.Color(theme.Background)
	switch {
	case r.selected:
		fill = theme.Color(theme.Selected)
	case r.hovered:
		fill = theme.Color(theme.Hover)
	}
	r.background.FillColor = fill
	r.ring.StrokeColor = theme.Color(theme.Focus)
	r.ring.Hidden = !r.focused
	r.icon.Resource = theme.Icon("file", theme.Muted)
	if r.file.folder {
		r.icon.Resource = theme.Icon("folder", theme.Accent)
	}
	r.icon.Hidden = r.file.name == ""
	r.background.Refresh()
	r.ring.Refresh()
	r.icon.Refresh()
}

// Tapped picks the file.
func (r *row) Tapped(*fyne.PointEvent) {
	if r.file.name != "" {
		r.pick(r.file)
	}
}

// MouseIn highlights the row.
func (r *row) MouseIn(*desktop.MouseEvent) {
	r.hovered = true
	r.paint()
}

// MouseMoved does nothing; it is part of desktop.Hoverable.
func (r *row) MouseMoved(*desktop.MouseEvent) {}

// MouseOut takes the highlight away.
func (r *row) MouseOut() {
	r.hovered = false
	r.paint()
}

func (r *row) CreateRenderer() fyne.WidgetRenderer {
	return &rowRenderer{widgets.RendererObjects{r.background, r.icon, r.name, r.ring}, r}
}

type rowRenderer struct {
	widgets.RendererObjects
	row *row
}

func (r *rowRenderer) Layout(size fyne.Size) {
	w := r.row
	w.background.Resize(size)
	w.ring.Resize(size)
	w.icon.Resize(fyne.NewSquareSize(iconSize))
	w.icon.Move(fyne.NewPos(rowPad, (size.Height-iconSize)/2))
	height := w.name.MinSize().Height
	x := 2*rowPad + iconSize
	w.name.Resize(fyne.NewSize(max(0, size.Width-x-rowPad), height))
	w.name.Move(fyne.NewPos(x, (size.Height-height)/2))
}

func (r *rowRenderer) MinSize() fyne.Size { return fyne.NewSize(200, rowHeight) }

func (r *rowRenderer) Refresh() {
	r.row.paint()
	r.row.name.Refresh()
}
