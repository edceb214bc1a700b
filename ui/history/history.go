// Package history shows what happened at the desk and to whom, and verifies that
// it is as it was written.
package history

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	dialogWidth  float32 = 800
	dialogChrome float32 = 180 // what the dialog needs for itself, above and below
)

// Show opens the history in a dialog: of one customer, which the agent can widen
// to the whole desk, or of the whole desk where customer is 0. It calls undoImport
// when the agent asks to undo an import of a chat, with its event, and undoPair when
// the agent asks to undo that two customers were joined or kept apart.
func Show(c fyne.Canvas, d *desk.Desk, w *async.Runner, customer int64, undoImport func(data.Record), undoPair func(pair int64)) *widgets.Dialog {
	l := newList(d, w, undoPair)
	u := newImportUndo(d, w, undoImport)
	var shown int64
	f := newFilter(d, w, customer, func(q data.EventQuery) {
		l.setQuery(q)
		shown = q.Customer
		u.reload(shown)
	})
	v := newVerifier(d, w)
	body := container.New(fillHeightLayout{c}, container.NewBorder(
		container.New(layout.NewCustomPaddedLayout(0, 12, 0, 0), f.bar),
		container.New(layout.NewCustomPaddedLayout(12, 0, 0, 0), container.New(layout.NewCustomPaddedVBoxLayout(4), u.root, v.bar)),
		nil, nil, l.root))
	ctx, cancel := context.WithCancel(w.Context())
	subscribing := w.NewSlot()
	dialog := widgets.NewDialog(c, "History", body,
		widgets.WithWidth(dialogWidth), widgets.WithFocus(l.rows.Widget),
		widgets.WithCancel("Close", func() {
			cancel()
			subscribing.Cancel()
			l.rows.Release()
			f.slot.Cancel()
			u.slot.Cancel()
			v.stop()
		}))
	dialog.Show()
	async.Load(subscribing, func(context.Context) (struct{}, error) {
		return struct{}{}, d.Subscribe(ctx, func([]data.Change) {
			w.RunOnUI(func() {
				l.handleChange()
				u.reload(shown)
			})
		})
	}, func(struct{}) {
		f.changed(f.query)
		f.loadChoices()
	})
	return dialog
}

// fillHeightLayout makes its one object as high as the window has room for, so that
// the list scrolls and not the dialog.
type fillHeightLayout struct{ canvas fyne.Canvas }

func (l fillHeightLayout) MinSize(objects []fyne.CanvasObject) fyne.Size {
	room := l.canvas.Size().Height - dialogChrome
	return fyne.NewSize(objects[0].MinSize().Width, max(objects[0].MinSize().Height, min(room, 640)))
}

func (l fillHeightLayout) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size)
}
