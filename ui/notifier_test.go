package ui

import (
	"fmt"
	"slices"
	"testing"

	"github.com/latchdesk/latchdesk/ui/notify"
)

// told is a notification service that remembers what it is asked for.
type told []string

func (s *told) Show(n notify.Notification) { *s = append(*s, fmt.Sprintf("%d: %s", n.Key, n.Text)) }
func (s *told) Clear()                     { *s = append(*s, "clear") }

// Twelve messages are a few notifications, each in the place of its customer's last.
func TestNotifier_OneForEachCustomer(t *testing.T) {
	var got told
	n := &notifier{system: &got, told: map[int64]int{}}
	n.seen() // nothing was told
	n.tell(map[int64]int{1: 1})
	n.tell(map[int64]int{1: 2})
	n.tell(map[int64]int{2: 1})
	n.tell(map[int64]int{3: 1})
	n.tell(map[int64]int{4: 6})
	n.tell(map[int64]int{1: 1})
	n.seen()
	n.tell(map[int64]int{1: 1})
	if want := []string{
		"1: 1 new message", "1: 3 new messages", "2: 1 new message", "3: 1 new message",
		"clear", "0: 11 new messages from 4 customers", "0: 12 new messages from 4 customers",
		"clear", "1: 1 new message",
	}; !slices.Equal(got, want) {
		t.Errorf("it was told %q", got)
	}
}

// A click on a notification brings the window to the front and opens the chat, but not
// from under a dialog.
func TestNotification_ClickOpensTheChat(t *testing.T) {
	a := sit(t, newWorld(t))
	a.onNotificationClicked(a.customer(walter).ID)
	a.until("the chat is open", func() bool { return a.chat.Customer() == a.customer(walter).ID && a.onComposer() })
	if a.window.raised != 1 {
		t.Errorf("the window was raised %d times", a.window.raised)
	}
	a.press("Ctrl+B")
	a.asks("Block Customer")
	a.onNotificationClicked(a.customer(meera).ID)
	a.until("the window is raised", func() bool { return a.window.raised == 2 })
	a.asks("Block Customer")
	if a.chat.Customer() != a.customer(walter).ID {
		t.Error("another chat was opened under the dialog")
	}
}
