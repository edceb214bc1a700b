package ui

import (
	"context"
	"path/filepath"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// copiesLine says under the lists when the daily copies are not made.
type copiesLine struct {
	dialogs   *dialogs.Presenter
	desk      *desk.Desk
	bar       *widgets.StatusBar
	onToggled func() // the line has appeared or vanished

	slot  *async.Slot
	state data.CopyState
}

// refresh reads anew how it stands with the copies.
func (c *copiesLine) refresh() {
	async.Load(c.slot, c.desk.CopyState, func(state data.CopyState) {
		c.state = state
		text := state.Text(c.desk.Now())
		c.bar.Set(theme.Icon("warning", theme.Danger), "", text)
		if shown := text != ""; shown != c.bar.Visible() {
			widgets.SetVisible(c.bar, shown)
			c.onToggled()
		}
	})
}

// open says what is wrong with the copies and offers to make one.
func (c *copiesLine) open() {
	text := "There is no copy that was verified."
	if c.state.SoundAt != 0 {
		text = "The newest verified copy was made " + c.state.SoundAt.Relative(c.desk.Now()) + "."
	}
	parts := []fyne.CanvasObject{dialogs.Paragraph(text)}
	if c.state.Failure != "" {
		parts = append(parts, dialogs.Paragraph("The last one could not be made. "+c.state.Failure))
	}
	parts = append(parts, dialogs.Caption(filepath.Join(filepath.Dir(c.desk.Path()), "backups")))
	c.dialogs.Ask("Daily copy", dialogs.Form(parts...), "Copy now", widgets.Primary, func(d *widgets.Dialog) {
		c.dialogs.RunConcurrently(d, func(ctx context.Context) error { return c.desk.MakeDailyCopy(ctx) }, c.refresh)
	}, widgets.WithCancel("Close", nil))
}
