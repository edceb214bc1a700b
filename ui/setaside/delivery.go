package setaside

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/receive"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// maxShown is how many bytes of a delivery's text are shown: to lay out much more takes
// seconds.
const maxShown = 16 << 10

// openDelivery opens a dialog about one delivery.
func (c *Controller) openDelivery(id int64) {
	dialogs.Load(c.dialogs, func(ctx context.Context) (data.SetAside, error) { return c.desk.FindSetAside(ctx, id) }, c.showDelivery)
}

func (c *Controller) showDelivery(kept data.SetAside) {
	if kept.State != data.SetAsideKept { // meanwhile
		c.dialogs.NotifyError(data.ErrNotSetAside)
		return
	}
	var d *widgets.Dialog
	text, cut := readable(kept.Raw)
	parts := []fyne.CanvasObject{
		dialogs.Paragraph(capitalised(kept.Reason)),
		dialogs.Caption(arrivalText(kept, c.desk.Now())),
		newTextBox(text),
	}
	if cut {
		parts = append(parts, dialogs.Caption(fmt.Sprintf("This is only the beginning. To see all of it: latchdesk deliveries show %d --raw", kept.ID)))
	}
	parts = append(parts, dialogs.LinkRow(
		widgets.NewLink("Copy the text", func() { fyne.CurrentApp().Clipboard().SetContent(string(kept.Raw)) }),
		widgets.NewLink("Drop…", func() { c.confirmDrop(d, kept) }),
	))
	d = c.dialogs.Ask(fmt.Sprintf("Delivery %d", kept.ID), dialogs.Form(parts...), "Retry", widgets.Primary, func(d *widgets.Dialog) {
		c.retry(d, func(sum receive.Retried) {
			if sum.Taken > 0 {
				d.Close()
			}
		}, kept.ID)
	}, widgets.WithCancel("Close", nil), widgets.WithWidth(600))
}

// arrivalText says from whom a delivery came, when and how often.
func arrivalText(d data.SetAside, now data.Moment) string {
	text := "Came in " + formatTime(d.At, now)
	if d.From != "" {
		text = "From " + d.From.Pretty() + ", came in " + formatTime(d.At, now)
	}
	if d.Count > 1 {
		text += fmt.Sprintf(", %d times, last %s", d.Count, formatTime(d.LastAt, now))
	}
	return text + " · " + formatSize(d.Size)
}

// readable returns the text of a delivery, indented where it is JSON, and reports
// whether only its beginning.
func readable(raw []byte) (text string, cut bool) {
	if len(raw) <= maxShown {
		var indented bytes.Buffer
		if json.Indent(&indented, raw, "", "  ") == nil {
			raw = indented.Bytes()
		}
	}
	if len(raw) > maxShown {
		raw, cut = raw[:maxShown], true
	}
	return data.Clean(string(raw)), cut
}

// confirmDrop asks before a delivery is dropped.
func (c *Controller) confirmDrop(over *widgets.Dialog, kept data.SetAside) {
	effects := []fyne.CanvasObject{
		dialogs.Paragraph("Are you sure you want to drop this delivery?"),
		widgets.NewBullet("Its text is deleted for good."),
		widgets.NewBullet("If the same delivery comes in again, it is dropped as well."),
	}
	if kept.From != "" {
		effects = append(effects, widgets.NewBullet("Dropping it is recorded in the history of "+kept.From.Pretty()+", if that is a customer here."))
	}
	c.dialogs.Ask("Drop delivery", dialogs.Form(effects...), "Drop", widgets.DangerOutline, func(d *widgets.Dialog) {
		c.dialogs.Run(d, func(ctx context.Context) error { return c.desk.DropSetAside(ctx, c.actor(), kept.ID) }, over.Close)
	})
}
