package setaside

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// The measures of a row.
const (
	rowHeight float32 = 56
	rowPad    float32 = 12
	timeWidth float32 = 132
	line1     float32 = 9
	line2     float32 = 31
)

var (
	_ fyne.Widget        = (*row)(nil)
	_ fyne.Tappable      = (*row)(nil)
	_ desktop.Hoverable  = (*row)(nil)
	_ desktop.Cursorable = (*row)(nil)
)

// row is one delivery. Rows are reused for others, so show sets everything.
type row struct {
	widget.BaseWidget
	widgets.RowGround

	open func(int64)
	data rowData

	line                      *canvas.Rectangle
	reason, from, time, count *widgets.EllipsisLabel
}

func newRow(open func(int64)) *row {
	r := &row{
		RowGround: widgets.NewRowGround(theme.Background),
		open:      open,
		line:      canvas.NewRectangle(color.Transparent),
		reason:    widgets.NewEllipsisLabel(theme.Text, theme.Body),
		from:      widgets.NewEllipsisLabel(theme.Muted, theme.Caption),
		time:      widgets.NewEllipsisLabel(theme.Muted, theme.Caption),
		count:     widgets.NewEllipsisLabel(theme.Muted, theme.Caption),
	}
	r.time.SetAlign(fyne.TextAlignTrailing)
	r.count.SetAlign(fyne.TextAlignTrailing)
	r.ExtendBaseWidget(r)
	r.paint()
	return r
}

func (r *row) show(v rowData, selected, focused bool) {
	r.data, r.Selected, r.Focused = v, selected, focused
	r.reason.SetText(v.reason)
	r.from.SetText(v.from)
	r.time.SetText(v.time)
	r.count.SetText(v.count)
	r.paint()
}

func (r *row) paint() {
	r.PaintGround()
	r.line.FillColor = theme.Color(theme.Separator)
	r.line.Refresh()
}

// Tapped opens the delivery.
func (r *row) Tapped(*fyne.PointEvent) {
	if r.data.id != 0 {
		r.open(r.data.id)
	}
}

// Cursor returns the pointing hand.
func (r *row) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (r *row) CreateRenderer() fyne.WidgetRenderer {
	return &rowRenderer{widgets.RendererObjects{r.Background, r.line, r.reason, r.from, r.time, r.count, r.Ring}, r}
}

type rowRenderer struct {
	widgets.RendererObjects
	row *row
}

func (r *rowRenderer) Layout(size fyne.Size) {
	w := r.row
	w.LayoutGround(size)
	w.line.Resize(fyne.NewSize(size.Width, 1))
	w.line.Move(fyne.NewPos(0, size.Height-1))
	text := max(0, size.Width-2*rowPad-timeWidth-16)
	for _, c := range []struct {
		above, below *widgets.EllipsisLabel
		x, width     float32
	}{{w.reason, w.from, rowPad, text}, {w.time, w.count, size.Width - rowPad - timeWidth, timeWidth}} {
		c.above.Resize(fyne.NewSize(c.width, 20))
		c.above.Move(fyne.NewPos(c.x, line1))
		c.below.Resize(fyne.NewSize(c.width, 16))
		c.below.Move(fyne.NewPos(c.x, line2))
	}
}

func (r *rowRenderer) MinSize() fyne.Size { return fyne.NewSize(280, rowHeight) }

func (r *rowRenderer) Refresh() {
	r.row.paint()
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}
