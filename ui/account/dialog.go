package account

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// accountForm is the dialog about the account while it is open.
type accountForm struct {
	dialog               *widgets.Dialog
	account              data.Account
	baseURL, key, number *widgets.Entry
	status, testResult   *widgets.Paragraph
	pauseLink            *widgets.Link
	cancelTest           func() // of the connection, if one is running
}

// showForm opens the dialog; where says where the key is kept.
func (c *Controller) showForm(s status, where string) {
	f := &accountForm{
		account: s.account,
		baseURL: widgets.NewEntry(), key: widgets.NewPasswordEntry(), number: widgets.NewEntry(),
		status: dialogs.Paragraph(""), testResult: widgets.NewParagraph("", theme.Muted, theme.Caption),
		cancelTest: func() {},
	}
	f.baseURL.SetText(defaultBaseURL)
	f.key.SetPlaceHolder("the key of the account")
	f.number.SetPlaceHolder("with its country code, like +918888888888")
	f.pauseLink = widgets.NewLink("", func() { c.togglePause(f) })
	testLink := widgets.NewLink("Test connection", func() { c.testConnection(f) })
	keyLocation := dialogs.Caption(where)
	keyLocation.Hidden = where == ""
	fields := []fyne.CanvasObject{
		dialogs.Caption("Where DoubleTick's API is"), f.baseURL,
		dialogs.Caption("Key"), f.key, keyLocation,
		dialogs.Caption("Business number, from which replies go out"), f.number,
	}
	body := dialogs.Form()
	button := "Join"
	if s.account.Joined() {
		button = "Save"
		f.baseURL.SetText(s.account.Base)
		f.number.SetText(s.account.Number.Pretty())
		f.key.SetPlaceHolder("leave empty to keep the present one")
		body.Objects = append([]fyne.CanvasObject{f.status}, fields...)
		body.Add(dialogs.LinkRow(testLink, f.pauseLink,
			widgets.NewLink("Send all again…", c.confirmResendAll),
			widgets.NewLink("Leave…", func() { c.confirmLeave(f) })))
	} else {
		body.Objects = append([]fyne.CanvasObject{
			dialogs.Paragraph("Joined to DoubleTick, this desk fetches its chats, sends replies, and tells it who is blocked. What was written or decided before stays here."),
		}, fields...)
		body.Add(dialogs.LinkRow(testLink))
	}
	f.testResult.Hide()
	body.Add(f.testResult)
	c.form = f
	f.dialog = c.dialogs.Ask("DoubleTick account", body, button, widgets.Primary, func(*widgets.Dialog) { c.save(f) },
		widgets.WithFocus(f.key), widgets.WithCancel("Cancel", func() { c.formClosed(f) }))
	f.update(s, c.desk.Now())
}

// formClosed ends what the dialog began.
func (c *Controller) formClosed(f *accountForm) {
	f.cancelTest()
	if c.form == f {
		c.form = nil
	}
}

func (c *Controller) closeForm(f *accountForm, then func()) {
	c.formClosed(f)
	f.dialog.Close()
	then()
}

// update shows how things stand.
func (f *accountForm) update(s status, now data.Moment) {
	label := "Pause"
	if s.account.Paused {
		label = "Resume"
	}
	f.pauseLink.SetText(label)
	f.status.SetText(statusText(s, now))
	f.dialog.Refresh()
}

// parse returns what was typed, or shows what is wrong with it. The number may be
// missing where it is not required.
func (c *Controller) parse(f *accountForm, requireNumber bool) (a data.Account, key string, ok bool) {
	a, key = f.account, strings.TrimSpace(f.key.Text)
	a.Base = strings.TrimSpace(f.baseURL.Text)
	if key == "" && !a.Joined() {
		f.dialog.SetError("The account's key is missing: type it, or paste it.")
		return a, "", false
	}
	number, err := data.ParsePhone(f.number.Text, c.settings.Country)
	if err != nil && (requireNumber || strings.TrimSpace(f.number.Text) != "") {
		f.dialog.SetError(numberProblem(f.number.Text, err))
		return a, "", false
	}
	a.Number = number
	f.dialog.SetError("")
	return a, key, true
}

// numberProblem returns what is wrong with a business number.
func numberProblem(text string, err error) string {
	if strings.TrimSpace(text) == "" {
		return "The business number is missing: write it with its country code, like +918888888888."
	}
	return desk.Explain(err)
}

// testConnection asks DoubleTick while the dialog stays usable. Closing the dialog
// cancels the test.
func (c *Controller) testConnection(f *accountForm) {
	a, key, ok := c.parse(f, false)
	if !ok {
		return
	}
	f.cancelTest()
	canceled := false
	answer := ""
	f.setTestResult("Asking DoubleTick…")
	cancel := c.dialogs.Runner.Go(func(ctx context.Context) (err error) {
		answer, err = c.actions.TestConnection(ctx, a, key)
		return err
	}, func(err error) {
		switch {
		case canceled:
		case err != nil:
			f.setTestResult("")
			dialogs.ShowError(f.dialog, err)
		default:
			f.setTestResult(answer)
		}
	})
	f.cancelTest = func() {
		canceled = true
		cancel()
	}
}

// setTestResult shows a text under the fields.
func (f *accountForm) setTestResult(text string) {
	f.testResult.SetText(text)
	f.testResult.Hidden = text == ""
	f.dialog.Refresh()
}

// togglePause pauses or resumes everything that is sent or fetched.
func (c *Controller) togglePause(f *accountForm) {
	pause := !c.status.account.Paused
	c.dialogs.Runner.Enqueue(func(ctx context.Context) error { return c.desk.PauseAccount(ctx, pause) }, func(err error) {
		if err != nil {
			dialogs.ShowError(f.dialog, err)
			return
		}
		c.Refresh()
	})
}
