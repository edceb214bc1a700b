// Package settings asks for the agent's settings, the rules of blocking that the
// whole desk shares, and those of the HTTP server.
package settings

import (
	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/httpapi"
	"github.com/latchdesk/latchdesk/ui/dialogs"
)

// Controller opens the dialogs over one window.
type Controller struct {
	// OpenAccount opens the dialog about the DoubleTick account.
	OpenAccount func()

	dialogs  *dialogs.Presenter
	desk     *desk.Desk
	settings *data.Settings
	server   *httpapi.ServerControl // nil if there is none
}

// New returns a Controller that shows the window's settings and updates them once
// they are saved.
func New(p *dialogs.Presenter, d *desk.Desk, settings *data.Settings, server *httpapi.ServerControl) *Controller {
	return &Controller{OpenAccount: func() {}, dialogs: p, desk: d, settings: settings, server: server}
}
