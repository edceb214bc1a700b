package filedialog

import (
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
	widgets.RowGround

	pick func(file)
	file file

	icon *canvas.Image
	name *widgets.EllipsisLabel
}

func newRow(pick func(file)) *row {
	r := &row{
		RowGround: widgets.NewRowGround(theme.Background),
		pick:      pick,
		icon:      canvas.NewImageFromResource(theme.Icon("file", theme.Muted)),
		name:      widgets.NewEllipsisLabel(theme.Text, theme.Body),
	}
	r.icon.FillMode = canvas.ImageFillContain
	r.ExtendBaseWidget(r)
	r.paint()
	return r
}

func (r *row) show(f file, selected, focused bool) {
	r.file, r.Selected, r.Focused = f, selected, focused
	r.name.SetText(data.CleanLine(f.name, 200))
	r.paint()
}

func (r *row) paint() {
	r.PaintGround()
	r.icon.Resource = theme.Icon("file", theme.Muted)
	if r.file.folder {
		r.icon.Resource = theme.Icon("folder", theme.Accent)
	}
	r.icon.Hidden = r.file.name == ""
	r.icon.Refresh()
}

// Tapped picks the file.
func (r *row) Tapped(*fyne.PointEvent) {
	if r.file.name != "" {
		r.pick(r.file)
	}
}

func (r *row) CreateRenderer() fyne.WidgetRenderer {
	return &rowRenderer{widgets.RendererObjects{r.Background, r.icon, r.name, r.Ring}, r}
}

type rowRenderer struct {
	widgets.RendererObjects
	row *row
}

func (r *rowRenderer) Layout(size fyne.Size) {
	w := r.row
	w.LayoutGround(size)
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
