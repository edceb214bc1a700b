package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/latchdesk/latchdesk/ui/pairview"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// Who has the keyboard: the dialog or menu on top, and nobody below it, ever. Where
// none is open, what has the focus; a letter that nothing has a use for goes to the
// composer if that can be seen, and a key to handleKey. What the window wants to focus
// it says to widgets.Focus, which waits until dialogs and menus are closed.

// listenToKeyboard has keys and letters that no widget takes come to the window.
func (w *Window) listenToKeyboard() {
	c := w.win.Canvas()
	c.SetOnTypedKey(func(key *fyne.KeyEvent) { w.handleKey(key) })
	c.SetOnTypedRune(w.typeIntoChat)
}

// hasKeyboard reports whether no dialog or menu lies over the window.
func (w *Window) hasKeyboard() bool { return w.win.Canvas().Overlays().Top() == nil }

// typeIntoChat types a letter into the composer if that can be seen.
func (w *Window) typeIntoChat(r rune) {
	if w.hasKeyboard() && !w.blockedView.Shown() && !w.pairs.Shown() {
		w.chat.TypeInto(r)
	}
}

// handleKey handles a key that nothing else had a use for, and reports whether it did.
func (w *Window) handleKey(key *fyne.KeyEvent) bool {
	if !w.hasKeyboard() {
		return false
	}
	if w.blockedView.Shown() {
		return w.handleBlockedKey(key)
	}
	if key.Name == fyne.KeyEscape && w.chatList.ClearSelection() {
		return true
	}
	// What answers and what leaves is meant for the pairs only where they have the
	// keyboard, and not the chat list.
	focused := w.win.Canvas().Focused()
	inList := focused == w.chatList.List || focused == w.chatList.Search
	if w.pairs.Shown() && !(inList && (pairview.Answers(key) || key.Name == fyne.KeyEscape)) && w.pairs.HandleKey(key) {
		return true
	}
	switch key.Name {
	case fyne.KeyF1:
		w.showShortcutSheet()
	case fyne.KeyF2:
		if id := w.currentCustomer(); id != 0 {
			w.loadChatThen(id, func(s chatState) { w.customerDialogs.rename(s.customer) })
		}
	case desktop.KeyMenu:
		w.openCurrentChatMenu()
	case fyne.KeyEscape:
		w.focusComposer()
	case fyne.KeyUp, fyne.KeyDown:
		if w.win.Canvas().Focused() != nil {
			return false
		}
		w.chatList.Focus()
		w.chatList.List.TypedKey(key)
	default:
		return false
	}
	return true
}

// handleComposerKey is handleKey for the composer, where Escape only clears a
// selection.
func (w *Window) handleComposerKey(key *fyne.KeyEvent) bool {
	if key.Name == fyne.KeyEscape {
		return w.chatList.ClearSelection()
	}
	return w.handleKey(key)
}

func (w *Window) focusSearch() {
	widgets.Focus(w.win.Canvas(), w.chatList.Search)
	w.chatList.Search.TypedShortcut(&fyne.ShortcutSelectAll{})
}

// focusComposer focuses the composer of the open chat. Where a strip stands in its place,
// the list is focused: Enter, pressed once too often on the way to a chat, is not meant
// for Unblock.
func (w *Window) focusComposer() {
	switch {
	case w.pairs.Shown():
		widgets.Focus(w.win.Canvas(), w.pairs.FocusTarget())
	case w.chat.Customer() == 0:
		w.win.Canvas().Unfocus()
	case w.chat.CanWrite():
		widgets.Focus(w.win.Canvas(), w.chat.Composer())
	default:
		w.chatList.Focus()
	}
}
