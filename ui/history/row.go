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

	linkInset float32 = 4 // what a link keeps beside its word
)

var _ fyne.Widget = (*row)(nil)

// row is one event. Rows are reused for other events, so show sets everything.
type row struct {
	widget.BaseWidget

	data rowData
	icon *canvas.Image
	line *canvas.Rectangle

	text, detail, name, phone, time, way *widgets.EllipsisLabel

	undo *widgets.Link // hidden where there is nothing to undo
}

func newRow(undoPair func(pair int64)) *row {
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
	r.undo = widgets.NewLink("Undo…", func() {
		if r.data.pair != 0 {
			undoPair(r.data.pair)
		}
	})
	r.undo.Hide()
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
	moved := v.pair != r.data.pair || v.detail != r.data.detail
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
	widgets.SetVisible(r.undo, v.pair != 0)
	if moved {
		r.layout(r.Size())
	}
}

func (r *row) CreateRenderer() fyne.WidgetRenderer {
	return &rowRenderer{row: r, RendererObjects: widgets.RendererObjects{r.line, r.icon, r.text, r.detail, r.name, r.phone, r.time, r.way, r.undo}}
}

type rowRenderer struct {
	widgets.RendererObjects
	row *row
}

func (r *rowRenderer) Layout(size fyne.Size) { r.row.layout(size) }

// layout divides the width between what happened and to whom, three to two; the time
// has what it needs at the right.
func (r *row) layout(size fyne.Size) {
	const timeWidth = 132
	room := max(0, size.Width-textX-rowPad-timeWidth-2*gap)
	textWidth := room * 3 / 5
	columns := []struct {
		above, below *widgets.EllipsisLabel
		x, width     float32
	}{
		{r.text, r.detail, textX, textWidth},
		{r.name, r.phone, textX + textWidth + gap, room - textWidth},
		{r.time, r.way, size.Width - rowPad - timeWidth, timeWidth},
	}
	for _, c := range columns {
		c.above.Resize(fyne.NewSize(c.width, 20))
		c.above.Move(fyne.NewPos(c.x, line1))
		c.below.Resize(fyne.NewSize(c.width, 16))
		c.below.Move(fyne.NewPos(c.x, line2))
	}
	if r.undo.Visible() { // behind the detail
		link := r.undo.MinSize()
		detail := min(r.detail.NaturalSize().Width+1, max(0, textWidth-link.Width))
		if r.data.detail == "" {
			detail = -linkInset
		} else {
			r.detail.Resize(fyne.NewSize(detail, 16))
		}
		r.undo.Resize(link)
		r.undo.Move(fyne.NewPos(textX+detail, line2+8-link.Height/2))
	}
	r.icon.Resize(fyne.NewSquareSize(16))
	r.icon.Move(fyne.NewPos(rowPad, line1+2))
	r.line.Resize(fyne.NewSize(size.Width, 1))
	r.line.Move(fyne.NewPos(0, size.Height-1))
}

func (r *rowRenderer) MinSize() fyne.Size { return fyne.NewSize(320, RowHeight) }

func (r *rowRenderer) Refresh() {
	r.row.line.FillColor = theme.Color(theme.Separator)
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}
