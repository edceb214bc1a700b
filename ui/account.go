package ui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// AccountActions is what the window asks of whoever keeps the account's key.
type AccountActions struct {
	// Test asks DoubleTick something harmless, and says in a sentence what came
	// of it. An empty key is the one that is kept.
	TestConnection func(ctx context.Context, a data.Account, key string) (string, error)
	// Join joins the desk to an account, or changes the one it is joined to, and
	// says in a sentence where the key is kept. An empty key stays as it is.
	Join func(ctx context.Context, a data.Account, key string) (where string, err error)
	// Leave joins the desk to none, and forgets the key.
	Leave func(context.Context) error
	// Where says where the key is kept, empty where there is none.
	KeyLocation func() string
}

// defaultBaseURL is where DoubleTick's API is.
const defaultBaseURL = "https://public.doubletick.io"

// openAccount shows what the desk is joined to.
func (w *Window) openAccount() {
	if w.settings.Demo {
		widgets.NewNotice(w.win.Canvas(), "DoubleTick Account", demoNotice, "OK").Show()
		return
	}
	var where string
	dialogs.Load(w.dialogs, func(ctx context.Context) (j accountStatus, err error) {
		if j, err = w.loadAccountStatus(ctx); err == nil && j.account.Joined() {
			where = w.Account.KeyLocation()
		}
		return j, err
	}, func(j accountStatus) { w.showAccountDialog(j, where) })
}

const demoNotice = "The demo is joined to nothing: its customers are invented, and nothing of it leaves this computer. Open your own desk to join it to DoubleTick."

// accountDialog is the dialog about the account while it is open.
type accountDialog struct {
	dialog               *widgets.Dialog
	account              data.Account
	baseURL, key, number *widgets.Entry
	status, testResult   *widgets.Paragraph
	pauseLink            *widgets.Link
	cancelTest           func() // of the test that is being made
}

func (w *Window) showAccountDialog(j accountStatus, where string) {
	s := &accountDialog{
		account: j.account,
		baseURL: widgets.NewEntry(), key: widgets.NewSecretEntry(), number: widgets.NewEntry(),
		status: newParagraph(""), testResult: widgets.NewParagraph("", theme.Muted, theme.Caption),
		cancelTest: func() {},
	}
	s.baseURL.SetText(defaultBaseURL)
	s.key.SetPlaceHolder("the key of the account")
	s.number.SetPlaceHolder("with its country code, like +918888888888")
	s.pauseLink = widgets.NewLink("", func() { w.togglePause(s) })
	test := widgets.NewLink("Test connection", func() { w.testConnection(s) })
	kept := newCaption(where)
	kept.Hidden = where == ""
	fields := []fyne.CanvasObject{
		newCaption("Where DoubleTick's API is"), s.baseURL,
		newCaption("Key"), s.key, kept,
		newCaption("Business number, from which replies go out"), s.number,
	}
	body := newForm()
	button, first := "Join", s.key
	if j.account.Joined() {
		button = "Save"
		s.baseURL.SetText(j.account.Base)
		s.number.SetText(j.account.Number.Pretty())
		s.key.SetPlaceHolder("kept as it is when left empty")
		body.Objects = append([]fyne.CanvasObject{s.status}, fields...)
		body.Add(newLinkRow(test, s.pauseLink,
			widgets.NewLink("Send all again…", func() { w.closeAccountDialog(s, w.confirmResendAll) }),
			widgets.NewLink("Leave…", func() { w.closeAccountDialog(s, w.confirmLeave) })))
	} else {
		body.Objects = append([]fyne.CanvasObject{
			newParagraph("Joined to DoubleTick, this desk fetches its chats, sends replies, and tells it who is blocked. What was written or decided before stays here."),
		}, fields...)
		body.Add(newLinkRow(test))
	}
	s.testResult.Hide()
	body.Add(s.testResult)
	s.dialog = widgets.NewDialog(w.win.Canvas(), "DoubleTick Account", body, widgets.WithFocus(first),
		widgets.WithCancel("Cancel", func() { w.cleanUpAccountDialog(s) }),
		widgets.WithConfirm(button, widgets.Primary, func() { w.saveAccount(s) }))
	w.accountDialog = s
	s.update(j, w.Desk.Now())
	s.dialog.Show()
}

// cleanUpAccountDialog ends what the dialog began.
func (w *Window) cleanUpAccountDialog(s *accountDialog) {
	s.cancelTest()
	if w.accountDialog == s {
		w.accountDialog = nil
	}
}

func (w *Window) closeAccountDialog(s *accountDialog, then func()) {
	w.cleanUpAccountDialog(s)
	s.dialog.Close()
	then()
}

// update says how things stand.
func (s *accountDialog) update(j accountStatus, now data.Moment) {
	word := "Pause"
	if j.account.Paused {
		word = "Resume"
	}
	s.pauseLink.SetText(word)
	s.status.SetText(statusText(j, now))
	s.dialog.Refresh()
}

// statusText say in sentences how the desk stands with DoubleTick.
func statusText(j accountStatus, now data.Moment) string {
	l := j.connection
	var said string
	switch {
	case j.account.Paused:
		said = "Paused here: nothing is sent or asked for."
	case l.State == data.Online:
		said = "DoubleTick answers."
	case l.State == data.Offline:
		said = withDefault(l.Reason, "DoubleTick does not answer") + ", since " + strings.TrimPrefix(l.Since.Relative(now), "on ") + "."
	case l.State == data.Paused:
		said = withDefault(l.Reason, "DoubleTick asks for a pause") + "."
	case l.State == data.KeyRefused:
		said = withDefault(l.Reason, "DoubleTick does not take the key") + ". Nothing is sent until there is another."
	case l.State == data.Fetching:
		said = "Chats are being fetched, " + widgets.FormatCount(l.Chats) + " so far."
		if l.Failed > 0 {
			said += " " + pluralize(l.Failed, "page") + " could not be fetched."
		}
	default:
		said = "DoubleTick has not been asked yet."
	}
	switch c := j.counts; {
	case c.Waiting == 1:
		said += " 1 message or block waits to be sent."
	case c.Waiting > 1:
		said += " " + widgets.FormatCount(c.Waiting) + " messages and blocks wait to be sent."
	}
	if j.counts.Refused > 0 {
		said += " " + widgets.FormatCount(j.counts.Refused) + " refused."
	}
	return said
}

// parseAccountForm returns what was typed, or says what is wrong with it. For a test
// it need not be whole: the number is what a test can tell.
func (w *Window) parseAccountForm(s *accountDialog, whole bool) (a data.Account, key string, ok bool) {
	a, key = s.account, strings.TrimSpace(s.key.Text)
	a.Base = strings.TrimSpace(s.baseURL.Text)
	if key == "" && !a.Joined() {
		s.dialog.SetError("Without its key the account cannot be asked: type it, or paste it.")
		return a, "", false
	}
	number, err := data.ParsePhone(s.number.Text, w.settings.Country)
	if err != nil && (whole || strings.TrimSpace(s.number.Text) != "") {
		s.dialog.SetError("The business number is missing: write it with its country code, like +918888888888.")
		return a, "", false
	}
	a.Number = number
	s.dialog.SetError("")
	return a, key, true
}

// testConnection asks DoubleTick beside everything else, until the dialog closes.
func (w *Window) testConnection(s *accountDialog) {
	a, key, ok := w.parseAccountForm(s, false)
	if !ok {
		return
	}
	s.cancelTest()
	stopped := false
	said := ""
	s.setTestResult("Asking DoubleTick…")
	stop := w.runner.Go(func(ctx context.Context) (err error) {
		said, err = w.Account.TestConnection(ctx, a, key)
		return err
	}, func(err error) {
		switch {
		case stopped:
		case err != nil:
			s.setTestResult("")
			s.dialog.SetError(desk.Explain(err))
		default:
			s.setTestResult(said)
		}
	})
	s.cancelTest = func() {
		stopped = true
		stop()
	}
}

// setTestResult says under the fields what came of a test.
func (s *accountDialog) setTestResult(text string) {
	s.testResult.SetText(text)
	s.testResult.Hidden = text == ""
	s.dialog.Refresh()
}

// saveAccount joins the desk to what was typed. Where that is another account,
// the agent is told what that means for what waits.
func (w *Window) saveAccount(s *accountDialog) {
	a, key, ok := w.parseAccountForm(s, true)
	switch same := a.Base == s.account.Base && a.Number == s.account.Number; {
	case !ok:
	case a.Joined() && same && key == "":
		w.closeAccountDialog(s, func() {})
	case a.Joined() && !same && w.accountStatus.counts.Waiting > 0:
		var d *widgets.Dialog
		d = widgets.NewDialog(w.win.Canvas(), "Another Account",
			newForm(
				newParagraph("This joins the desk to another account. Is that what you want?"),
				widgets.NewBullet(pendingText(w.accountStatus.counts.Waiting)),
			),
			widgets.WithCancel("Cancel", func() { s.dialog.SetBusy(false) }),
			widgets.WithConfirm("Join", widgets.Primary, func() {
				d.Close()
				w.joinAccount(s, a, key)
			}))
		s.dialog.SetBusy(true)
		d.Show()
	default:
		w.joinAccount(s, a, key)
	}
}

// joinAccount joins the desk to an account, beside everything else: a keyring may ask
// the agent first.
func (w *Window) joinAccount(s *accountDialog, a data.Account, key string) {
	s.cancelTest()
	s.dialog.SetBusy(true)
	var where string
	w.runner.Go(func(ctx context.Context) (err error) {
		where, err = w.Account.Join(ctx, a, key)
		return err
	}, func(err error) {
		s.dialog.SetBusy(false)
		open := s.dialog.Open()
		switch {
		case err != nil && open:
			s.dialog.SetError(desk.Explain(err))
			return
		case err != nil:
			w.showError(err)
			return
		}
		w.closeAccountDialog(s, w.refreshAccountStatus)
		where = strings.Replace(where, "Kept in", "The key is kept in", 1)
		switch {
		case !open:
		case !a.Joined():
			widgets.NewNotice(w.win.Canvas(), "Joined to DoubleTick", "Chats are being fetched now. "+where, "OK").Show()
		case key != "":
			widgets.NewNotice(w.win.Canvas(), "DoubleTick Account", where, "OK").Show()
		}
	})
}

// togglePause has nothing sent or asked for, or everything again.
func (w *Window) togglePause(s *accountDialog) {
	pause := !w.accountStatus.account.Paused
	w.runner.Enqueue(func(ctx context.Context) error { return w.Desk.PauseAccount(ctx, pause) }, func(err error) {
		if err != nil {
			s.dialog.SetError(desk.Explain(err))
			return
		}
		w.refreshAccountStatus()
	})
}

// confirmLeave says what becomes of what is on its way.
func (w *Window) confirmLeave() {
	var d *widgets.Dialog
	d = widgets.NewDialog(w.win.Canvas(), "Leave DoubleTick",
		newForm(
			newParagraph("Are you sure you want this desk to leave its DoubleTick account?"),
			widgets.NewBullet(pendingText(w.accountStatus.counts.Waiting)),
			widgets.NewBullet("The key is forgotten. To join again it has to be typed again."),
			widgets.NewBullet("Customers, chats and blocks stay here as they are, and there."),
		),
		widgets.WithConfirm("Leave", widgets.Primary, func() {
			d.SetBusy(true)
			w.runner.Go(w.Account.Leave, func(err error) {
				d.SetBusy(false)
				if err != nil {
					d.SetError(desk.Explain(err))
					return
				}
				d.Close()
				w.refreshAccountStatus()
			})
		}))
	d.Show()
}

// pendingText say what becomes of what waits when its account is left.
func pendingText(n int) string {
	switch n {
	case 0:
		return "Nothing waits to be sent."
	case 1:
		return "1 message or block that waits stays here only."
	}
	return widgets.FormatCount(n) + " messages and blocks that wait stay here only."
}

// confirmResendAll asks before DoubleTick is told again of everybody who is blocked.
func (w *Window) confirmResendAll() {
	dialogs.Load(w.dialogs, w.Desk.BlockedCounts, func(c data.BlockedCounts) {
		var d *widgets.Dialog
		d = widgets.NewDialog(w.win.Canvas(), "Send All Again",
			newForm(
				newParagraph("Are you sure you want to tell DoubleTick again whom this desk blocks?"),
				widgets.NewBullet(blockedCountText(c.Now)),
				widgets.NewBullet("Who was unblocked here, and may still be blocked there, is unblocked there."),
				widgets.NewBullet("DoubleTick cannot be asked who is blocked there, so what this desk says counts."),
			),
			widgets.WithConfirm("Send again", widgets.Primary, func() {
				d.Close()
				w.resendAll()
			}))
		d.Show()
	})
}

func blockedCountText(n int) string {
	switch n {
	case 0:
		return "Nobody is blocked here now."
	case 1:
		return "1 customer is blocked here, and is sent once more."
	}
	return widgets.FormatCount(n) + " customers are blocked here, and each is sent once more."
}

// resendAll puts everybody who is blocked into the outbox, and can be stopped.
func (w *Window) resendAll() {
	text := widgets.NewEllipsisLabel(theme.Muted, 13)
	text.SetText("Beginning…")
	ctx, stop := context.WithCancel(w.runner.Context())
	running := widgets.NewDialog(w.win.Canvas(), "Sending All Again", newForm(text), widgets.WithCancel("Stop", stop))
	running.Show()
	var told time.Time
	n := 0
	w.runner.Go(func(context.Context) (err error) {
		n, err = w.Desk.ResendAll(ctx, func(p desk.Progress) {
			if now := time.Now(); now.Sub(told) >= progressInterval {
				told = now
				w.runner.RunOnUI(func() { text.SetText(widgets.FormatCount(p.Reached()) + " of " + pluralize(p.All, "customer")) })
			}
		})
		return err
	}, func(err error) {
		running.Close()
		stop()
		said := "There is nothing that DoubleTick has to be told."
		if n > 0 {
			said = "DoubleTick is being told of " + pluralize(n, "customer") + "."
		}
		if err != nil {
			said = desk.ExplainBulk(err)
		}
		widgets.NewNotice(w.win.Canvas(), "Send All Again", said, "OK").Show()
	})
}

// newLinkRow puts links beside each other, their words flush with what stands above.
func newLinkRow(links ...fyne.CanvasObject) *fyne.Container {
	return container.New(linkRow{}, links...)
}

type linkRow struct{}

const (
	linkInset float32 = 4 // what a link keeps beside its word
	linkGap   float32 = 8
)

func (linkRow) MinSize(links []fyne.CanvasObject) (size fyne.Size) {
	for _, l := range links {
		size.Width += l.MinSize().Width + linkGap
		size.Height = max(size.Height, l.MinSize().Height)
	}
	return size
}

func (linkRow) Layout(links []fyne.CanvasObject, size fyne.Size) {
	x := -linkInset
	for _, l := range links {
		l.Resize(fyne.NewSize(l.MinSize().Width, size.Height))
		l.Move(fyne.NewPos(x, 0))
		x += l.MinSize().Width + linkGap
	}
}
