package ui

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2/canvas"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/waittest"
	"github.com/latchdesk/latchdesk/ui/account"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// keeper keeps the key as the program does, and remembers what it was asked.
type keeper struct {
	keys    []string
	tests   []string
	answer  string
	err     error
	asked   chan struct{} // told when a test has begun
	hold    chan struct{} // a test waits until it is closed, or until it is stopped
	stopped chan struct{}
}

const ourNumber data.Phone = "+918888888888"

const baseURL = "https://public.doubletick.io"

func keptBy(k *keeper) options {
	return func(o *Options) {
		d := o.Desk
		o.Account = account.Actions{
			TestConnection: func(ctx context.Context, a data.Account, key string) (string, error) {
				k.tests = append(k.tests, a.Base+" "+string(a.Number)+" "+key)
				if k.hold != nil {
					close(k.asked)
					select {
					case <-k.hold:
					case <-ctx.Done():
						close(k.stopped)
						return "", ctx.Err()
					}
				}
				return k.answer, k.err
			},
			Join: func(ctx context.Context, a data.Account, key string) (string, error) {
				if k.err != nil {
					return "", k.err
				}
				k.keys = append(k.keys, key)
				return "Kept in the system's keyring.", d.Join(ctx, a)
			},
			Leave: func(ctx context.Context) error {
				if k.err != nil {
					return k.err
				}
				k.keys = nil
				return d.Leave(ctx)
			},
			KeyLocation: func() string { return "Kept in the system's keyring." },
		}
	}
}

// joinedWorld is newWorld, joined to an account.
func joinedWorld(t testing.TB) place {
	t.Helper()
	p := newWorld(t)
	d, s := p.desk(t)
	if err := d.Join(t.Context(), data.Account{Base: baseURL, Number: ourNumber}); err != nil {
		t.Fatal(err)
	}
	s.Close()
	return p
}

// answers has DoubleTick answer the newest entry of a customer that is open.
func (a *agent) answers(d *desk.Desk, phone data.Phone, answer data.OpResult) {
	a.t.Helper()
	list, err := d.EntriesOf(a.t.Context(), a.customer(phone).ID)
	if err != nil {
		a.t.Fatal(err)
	}
	for _, e := range slices.Backward(list) {
		if !e.Open() {
			continue
		}
		account, err := d.Account(a.t.Context())
		if err != nil {
			a.t.Fatal(err)
		}
		_, _, err = d.ClaimEntry(a.t.Context(), account.JoinedAt, e.ID)
		if err := errors.Join(err, d.RecordResult(a.t.Context(), e.ID, answer)); err != nil {
			a.t.Fatal(err)
		}
		return
	}
	a.t.Fatal("nothing is open")
}

// links tells how the desk stands with DoubleTick.
func (a *agent) links(l data.Connection) {
	a.t.Helper()
	if err := a.Desk.SetConnection(a.t.Context(), l); err != nil {
		a.t.Fatal(err)
	}
}

// statusBarTexts waits until the list's header says this.
func (a *agent) statusBarTexts(text, more string) {
	a.t.Helper()
	a.until("the sign says "+text+" and "+more, func() bool {
		return a.statusLine.account.Visible() && a.statusLine.account.Text() == text && a.statusLine.account.Trailing() == more
	})
}

func (a *agent) openAccountSheet() {
	a.t.Helper()
	a.accountDialogs.Open()
	a.asks("DoubleTick account")
	a.until("its fields are there", func() bool { return slices.Contains(a.texts(), "Business number, from which replies go out") })
}

func (a *agent) account() data.Account {
	a.t.Helper()
	account, err := a.Desk.Account(a.t.Context())
	if err != nil {
		a.t.Fatal(err)
	}
	return account
}

func TestAccount_Joins(t *testing.T) {
	bothModes(t, func(t *testing.T, mode options) {
		k := &keeper{answer: "DoubleTick answers and takes the key."}
		a := sit(t, newWorld(t), mode, keptBy(k))
		if a.statusLine.account.Visible() {
			t.Error("a desk that is joined to none has a sign")
		}
		a.openAccountSheet()
		if a.field(0).Text != "https://public.doubletick.io" || !a.field(1).Password || a.screen.Focused() != a.field(1) {
			t.Errorf("it begins with %q, the keyboard on %T", a.field(0).Text, a.screen.Focused())
		}
		a.picture(a.settings.Theme + "-account-join")
		a.press("Return")
		a.says("The account's key is missing")
		a.write("secret-key")
		a.press("Return")
		a.says("The business number is missing")
		for _, button := range []string{"Join", "Test connection"} { // a number that is none is not missing
			a.fill(2, "12")
			a.click(button)
			a.says(`"12": this is not a phone number: its country code or some of its digits are missing`)
		}
		a.fill(2, "")
		a.click("Test connection") // which may tell the number
		a.sees("DoubleTick answers and takes the key.")
		a.fill(2, "91 88888 88888")
		a.click("Test connection")
		a.until("it is answered again", func() bool { return slices.Contains(a.texts(), k.answer) })
		if !slices.Equal(k.tests, []string{"https://public.doubletick.io  secret-key", "https://public.doubletick.io +918888888888 secret-key"}) || a.account().Joined() {
			t.Errorf("tested with %q, joined: %v", k.tests, a.account())
		}
		if slices.ContainsFunc(a.texts(), func(text string) bool { return strings.Contains(text, "secret-key") }) {
			t.Error("the key can be read")
		}
		a.picture(a.settings.Theme + "-account-tested")
		a.click("Join")
		a.asks("Joined to DoubleTick")
		a.says("Chats are being fetched now. The key is kept in the system's keyring.")
		a.press("Return")
		a.free()
		a.statusBarTexts("DoubleTick has not answered yet", "")
		if got := a.account(); !got.Joined() || got.Number != ourNumber || !slices.Equal(k.keys, []string{"secret-key"}) {
			t.Errorf("joined to %+v with %q", got, k.keys)
		}
		a.openAccountSheet()
		if a.field(1).Text != "" || a.field(1).PlaceHolder != "leave empty to keep the present one" || a.field(2).Text != "+91 88888 88888" {
			t.Errorf("it shows %q, %q", a.field(1).Text, a.field(2).Text)
		}
		a.sees("Kept in the system's keyring.")
		a.picture(a.settings.Theme + "-account-joined")
		a.press("Return") // nothing was changed
		a.free()
		if !slices.Equal(k.keys, []string{"secret-key"}) {
			t.Errorf("joined with %q", k.keys)
		}
		a.blockAs(a.Desk, asha, walter)
		a.statusBarTexts("DoubleTick has not answered yet", "1 waiting")
		a.openAccountSheet()
		a.fill(0, "https://eu.doubletick.example")
		a.click("Save")
		a.asks("Another account")
		a.sees("1 waiting message or block stays here only.")
		a.press("Escape")
		a.asks("DoubleTick account")
		a.click("Save")
		a.asks("Another account")
		a.press("Return")
		a.free()
		a.statusBarTexts("DoubleTick has not answered yet", "")
		if got := a.account(); got.Base != "https://eu.doubletick.example" || !slices.Equal(k.keys, []string{"secret-key", ""}) {
			t.Errorf("saved %+v with %q", got, k.keys)
		}
	})
}

func TestAccount_ShowsErrorsInDialog(t *testing.T) {
	k := &keeper{err: errors.New("DoubleTick does not accept the key.")}
	a := sit(t, newWorld(t), keptBy(k))
	a.openAccountSheet()
	a.fill(1, "wrong")
	a.fill(2, string(ourNumber))
	a.click("Test connection")
	a.says("DoubleTick does not accept the key.")
	k.err = errors.New("The keyring is locked.")
	a.click("Join")
	a.says("The keyring is locked.")
	k.err = nil
	a.fill(0, "http://doubletick.example")
	a.click("Join")
	a.says("join the account: ")
	if a.account().Joined() {
		t.Error("it was joined")
	}
	a.press("Escape")
	a.free()
}

// Who leaves the dialog stops the test, and hears no more of it.
func TestAccount_ClosingCancelsTest(t *testing.T) {
	k := &keeper{asked: make(chan struct{}), hold: make(chan struct{}), stopped: make(chan struct{})}
	a := sit(t, newWorld(t), keptBy(k))
	a.openAccountSheet()
	a.fill(1, "key")
	a.fill(2, string(ourNumber))
	a.click("Test connection")
	a.sees("Asking DoubleTick…")
	waittest.Receive(t, "the account to be asked", k.asked)
	a.press("Escape")
	waittest.Receive(t, "the test to be stopped", k.stopped)
	a.acted()
	a.free()
	if a.errorBanner.Visible() {
		t.Errorf("the banner says %q", a.errorBanner.Text())
	}
}

func TestStatusBar_SaysHowItStands(t *testing.T) {
	p := joinedWorld(t)
	a := sit(t, p, keptBy(&keeper{}))
	a.statusBarTexts("DoubleTick has not answered yet", "")
	a.links(data.Connection{State: data.Fetching, Chats: 1200})
	a.statusBarTexts("Fetching chats… 1\u202f200", "")
	a.links(data.Connection{State: data.Fetching, Chats: 1200, Failed: 2})
	a.statusBarTexts("Fetching chats… 1\u202f200, 2 pages failed", "")
	a.links(data.Connection{State: data.Online})
	a.statusBarTexts("DoubleTick online", "")
	a.picture("sign-online")
	a.blockAs(a.Desk, asha, walter)
	a.statusBarTexts("DoubleTick online", "1 waiting")
	a.blockAs(a.Desk, asha, meera)
	a.statusBarTexts("DoubleTick online", "2 waiting")
	a.answers(a.Desk, meera, data.OpResult{Kind: data.ResultRejected, HTTPStatus: 404, Message: "Invalid Customer"})
	a.statusBarTexts("DoubleTick online", "1 waiting, 1 refused")
	a.links(data.Connection{State: data.Offline, Reason: "no route to host"})
	a.statusBarTexts("DoubleTick offline", "1 waiting, 1 refused")
	p.clock.forward(5 * time.Minute)
	a.accountDialogs.ShowStatus() // as every minute does
	a.statusBarTexts("DoubleTick offline since 14:05", "1 waiting, 1 refused")
	a.picture("sign-offline")
	p.clock.forward(24 * time.Hour)
	a.accountDialogs.ShowStatus()
	a.statusBarTexts("DoubleTick offline since 9 Mar 14:05", "1 waiting, 1 refused")
	a.links(data.Connection{State: data.KeyRefused})
	a.statusBarTexts("DoubleTick does not accept the key", "1 waiting, 1 refused")
	a.picture("sign-key")

	a.links(data.Connection{State: data.KeyRefused, Reason: "No key is kept for the account"})
	a.statusBarTexts("No key is kept for the account", "1 waiting, 1 refused")
	a.links(data.Connection{State: data.KeyRefused})

	// It leads to the account, by mouse and by keyboard.
	a.click("Key refused")
	a.asks("DoubleTick account")
	a.says("DoubleTick does not accept the key. Nothing is sent until there is a new one. 1 message or block is waiting to be sent. 1 refused.")
	a.links(data.Connection{State: data.Online})
	a.says("DoubleTick answers. 1 message or block is waiting")
	a.press("Escape")
	a.free()
	a.screen.Focus(a.statusLine.account)
	a.press("Return")
	a.asks("DoubleTick account")
}

func TestAccount_PausesAndResumes(t *testing.T) {
	a := sit(t, joinedWorld(t), keptBy(&keeper{}))
	a.links(data.Connection{State: data.Online})
	a.statusBarTexts("DoubleTick online", "")
	a.openAccountSheet()
	a.click("Pause")
	a.statusBarTexts("DoubleTick paused", "")
	a.says("Paused here: nothing is sent or fetched.")
	if !a.account().Paused {
		t.Error("it is not paused")
	}
	a.click("Resume")
	a.statusBarTexts("DoubleTick has not answered yet", "")
	if a.account().Paused {
		t.Error("it is paused")
	}
}

func TestAccount_ResendsAll(t *testing.T) {
	p := newWorld(t)
	d, s := p.desk(t)
	c, err := d.FindCustomer(t.Context(), data.Address(walter))
	if err != nil {
		t.Fatal(err)
	}
	_, err = d.Block(t.Context(), asha, c.ID, data.BlockRequest{})
	if err := errors.Join(err, d.Join(t.Context(), data.Account{Base: baseURL, Number: ourNumber})); err != nil {
		t.Fatal(err)
	}
	s.Close()
	a := sit(t, p, keptBy(&keeper{}))
	a.statusBarTexts("DoubleTick has not answered yet", "")
	a.openAccountSheet()
	a.click("Send all again…")
	a.asks("Send all again")
	a.sees("1 customer is blocked here, and is sent again.")
	a.picture("send-all")
	a.press("Escape") // back to where it was asked from
	a.asks("DoubleTick account")
	a.click("Send all again…")
	a.asks("Send all again")
	a.press("Return")
	a.sees("DoubleTick is being told about 1 customer.")
	a.press("Return")
	a.asks("DoubleTick account")
	a.statusBarTexts("DoubleTick has not answered yet", "1 waiting")
	a.click("Send all again…")
	a.asks("Send all again")
	a.press("Return")
	a.sees("There is nothing to tell DoubleTick.")
}

func TestAccount_Leaves(t *testing.T) {
	k := &keeper{keys: []string{"secret"}}
	a := sit(t, joinedWorld(t), keptBy(k))
	a.click("Walter Quist")
	a.until("the composer is ready", a.onComposer)
	a.blockAs(a.Desk, asha, walter)
	a.sees("Waiting for DoubleTick")
	a.statusBarTexts("DoubleTick has not answered yet", "1 waiting")
	a.openAccountSheet()
	a.click("Leave…")
	a.asks("Leave DoubleTick")
	a.sees("1 waiting message or block stays here only.")
	a.picture("leave")
	a.press("Escape")
	a.asks("DoubleTick account")
	a.click("Leave…")
	a.asks("Leave DoubleTick")
	k.err = errors.New("The keyring is locked.")
	a.click("Leave")
	a.says("The keyring is locked.")
	k.err = nil
	a.click("Leave")
	a.free()
	a.until("the sign is gone", func() bool { return !a.statusLine.account.Visible() })
	a.loses("Waiting for DoubleTick")
	if a.account().Joined() || len(k.keys) > 0 {
		t.Errorf("joined to %+v with %q", a.account(), k.keys)
	}
	a.sees("Blocked by Asha Rao today at 14:05 · for good")
}

func TestAccount_DemoCannotJoin(t *testing.T) {
	a := sit(t, newWorld(t), func(o *Options) { o.Settings.Demo = true })
	a.press("Ctrl+,")
	a.asks("Settings")
	a.click("DoubleTick account…")
	a.asks("DoubleTick account")
	_, texts, buttons := a.dialog()
	if !slices.Contains(texts, "The demo is not connected to anything: its customers are invented, and nothing leaves this computer. Open your own desk to join it to DoubleTick.") || len(buttons) != 1 {
		t.Errorf("it says %q", texts)
	}
	if a.statusLine.account.Visible() {
		t.Error("the demo has a sign")
	}
}

// The story of a block as DoubleTick is told of it by another process.
func TestAccount_ShowsBlockUnderWay(t *testing.T) {
	bothModes(t, func(t *testing.T, mode options) {
		a := sit(t, joinedWorld(t), mode, keptBy(&keeper{}), func(o *Options) { o.Settings.Width, o.Settings.Height = 720, 520 })
		other := a.colleague()
		a.links(data.Connection{State: data.Online})
		a.click("Walter Quist")
		a.until("the composer is ready", a.onComposer)
		a.write("On its way")
		a.press("Return")
		a.statusBarTexts("DoubleTick online", "1 waiting")
		a.until("a clock stands at it", func() bool {
			return slices.ContainsFunc(a.look(), func(s shown) bool { return iconOf(s) == theme.Icon("clock", theme.Muted) })
		})
		a.answers(other, walter, data.OpResult{Kind: data.ResultRejected, HTTPStatus: 500, Message: "DoubleTick could not send it"})
		a.sees("Not sent: DoubleTick could not send it")
		a.picture(a.settings.Theme + "-story-failed")
		a.click("Retry")
		a.loses("Not sent: DoubleTick could not send it")
		if !a.onComposer() {
			t.Errorf("the keyboard is on %T", a.screen.Focused())
		}
		a.answers(other, walter, data.OpResult{Kind: data.ResultOK, HTTPStatus: 200, Status: data.Sent})
		a.press("Ctrl+B")
		a.asks("Block Customer")
		a.press("Return")
		a.free()
		a.sees("Waiting for DoubleTick")
		a.picture(a.settings.Theme + "-story-waiting")
		a.answers(other, walter, data.OpResult{Kind: data.ResultRejected, HTTPStatus: 404, Message: "Invalid Customer"})
		a.sees("DoubleTick: Invalid Customer")
		a.picture(a.settings.Theme + "-story-refused")
		a.click("Retry")
		a.sees("Waiting for DoubleTick")
		a.answers(other, walter, data.OpResult{Kind: data.ResultOK, HTTPStatus: 201})
		a.sees("Accepted by DoubleTick")
		a.picture(a.settings.Theme + "-story-done")
		a.press("Ctrl+B")
		a.asks("Unblock Customer")
		a.press("Return")
		a.free()
		a.sees("Waiting for DoubleTick")
		a.answers(other, walter, data.OpResult{Kind: data.ResultRejected, HTTPStatus: 404, Message: "Invalid Customer"})
		a.sees("DoubleTick: Invalid Customer")
		a.picture(a.settings.Theme + "-story-notice")
		a.click("Keep here only")
		a.loses("DoubleTick: Invalid Customer")
	})
}

// Tab comes by the sign, and by the links of the notice.
func TestStatusBar_TabReachesIt(t *testing.T) {
	a := sit(t, joinedWorld(t), keptBy(&keeper{}))
	a.click("Walter Quist")
	a.until("the composer is ready", a.onComposer)
	a.statusBarTexts("DoubleTick has not answered yet", "")
	a.blockAs(a.Desk, asha, walter)
	a.answers(a.Desk, walter, data.OpResult{Kind: data.ResultRejected, HTTPStatus: 404, Message: "Invalid Customer"})
	a.sees("DoubleTick: Invalid Customer")
	a.screen.Unfocus()
	var names []string
	for range 13 {
		a.press("Tab")
		name := ""
		switch f := a.screen.Focused().(type) {
		case *widgets.Button:
			name = f.Label()
		case *widgets.Link:
			for _, s := range lookInto(f) {
				if text, ok := s.object.(*canvas.Text); ok {
					name = text.Text
				}
			}
		case *widgets.StatusBar:
			name = "Sign"
		}
		if name != "" {
			names = append(names, name)
		}
	}
	if got := strings.Join(names, ", "); got != "Menu, Sign, Chat menu, Change…, Retry, Keep here only, Unblock" {
		t.Errorf("Tab leads through %s", got)
	}
}
