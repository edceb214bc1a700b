// Package notify shows notifications of the desktop, one for each customer, in the
// place of the one before.
package notify

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// A Notification is shown in the place of the one with the same key.
type Notification struct {
	Key   int64 // the customer's, zero for several customers
	Title string
	Text  string
}

// callTimeout is how long the notification service has to answer.
const callTimeout = 5 * time.Second

// Notifier hands notifications to the notification service of the desktop. Its methods
// may be called from any goroutine, and none of them waits for the service.
type Notifier struct {
	connect   connectFunc
	onClicked func(key int64)

	mu      sync.Mutex
	pending map[int64]Notification // to be shown, the newest for each key
	clear   bool                   // all that are shown are to be closed first
	wake    chan struct{}
}

// connectFunc connects to the service, and calls emit with what it says until the
// connection ends.
type connectFunc func(ctx context.Context, emit func(event)) (service, error)

// event says that a notification, by the service's id, was clicked, or else closed.
type event struct {
	id      uint32
	clicked bool
}

// service is a connection to the notification service.
type service interface {
	// notify shows n in the place of the notification with the id replaces, if that is
	// not zero, and returns the id of the one that is shown.
	notify(ctx context.Context, n Notification, replaces uint32) (id uint32, err error)
	close(ctx context.Context, id uint32) error
	disconnect()
}

func newNotifier(ctx context.Context, connect connectFunc, onClicked func(key int64)) *Notifier {
	n := &Notifier{connect: connect, onClicked: onClicked, pending: map[int64]Notification{}, wake: make(chan struct{}, 1)}
	go n.run(ctx)
	return n
}

// Show shows a notification.
func (n *Notifier) Show(notification Notification) {
	n.mu.Lock()
	n.pending[notification.Key] = notification
	n.mu.Unlock()
	n.signal()
}

// Clear closes all notifications that are still shown.
func (n *Notifier) Clear() {
	n.mu.Lock()
	n.clear = true
	clear(n.pending)
	n.mu.Unlock()
	n.signal()
}

func (n *Notifier) signal() {
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

// shown are the notifications on the screen: the service's ids by key.
type shown map[int64]uint32

// remove forgets id, and returns its key if it was one of ours.
func (s shown) remove(id uint32) (key int64, ok bool) {
	for key, shown := range s {
		if shown == id {
			delete(s, key)
			return key, true
		}
	}
	return 0, false
}

// run talks to the service until ctx ends, and then closes what is still shown.
func (n *Notifier) run(ctx context.Context) {
	on := shown{}
	events := make(chan event)
	emit := func(e event) {
		select {
		case events <- e:
		case <-ctx.Done():
		}
	}
	var s service
	for {
		select {
		case <-ctx.Done():
			if s != nil {
				closeAll(context.WithoutCancel(ctx), s, on)
				s.disconnect()
			}
			return
		case e := <-events:
			if key, ok := on.remove(e.id); ok && e.clicked {
				n.onClicked(key)
			}
		case <-n.wake:
			s = n.update(ctx, s, on, emit)
		}
	}
}

// update closes and shows what it was asked for over s, if that is not nil, and returns
// the connection to go on with.
func (n *Notifier) update(ctx context.Context, s service, on shown, emit func(event)) service {
	n.mu.Lock()
	pending, clearFirst := n.pending, n.clear
	n.pending, n.clear = map[int64]Notification{}, false
	n.mu.Unlock()
	if clearFirst && s != nil {
		closeAll(ctx, s, on)
	}
	for _, notification := range pending {
		var err error
		if s, err = n.deliver(ctx, s, on, emit, notification); err != nil && ctx.Err() == nil {
			slog.Warn("could not show a notification", "error", err)
		}
	}
	return s
}

// deliver shows a notification over s, or over a new connection where there is none or s
// has ended, and returns the connection to go on with.
func (n *Notifier) deliver(ctx context.Context, s service, on shown, emit func(event), notification Notification) (service, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	for fresh := s == nil; ; fresh = true {
		if s == nil {
			clear(on) // ids of another connection mean nothing here
			var err error
			if s, err = n.connect(ctx, emit); err != nil {
				return nil, err
			}
		}
		id, err := s.notify(ctx, notification, on[notification.Key])
		if err == nil {
			on[notification.Key] = id
			return s, nil
		}
		s.disconnect()
		if s = nil; fresh {
			return nil, err
		}
	}
}

func closeAll(ctx context.Context, s service, on shown) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	for _, id := range on {
		if err := s.close(ctx, id); err != nil {
			slog.Debug("could not close a notification", "error", err)
			break
		}
	}
	clear(on)
}
