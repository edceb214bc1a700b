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

// changeCoalescer is what changed since the window last looked. However much changes,
// one look is pending at a time.
type changeCoalescer struct {
	mu           sync.Mutex
	pending      bool
	customers    map[int64]bool
	remoteStatus map[int64]bool // customers of whom DoubleTick is told
	messages     bool
	account      bool
	settings     bool
	everything   bool
	activate     bool
}

func (g *changeCoalescer) add(changes []data.Change) (look bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.customers == nil {
		g.customers, g.remoteStatus = map[int64]bool{}, map[int64]bool{}
	}
	for _, c := range changes {
		switch c.Kind {
		case data.CustomerChanged, data.ReadChanged:
			g.customers[c.CustomerID] = true
		case data.MessageChanged:
			g.customers[c.CustomerID] = true
			g.messages = true
		case data.AccountChanged:
			g.account = true
			if c.CustomerID != 0 {
				g.remoteStatus[c.CustomerID] = true
			}
		case data.SettingsChanged:
			g.settings = true
		case data.WorldChanged:
			g.everything = true
		case data.ActivateRequested:
			g.activate = true
		}
	}
	look = !g.pending
	g.pending = true
	return look
}

// changeset is what take gives: all that was gathered, once.
type changeset struct {
	customers, remoteStatus                           []int64
	messages, account, settings, everything, activate bool
}

func (g *changeCoalescer) take() changeset {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := changeset{messages: g.messages, account: g.account, settings: g.settings, everything: g.everything, activate: g.activate}
	for id := range g.customers {
		all.customers = append(all.customers, id)
	}
	for id := range g.remoteStatus {
		all.remoteStatus = append(all.remoteStatus, id)
	}
	g.pending, g.customers, g.remoteStatus = false, nil, nil
	g.messages, g.account, g.settings, g.everything, g.activate = false, false, false, false, false
	return all
}

// subscribe has the window re-read whatever changes from now on, once watch
// runs. It comes before the first read, so that nothing is missed between the
// two.
func (w *Window) subscribe(ctx context.Context) error {
	g := &changeCoalescer{}
	return w.Desk.Subscribe(ctx, func(changes []data.Change) {
		if g.add(changes) {
			w.runner.RunOnUI(func() { w.applyChanges(g.take()) })
		}
	})
}

// watch keeps the window true to the database until ctx ends.
func (w *Window) watch(ctx context.Context) {
	if err := w.Desk.Watch(ctx); err != nil {
		w.runner.RunOnUI(func() { w.showErrorBanner(err) })
	}
}

// applyChanges has the panes re-read what changed.
func (w *Window) applyChanges(c changeset) {
	if c.activate {
		w.win.Show()
		native.RestoreWindow(w.win)
		w.win.RequestFocus()
	}
	if c.settings || c.everything {
		w.reloadSettings()
	}
	if c.settings || c.everything || len(c.customers) > 0 {
		w.blockedView.Changed()
	}
	if c.account || c.everything || w.accountStatus.account.Joined() && len(c.customers) > 0 {
		w.refreshAccountStatus()
	}
	if c.everything {
		w.resetNotified()
		w.chatList.Reload()
		if id := w.chat.Customer(); id != 0 {
			w.openChat(id)
		}
		return
	}
	if len(c.customers) > 0 {
		w.chatList.Changed(c.customers)
		w.chat.Changed(c.customers)
	}
	if len(c.remoteStatus) > 0 {
		w.chat.Changed(c.remoteStatus)
	}
	if c.messages {
		w.notify()
	}
}

func (w *Window) reloadSettings() {
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
			w.showErrorBanner(err)
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
	after, tell := w.lastNotified, w.settings.Notify && !w.active
	var count int
	var last int64
	w.runner.Enqueue(func(ctx context.Context) (err error) {
		count, last, err = w.Desk.NewIncoming(ctx, after)
		return err
	}, func(err error) {
		if err != nil {
			w.showErrorBanner(err)
			return
		}
		w.lastNotified = max(w.lastNotified, last)
		if tell && count > 0 {
			fyne.CurrentApp().SendNotification(fyne.NewNotification("Latchdesk", notificationText(count)))
		}
	})
}

// resetNotified has only what comes in from now on be told of.
func (w *Window) resetNotified() {
	var last int64
	w.runner.Enqueue(func(ctx context.Context) (err error) {
		last, err = w.Desk.LastIncoming(ctx)
		return err
	}, func(err error) {
		if err != nil {
			w.showErrorBanner(err)
			return
		}
		w.lastNotified = last
	})
}

func notificationText(count int) string {
	if count == 1 {
		return "1 new message"
	}
	return fmt.Sprintf("%d new messages", count)
}
