package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// openProgramMenu opens the program's own menu.
func (w *Window) openProgramMenu() { w.loadDueCount(w.showProgramMenu) }

func (w *Window) showProgramMenu(due int) {
	widgets.ShowMenu(w.win.Canvas(), []widgets.MenuItem{
		{Label: blockedLabel(due), Shortcut: "Ctrl+Shift+B", Icon: theme.Icon("block", theme.Muted), Action: w.showBlockedView},
		{Label: "History…", Shortcut: "Ctrl+H", Icon: theme.Icon("clock", theme.Muted), Action: w.showHistory},
		{Label: "Export blocked list…", Icon: theme.Icon("export", theme.Muted), Action: w.importExport.exportList},
		{Label: "Import blocked list…", Icon: theme.Icon("inbox", theme.Muted), Action: w.importExport.chooseList},
		{Separator: true},
		{Label: "Bring in messages…", Icon: theme.Icon("inbox", theme.Muted), Action: w.messageImport.open},
		{Label: "Demo", Icon: theme.Icon("demo", theme.Muted), Action: w.demo.open},
		{Separator: true},
		{Label: "Settings…", Shortcut: "Ctrl+,", Icon: theme.Icon("gear", theme.Muted), Action: w.settingsDialogs.Open},
		{Label: "Shortcuts", Shortcut: "F1", Icon: theme.Icon("keyboard", theme.Muted), Action: w.showShortcutSheet},
		{Label: "About Latchdesk", Icon: theme.Icon("info", theme.Muted), Action: func() { showAbout(w.dialogs, w.Version, w.Desk.Path()) }},
		{Separator: true},
		{Label: "Quit", Shortcut: "Ctrl+Q", Icon: theme.Icon("close", theme.Muted), Action: w.close},
	}, widgets.Below(w.menuButton))
}

// chatState is what a chat's menu depends on, read when it is opened.
type chatState struct {
	customer     data.Customer
	unread       int
	markedUnread bool
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
	return []widgets.MenuItem{
		w.readMenuItem(s),
		{Label: "Rename…", Shortcut: "F2", Icon: theme.Icon("pencil", theme.Muted), Action: func() { w.customerDialogs.rename(c) }},
		{Label: "Tags…", Shortcut: "Ctrl+T", Icon: theme.Icon("tag", theme.Muted), Action: func() { w.customerDialogs.editTags(c) }},
		{Label: "Export chat…", Shortcut: "Ctrl+E", Icon: theme.Icon("export", theme.Muted), Action: func() { w.customerDialogs.exportChat(c) }},
		{Label: "Bring in a chat…", Icon: theme.Icon("inbox", theme.Muted), Action: func() { w.chatImport.open(c) }},
		{Label: "Clear chat…", Icon: theme.Icon("trash", theme.Muted), Action: func() { w.customerDialogs.clearChat(c) }},
		{Separator: true},
		w.blockMenuItem(c),
	}
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
	item.Action = func() { w.blockDialogs.OpenFor(c.ID, data.Typed{Want: want}) }
	return item
}

func (w *Window) setRead(customer int64, read bool) {
	w.runner.Enqueue(func(ctx context.Context) error { return w.Desk.SetRead(ctx, customer, read) }, nil)
}
