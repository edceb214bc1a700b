package ui

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// openBulkDialog asks to block or unblock all who are selected. An empty status
// means that those who are active are blocked, or all unblocked if nobody is.
func (w *Window) openBulkDialog(want data.Status) {
	selected := w.chatList.Selected()
	switch {
	case len(selected) > 1:
		w.blockDialogs.OpenMany(selected, want)
	case len(selected) == 1 && want == "":
		w.blockDialogs.Open(selected[0])
	case len(selected) == 1:
		w.blockDialogs.OpenFor(selected[0], want)
	}
}

// openListMenu opens the menu of a row, or of all rows that are selected if it is one
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

// bulkDone offers to undo what was done to many customers. Whoever was left out, not
// reached or refused stays selected.
func (w *Window) bulkDone(want data.Status, result desk.BulkResult, complete bool) {
	var reached []int64
	for _, r := range result.Results {
		if r.Status != desk.ItemNotReached && r.Status != desk.ItemRefused {
			reached = append(reached, r.CustomerID)
		}
	}
	w.chatList.Deselect(reached)
	if result.Done+result.Changed == 0 {
		return
	}
	text := bulkDoneText(want, result)
	if left := len(w.chatList.Selected()); complete && left > 0 {
		text += ", " + widgets.FormatCount(left) + " left out and still selected"
	}
	w.undoToast.offer(text, func() { w.blockDialogs.UndoMany(result.Undos()) })
}

// bulkDoneText says what was done to many customers.
func bulkDoneText(want data.Status, result desk.BulkResult) string {
	count := func(n int) string {
		if n == 1 {
			return "1 customer "
		}
		return widgets.FormatCount(n) + " customers "
	}
	switch {
	case want == data.Active:
		return count(result.Done) + "unblocked"
	case result.Changed == 0:
		return count(result.Done) + "blocked"
	case result.Done == 0:
		return "Block of " + count(result.Changed) + "changed"
	}
	return count(result.Done) + "blocked, the block of " + widgets.FormatCount(result.Changed) + " changed"
}

// blockDone offers to undo what was done to one customer.
func (w *Window) blockDone(out data.Outcome) {
	if !out.Changed || out.Undo.Event == 0 {
		return
	}
	text := "Customer unblocked"
	if out.Customer.Status(w.Desk.Now()) == data.Blocked {
		text = "Customer blocked"
		if out.Undo.Before != nil {
			text = "Block changed"
		}
	}
	w.undoToast.offer(text, func() { w.undoBlock(out.Undo) })
}

// chatCleared offers to undo the clearing of a chat.
func (w *Window) chatCleared(cleared data.Event) {
	w.undoToast.offer("Chat cleared", func() {
		by := w.actor()
		w.undo(func(ctx context.Context) error { return w.Desk.UndoClear(ctx, by, cleared.Seq) })
	})
}

func (w *Window) undoBlock(undo data.Undo) {
	by := w.actor()
	w.undo(func(ctx context.Context) error {
		_, err := w.Desk.Undo(ctx, by, undo)
		return err
	})
}

// undo undoes an act on one customer, and says so where somebody was faster.
func (w *Window) undo(act func(context.Context) error) {
	w.runner.Enqueue(act, func(err error) {
		if errors.Is(err, data.ErrChanged) {
			w.dialogs.Notify("Not undone", "Someone changed this customer meanwhile, so nothing was undone.")
		} else if err != nil {
			w.dialogs.NotifyError(err)
		}
	})
}

// runTypedCommand opens the dialog that a command in the composer asks for, and has
// done called once it was answered. It reports whether the text is a command.
func (w *Window) runTypedCommand(text string, done func()) bool {
	typed, ok := data.ParseTyped(text, w.reasons, w.Desk.Now())
	if ok {
		w.blockDialogs.OpenTyped(w.chat.Customer(), typed, done)
	}
	return ok
}
