package ui

import (
	"context"
	"fmt"
	"sync"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/native"
	"github.com/latchdesk/latchdesk/ui/theme"
)

// gathered is what changed since the window last looked. However much changes,
// one look is pending at a time.
type gathered struct {
	mu       sync.Mutex
	pending  bool
	chats    map[int64]bool
	told     map[int64]bool // customers of whom DoubleTick is told
	messages bool
	account  bool
	settings bool
	world    bool
	summoned bool
}

func (g *gathered) add(changes []data.Change) (look bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.chats == nil {
		g.chats, g.told = map[int64]bool{}, map[int64]bool{}
	}
	for _, c := range changes {
		switch c.Kind {
		case data.CustomerChanged, data.ReadChanged:
			g.chats[c.CustomerID] = true
		case data.MessageChanged:
			g.chats[c.CustomerID] = true
			g.messages = true
		case data.AccountChanged:
			g.account = true
			if c.CustomerID != 0 {
				g.told[c.CustomerID] = true
			}
		case data.SettingsChanged:
			g.settings = true
		case data.WorldChanged:
			g.world = true
		case data.ActivateRequested:
			g.summoned = true
		}
	}
	look = !g.pending
	g.pending = true
	return look
}

// gathering is what take gives: all that was gathered, once.
type gathering struct {
	customers, told                              []int64
	messages, account, settings, world, summoned bool
}

func (g *gathered) take() gathering {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := gathering{messages: g.messages, account: g.account, settings: g.settings, world: g.world, summoned: g.summoned}
	for id := range g.chats {
		all.customers = append(all.customers, id)
	}
	for id := range g.told {
		all.told = append(all.told, id)
	}
	g.pending, g.chats, g.told = false, nil, nil
	g.messages, g.account, g.settings, g.world, g.summoned = false, false, false, false, false
	return all
}

// subscribe has the window re-read whatever changes from now on, once watch
// runs. It comes before the first read, so that nothing is missed between the
// two.
func (w *Window) subscribe(ctx context.Context) error {
	g := &gathered{}
	return w.Desk.Subscribe(ctx, func(changes []data.Change) {
		if g.add(changes) {
			w.runner.RunOnUI(func() { w.changed(g.take()) })
		}
	})
}

// watch keeps the window true to the database until ctx ends.
func (w *Window) watch(ctx context.Context) {
	if err := w.Desk.Watch(ctx); err != nil {
		w.runner.RunOnUI(func() { w.failed(err) })
	}
}

// changed has the panes re-read what changed.
func (w *Window) changed(c gathering) {
	if c.summoned {
		w.win.Show()
		native.RestoreWindow(w.win)
		w.win.RequestFocus()
	}
	if c.settings || c.world {
		w.readSettings()
	}
	if c.settings || c.world || len(c.customers) > 0 {
		w.blockedView.Changed()
	}
	if c.account || c.world || w.accountStatus.account.Joined() && len(c.customers) > 0 {
		w.refreshAccountStatus()
	}
	if c.world {
		w.startNews()
		w.list.Reload()
		if id := w.chat.Customer(); id != 0 {
			w.open(id)
		}
		return
	}
	if len(c.customers) > 0 {
		w.list.Changed(c.customers)
		w.chat.Changed(c.customers)
	}
	if len(c.told) > 0 {
		w.chat.Changed(c.told)
	}
	if c.messages {
		w.notify()
	}
}

func (w *Window) readSettings() {
	var s data.Settings
	var reasons []string
	w.runner.Enqueue(func(ctx context.Context) (err error) {
		if reasons, err = w.Desk.Reasons(ctx); err != nil {
			return err
		}
		s, err = w.Desk.Settings(ctx)
		return err
	}, func(err error) {
		if err != nil {
			w.failed(err)
			return
		}
		restyle := s.Theme != w.settings.Theme
		w.settings, w.reasons = s, reasons
		if restyle {
			fyne.CurrentApp().Settings().SetTheme(theme.New(s.Theme))
		}
		w.chat.Reload()
	})
}

// notify tells the system of new messages while the agent looks elsewhere: how
// many, and never whose or what.
func (w *Window) notify() {
	after, tell := w.notified, w.settings.Notify && !w.active
	var count int
	var last int64
	w.runner.Enqueue(func(ctx context.Context) (err error) {
		count, last, err = w.Desk.NewIncoming(ctx, after)
		return err
	}, func(err error) {
		if err != nil {
			w.failed(err)
			return
		}
		w.notified = max(w.notified, last)
		if tell && count > 0 {
			fyne.CurrentApp().SendNotification(fyne.NewNotification("Latchdesk", notice(count)))
		}
	})
}

// startNews has only what comes in from now on be told of.
func (w *Window) startNews() {
	var last int64
	w.runner.Enqueue(func(ctx context.Context) (err error) {
		last, err = w.Desk.LastIncoming(ctx)
		return err
	}, func(err error) {
		if err != nil {
			w.failed(err)
			return
		}
		w.notified = last
	})
}

func notice(count int) string {
	if count == 1 {
		return "1 new message"
	}
	return fmt.Sprintf("%d new messages", count)
}
