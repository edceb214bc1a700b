package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// The order of a backlog is kept where some of its messages do not say when they were
// written, whether it comes in at once or one by one.
func TestReceive_UntimedInABacklog(t *testing.T) {
	const day = 24 * time.Hour
	backlog := []data.Message{
		message("one", start.Add(-2*day)), message("two", 0), message("three", 0), message("four", start.Add(-day)),
		message("five", 0), message("six", start.Add(-time.Hour)),
	}
	want := "one | two | three | four | five | six"
	for _, together := range []bool{true, false} {
		w := newWorld(t)
		var all []data.Incoming
		for _, m := range backlog {
			all = append(all, data.Incoming{From: data.Sender{Phone: riya}, Message: m})
		}
		var c int64
		for len(all) > 0 {
			n := 1
			if together {
				n = len(all)
			}
			got, err := w.Receive(t.Context(), all[:n])
			w.must(err)
			c, all = got[0].CustomerID, all[n:]
			w.clock.add(20 * time.Millisecond)
		}
		if got := w.shows(c); got != want {
			t.Errorf("together %v: %s", together, got)
		}
		for _, m := range w.messages(c) {
			if m.Untimed != strings.Contains("two three five", m.Text) {
				t.Errorf("%s: untimed %v", m.Text, m.Untimed)
			}
		}
	}
}

// In a conversation such a message was written when it came in.
func TestReceive_UntimedInAConversation(t *testing.T) {
	w := newWorld(t)
	c := w.takesMessage(message("one", start.Add(-3*time.Hour))).CustomerID
	w.clock.add(time.Hour)
	w.takesMessage(message("two", 0))
	w.clock.add(30 * time.Second)
	w.takesMessage(message("three", 0))
	got := w.messages(c)
	if got[1].At != start.Add(time.Hour) || got[2].At != w.Now() {
		t.Errorf("%s and %s", got[1].At, got[2].At)
	}
}

// What was fetched and does not say when it was written stands between its neighbours,
// and never at the end of a chat as if it were new.
func TestSyncChat_Untimed(t *testing.T) {
	w := newWorld(t)
	w.must(w.Join(t.Context(), data.Account{Base: "https://public.doubletick.io", Number: "+918888888888"}))
	account, err := w.Account(t.Context())
	w.must(err)
	var all []data.Message
	for i, at := range []data.Moment{0, start - 3000, 0, start - 2000} {
		m := message(fmt.Sprint(i), at)
		m.Direction = data.In
		all = append(all, m)
	}
	got, err := w.SyncChat(t.Context(), account.JoinedAt, data.RemoteChat{With: data.Sender{Phone: riya}, LastAt: start - 1000, Messages: all})
	w.must(err)
	if shows := w.shows(got.CustomerID); shows != "0 | 1 | 2 | 3" || w.chat(got.CustomerID).LastAt != start-2000 {
		t.Errorf("%s, last at %s", shows, w.chat(got.CustomerID).LastAt)
	}
}

// What came in under a wrong clock does not stay on top of the list.
func TestSettleTimes(t *testing.T) {
	w := newWorld(t)
	other := w.takesAs(data.Incoming{From: data.Sender{Phone: ada}, Message: message("right", start)}).CustomerID
	w.clock.set(start.Add(5 * 365 * 24 * time.Hour)) // the battery is empty
	c := w.takesMessage(message("one", 0)).CustomerID
	w.takesMessage(message("two", 0))
	w.blocks(asha, c, data.BlockRequest{})
	w.takesMessage(message("held", 0))
	w.clock.set(start.Add(time.Hour))
	if n, err := w.SettleTimes(t.Context()); err != nil || n != 1 {
		t.Errorf("%d chats are put in their place: %v", n, err)
	}
	w.clock.add(time.Minute)
	w.takesAs(data.Incoming{From: data.Sender{Phone: ada}, Message: message("newer", w.Now())})
	if top := w.lists(data.AllChats); top[0] != other {
		t.Errorf("on top is %d", top[0])
	}
	w.unblocks(asha, c)
	if got := w.messages(c); got[0].Text != "one" || got[1].Text != "two" || got[2].Text != "held" || got[2].At != start.Add(time.Hour) {
		t.Errorf("%+v", got)
	}
	if n, err := w.SettleTimes(t.Context()); err != nil || n != 0 {
		t.Errorf("again %d chats are put in their place: %v", n, err)
	}
}

// An event under a wrong clock does not stay in the row of its chat, whose place it never
// changed.
func TestSettleTimes_OfWhatARowShows(t *testing.T) {
	w := newWorld(t)
	c := w.takes(riya, "Hello").CustomerID
	w.clock.set(start.Add(5 * 365 * 24 * time.Hour)) // the battery is empty
	w.must(w.Rename(t.Context(), asha, c, "Riya"))
	if w.chat(c).LastAt != start {
		t.Errorf("the event moved the chat to %s", w.chat(c).LastAt)
	}
	w.clock.set(start.Add(time.Hour))
	for _, want := range []int{1, 0} {
		if n, err := w.SettleTimes(t.Context()); err != nil || n != want {
			t.Errorf("%d chats are put in their place: %v", n, err)
		}
	}
	w.clock.add(time.Minute)
	w.takes(riya, "Newer")
	if chat := w.chat(c); chat.Preview != "Newer" || chat.ShownAt != w.Now() || chat.LastAt != w.Now() {
		t.Errorf("the row is %+v", chat)
	}
}

// A network's clock that goes before this desk's is believed, and nothing is moved.
func TestSettleTimes_LeavesTheNetworksTimes(t *testing.T) {
	w := newWorld(t)
	c := w.takesMessage(message("early", start.Add(time.Hour))).CustomerID
	if n, err := w.SettleTimes(t.Context()); err != nil || n != 0 || w.chat(c).LastAt != start.Add(time.Hour) {
		t.Errorf("%d, %v, %s", n, err, w.chat(c).LastAt)
	}
}
