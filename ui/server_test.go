package ui

import (
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data/httpapi"
	"github.com/latchdesk/latchdesk/data/waittest"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// served opens a window that can answer programs.
func served(t *testing.T, change ...options) *agent {
	t.Helper()
	folder := t.TempDir()
	a := sit(t, newWorld(t), append([]options{func(o *Options) { o.Server = httpapi.NewServerControl(o.Desk, folder) }}, change...)...)
	t.Cleanup(a.Server.Stop)
	a.click("Walter Quist")
	a.until("the composer is ready", a.onComposer)
	return a
}

func (a *agent) openServerSheet() {
	a.t.Helper()
	a.settingsDialogs.OpenServer()
	a.asks("HTTP server")
}

func (a *agent) answerCheck() *widgets.Check {
	a.t.Helper()
	for _, s := range a.top() {
		if c, ok := s.object.(*widgets.Check); ok {
			return c
		}
	}
	a.t.Fatal("there is nothing to tick")
	return nil
}

// reads waits until the dialog on top says something.
func (a *agent) reads(text string) {
	a.t.Helper()
	a.until("the dialog says "+text, func() bool {
		_, texts, _ := a.dialog()
		return strings.Contains(strings.Join(texts, " "), text)
	})
}

func copied() string { return fyne.CurrentApp().Clipboard().Content() }

// The server is off, is switched on, answers by the key that is copied, blocks
// in the open window, and is off again.
func TestServer_IsSwitchedInSettings(t *testing.T) {
	a := served(t)
	a.openServerSheet()
	a.reads("The HTTP server is off.")
	if a.answerCheck().Checked || a.Server.URL() != "" {
		t.Error("it is on by itself")
	}
	a.answerCheck().SetChecked(true)
	a.fill(0, "127.0.0.1:0")
	a.press("Return")
	a.until("it is on", func() bool { return a.Server.URL() != "" })
	a.asks("HTTP server")
	a.reads(a.Server.URL())
	if s := a.saved(); !s.Serve || s.Listen != "127.0.0.1:0" {
		t.Errorf("kept is %+v", s)
	}
	a.click("Copy key")
	key := copied()
	a.reads("The key is copied.")
	a.click("Copy webhook path")
	if got := copied(); !strings.HasPrefix(got, "/webhook/") || len(got) != len("/webhook/")+32 {
		t.Errorf("%q is copied", got)
	}
	ask := func(key string) int {
		t.Helper()
		r, err := http.NewRequestWithContext(waittest.Context(t), "POST", a.Server.URL()+"/customer/block", strings.NewReader(`{"phone":"`+string(walter)+`","agent":"Robot"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", key)
		answered, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answered.Body.Close()
		_, _ = io.Copy(io.Discard, answered.Body)
		return answered.StatusCode
	}
	a.click("Renew key…")
	a.asks("Renew key")
	a.press("Escape") // back to where it was asked from
	a.asks("HTTP server")
	a.click("Renew key…")
	a.asks("Renew key")
	a.click("Renew")
	a.reads("The key is renewed. Programs need the new one: copy it.")
	if got := ask(key); got != 401 {
		t.Errorf("the key of before is answered with %d", got)
	}
	a.click("Copy key")
	if got := ask(copied()); got != 201 {
		t.Errorf("the new key is answered with %d", got)
	}
	a.press("Escape")
	a.free()
	a.isBlocked("Robot", "No messages held.")
	a.openServerSheet()
	a.answerCheck().SetChecked(false)
	a.press("Return")
	a.free()
	if a.Server.URL() != "" || a.saved().Serve {
		t.Error("it is still on")
	}
}

// What is wrong with a place is said where it was asked for, and nothing is kept.
func TestServer_CannotListen(t *testing.T) {
	a := served(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	a.openServerSheet()
	for place, says := range map[string]string{
		taken.Addr().String(): "is in use by another program",
		"0.0.0.0:0":           "can be reached from other computers",
		"somewhere":           "is not an address to listen on",
	} {
		a.answerCheck().SetChecked(true)
		a.fill(0, place)
		a.press("Return")
		a.reads(says)
	}
	if a.saved().Serve || a.Server.URL() != "" {
		t.Error("it was kept")
	}
}

// What was chosen is so at the next start.
func TestServer_StartsWithWindow(t *testing.T) {
	a := served(t, func(o *Options) { o.Settings.Serve, o.Settings.Listen = true, "127.0.0.1:0" })
	a.settingsDialogs.StartServer()
	a.until("it is on", func() bool { return a.Server.URL() != "" })
}
