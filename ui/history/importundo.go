package history

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// importUndo is a link under the list that undoes the newest import of a chat that is
// not undone. Once it is, the link is about the one before.
type importUndo struct {
	root *fyne.Container // hidden while there is none

	desk   *desk.Desk
	slot   *async.Slot
	link   *widgets.Link
	event  data.Record
	onUndo func(data.Record)
}

func newImportUndo(d *desk.Desk, w *async.Runner, onUndo func(data.Record)) *importUndo {
	u := &importUndo{desk: d, slot: w.NewSlot(), onUndo: onUndo}
	u.link = widgets.NewLink("", func() { u.onUndo(u.event) })
	u.root = container.New(layout.NewHBoxLayout(), u.link)
	u.root.Hide()
	return u
}

// reload reads which import is the newest, of a customer or of all where that is 0.
func (u *importUndo) reload(customer int64) {
	async.Load(u.slot, func(ctx context.Context) (data.Record, error) {
		r, err := u.desk.LastChatImport(ctx, customer)
		if errors.Is(err, data.ErrNotFound) {
			return data.Record{}, nil
		}
		return r, err
	}, func(r data.Record) {
		u.event = r
		if r.Seq == 0 {
			u.root.Hide()
			return
		}
		u.link.SetText(importUndoText(r, u.desk.Now()))
		u.root.Show()
		u.root.Refresh()
	})
}

func importUndoText(r data.Record, now data.Moment) string {
	name := r.Name
	if name == "" {
		name = r.Phone.Pretty()
	}
	return "Undo the import into the chat with " + data.OneLine(name, 40) + ", " + r.At.Relative(now) + "…"
}
