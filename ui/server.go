package ui

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// startServer answers programs from the start where the settings say so.
func (w *Window) startServer() {
	if w.Server == nil || !w.settings.Serve {
		return
	}
	s := w.settings
	w.runner.Go(func(context.Context) error { return w.Server.Apply(s) }, func(err error) {
		if err != nil {
			w.showError(err)
		}
	})
}

// openServer shows whether programs are answered, and where.
func (w *Window) openServer() {
	check := widgets.NewCheck("Answer programs on this computer", nil)
	check.SetChecked(w.settings.Serve)
	place := widgets.NewEntry()
	place.SetPlaceHolder(data.DefaultListen)
	place.SetText(w.settings.Listen)
	state := newParagraph("Programs are not answered now.")
	if address := w.Server.URL(); address != "" {
		state.SetText("Programs are answered at " + address + "; " + address + "/docs says what they can ask.")
	}
	copied := newCaption("Programs show the key with every call. Deliveries of DoubleTick go to the webhook path, which is a secret of its own.")
	var d *widgets.Dialog
	body := newForm(state, check, newCaption("Where, as address and port"), place, copied, newLinkRow(
		widgets.NewLink("Copy key", func() { w.copySecret(d, copied, "The key is copied.", w.Server.Key) }),
		widgets.NewLink("Copy webhook path", func() { w.copySecret(d, copied, "The webhook path is copied.", w.Server.WebhookPath) }),
		widgets.NewLink("Renew key…", func() {
			d.Close()
			w.confirmRenewKey()
		})))
	d = widgets.NewDialog(w.win.Canvas(), "HTTP Server", body, widgets.WithFocus(check),
		widgets.WithConfirm("Save", widgets.Primary, func() {
			s := w.settings
			s.Serve, s.Listen = check.Checked, strings.TrimSpace(place.Text)
			before := w.settings
			w.runDialog(d, func(ctx context.Context) error {
				if err := w.Server.Apply(s); err != nil {
					return err
				}
				if err := w.Desk.SaveSettings(ctx, s); err != nil {
					return errors.Join(err, w.Server.Apply(before))
				}
				return nil
			}, func() {
				w.settings.Serve, w.settings.Listen = s.Serve, s.Listen
				if s.Serve {
					w.openServer() // with the address
				}
			})
		}))
	d.Show()
}

// copySecret puts a secret on the clipboard, and says so; it is never shown.
func (w *Window) copySecret(d *widgets.Dialog, said *widgets.Paragraph, done string, get func() (string, error)) {
	text, err := get()
	if err != nil {
		d.SetError(desk.Explain(err))
		return
	}
	fyne.CurrentApp().Clipboard().SetContent(text)
	said.SetText(done)
	d.Refresh()
}

// confirmRenewKey asks before every program needs another key.
func (w *Window) confirmRenewKey() {
	var d *widgets.Dialog
	d = widgets.NewDialog(w.win.Canvas(), "Renew Key", newParagraph("Programs that show the key of now are refused until they have the new one. Renew it?"),
		widgets.WithConfirm("Renew", widgets.Primary, func() {
			w.runDialog(d, func(context.Context) error { return w.Server.RotateKey() }, w.openServer)
		}))
	d.Show()
}
