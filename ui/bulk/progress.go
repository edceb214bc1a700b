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

// progressDialog is the dialog that shows how far the work is and lets it be stopped.
type progressDialog struct {
	dialog *widgets.Dialog
	bar    *progressBar
	text   *widgets.EllipsisLabel
	closed bool
}

func newProgressDialog(c fyne.Canvas, d bulkAction, stop func()) *progressDialog {
	p := &progressDialog{bar: newProgressBar(), text: widgets.NewEllipsisLabel(theme.Muted, 13)}
	p.update(desk.Progress{All: d.count})
	body := container.New(layout.NewCustomPaddedVBoxLayout(12), p.bar.root, p.text)
	p.dialog = widgets.NewDialog(c, progressTitle(d), body, widgets.WithCancel("Stop", stop))
	return p
}

func progressTitle(d bulkAction) string {
	switch d.want {
	case data.Blocked:
		return "Blocking " + pluralize(d.count, "Customer")
	case data.Active:
		return "Unblocking " + pluralize(d.count, "Customer")
	}
	return "Taking Back " + widgets.FormatCount(d.count)
}

// update shows how far the work is.
func (p *progressDialog) update(at desk.Progress) {
	p.bar.set(at.Reached(), at.All)
	p.text.SetText(widgets.FormatCount(at.Reached()) + " of " + widgets.FormatCount(at.All))
}

// close takes the dialog away, or keeps it from coming.
func (p *progressDialog) close() {
	p.closed = true
	p.dialog.Close()
}

// progressBar is filled as the work goes on.
type progressBar struct {
	root       *fyne.Container
	background *widgets.Background
	fill       *widgets.Background
	fraction   float32
}

const progressBarHeight float32 = 8

func newProgressBar() *progressBar {
	b := &progressBar{background: widgets.NewRoundedBackground(theme.Separator), fill: widgets.NewRoundedBackground(theme.Accent)}
	b.root = container.New(b, b.background, b.fill)
	return b
}

func (b *progressBar) set(n, all int) {
	b.fraction = float32(n) / float32(max(all, 1))
	b.Layout(nil, b.root.Size())
}

// MinSize is as high as the bar always is.
func (b *progressBar) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(progressBarHeight, progressBarHeight)
}

// Layout fills as much of the bar as is done.
func (b *progressBar) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	b.background.Resize(size)
	b.fill.Resize(fyne.NewSize(size.Width*b.fraction, size.Height))
}
