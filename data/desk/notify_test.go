package desk_test

import (
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// The agent is told of what came in and may be told of, once: not of what is
// held, nor of what an unblock brings back, nor of what was sent.
func TestNewIncoming(t *testing.T) {
	w := newWorld(t)
	last, err := w.LastMessageID(t.Context())
	w.must(err)
	news := func(want int) {
		t.Helper()
		byCustomer, newest, err := w.NewIncoming(t.Context(), last)
		w.must(err)
		count := 0
		for _, n := range byCustomer {
			count += n
		}
		if count != want || newest < last {
			t.Errorf("%d are new, want %d; the newest is %d after %d", count, want, newest, last)
		}
		last = newest
	}
	news(0)
	id := w.takes(riya, "Hello").CustomerID
	news(1)
	news(0)
	w.takes(riya, "Hello?")
	w.takes(ada, "Hello")
	news(2)
	_, err = w.Send(t.Context(), asha, id, "Hello")
	w.must(err)
	news(0)
	w.takesAs(data.Incoming{From: data.Sender{Phone: riya}, Message: data.Message{Text: "Hello", RemoteID: "remote 1"}})
	news(0)
	w.takes(riya, "Block me")
	w.blocks(asha, id, data.BlockRequest{Until: start.Add(time.Hour)})
	news(0) // who is blocked by now is not told of
	w.takes(riya, "Held")
	news(0)
	w.unblocks(asha, id)
	news(0)
	w.takes(riya, "Now")
	news(1)
	w.blocks(asha, id, data.BlockRequest{Until: start.Add(time.Hour)})
	w.takes(riya, "Held, too")
	w.takes(ada, "Meanwhile")
	news(1)
	w.clock.set(start.Add(time.Hour))
	w.takes(riya, "After the end") // which brings back what was held
	news(1)
	w.takes(ada, "Cleared unseen")
	other, err := w.FindCustomer(t.Context(), data.Address(ada))
	w.must(err)
	w.must(errorOf(w.Clear(t.Context(), asha, other.ID)))
	news(0)

	// The past of an account is no news, what was written since is.
	w.must(w.Join(t.Context(), data.Account{Base: "https://public.doubletick.io", Number: "+918888888888"}))
	a, err := w.Account(t.Context())
	w.must(err)
	_, err = w.SyncChat(t.Context(), a.JoinedAt, data.RemoteChat{With: data.Sender{Phone: "+46701740609"}, Messages: []data.Message{
		{Direction: data.In, Text: "Long ago", RemoteID: "past 1", At: start.Add(-time.Hour)},
		{Direction: data.In, Text: "Longer ago", RemoteID: "past 2", At: start.Add(-2 * time.Hour)},
	}})
	w.must(err)
	news(0)
	_, err = w.SyncChat(t.Context(), a.JoinedAt, data.RemoteChat{With: data.Sender{Phone: "+46701740609"}, Messages: []data.Message{
		{Direction: data.In, Text: "Now", RemoteID: "now 1", At: start.Add(2 * time.Hour)},
	}})
	w.must(err)
	news(1)
}
