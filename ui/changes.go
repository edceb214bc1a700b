package ui

import (
	"context"
	"sync"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
)

// changeCoalescer collects changes until they are taken. However many there are,
// one take is pending at a time.
type changeCoalescer struct {
	mu           sync.Mutex
	pending      bool
	customers    map[int64]bool
	remoteStatus map[int64]bool // customers whose outbox entries changed
	messages     bool
	account      bool
	setAside     bool
	settings     bool
	everything   bool
	activate     bool
}

// add reports whether a take has to be scheduled.
func (g *changeCoalescer) add(changes []data.Change) (schedule bool) {
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
		case data.SetAsideChanged:
			g.setAside = true
		case data.SettingsChanged:
			g.settings = true
		case data.WorldChanged:
			g.everything = true
		case data.ActivateRequested:
			g.activate = true
		}
	}
	schedule = !g.pending
	g.pending = true
	return schedule
}

// changeset is what changed between two calls of take.
type changeset struct {
	customers, remoteStatus                                     []int64
	messages, account, setAside, settings, everything, activate bool
}

func (g *changeCoalescer) take() changeset {
	g.mu.Lock()
	defer g.mu.Unlock()
	all := changeset{messages: g.messages, account: g.account, setAside: g.setAside, settings: g.settings, everything: g.everything, activate: g.activate}
	for id := range g.customers {
		all.customers = append(all.customers, id)
	}
	for id := range g.remoteStatus {
		all.remoteStatus = append(all.remoteStatus, id)
	}
	g.pending, g.customers, g.remoteStatus = false, nil, nil
	g.messages, g.account, g.setAside, g.settings, g.everything, g.activate = false, false, false, false, false, false
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

// watch has the window follow the database until ctx ends.
func (w *Window) watch(ctx context.Context) {
	if err := w.Desk.Watch(ctx); err != nil {
		w.runner.RunOnUI(func() { w.showErrorBanner(err) })
	}
}

// applyChanges has the panes re-read what changed.
func (w *Window) applyChanges(c changeset) {
	if c.activate {
		w.raise()
	}
	if c.settings || c.everything {
		w.reloadSettings()
	}
	if c.settings || c.everything || len(c.customers) > 0 {
		w.blockedView.Changed()
	}
	if c.account || c.everything || w.accountDialogs.Joined() && len(c.customers) > 0 {
		w.accountDialogs.Refresh()
	}
	if c.setAside || c.everything {
		w.setAside.Refresh()
	}
	if c.everything {
		w.notifier.reset()
		w.chatList.Reload()
		if w.pairs.Shown() {
			w.leavePairs()
		}
		if id := w.chat.Customer(); id != 0 {
			w.openChat(id)
		}
		return
	}
	if len(c.customers) > 0 {
		w.chatList.Changed(c.customers)
		w.chat.Changed(c.customers)
		w.pairs.Changed(c.customers)
	}
	if len(c.remoteStatus) > 0 {
		w.chat.Changed(c.remoteStatus)
	}
	if c.messages {
		w.notifier.notify()
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
		if s.Agent == "" { // the first start still asks
			s.Agent, s.Country = w.settings.Agent, w.settings.Country
		}
		restyle := s.Theme != w.settings.Theme
		w.settings, w.reasons = s, reasons
		if restyle {
			fyne.CurrentApp().Settings().SetTheme(theme.New(s.Theme))
		}
		w.chat.Reload()
	})
}
