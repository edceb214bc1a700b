package ui

import (
	"context"
	"log/slog"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/blocked"
	"github.com/latchdesk/latchdesk/ui/history"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// newBlocked makes the view of the blocked, which lies over the chats while it
// is in sight.
func (w *Window) newBlocked() *blocked.Pane {
	p := blocked.New(w.Desk, w.runner)
	p.OnOpen = func(customer int64) {
		w.hideBlocked()
		w.pick(customer)
	}
	p.OnUnblock = func(customer int64) { w.blockDialogs.OpenFor(customer, data.Typed{Want: data.Active}) }
	p.OnMenu = w.openBlockMenu
	p.OnAdd = w.blockDialogs.OpenAdd
	p.OnClose = w.leaveBlocked
	p.OnError = w.failed
	p.Search.OnUndo = w.undoFirst
	return p
}

// titleLine is how much higher the view's title stands than what can be undone
// stands over a chat.
const titleLine float32 = 60

// showBlocked opens the view of the blocked. What can be undone stands there
// for as long as the agent looks there.
func (w *Window) showBlocked() {
	if !w.blocked.Shown() {
		w.below.Hide()
		w.stage.Remove(w.undo.layer)
		// In the line of the title, where it covers nothing.
		w.over.Add(container.New(layout.NewCustomPaddedLayout(-titleLine, 0, 0, 0), w.undo.layer))
		w.blocked.Show()
	}
	w.win.Canvas().Focus(w.blocked.FocusTarget())
}

func (w *Window) hideBlocked() {
	w.blocked.Hide()
	w.over.Objects = w.over.Objects[:2]
	w.stage.Add(w.undo.layer)
	w.below.Show()
	w.setActive(w.active) // what came into the open chat meanwhile is seen now
}

// leaveBlocked goes back to the chat that was open.
func (w *Window) leaveBlocked() {
	w.hideBlocked()
	w.backToComposer()
}

// openBlockMenu opens the menu of a customer in the view of the blocked, as the
// database has it.
func (w *Window) openBlockMenu(customer int64, chat bool, at fyne.Position) {
	w.withChat(customer, func(s chatState) {
		widgets.ShowMenu(w.win.Canvas(), w.blockItems(s.customer, chat), at)
	})
}

func (w *Window) blockItems(c data.Customer, chat bool) []widgets.MenuItem {
	items := []widgets.MenuItem{
		{Label: "Open chat", Shortcut: "Enter", Icon: theme.Icon("inbox", theme.Muted), Disabled: !chat, Action: func() { w.blocked.OnOpen(c.ID) }},
	}
	if c.Status(w.Desk.Now()) == data.Blocked {
		return append(items,
			widgets.MenuItem{Label: "Change…", Icon: theme.Icon("pencil", theme.Muted), Action: func() { w.blockDialogs.OpenChange(c) }},
			widgets.MenuItem{Label: "Unblock…", Shortcut: "Delete", Icon: theme.Icon("unblock", theme.Accent), Action: func() { w.blocked.OnUnblock(c.ID) }})
	}
	return append(items, widgets.MenuItem{
		Label: "Block…", Icon: theme.Icon("block", theme.Danger), Danger: true,
		Action: func() { w.blockDialogs.OpenFor(c.ID, data.Typed{Want: data.Blocked}) },
	})
}

// withDue goes on with the number of blocks to review. The menu opens without
// it where it cannot be read: what is wrong is said elsewhere.
func (w *Window) withDue(then func(due int)) {
	async.Load(w.dialogSlot, func(ctx context.Context) (int, error) {
		due, err := w.Desk.CountDue(ctx)
		if err != nil {
			slog.Warn("cannot count the blocks to review", "error", err)
		}
		return due, ctx.Err()
	}, then)
}

func blockedLabel(due int) string {
	if due == 0 {
		return "Blocked customers"
	}
	return "Blocked customers · " + widgets.FormatCount(due) + " to review"
}

// overChats returns what a shortcut does while the view of the blocked lies over
// the chats: what is meant for a chat that nobody sees is not done.
func (w *Window) overChats(s shortcut) func() {
	if !w.blocked.Shown() {
		return s.do
	}
	switch {
	case s.key == fyne.KeyF && s.mod == ctrl:
		return func() {
			w.win.Canvas().Focus(w.blocked.Search)
			w.blocked.Search.TypedShortcut(&fyne.ShortcutSelectAll{})
		}
	case s.key == fyne.KeyB && s.mod == ctrl:
		return w.blocked.UnblockSelected
	case s.key == fyne.KeyM && s.mod == ctrl:
		return w.blocked.MenuSelected
	case s.key == fyne.KeyH && s.mod == ctrl:
		return func() { history.Show(w.win.Canvas(), w.Desk, w.runner, w.blocked.Selected()) }
	case s.key == fyne.Key1 || s.key == fyne.Key2 || s.key == fyne.Key3:
		return func() {
			w.leaveBlocked()
			s.do()
		}
	case s.key == fyne.KeyB || s.key == fyne.KeyComma || s.key == fyne.KeyQ:
		return s.do
	}
	return func() {}
}

// blockedKey is key while the view of the blocked lies over the chats.
func (w *Window) blockedKey(key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeyF1:
		w.showShortcuts()
	case desktop.KeyMenu:
		w.blocked.MenuSelected()
	case fyne.KeyEscape:
		w.leaveBlocked()
	case fyne.KeyUp, fyne.KeyDown:
		w.win.Canvas().Focus(w.blocked.FocusTarget())
	default:
		return false
	}
	return true
}
