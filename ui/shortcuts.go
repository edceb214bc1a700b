package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/async"
)

// shortcut is something the keyboard does anywhere in the window.
type shortcut struct {
	label       string // of the keys, as the sheet shows them
	description string
	key         fyne.KeyName
	modifier    fyne.KeyModifier
	action      func()
}

const (
	ctrl  = fyne.KeyModifierControl
	alt   = fyne.KeyModifierAlt
	shift = fyne.KeyModifierShift
)

// shortcuts returns all there are, in the order of the sheet. Those without an
// action are handled by the part of the window that has the keyboard.
func (w *Window) shortcuts() []shortcut {
	here := func(do func(chatState)) func() {
		return func() {
			if id := w.currentCustomer(); id != 0 {
				w.loadChatThen(id, do)
			}
		}
	}
	return []shortcut{
		{"Ctrl+F", "Search", fyne.KeyF, ctrl, w.focusSearch},
		{"Ctrl+1, 2, 3", "All, Unread, Blocked", fyne.Key1, ctrl, func() { w.chatList.SetFilter(data.AllChats) }},
		{"", "", fyne.Key2, ctrl, func() { w.chatList.SetFilter(data.UnreadChats) }},
		{"", "", fyne.Key3, ctrl, func() { w.chatList.SetFilter(data.BlockedChats) }},
		{"Alt+Down, Alt+Up", "Next chat, previous chat", fyne.KeyDown, alt, func() { w.chatList.OpenNeighbor(1) }},
		{"", "", fyne.KeyUp, alt, func() { w.chatList.OpenNeighbor(-1) }},
		{"Escape", "Back to the composer", "", 0, nil},
		{"Ctrl+M or Menu", "Chat menu", fyne.KeyM, ctrl, w.openCurrentChatMenu},
		{"Ctrl+B", "Block or unblock", fyne.KeyB, ctrl, w.openBlockDialog},
		{"Ctrl+click, Shift+click", "Select chats", "", 0, nil},
		{"Ctrl+A in the list", "Select all that match", "", 0, nil},
		{"Ctrl+Z", "Undo a block or unblock just made", "", 0, nil},
		{"Ctrl+U", "Mark as unread or read", fyne.KeyU, ctrl, w.toggleRead},
		{"F2", "Rename", "", 0, nil},
		{"Ctrl+T", "Tags", fyne.KeyT, ctrl, here(func(s chatState) { w.customerDialogs.editTags(s.customer) })},
		{"Ctrl+E", "Export the chat", fyne.KeyE, ctrl, here(func(s chatState) { w.customerDialogs.exportChat(s.customer) })},
		{"Enter", "Send", "", 0, nil},
		{"Shift+Enter", "New line", "", 0, nil},
		{"Page Up, Page Down", "Scroll the chat", "", 0, nil},
		{"Ctrl+Shift+B", "Blocked customers", fyne.KeyB, ctrl | shift, w.showBlockedView},
		{"Delete or U", "Unblock, in the list of blocked customers", "", 0, nil},
		{"Ctrl+J", "Who may be the same person", fyne.KeyJ, ctrl, w.openPairs},
		{"J, K, Left, Right", "Join, keep apart, previous pair, next pair", "", 0, nil},
		{"Ctrl+H", "History", fyne.KeyH, ctrl, w.showHistory},
		{"Ctrl+,", "Settings", fyne.KeyComma, ctrl, w.settingsDialogs.Open},
		{"F1", "This sheet", "", 0, nil},
		{"Ctrl+Q", "Quit", fyne.KeyQ, ctrl, w.close},
	}
}

func (w *Window) addShortcuts() {
	c := w.win.Canvas()
	for _, s := range w.shortcuts() {
		if s.action == nil {
			continue
		}
		c.AddShortcut(&desktop.CustomShortcut{KeyName: s.key, Modifier: s.modifier}, func(fyne.Shortcut) {
			if c.Overlays().Top() == nil { // a dialog or menu is answered first
				w.shortcutAction(s)()
			}
		})
	}
	c.AddShortcut(&fyne.ShortcutSelectAll{}, func(fyne.Shortcut) {
		if c.Overlays().Top() == nil && !w.blockedView.Shown() {
			w.chatList.SelectAll()
		}
	})
	c.AddShortcut(&fyne.ShortcutUndo{}, func(fyne.Shortcut) {
		if c.Overlays().Top() == nil {
			w.undoToast.undo()
		}
	})
}

// openBlockDialog asks about all who are selected, or else about the open chat.
func (w *Window) openBlockDialog() {
	w.chatList.AfterReload(func() {
		if len(w.chatList.Selected()) > 0 {
			w.openBulkDialog("")
		} else if id := w.currentCustomer(); id != 0 {
			w.loadChatThen(id, func(s chatState) { w.blockDialogs.Open(s.customer.ID) })
		}
	})
}

func (w *Window) showShortcutSheet() { showShortcutSheet(w.dialogs, w.shortcuts()) }

func (w *Window) openCurrentChatMenu() { w.openChatMenu(w.currentCustomer(), w.chat.MenuPosition()) }

// toggleRead marks the open chat as unread, or as read if it is unread.
func (w *Window) toggleRead() {
	if id := w.currentCustomer(); id != 0 {
		async.Load(w.runner.NewSlot(), w.chatStateReader(id), func(s chatState) { w.setRead(id, s.unread > 0 || s.markedUnread) })
	}
}
