package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/notify"
)

// maxNotifications is how many customers have a notification of their own. More have one
// together.
const maxNotifications = 3

// notifier tells the system of new messages: how many, and never whose or what.
type notifier struct {
	desk    *desk.Desk
	runner  *async.Runner
	onError func(error)
	quiet   func() bool         // the agent looks at the window, or wants no notifications
	system  notificationService // nil where the toolkit notifies
	last    int64               // the newest incoming message that was counted
	told    map[int64]int       // the messages that the system was told of since the agent last looked, by customer
}

// notificationService is notify.Notifier.
type notificationService interface {
	Show(notify.Notification)
	Clear()
}

// notify counts the messages that came in since it was last called, and sends a
// notification of them unless it is quiet. That is asked once they are counted: the agent
// may have left since.
func (n *notifier) notify() {
	after := n.last
	var news map[int64]int
	var last int64
	n.runner.Enqueue(func(ctx context.Context) (err error) {
		news, last, err = n.desk.NewIncoming(ctx, after)
		return err
	}, func(err error) {
		if err != nil {
			n.onError(err)
			return
		}
		n.last = max(n.last, last)
		switch {
		case len(news) == 0 || n.quiet():
		case n.system == nil:
			fyne.CurrentApp().SendNotification(fyne.NewNotification("Latchdesk", notificationText(sum(news))))
		default:
			n.tell(news)
		}
	})
}

// tell notifies of the news in the place of what was told of the same customers.
func (n *notifier) tell(news map[int64]int) {
	apart := len(n.told) <= maxNotifications
	for customer, count := range news {
		n.told[customer] += count
	}
	if len(n.told) <= maxNotifications {
		for customer := range news {
			n.system.Show(notify.Notification{Key: customer, Title: "Latchdesk", Text: notificationText(n.told[customer])})
		}
		return
	}
	if apart {
		n.system.Clear()
	}
	n.system.Show(notify.Notification{Title: "Latchdesk", Text: notificationText(sum(n.told)) + " from " + data.Count(len(n.told), "customer")})
}

// seen takes back what was told: the agent looks at the window.
func (n *notifier) seen() {
	if len(n.told) > 0 {
		n.system.Clear()
		clear(n.told)
	}
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

func sum(counts map[int64]int) (n int) {
	for _, count := range counts {
		n += count
	}
	return n
}
