// Package setaside shows the deliveries that were not understood and are set aside,
// and asks what is to be done about them: retry, or drop.
package setaside

import (
	"context"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/receive"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// Controller keeps the line about what is set aside true to the database and opens
// the dialogs about it. It belongs to the interface's goroutine.
type Controller struct {
	// OnBarToggled is called when the line has appeared or vanished.
	OnBarToggled func()

	dialogs *dialogs.Presenter
	desk    *desk.Desk
	actor   func() data.Actor
	bar     *widgets.StatusBar

	slot  *async.Slot // the total being read
	total data.SetAsideTotal
	list  *list // nil while the dialog is closed
}

// New returns a Controller for one window, in which actor acts.
func New(p *dialogs.Presenter, d *desk.Desk, actor func() data.Actor, bar *widgets.StatusBar) *Controller {
	return &Controller{OnBarToggled: func() {}, dialogs: p, desk: d, actor: actor, bar: bar, slot: p.Runner.NewSlot()}
}

// Refresh reads anew how much is set aside, and what, if the dialog shows it.
func (c *Controller) Refresh() {
	async.Load(c.slot, c.desk.SetAsideTotal, func(total data.SetAsideTotal) {
		c.total = total
		c.showTotal()
	})
	if c.list != nil {
		c.list.reload()
	}
}

func (c *Controller) showTotal() {
	count := widgets.FormatCount(int(c.total.Rows)) + " set aside"
	if c.total.IsFull() {
		c.bar.Set(theme.Icon("warning", theme.Danger), "", count+", no room", "No room")
	} else {
		c.bar.Set(theme.Icon("inbox", theme.Muted), "", count)
	}
	if shown := c.total.Rows > 0 || c.total.IsFull(); shown != c.bar.Visible() {
		widgets.SetVisible(c.bar, shown)
		c.OnBarToggled()
	}
	if c.list != nil {
		c.list.setFull(c.total.IsFull())
	}
}

// Open opens the dialog that lists what is set aside.
func (c *Controller) Open() {
	if c.list != nil {
		return
	}
	l := newList(c.desk, c.dialogs.Runner, c.openDelivery)
	l.setFull(c.total.IsFull())
	c.list = l
	d := c.dialogs.Ask("Deliveries set aside", l.body(c.dialogs.Canvas), "Retry all", widgets.Primary,
		func(d *widgets.Dialog) { c.retry(d, nil) },
		widgets.WithWidth(dialogWidth), widgets.WithFocus(l.rows.Widget),
		widgets.WithCancel("Close", func() {
			c.list = nil
			l.rows.Release()
		}))
	l.onResize = func() { d.Refresh() }
	l.reload()
}

// retry reads the deliveries with the ids anew, or all of them where there are none,
// and says in a notice what came of it. The dialog d stays open; then is called
// afterwards.
func (c *Controller) retry(d *widgets.Dialog, then func(receive.Retried), ids ...int64) {
	var sum receive.Retried
	d.SetBusy(true)
	c.dialogs.Runner.Go(func(ctx context.Context) (err error) {
		sum, err = receive.Retry(ctx, c.desk, c.actor(), ids...)
		return err
	}, func(err error) {
		d.SetBusy(false)
		if then != nil && err == nil {
			then(sum)
		}
		if err != nil {
			dialogs.ShowError(d, err)
			return
		}
		c.dialogs.Notify("Retry", sum.String())
	})
}
