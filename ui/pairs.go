package ui

import (
	"context"
	"errors"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/pairview"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// newPairs returns the pane that asks who is the same person, which stands in the place
// of the chat while it is shown.
func (w *Window) newPairs() *pairview.Pane {
	p := pairview.New(w.Desk, w.runner)
	p.Actor = w.actor
	p.OnOpenChat = w.openChatToWrite
	p.OnLeave = w.leavePairs
	p.OnError = w.dialogs.NotifyError
	p.OnDecided = func(text string, pair int64, state data.PairState) {
		w.undoToast.offer(text, func() { w.undoPair(pair, state) })
	}
	return p
}

// openPairs asks about the pair that has waited longest for a decision.
func (w *Window) openPairs() { w.openPairsOf(0) }

// openPairsOf asks about the first pair of a customer, or of all where that is 0.
func (w *Window) openPairsOf(customer int64) {
	w.pairs.Open(customer, func() {
		w.chat.SaveDraft()
		w.chat.Root.Hide()
		w.noChat.Hide()
		w.pairs.Root.Show()
		w.chatList.Open(0)
		w.chatList.ShowPairsOpen(true)
		widgets.Focus(w.win.Canvas(), w.pairs.FocusTarget())
	})
}

// closePairs hides the pane, if it is shown, for what is shown in its place.
func (w *Window) closePairs() {
	w.pairs.Close()
	w.chatList.ShowPairsOpen(false)
}

// leavePairs returns to the chat that was open.
func (w *Window) leavePairs() {
	w.closePairs()
	open := w.chat.Customer()
	w.chatList.Open(open)
	if open == 0 {
		w.noChat.Show()
	} else {
		w.chat.Root.Show()
	}
	w.setActive(w.active) // what came into the open chat meanwhile is seen now
	w.focusComposer()
}

// currentCustomer returns the customer whose chat can be seen, 0 for none.
func (w *Window) currentCustomer() int64 {
	if w.pairs.Shown() {
		return 0
	}
	return w.chat.Customer()
}

// undoPair takes back what was decided of a pair: it is to be decided again.
func (w *Window) undoPair(pair int64, state data.PairState) {
	by := w.actor()
	w.runner.Enqueue(func(ctx context.Context) error {
		if state == data.PairJoined {
			return w.Desk.SplitPair(ctx, by, pair)
		}
		return w.Desk.AskAgain(ctx, by, pair)
	}, func(err error) {
		if errors.Is(err, data.ErrChanged) {
			w.dialogs.Notify("Not undone", "Someone decided this pair again meanwhile, so nothing was undone.")
		} else if err != nil {
			w.dialogs.NotifyError(err)
		}
	})
}
