package ui

import "github.com/latchdesk/latchdesk/ui/history"

// showHistory shows what happened: to the customer whose chat is open, or at
// the whole desk.
func (w *Window) showHistory() { w.showHistoryOf(w.currentCustomer()) }

// showHistoryOf shows what happened to a customer, or at the whole desk where that is 0.
func (w *Window) showHistoryOf(customer int64) {
	history.Show(w.win.Canvas(), w.Desk, w.runner, customer, w.confirmUndoImport, w.pairDialog.openDecided)
}
