package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/blockedview"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// newBlockedView returns the view of blocked customers, which lies over the chats
// while it is shown.
func (w *Window) newBlockedView() *blockedview.Pane {
	p := blockedview.New(w.Desk, w.runner)
	p.OnOpen = func(customer int64) {
		w.hideBlockedView()
		w.openChatToWrite(customer)
	}
	p.OnUnblock = func(customer int64) { w.blockDialogs.OpenFor(customer, data.Active) }
	p.OnMenu = w.openBlockedMenu
	p.OnAdd = w.blockDialogs.OpenAdd
	p.OnClose = w.closeBlockedView
	p.OnError = w.showErrorBanner
	p.Search.OnUndo = w.undoToast.undo
	return p
}

// undoRaise is how much higher the undo toast stands than over a chat: level with
// the view's title, where it covers nothing.
const undoRaise float32 = 60

// showBlockedView shows the view of blocked customers, and the undo toast there.
func (w *Window) showBlockedView() {
	if !w.blockedView.Shown() {
		w.chatsLayer.Hide()
		w.chatArea.Remove(w.undoToast.root)
		w.layers.Add(container.New(layout.NewCustomPaddedLayout(-undoRaise, 0, 0, 0), w.undoToast.root))
		w.blockedView.Show()
	}
	widgets.Focus(w.win.Canvas(), w.blockedView.FocusTarget())
}

func (w *Window) hideBlockedView() {
	w.blockedView.Hide()
	w.layers.Objects = w.layers.Objects[:2]
	w.chatArea.Add(w.undoToast.root)
	w.chatsLayer.Show()
	w.setActive(w.active) // what came into the open chat meanwhile is seen now
}

// closeBlockedView returns to the chat that was open.
func (w *Window) closeBlockedView() {
	w.hideBlockedView()
	w.focusComposer()
}

// openBlockedMenu opens the menu of a customer in the view of blocked customers.
// chat reports whether there is a chat to open.
func (w *Window) openBlockedMenu(customer int64, chat bool, at fyne.Position) {
	w.loadChatThen(customer, func(s chatState) {
		widgets.ShowMenu(w.win.Canvas(), w.blockedMenuItems(s.customer, chat), at)
	})
}

func (w *Window) blockedMenuItems(c data.Customer, chat bool) []widgets.MenuItem {
	items := []widgets.MenuItem{
		{Label: "Open chat", Shortcut: "Enter", Icon: theme.Icon("inbox", theme.Muted), Disabled: !chat, Action: func() { w.blockedView.OnOpen(c.ID) }},
	}
	if c.Status(w.Desk.Now()) == data.Blocked {
		return append(items,
			widgets.MenuItem{Label: "Change…", Icon: theme.Icon("pencil", theme.Muted), Action: func() { w.blockDialogs.OpenChange(c) }},
			widgets.MenuItem{Label: "Unblock…", Shortcut: "Delete", Icon: theme.Icon("unblock", theme.Accent), Action: func() { w.blockedView.OnUnblock(c.ID) }})
	}
	return append(items, widgets.MenuItem{
		Label: "Block…", Icon: theme.Icon("block", theme.Danger), Danger: true,
		Action: func() { w.blockDialogs.OpenFor(c.ID, data.Blocked) },
	})
}

func blockedLabel(due int) string {
	if due == 0 {
		return "Blocked customers"
	}
	return "Blocked customers · " + widgets.FormatCount(due) + " to review"
}

// shortcutAction returns what a shortcut does now. While blocked customers are
// shown, what is meant for a chat does nothing: nobody sees it.
func (w *Window) shortcutAction(s shortcut) func() {
	if !w.blockedView.Shown() {
		return s.action
	}
	switch {
	case s.key == fyne.KeyF && s.modifier == ctrl:
		return func() {
			widgets.Focus(w.win.Canvas(), w.blockedView.Search)
			w.blockedView.Search.TypedShortcut(&fyne.ShortcutSelectAll{})
		}
	case s.key == fyne.KeyB && s.modifier == ctrl:
		return w.blockedView.UnblockSelected
	case s.key == fyne.KeyM && s.modifier == ctrl:
		return w.blockedView.MenuSelected
	case s.key == fyne.KeyH && s.modifier == ctrl:
		return func() { w.showHistoryOf(w.blockedView.Selected()) }
	case s.key == fyne.Key1 || s.key == fyne.Key2 || s.key == fyne.Key3:
		return func() {
			w.closeBlockedView()
			s.action()
		}
	case s.key == fyne.KeyB || s.key == fyne.KeyComma || s.key == fyne.KeyQ:
		return s.action
	}
	return func() {}
}

// handleBlockedKey is handleKey while blocked customers are shown.
func (w *Window) handleBlockedKey(key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeyF1:
		w.showShortcutSheet()
	case desktop.KeyMenu:
		w.blockedView.MenuSelected()
	case fyne.KeyEscape:
		w.closeBlockedView()
	case fyne.KeyUp, fyne.KeyDown:
		widgets.Focus(w.win.Canvas(), w.blockedView.FocusTarget())
	default:
		return false
	}
	return true
}
