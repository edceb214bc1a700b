package ui

import "github.com/latchdesk/latchdesk/ui/history"

// showHistory shows what happened: to the customer whose chat is open, or at
// the whole desk.
func (w *Window) showHistory() { history.Show(w.win.Canvas(), w.Desk, w.runner, w.chat.Customer()) }
