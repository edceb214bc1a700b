package settings

import (
	"context"
	"errors"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// StartServer starts the HTTP server if the settings say so.
func (c *Controller) StartServer() {
	if c.server == nil || !c.settings.Serve {
		return
	}
	s := *c.settings
	c.dialogs.Runner.Go(func(context.Context) error { return c.server.Apply(s) }, func(err error) {
		if err != nil {
			c.dialogs.NotifyError(err)
		}
	})
}

// OpenServer opens the dialog about the HTTP server.
func (c *Controller) OpenServer() {
	serve := widgets.NewCheck("Run the HTTP server on this computer", nil)
	serve.SetChecked(c.settings.Serve)
	listen := widgets.NewEntry()
	listen.SetPlaceHolder(data.DefaultListen)
	listen.SetText(c.settings.Listen)
	state := dialogs.Paragraph("The HTTP server is off.")
	if address := c.server.URL(); address != "" {
		state.SetText("The HTTP server is running at " + address + ". Its API is described at " + address + "/docs.")
	}
	hint := dialogs.Caption("Programs send the key with every request. DoubleTick's deliveries go to the webhook path, which is a separate secret.")
	var d *widgets.Dialog
	body := dialogs.Form(state, serve, dialogs.Caption("Address and port"), listen, hint, dialogs.LinkRow(
		widgets.NewLink("Copy key", func() { copySecret(d, hint, "The key is copied.", c.server.Key) }),
		widgets.NewLink("Copy webhook path", func() { copySecret(d, hint, "The webhook path is copied.", c.server.WebhookPath) }),
		widgets.NewLink("Renew key…", func() { c.confirmRenewKey(d, hint) })))
	d = c.dialogs.Ask("HTTP server", body, "Save", widgets.Primary, func(d *widgets.Dialog) {
		before, s := *c.settings, *c.settings
		s.Serve, s.Listen = serve.Checked, strings.TrimSpace(listen.Text)
		c.dialogs.Run(d, func(ctx context.Context) error {
			if err := c.server.Apply(s); err != nil {
				return err
			}
			if err := c.desk.SaveSettings(ctx, s); err != nil {
				return errors.Join(err, c.server.Apply(before))
			}
			return nil
		}, func() {
			c.settings.Serve, c.settings.Listen = s.Serve, s.Listen
			if s.Serve {
				c.OpenServer() // with the address
			}
		})
	}, widgets.WithFocus(serve))
}

// copySecret puts a secret on the clipboard, never on the screen, and shows that it
// did so.
func copySecret(d *widgets.Dialog, hint *widgets.Paragraph, done string, secret func() (string, error)) {
	text, err := secret()
	if err != nil {
		dialogs.ShowError(d, err)
		return
	}
	fyne.CurrentApp().Clipboard().SetContent(text)
	hint.SetText(done)
	d.Refresh()
}

// confirmRenewKey asks over the dialog about the server, in which hint then says that it
// is done.
func (c *Controller) confirmRenewKey(over *widgets.Dialog, hint *widgets.Paragraph) {
	c.dialogs.Ask("Renew key", dialogs.Paragraph("Programs that use the current key are refused until they have the new one. Renew it?"),
		"Renew", widgets.DangerOutline, func(d *widgets.Dialog) {
			c.dialogs.Run(d, func(context.Context) error { return c.server.RotateKey() }, func() {
				hint.SetText("The key is renewed. Programs need the new one: copy it.")
				over.Refresh()
			})
		})
}
