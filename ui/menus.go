package ui

import (
	"context"
	"log/slog"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// openProgramMenu opens the program's own menu.
func (w *Window) openProgramMenu() { w.loadMenuCounts(w.showProgramMenu) }

func (w *Window) showProgramMenu(n menuCounts) {
	due := n.due
	items := []widgets.MenuItem{
		{Label: blockedLabel(due), Shortcut: "Ctrl+Shift+B", Icon: theme.Icon("block", theme.Muted), Action: w.showBlockedView},
		{Label: "History…", Shortcut: "Ctrl+H", Icon: theme.Icon("clock", theme.Muted), Action: w.showHistory},
		{Label: "Export blocked list…", Icon: theme.Icon("export", theme.Muted), Action: w.importExport.exportList},
		{Label: "Import blocked list…", Icon: theme.Icon("inbox", theme.Muted), Action: w.importExport.chooseList},
		{Separator: true},
		{Label: "Import messages…", Icon: theme.Icon("inbox", theme.Muted), Action: w.messageImport.open},
		{Label: "Demo", Icon: theme.Icon("demo", theme.Muted), Action: w.demo.open},
		{Separator: true},
		{Label: "Settings…", Shortcut: "Ctrl+,", Icon: theme.Icon("gear", theme.Muted), Action: w.settingsDialogs.Open},
		{Label: "Shortcuts", Shortcut: "F1", Icon: theme.Icon("keyboard", theme.Muted), Action: w.showShortcutSheet},
		{Label: "About Latchdesk", Icon: theme.Icon("info", theme.Muted), Action: func() { showAbout(w.dialogs, w.Version, w.Desk.Path()) }},
		{Separator: true},
		{Label: "Quit", Shortcut: "Ctrl+Q", Icon: theme.Icon("close", theme.Muted), Action: w.close},
	}
	if n.pairs > 0 {
		pairs := widgets.MenuItem{Label: "Same person? · " + widgets.FormatCount(n.pairs) + " to decide", Shortcut: "Ctrl+J", Icon: theme.Icon("people", theme.Muted), Action: w.openPairs}
		items = append([]widgets.MenuItem{pairs}, items...)
	}
	widgets.ShowMenu(w.win.Canvas(), items, widgets.Below(w.menuButton))
}

// menuCounts are the numbers in the program's menu.
type menuCounts struct{ due, pairs int }

// loadMenuCounts calls then with the numbers of blocks to review and of pairs to
// decide, 0 for what cannot be read: the menu opens all the same.
func (w *Window) loadMenuCounts(then func(menuCounts)) {
	dialogs.Load(w.dialogs, func(ctx context.Context) (n menuCounts, err error) {
		if n.due, err = w.Desk.CountDue(ctx); err != nil {
			slog.Warn("cannot count the blocks to review", "error", err)
		}
		if n.pairs, err = w.Desk.CountPairs(ctx); err != nil {
			slog.Warn("cannot count the pairs to decide", "error", err)
		}
		return n, ctx.Err()
	}, then)
}

// chatState is what a chat's menu depends on, read when it is opened.
type chatState struct {
	customer     data.Customer
	unread       int
	markedUnread bool
	paired       bool // the customer may be the same person as another, or that was decided
}

// loadChatThen reads how a chat stands now and calls then to ask about it, unless
// something else is asked for meanwhile.
func (w *Window) loadChatThen(customer int64, then func(chatState)) {
	dialogs.Load(w.dialogs, w.chatStateReader(customer), then)
}

func (w *Window) chatStateReader(customer int64) func(context.Context) (chatState, error) {
	return func(ctx context.Context) (s chatState, err error) {
		if s.customer, err = w.Desk.Customer(ctx, customer); err != nil {
			return s, err
		}
		pairs, err := w.Desk.PairsOf(ctx, customer)
		if err != nil {
			return s, err
		}
		s.paired = len(pairs) > 0
		s.unread, s.markedUnread, err = w.Desk.Unread(ctx, customer)
		return s, err
	}
}

// openChatMenu opens the menu of a customer's chat, as the database has it.
func (w *Window) openChatMenu(customer int64, at fyne.Position) {
	if customer == 0 {
		return
	}
	w.loadChatThen(customer, func(s chatState) {
		widgets.ShowMenu(w.win.Canvas(), w.chatMenuItems(s), at)
	})
}

func (w *Window) chatMenuItems(s chatState) []widgets.MenuItem {
	c := s.customer
	items := []widgets.MenuItem{
		w.readMenuItem(s),
		{Label: "Rename…", Shortcut: "F2", Icon: theme.Icon("pencil", theme.Muted), Action: func() { w.customerDialogs.rename(c) }},
		{Label: "Tags…", Shortcut: "Ctrl+T", Icon: theme.Icon("tag", theme.Muted), Action: func() { w.customerDialogs.editTags(c) }},
		{Label: "Export chat…", Shortcut: "Ctrl+E", Icon: theme.Icon("export", theme.Muted), Action: func() { w.customerDialogs.exportChat(c) }},
		{Label: "Import chat…", Icon: theme.Icon("inbox", theme.Muted), Action: func() { w.chatImport.open(c) }},
		{Label: "Clear chat…", Icon: theme.Icon("trash", theme.Muted), Action: func() { w.customerDialogs.clearChat(c) }},
	}
	if s.paired {
		items = append(items, widgets.MenuItem{Label: "Same person…", Icon: theme.Icon("people", theme.Muted), Action: func() { w.pairDialog.open(c.ID) }})
	}
	return append(items, widgets.MenuItem{Separator: true}, w.blockMenuItem(c))
}

func (w *Window) readMenuItem(s chatState) widgets.MenuItem {
	item := widgets.MenuItem{Label: "Mark as unread", Shortcut: "Ctrl+U", Icon: theme.Icon("eye-off", theme.Muted)}
	read := s.unread > 0 || s.markedUnread
	if read {
		item.Label = "Mark as read"
	}
	item.Action = func() { w.setRead(s.customer.ID, read) }
	return item
}

func (w *Window) blockMenuItem(c data.Customer) widgets.MenuItem {
	want := data.Blocked
	item := widgets.MenuItem{Label: "Block", Shortcut: "Ctrl+B", Icon: theme.Icon("block", theme.Danger), Danger: true}
	if c.Status(w.Desk.Now()) == data.Blocked {
		want = data.Active
		item = widgets.MenuItem{Label: "Unblock", Shortcut: "Ctrl+B", Icon: theme.Icon("unblock", theme.Accent)}
	}
	// Not Open: the customer may have changed while the menu was open.
	item.Action = func() { w.blockDialogs.OpenFor(c.ID, want) }
	return item
}

func (w *Window) setRead(customer int64, read bool) {
	w.runner.Enqueue(func(ctx context.Context) error { return w.Desk.SetRead(ctx, customer, read) }, nil)
}
