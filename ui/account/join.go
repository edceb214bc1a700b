package account

import (
	"context"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// save joins the desk to the account that was typed. If it is another account
// than before, it asks first: what waits for the old one is never sent.
func (c *Controller) save(f *accountForm) {
	a, key, ok := c.parse(f, true)
	switch same := a.Base == f.account.Base && a.Number == f.account.Number; {
	case !ok:
	case a.Joined() && same && key == "":
		c.closeForm(f, func() {})
	case a.Joined() && !same && c.status.counts.Waiting > 0:
		f.dialog.SetBusy(true)
		c.dialogs.Ask("Another account",
			dialogs.Form(
				dialogs.Paragraph("This joins the desk to another account. Is that what you want?"),
				widgets.NewBullet(pendingText(c.status.counts.Waiting)),
			),
			"Join", widgets.Primary, func(d *widgets.Dialog) {
				d.Close()
				c.join(f, a, key)
			}, widgets.WithCancel("Cancel", func() { f.dialog.SetBusy(false) }))
	default:
		c.join(f, a, key)
	}
}

// join does not hold up other acts: the keyring may ask the agent first, who may
// close the dialog meanwhile.
func (c *Controller) join(f *accountForm, a data.Account, key string) {
	f.cancelTest()
	f.dialog.SetBusy(true)
	var where string
	c.dialogs.Runner.Go(func(ctx context.Context) (err error) {
		where, err = c.actions.Join(ctx, a, key)
		return err
	}, func(err error) {
		f.dialog.SetBusy(false)
		open := f.dialog.Visible()
		switch {
		case err != nil && open:
			dialogs.ShowError(f.dialog, err)
			return
		case err != nil:
			c.dialogs.NotifyError(err)
			return
		}
		c.closeForm(f, c.Refresh)
		where = strings.Replace(where, "Kept in", "The key is kept in", 1)
		switch {
		case !open:
		case !a.Joined():
			c.dialogs.Notify("Joined to DoubleTick", "Chats are being fetched now. "+where)
		case key != "":
			c.dialogs.Notify("DoubleTick account", where)
		}
	})
}

func (c *Controller) confirmLeave(f *accountForm) {
	c.dialogs.Ask("Leave DoubleTick",
		dialogs.Form(
			dialogs.Paragraph("Are you sure you want this desk to leave its DoubleTick account?"),
			widgets.NewBullet(pendingText(c.status.counts.Waiting)),
			widgets.NewBullet("The key is forgotten. To join again, you have to type it again."),
			widgets.NewBullet("Customers, chats and blocks stay as they are, here and there."),
		),
		"Leave", widgets.DangerOutline, func(d *widgets.Dialog) {
			c.dialogs.RunConcurrently(d, c.actions.Leave, func() { c.closeForm(f, c.Refresh) })
		})
}

// pendingText says what becomes of n outbox entries when the account is left.
func pendingText(n int) string {
	switch n {
	case 0:
		return "Nothing is waiting to be sent."
	case 1:
		return "1 waiting message or block stays here only."
	}
	return widgets.FormatCount(n) + " waiting messages and blocks stay here only."
}

// confirmResendAll asks before DoubleTick is told again of everybody who is blocked.
func (c *Controller) confirmResendAll() {
	dialogs.Load(c.dialogs, c.desk.BlockedCounts, func(counts data.BlockedCounts) {
		c.dialogs.Ask("Send all again",
			dialogs.Form(
				dialogs.Paragraph("Are you sure you want to tell DoubleTick again whom this desk blocks?"),
				widgets.NewBullet(blockedCountText(counts.Now)),
				widgets.NewBullet("Customers who were unblocked here but may still be blocked there are unblocked there."),
				widgets.NewBullet("DoubleTick cannot be asked who is blocked there, so what this desk says counts."),
			),
			"Send again", widgets.Primary, func(d *widgets.Dialog) {
				d.Close()
				c.resendAll()
			})
	})
}

func blockedCountText(n int) string {
	switch n {
	case 0:
		return "Nobody is blocked here now."
	case 1:
		return "1 customer is blocked here, and is sent again."
	}
	return widgets.FormatCount(n) + " customers are blocked here, and each is sent again."
}

// resendAll queues everybody who is blocked, and can be stopped.
func (c *Controller) resendAll() {
	progress := c.dialogs.ShowProgress("Sending all again", "Starting…")
	n := 0
	c.dialogs.Runner.Go(func(context.Context) (err error) {
		n, err = c.desk.ResendAll(progress.Context, func(p desk.Progress) {
			progress.Report(widgets.FormatCount(p.Reached()) + " of " + data.Count(p.All, "customer"))
		})
		return err
	}, func(err error) {
		progress.Close()
		text := "There is nothing to tell DoubleTick."
		if n > 0 {
			text = "DoubleTick is being told about " + data.Count(n, "customer") + "."
		}
		if err != nil {
			text = desk.ExplainBulk(err)
		}
		c.dialogs.Notify("Send all again", text)
	})
}
