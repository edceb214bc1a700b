package ui

import (
	"context"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// Account is what the window asks of whoever keeps the account's key.
type Account struct {
	// Test asks DoubleTick something harmless, and says in a sentence what came
	// of it. An empty key is the one that is kept.
	Test func(ctx context.Context, a data.Account, key string) (string, error)
	// Join joins the desk to an account, or changes the one it is joined to, and
	// says in a sentence where the key is kept. An empty key stays as it is.
	Join func(ctx context.Context, a data.Account, key string) (where string, err error)
	// Leave joins the desk to none, and forgets the key.
	Leave func(context.Context) error
	// Where says where the key is kept, empty where there is none.
	Where func() string
}

// usualBase is where DoubleTick's API is.
const usualBase = "https://public.doubletick.io"

// openAccount shows what the desk is joined to.
func (w *Window) openAccount() {
	if w.settings.Demo {
		widgets.NewNotice(w.win.Canvas(), "DoubleTick Account", demoStaysHere, "OK").Show()
		return
	}
	var where string
	async.Load(w.dialogSlot, func(ctx context.Context) (j joined, err error) {
		if j, err = w.readJoined(ctx); err == nil && j.account.Joined() {
			where = w.Account.Where()
		}
		return j, err
	}, func(j joined) { w.askAccount(j, where) })
}

const demoStaysHere = "The demo is joined to nothing: its customers are invented, and nothing of it leaves this computer. Open your own desk to join it to DoubleTick."

// accountSheet is the dialog about the account while it is open.
type accountSheet struct {
	dialog            *widgets.Dialog
	account           data.Account
	base, key, number *widgets.Entry
	state, tested     *widgets.Paragraph
	pause             *widgets.Link
	stop              func() // of the test that is being made
}

func (w *Window) askAccount(j joined, where string) {
	s := &accountSheet{
		account: j.account,
		base:    widgets.NewEntry(), key: widgets.NewSecretEntry(), number: widgets.NewEntry(),
		state: paragraph(""), tested: widgets.NewParagraph("", theme.Muted, theme.Caption),
		stop: func() {},
	}
	s.base.SetText(usualBase)
	s.key.SetPlaceHolder("the key of the account")
	s.number.SetPlaceHolder("with its country code, like +918888888888")
	s.pause = widgets.NewLink("", func() { w.pauseAccount(s) })
	test := widgets.NewLink("Test connection", func() { w.testAccount(s) })
	kept := caption(where)
	kept.Hidden = where == ""
	fields := []fyne.CanvasObject{
		caption("Where DoubleTick's API is"), s.base,
		caption("Key"), s.key, kept,
		caption("Business number, from which replies go out"), s.number,
	}
	body := form()
	button, first := "Join", s.key
	if j.account.Joined() {
		button = "Save"
		s.base.SetText(j.account.Base)
		s.number.SetText(j.account.Number.Pretty())
		s.key.SetPlaceHolder("kept as it is when left empty")
		body.Objects = append([]fyne.CanvasObject{s.state}, fields...)
		body.Add(inLine(test, s.pause,
			widgets.NewLink("Send all again…", func() { w.leaveSheet(s, w.askSendAll) }),
			widgets.NewLink("Leave…", func() { w.leaveSheet(s, w.askLeave) })))
	} else {
		body.Objects = append([]fyne.CanvasObject{
			paragraph("Joined to DoubleTick, this desk fetches its chats, sends replies, and tells it who is blocked. What was written or decided before stays here."),
		}, fields...)
		body.Add(inLine(test))
	}
	s.tested.Hide()
	body.Add(s.tested)
	s.dialog = widgets.NewDialog(w.win.Canvas(), "DoubleTick Account", body, widgets.WithFocus(first),
		widgets.WithCancel("Cancel", func() { w.endSheet(s) }),
		widgets.WithConfirm(button, widgets.Primary, func() { w.saveAccount(s) }))
	w.sheet = s
	s.show(j, w.Desk.Now())
	s.dialog.Show()
}

// endSheet ends what the dialog began.
func (w *Window) endSheet(s *accountSheet) {
	s.stop()
	if w.sheet == s {
		w.sheet = nil
	}
}

func (w *Window) leaveSheet(s *accountSheet, then func()) {
	w.endSheet(s)
	s.dialog.Close()
	then()
}

// show says how things stand.
func (s *accountSheet) show(j joined, now data.Moment) {
	word := "Pause"
	if j.account.Paused {
		word = "Resume"
	}
	s.pause.SetText(word)
	s.state.SetText(stateWords(j, now))
	s.dialog.Refresh()
}

// stateWords say in sentences how the desk stands with DoubleTick.
func stateWords(j joined, now data.Moment) string {
	l := j.link
	var said string
	switch {
	case j.account.Paused:
		said = "Paused here: nothing is sent or asked for."
	case l.State == data.Online:
		said = "DoubleTick answers."
	case l.State == data.Offline:
		said = orElse(l.Reason, "DoubleTick does not answer") + ", since " + strings.TrimPrefix(l.Since.Relative(now), "on ") + "."
	case l.State == data.Paused:
		said = orElse(l.Reason, "DoubleTick asks for a pause") + "."
	case l.State == data.KeyRefused:
		said = orElse(l.Reason, "DoubleTick does not take the key") + ". Nothing is sent until there is another."
	case l.State == data.Fetching:
		said = "Chats are being fetched, " + widgets.FormatCount(l.Chats) + " so far."
		if l.Failed > 0 {
			said += " " + countOf(l.Failed, "page") + " could not be fetched."
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

// typedAccount returns what was typed, or says what is wrong with it. For a test
// it need not be whole: the number is what a test can tell.
func (w *Window) typedAccount(s *accountSheet, whole bool) (a data.Account, key string, ok bool) {
	a, key = s.account, strings.TrimSpace(s.key.Text)
	a.Base = strings.TrimSpace(s.base.Text)
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

// testAccount asks DoubleTick beside everything else, until the dialog closes.
func (w *Window) testAccount(s *accountSheet) {
	a, key, ok := w.typedAccount(s, false)
	if !ok {
		return
	}
	s.stop()
	stopped := false
	said := ""
	s.say("Asking DoubleTick…")
	stop := w.runner.Go(func(ctx context.Context) (err error) {
		said, err = w.Account.Test(ctx, a, key)
		return err
	}, func(err error) {
		switch {
		case stopped:
		case err != nil:
			s.say("")
			s.dialog.SetError(desk.Explain(err))
		default:
			s.say(said)
		}
	})
	s.stop = func() {
		stopped = true
		stop()
	}
}

// say says under the fields what came of a test.
func (s *accountSheet) say(text string) {
	s.tested.SetText(text)
	s.tested.Hidden = text == ""
	s.dialog.Refresh()
}

// saveAccount joins the desk to what was typed. Where that is another account,
// the agent is told what that means for what waits.
func (w *Window) saveAccount(s *accountSheet) {
	a, key, ok := w.typedAccount(s, true)
	switch same := a.Base == s.account.Base && a.Number == s.account.Number; {
	case !ok:
	case a.Joined() && same && key == "":
		w.leaveSheet(s, func() {})
	case a.Joined() && !same && w.joined.counts.Waiting > 0:
		var d *widgets.Dialog
		d = widgets.NewDialog(w.win.Canvas(), "Another Account",
			form(
				paragraph("This joins the desk to another account. Is that what you want?"),
				widgets.NewBullet(waitWords(w.joined.counts.Waiting)),
			),
			widgets.WithCancel("Cancel", func() { s.dialog.SetBusy(false) }),
			widgets.WithConfirm("Join", widgets.Primary, func() {
				d.Close()
				w.join(s, a, key)
			}))
		s.dialog.SetBusy(true)
		d.Show()
	default:
		w.join(s, a, key)
	}
}

// join joins the desk to an account, beside everything else: a keyring may ask
// the agent first.
func (w *Window) join(s *accountSheet, a data.Account, key string) {
	s.stop()
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
			w.tell(err)
			return
		}
		w.leaveSheet(s, w.readAccount)
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

// pauseAccount has nothing sent or asked for, or everything again.
func (w *Window) pauseAccount(s *accountSheet) {
	pause := !w.joined.account.Paused
	w.runner.Enqueue(func(ctx context.Context) error { return w.Desk.PauseAccount(ctx, pause) }, func(err error) {
		if err != nil {
			s.dialog.SetError(desk.Explain(err))
			return
		}
		w.readAccount()
	})
}

// askLeave says what becomes of what is on its way.
func (w *Window) askLeave() {
	var d *widgets.Dialog
	d = widgets.NewDialog(w.win.Canvas(), "Leave DoubleTick",
		form(
			paragraph("Are you sure you want this desk to leave its DoubleTick account?"),
			widgets.NewBullet(waitWords(w.joined.counts.Waiting)),
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
				w.readAccount()
			})
		}))
	d.Show()
}

// waitWords say what becomes of what waits when its account is left.
func waitWords(n int) string {
	switch n {
	case 0:
		return "Nothing waits to be sent."
	case 1:
		return "1 message or block that waits stays here only."
	}
	return widgets.FormatCount(n) + " messages and blocks that wait stay here only."
}

// askSendAll asks before DoubleTick is told again of everybody who is blocked.
func (w *Window) askSendAll() {
	async.Load(w.dialogSlot, w.Desk.BlockedCounts, func(c data.BlockedCounts) {
		var d *widgets.Dialog
		d = widgets.NewDialog(w.win.Canvas(), "Send All Again",
			form(
				paragraph("Are you sure you want to tell DoubleTick again whom this desk blocks?"),
				widgets.NewBullet(blockedWords(c.Now)),
				widgets.NewBullet("Who was unblocked here, and may still be blocked there, is unblocked there."),
				widgets.NewBullet("DoubleTick cannot be asked who is blocked there, so what this desk says counts."),
			),
			widgets.WithConfirm("Send again", widgets.Primary, func() {
				d.Close()
				w.sendAll()
			}))
		d.Show()
	})
}

func blockedWords(n int) string {
	switch n {
	case 0:
		return "Nobody is blocked here now."
	case 1:
		return "1 customer is blocked here, and is sent once more."
	}
	return widgets.FormatCount(n) + " customers are blocked here, and each is sent once more."
}

// sendAll puts everybody who is blocked into the outbox, and can be stopped.
func (w *Window) sendAll() {
	text := widgets.NewEllipsisLabel(theme.Muted, 13)
	text.SetText("Beginning…")
	ctx, stop := context.WithCancel(w.runner.Context())
	running := widgets.NewDialog(w.win.Canvas(), "Sending All Again", form(text), widgets.WithCancel("Stop", stop))
	running.Show()
	var told time.Time
	n := 0
	w.runner.Go(func(context.Context) (err error) {
		n, err = w.Desk.ResendAll(ctx, func(p desk.Progress) {
			if now := time.Now(); now.Sub(told) >= progressEvery {
				told = now
				w.runner.RunOnUI(func() { text.SetText(widgets.FormatCount(p.Reached()) + " of " + countOf(p.All, "customer")) })
			}
		})
		return err
	}, func(err error) {
		running.Close()
		stop()
		said := "There is nothing that DoubleTick has to be told."
		if n > 0 {
			said = "DoubleTick is being told of " + countOf(n, "customer") + "."
		}
		if err != nil {
			said = desk.ExplainBulk(err)
		}
		widgets.NewNotice(w.win.Canvas(), "Send All Again", said, "OK").Show()
	})
}

// inLine puts links beside each other, their words flush with what stands above.
func inLine(links ...fyne.CanvasObject) *fyne.Container { return container.New(linkLine{}, links...) }

type linkLine struct{}

const (
	linkInset float32 = 4 // what a link keeps beside its word
	linkApart float32 = 8
)

func (linkLine) MinSize(links []fyne.CanvasObject) (size fyne.Size) {
	for _, l := range links {
		size.Width += l.MinSize().Width + linkApart
		size.Height = max(size.Height, l.MinSize().Height)
	}
	return size
}

func (linkLine) Layout(links []fyne.CanvasObject, size fyne.Size) {
	x := -linkInset
	for _, l := range links {
		l.Resize(fyne.NewSize(l.MinSize().Width, size.Height))
		l.Move(fyne.NewPos(x, 0))
		x += l.MinSize().Width + linkApart
	}
}
