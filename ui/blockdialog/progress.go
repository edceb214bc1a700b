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
	bar    *widgets.ProgressBar
	text   *widgets.EllipsisLabel
}

func newProgressDialog(c fyne.Canvas, action bulkAction, stop func()) *progressDialog {
	p := &progressDialog{bar: widgets.NewProgressBar(), text: widgets.NewEllipsisLabel(theme.Muted, 13)}
	p.update(desk.Progress{All: action.count})
	body := container.New(layout.NewCustomPaddedVBoxLayout(12), p.bar, p.text)
	p.dialog = widgets.NewDialog(c, progressTitle(action), body, widgets.WithCancel("Stop", stop))
	return p
}

func progressTitle(action bulkAction) string {
	switch action.want {
	case data.Blocked:
		return "Blocking " + pluralize(action.count, "customer")
	case data.Active:
		return "Unblocking " + pluralize(action.count, "customer")
	}
	return "Undoing " + widgets.FormatCount(action.count)
}

func (p *progressDialog) update(at desk.Progress) {
	p.bar.Set(float64(at.Reached()) / float64(max(at.All, 1)))
	p.text.SetText(widgets.FormatCount(at.Reached()) + " of " + widgets.FormatCount(at.All))
}
