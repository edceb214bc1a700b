package bulk

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// progress is the dialog that shows how far the work is and lets it be stopped.
type progress struct {
	dialog *widgets.Dialog
	bar    *bar
	text   *widgets.EllipsisLabel
	over   bool
}

func newProgress(c fyne.Canvas, d deed, stop func()) *progress {
	p := &progress{bar: newBar(), text: widgets.NewEllipsisLabel(theme.Muted, 13)}
	p.set(desk.Progress{All: d.count})
	body := container.New(layout.NewCustomPaddedVBoxLayout(12), p.bar.root, p.text)
	p.dialog = widgets.NewDialog(c, doing(d), body, widgets.WithCancel("Stop", stop))
	return p
}

func doing(d deed) string {
	switch d.want {
	case data.Blocked:
		return "Blocking " + customers(d.count, "Customer")
	case data.Active:
		return "Unblocking " + customers(d.count, "Customer")
	}
	return "Taking Back " + widgets.FormatCount(d.count)
}

// set shows how far the work is.
func (p *progress) set(at desk.Progress) {
	p.bar.set(at.Reached(), at.All)
	p.text.SetText(widgets.FormatCount(at.Reached()) + " of " + widgets.FormatCount(at.All))
}

// end takes the dialog away, or keeps it from coming.
func (p *progress) end() {
	p.over = true
	p.dialog.Close()
}

// bar is filled as the work goes on.
type bar struct {
	root       *fyne.Container
	background *widgets.Background
	fill       *widgets.Background
	part       float32
}

const barHeight float32 = 8

func newBar() *bar {
	b := &bar{background: widgets.NewRoundedBackground(theme.Separator), fill: widgets.NewRoundedBackground(theme.Accent)}
	b.root = container.New(b, b.background, b.fill)
	return b
}

func (b *bar) set(n, all int) {
	b.part = float32(n) / float32(max(all, 1))
	b.Layout(nil, b.root.Size())
}

// MinSize is as high as the bar always is.
func (b *bar) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(barHeight, barHeight) }

// Layout fills as much of the bar as is done.
func (b *bar) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	b.background.Resize(size)
	b.fill.Resize(fyne.NewSize(size.Width*b.part, size.Height))
}
