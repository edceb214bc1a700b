package ui

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
	"github.com/latchdesk/latchdesk/ui/theme"
)

// TestMain keeps the log of reads that were not waited for out of the output.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

// place is a profile that outlives the windows on it.
type place struct {
	path  string
	clock *clock
}

func newPlace(t testing.TB) place {
	home := t.TempDir()
	for _, name := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"} {
		t.Setenv(name, home)
	}
	return place{
		path:  filepath.Join(t.TempDir(), "latchdesk.db"),
		clock: &clock{now: time.Date(2026, 3, 9, 14, 5, 0, 0, time.Local)},
	}
}

// desk opens the profile as a process of its own would.
func (p place) desk(t testing.TB) (*desk.Desk, *store.Store) {
	t.Helper()
	s, err := store.Open(t.Context(), p.path, p.clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return desk.New(s), s
}

var (
	asha = data.Actor{Kind: data.AgentActor, Name: "Asha Rao", Channel: data.ViaWindow}
	ben  = data.Actor{Kind: data.AgentActor, Name: "Ben", Channel: data.ViaCommand}
)

const (
	walter data.Phone = "+46701234567"
	meera  data.Phone = "+919137979401"
	tom    data.Phone = "+353861234567"
)

// agent is somebody at a window: hands to press with, and eyes.
type agent struct {
	*Window
	t       testing.TB
	place   place
	program *program
	window  *window
	screen  *screen
	queue   *queue
	store   *store.Store
	watches func() // has the window watch for changes
	leave   func()
	needs   map[fyne.CanvasObject]fyne.Size // how much room each thing needed in the last frame
}

// options changes what a window is opened with.
type options func(*Options)

func inMode(mode string) options { return func(o *Options) { o.Settings.Theme = mode } }

// sit opens a window on a profile and waits until it shows the chats and keeps
// true to the profile.
func sit(t testing.TB, p place, change ...options) *agent {
	t.Helper()
	a := enter(t, p, change...)
	a.watches()
	return a
}

// enter opens a window on a profile and waits until it shows the chats. What
// changes is not shown until the window watches.
func enter(t testing.TB, p place, change ...options) *agent {
	t.Helper()
	d, s := p.desk(t)
	settings, err := d.Settings(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if settings.Agent == "" {
		settings.Agent = asha.Name
	}
	if settings.Theme == theme.System {
		settings.Theme = theme.Light
	}
	o := Options{Desk: d, Settings: settings, Version: "9.9.9", Person: "Asha Rao"}
	for _, c := range change {
		c(&o)
	}
	app := test.NewTempApp(t)
	a := &agent{t: t, place: p, queue: newQueue(), store: s, needs: map[fyne.CanvasObject]fyne.Size{}}
	inner := app.NewWindow("Latchdesk")
	a.screen = &screen{Canvas: inner.Canvas()}
	a.window = &window{Window: inner, canvas: a.screen}
	a.program = &program{App: app, driver: &driver{Driver: app.Driver(), canvas: a.screen, queue: a.queue}}
	fyne.SetCurrentApp(a.program)
	app.Settings().SetTheme(theme.New(o.Settings.Theme))
	ctx, cancel := context.WithCancel(t.Context())
	if a.Window, err = New(ctx, a.window, o, a.queue.add); err != nil {
		t.Fatal(err)
	}
	watched := make(chan struct{})
	a.watches = sync.OnceFunc(func() {
		go func() {
			defer close(watched)
			a.watch(ctx)
		}()
	})
	a.leave = sync.OnceFunc(func() {
		waittest.Return(t, "all acts and reads", a.runner.Wait)
		cancel()
		a.watches() // if it never did, it ends at once
		waittest.Receive(t, "the end of Watch", watched)
		waittest.Return(t, "the last acts and reads", a.runner.Wait)
		s.Close()
	})
	t.Cleanup(a.leave)
	a.until("the chats are there", func() bool {
		return a.welcome.Visible() || a.tabCount("All") != ""
	})
	return a
}

// until runs what is queued until cond holds.
func (a *agent) until(what string, cond func() bool) {
	a.t.Helper()
	late := time.After(waittest.Deadline)
	for {
		a.queue.drain()
		a.frame()
		if cond() {
			return
		}
		select {
		case <-a.queue.news:
		case <-late:
			a.picture("late")
			a.t.Fatalf("waited in vain until %s; on screen:\n%s", what, strings.Join(a.texts(), "\n"))
		}
	}
}

// frame lays out again what needs more or less room than before, as the desktop
// driver does before it paints.
func (a *agent) frame() {
	needs := map[fyne.CanvasObject]fyne.Size{}
	var settle func(o fyne.CanvasObject) (changed bool)
	settle = func(o fyne.CanvasObject) bool {
		if o == nil || !o.Visible() {
			return false
		}
		again := false
		switch o := o.(type) {
		case *fyne.Container:
			for _, part := range o.Objects {
				again = settle(part) || again
			}
			if again && o.Layout != nil {
				o.Layout.Layout(o.Objects, o.Size())
			}
		case fyne.Widget:
			r := test.WidgetRenderer(o)
			for _, part := range r.Objects() {
				again = settle(part) || again
			}
			if again {
				r.Layout(o.Size())
			}
		}
		needs[o] = o.MinSize()
		return needs[o] != a.needs[o]
	}
	settle(a.screen.Content())
	for _, layer := range a.screen.Overlays().List() {
		settle(layer)
	}
	a.needs = needs
}

// acted waits until every act asked for so far is done and answered.
func (a *agent) acted() {
	a.t.Helper()
	done := false
	a.runner.Enqueue(func(context.Context) error { return nil }, func(error) { done = true })
	a.until("the acts are done", func() bool { return done })
}

// sees waits until a text can be seen, whole.
func (a *agent) sees(text string) {
	a.t.Helper()
	a.until(fmt.Sprintf("%q can be seen", text), func() bool { return slices.Contains(a.texts(), text) })
}

// loses waits until a text cannot be seen any more.
func (a *agent) loses(text string) {
	a.t.Helper()
	a.until(fmt.Sprintf("%q is gone", text), func() bool { return !slices.Contains(a.texts(), text) })
}

var serial int

// incoming is a message from somebody, written so long ago.
func (p place) incoming(phone data.Phone, name, text string, ago time.Duration) data.Incoming {
	serial++
	return data.Incoming{From: data.Sender{Phone: phone, Name: name}, Message: data.Message{
		Kind: data.TextMessage, Text: text, At: data.MomentOf(p.clock.Now()).Add(-ago), RemoteID: fmt.Sprintf("r%d", serial),
	}}
}

func receive(t testing.TB, d *desk.Desk, messages ...data.Incoming) {
	t.Helper()
	if _, err := d.Receive(t.Context(), messages); err != nil {
		t.Fatal(err)
	}
}

// customer reads a customer from the database.
func (a *agent) customer(phone data.Phone) data.Customer {
	a.t.Helper()
	c, err := a.Desk.FindCustomer(a.t.Context(), data.Address(phone))
	if err != nil {
		a.t.Fatal(err)
	}
	return c
}

// events are the kinds of all events of a customer.
func (a *agent) events(phone data.Phone) []data.EventKind {
	a.t.Helper()
	events, err := a.Desk.Events(a.t.Context(), a.customer(phone).ID)
	if err != nil {
		a.t.Fatal(err)
	}
	var kinds []data.EventKind
	for _, e := range events {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}
