// Package account shows how the desk stands with its DoubleTick account and asks
// what is to be done about it: join, change, pause, leave, send all again.
package account

import (
	"context"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// defaultBaseURL is the base URL of DoubleTick's API.
const defaultBaseURL = "https://public.doubletick.io"

// Actions need the account's key, which the window never holds.
type Actions struct {
	// TestConnection asks DoubleTick something harmless and returns a sentence
	// about the answer. An empty key stands for the one that is kept.
	TestConnection func(ctx context.Context, a data.Account, key string) (string, error)
	// Join joins the desk to an account, or changes the one it is joined to, and
	// returns a sentence that says where the key is kept. An empty key stays as it is.
	Join func(ctx context.Context, a data.Account, key string) (where string, err error)
	// Leave leaves the account and deletes the key.
	Leave func(context.Context) error
	// KeyLocation returns a sentence that says where the key is kept, empty if
	// there is none.
	KeyLocation func() string
}

// Controller keeps the status bar true to the database and opens the dialogs
// about the account. It belongs to the interface's goroutine.
type Controller struct {
	// OnJoined is called when the desk has been joined to another account.
	OnJoined func()
	// OnStatusBarToggled is called when the status bar has appeared or vanished.
	OnStatusBarToggled func()

	dialogs   *dialogs.Presenter
	desk      *desk.Desk
	actions   Actions
	statusBar *widgets.StatusBar
	settings  *data.Settings // the window's

	slot   *async.Slot // the status being read
	status status
	form   *accountForm // nil while the dialog is closed
}

// New returns a Controller for one window, whose settings it reads when a dialog
// opens.
func New(p *dialogs.Presenter, d *desk.Desk, actions Actions, bar *widgets.StatusBar, settings *data.Settings) *Controller {
	return &Controller{
		OnJoined: func() {}, OnStatusBarToggled: func() {},
		dialogs: p, desk: d, actions: actions, statusBar: bar, settings: settings,
		slot: p.Runner.NewSlot(),
	}
}

// Joined reports whether the desk is joined to an account.
func (c *Controller) Joined() bool { return c.status.account.Joined() }

// Refresh reads the status anew and shows it.
func (c *Controller) Refresh() {
	async.Load(c.slot, c.loadStatus, func(s status) {
		changed := s.account.JoinedAt != c.status.account.JoinedAt
		c.status = s
		c.ShowStatus()
		if changed {
			c.OnJoined()
		}
	})
}

// ShowStatus shows the status as of now: some texts depend on the time of day.
func (c *Controller) ShowStatus() {
	joined := c.status.account.Joined()
	if joined {
		icon, texts := connectionTexts(c.status, c.desk.Now())
		c.statusBar.Set(icon, outboxText(c.status.counts), texts...)
	}
	if joined != c.statusBar.Visible() {
		widgets.SetVisible(c.statusBar, joined)
		c.OnStatusBarToggled()
	}
	if c.form != nil {
		c.form.update(c.status, c.desk.Now())
	}
}

const demoNotice = "The demo is not connected to anything: its customers are invented, and nothing leaves this computer. Open your own desk to join it to DoubleTick."

// Open opens the dialog about the account.
func (c *Controller) Open() {
	if c.settings.Demo {
		c.dialogs.Notify("DoubleTick account", demoNotice)
		return
	}
	var where string
	dialogs.Load(c.dialogs, func(ctx context.Context) (s status, err error) {
		if s, err = c.loadStatus(ctx); err == nil && s.account.Joined() {
			where = c.actions.KeyLocation()
		}
		return s, err
	}, func(s status) { c.showForm(s, where) })
}
