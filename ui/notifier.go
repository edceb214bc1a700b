package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
)

// notifier tells the system of new messages: how many, and never whose or what.
type notifier struct {
	desk    *desk.Desk
	runner  *async.Runner
	onError func(error)
	last    int64 // the newest incoming message that was counted
}

// notify counts the messages that came in since it was last called, and sends a
// notification of them unless it is quiet.
func (n *notifier) notify(quiet bool) {
	after := n.last
	var count int
	var last int64
	n.runner.Enqueue(func(ctx context.Context) (err error) {
		count, last, err = n.desk.NewIncoming(ctx, after)
		return err
	}, func(err error) {
		if err != nil {
			n.onError(err)
			return
		}
		n.last = max(n.last, last)
		if !quiet && count > 0 {
			fyne.CurrentApp().SendNotification(fyne.NewNotification("Latchdesk", notificationText(count)))
		}
	})
}

// reset skips all messages there are.
func (n *notifier) reset() {
	var last int64
	n.runner.Enqueue(func(ctx context.Context) (err error) {
		last, err = n.desk.LastMessageID(ctx)
		return err
	}, func(err error) {
		if err != nil {
			n.onError(err)
			return
		}
		n.last = last
	})
}

func notificationText(count int) string {
	return data.Count(count, "new message")
}
