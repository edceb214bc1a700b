package chat

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

var _ fyne.Widget = (*details)(nil)

const detailsPad float32 = 8

// details is a small card that lies over the timeline, with a line for each address of
// the customer, whole. It takes no clicks.
type details struct {
	widget.BaseWidget

	card  *canvas.Rectangle
	lines []*widgets.EllipsisLabel
}

func newDetails() *details {
	d := &details{card: canvas.NewRectangle(theme.Color(theme.Card))}
	d.card.CornerRadius, d.card.StrokeWidth = 6, 1
	d.Hide()
	d.ExtendBaseWidget(d)
	return d
}

// maxDetails is how many addresses are shown.
const maxDetails = 8

// set shows addresses.
func (d *details) set(addresses []string) {
	d.lines = nil
	for _, text := range addresses[:min(len(addresses), maxDetails)] {
		line := widgets.NewEllipsisLabel(theme.Text, theme.Caption)
		line.SetText(text)
		d.lines = append(d.lines, line)
	}
	d.Refresh()
}

func (d *details) CreateRenderer() fyne.WidgetRenderer { return &detailsRenderer{details: d} }

type detailsRenderer struct{ details *details }

func (r *detailsRenderer) Layout(size fyne.Size) {
	r.details.card.Resize(size)
	at := fyne.NewPos(detailsPad, detailsPad)
	for _, line := range r.details.lines {
		height := line.NaturalSize().Height
		line.Resize(fyne.NewSize(max(0, size.Width-2*detailsPad), height))
		line.Move(at)
		at.Y += height
	}
}

// MinSize is that of all lines; wider than the pane they are cut.
func (r *detailsRenderer) MinSize() fyne.Size {
	size := fyne.NewSquareSize(2 * detailsPad)
	for _, line := range r.details.lines {
		natural := line.NaturalSize()
		size.Width = max(size.Width, natural.Width+1+2*detailsPad)
		size.Height += natural.Height
	}
	return size
}

func (r *detailsRenderer) Refresh() {
	d := r.details
	d.card.FillColor, d.card.StrokeColor = theme.Color(theme.Card), theme.Color(theme.Separator)
	r.Layout(d.Size())
	canvas.Refresh(d)
}

func (r *detailsRenderer) Objects() []fyne.CanvasObject {
	all := []fyne.CanvasObject{r.details.card}
	for _, line := range r.details.lines {
		all = append(all, line)
	}
	return all
}

func (r *detailsRenderer) Destroy() {}
