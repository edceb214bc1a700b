package blockdialog

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// progressDialog shows how far an act on many customers is and lets it be stopped.
type progressDialog struct {
	dialog *widgets.Dialog
	bar    *progressBar
	text   *widgets.EllipsisLabel
}

func newProgressDialog(c fyne.Canvas, action bulkAction, stop func()) *progressDialog {
	p := &progressDialog{bar: newProgressBar(), text: widgets.NewEllipsisLabel(theme.Muted, 13)}
	p.update(desk.Progress{All: action.count})
	body := container.New(layout.NewCustomPaddedVBoxLayout(12), p.bar.root, p.text)
	p.dialog = widgets.NewDialog(c, progressTitle(action), body, widgets.WithCancel("Stop", stop))
	return p
}

func progressTitle(action bulkAction) string {
	switch action.want {
	case data.Blocked:
		return "Blocking " + pluralize(action.count, "Customer")
	case data.Active:
		return "Unblocking " + pluralize(action.count, "Customer")
	}
	return "Taking Back " + widgets.FormatCount(action.count)
}

func (p *progressDialog) update(at desk.Progress) {
	p.bar.set(at.Reached(), at.All)
	p.text.SetText(widgets.FormatCount(at.Reached()) + " of " + widgets.FormatCount(at.All))
}

// progressBar shows a fraction as a bar that fills up.
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

func (b *progressBar) set(done, total int) {
	b.fraction = float32(done) / float32(max(total, 1))
	b.Layout(nil, b.root.Size())
}

// MinSize returns the height of the bar; any width will do.
func (b *progressBar) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(progressBarHeight, progressBarHeight)
}

// Layout fills the fraction of the bar that is done.
func (b *progressBar) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	b.background.Resize(size)
	b.fill.Resize(fyne.NewSize(size.Width*b.fraction, size.Height))
}
