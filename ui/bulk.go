package ui

import (
	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// openBulkDialog asks to block or unblock all who are selected; an empty status means
// whichever there is to do.
func (w *Window) openBulkDialog(want data.Status) {
	chosen := w.chatList.Selected()
	switch {
	case len(chosen) > 1:
		w.blockDialogs.OpenMany(chosen, want)
	case len(chosen) == 1 && want == "":
		w.blockDialogs.Open(chosen[0])
	case len(chosen) == 1:
		w.blockDialogs.OpenFor(chosen[0], data.Typed{Want: want})
	}
}

// openListMenu opens the menu of a row: of all who are selected, where it is one
// of them.
func (w *Window) openListMenu(customer int64, at fyne.Position) {
	n := len(w.chatList.Selected())
	if n < 2 || !w.chatList.IsSelected(customer) {
		w.openChatMenu(customer, at)
		return
	}
	count := widgets.FormatCount(n)
	widgets.ShowMenu(w.win.Canvas(), []widgets.MenuItem{
		{Label: "Clear the selection", Shortcut: "Escape", Icon: theme.Icon("close", theme.Muted), Action: func() { w.chatList.ClearSelection() }},
		{Separator: true},
		{Label: "Unblock " + count + "…", Icon: theme.Icon("unblock", theme.Accent), Action: func() { w.openBulkDialog(data.Active) }},
		{Label: "Block " + count + "…", Icon: theme.Icon("block", theme.Danger), Danger: true, Action: func() { w.openBulkDialog(data.Blocked) }},
	}, at)
}

// bulkDone goes back to one chat and shows for a while what was done, and that
// it can be taken back. Where not all were reached they stay selected.
func (w *Window) bulkDone(want data.Status, m desk.BulkResult, whole bool) {
	if whole {
		w.chatList.ClearSelection()
	}
	if m.Done == 0 {
		return
	}
	text := "1 customer "
	if m.Done > 1 {
		text = widgets.FormatCount(m.Done) + " customers "
	}
	if want == data.Blocked {
		text += "blocked"
	} else {
		text += "unblocked"
	}
	w.offerUndo(text, func() { w.blockDialogs.UndoMany(m.Undos()) })
}
