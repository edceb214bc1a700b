package history

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// RowHeight is the height of an event in the list.
const RowHeight float32 = 56

const (
	rowPad float32 = 12
	textX  float32 = rowPad + 16 + rowPad
	gap    float32 = 16
	line1  float32 = 9
	line2  float32 = 31
)

var _ fyne.Widget = (*row)(nil)

// row is one event. Rows are reused for other events, so show sets everything.
type row struct {
	widget.BaseWidget

	data rowData
	icon *canvas.Image
	line *canvas.Rectangle

	text, detail, name, phone, time, way *widgets.EllipsisLabel
}

func newRow() *row {
	r := &row{
		icon:   canvas.NewImageFromResource(nil),
		line:   canvas.NewRectangle(theme.Color(theme.Separator)),
		text:   widgets.NewEllipsisLabel(theme.Text, theme.Body),
		detail: widgets.NewEllipsisLabel(theme.Muted, theme.Caption),
		name:   widgets.NewEllipsisLabel(theme.Text, theme.Body),
		phone:  widgets.NewEllipsisLabel(theme.Muted, theme.Caption),
		time:   widgets.NewEllipsisLabel(theme.Muted, theme.Caption),
		way:    widgets.NewEllipsisLabel(theme.Muted, theme.Caption),
	}
	r.icon.FillMode = canvas.ImageFillContain
	r.time.SetAlign(fyne.TextAlignTrailing)
	r.way.SetAlign(fyne.TextAlignTrailing)
	r.ExtendBaseWidget(r)
	return r
}

func (r *row) show(v rowData) {
	if v == r.data {
		return
	}
	if v.icon != r.data.icon || v.role != r.data.role {
		r.icon.Resource = nil
		if v.icon != "" {
			r.icon.Resource = theme.Icon(v.icon, v.role)
		}
		r.icon.Refresh()
	}
	r.data = v
	role := theme.Text
	if v.icon == "warning" {
		role = theme.Danger
	}
	r.text.SetColor(role)
	r.text.SetText(v.text)
	r.detail.SetText(v.detail)
	r.name.SetText(v.name)
	r.phone.SetText(v.phone)
	r.time.SetText(v.time)
	r.way.SetText(v.way)
}

func (r *row) CreateRenderer() fyne.WidgetRenderer {
	return &rowRenderer{row: r, RendererObjects: widgets.RendererObjects{r.line, r.icon, r.text, r.detail, r.name, r.phone, r.time, r.way}}
}

type rowRenderer struct {
	widgets.RendererObjects
	row *row
}

// Layout divides the width between what happened and to whom, three to two; the
// time has what it needs at the right.
func (r *rowRenderer) Layout(size fyne.Size) {
	const timeWidth = 132
	room := max(0, size.Width-textX-rowPad-timeWidth-2*gap)
	textWidth := room * 3 / 5
	columns := []struct {
		above, below *widgets.EllipsisLabel
		x, width     float32
	}{
		{r.row.text, r.row.detail, textX, textWidth},
		{r.row.name, r.row.phone, textX + textWidth + gap, room - textWidth},
		{r.row.time, r.row.way, size.Width - rowPad - timeWidth, timeWidth},
	}
	for _, c := range columns {
		c.above.Resize(fyne.NewSize(c.width, 20))
		c.above.Move(fyne.NewPos(c.x, line1))
		c.below.Resize(fyne.NewSize(c.width, 16))
		c.below.Move(fyne.NewPos(c.x, line2))
	}
	r.row.icon.Resize(fyne.NewSquareSize(16))
	r.row.icon.Move(fyne.NewPos(rowPad, line1+2))
	r.row.line.Resize(fyne.NewSize(size.Width, 1))
	r.row.line.Move(fyne.NewPos(0, size.Height-1))
}

func (r *rowRenderer) MinSize() fyne.Size { return fyne.NewSize(320, RowHeight) }

func (r *rowRenderer) Refresh() {
	r.row.line.FillColor = theme.Color(theme.Separator)
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}
