package fetch

import (
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/accounttest"
)

func (w *world) find(phone data.Phone) data.Customer {
	w.Helper()
	c, err := w.Desk.FindCustomer(w.Context(), data.Address(phone))
	w.Must(err)
	return c
}

// Chats and messages of an account come in whole, in both shapes, by their time,
// with repeats dropped; then only what is new is asked for.
func TestSyncOnce_AllThenNews(t *testing.T) {
	for _, second := range []bool{false, true} {
		t.Run(fmt.Sprint("the other shape: ", second), func(t *testing.T) {
			w := newWorld(t)
			w.Server.SecondShape = second
			const many = 130
			for i := range many {
				customer := fmt.Sprintf("4670123%04d", i)
				at := accounttest.Start.Add(-time.Duration(many-i) * time.Hour)
				w.Server.AddMessage(customer, "CUSTOMER", fmt.Sprint("a", i), "Hello", at)
				w.Server.AddMessage(customer, "SYSTEM", fmt.Sprint("b", i), "Chat assigned to Bo", at+1)
				w.Server.AddMessage(customer, "USER", fmt.Sprint("c", i), "Welcome", at+2)
			}
			w.rounds()
			counts, err := w.Desk.Counts(t.Context())
			w.Must(err)
			if counts.All != many || counts.Unread != 0 {
				t.Errorf("%+v", counts)
			}
			c := w.find("+46701230007")
			if shown, _ := w.Texts(c.ID); fmt.Sprint(shown) != "[Hello Welcome]" {
				t.Errorf("%q", shown)
			}
			if c.Name != "C 46701230007" || fmt.Sprint(c.Tags) != "[7 new]" {
				t.Errorf("%+v", c)
			}
			if l := w.Connection(); l.State != data.Online {
				t.Errorf("%+v", l)
			}
			p, err := w.Desk.Timeline(t.Context(), c.ID, data.Span{Limit: 10})
			w.Must(err)
			if m := p.Items[1].Message; m.Direction != data.Out || !second && m.Author != "Bo of the web" || second && m.Status != data.Delivered {
				t.Errorf("%+v", m)
			}
			w.CheckRequests()

			n := len(w.Server.Requests())
			w.MoveTo(w.rounds())
			if len(w.Server.Requests()) != n { // it is not time yet
				t.Errorf("%q", w.Server.Requests()[n:])
			}
			w.rounds()
			if got := w.Server.Requests()[n:]; len(got) != 1 || got[0] != "GET /chats" {
				t.Errorf("without news, asked is %q", got)
			}
			n = len(w.Server.Requests())
			w.Server.AddMessage("46701230100", "CUSTOMER", "new", "Are you there?", w.Now())
			w.MoveTo(w.rounds())
			w.rounds()
			if got := w.Server.Requests()[n:]; slices.Index(got, "GET /chat-messages") < 0 || len(got) > 4 {
				t.Errorf("with one message, asked is %q", got)
			}
			counts, err = w.Desk.Counts(t.Context())
			w.Must(err)
			if counts.Unread != 1 {
				t.Errorf("%+v", counts)
			}
			w.restart()
			n = len(w.Server.Requests())
			w.rounds()
			if got := w.Server.Requests()[n:]; len(got) != 1 {
				t.Errorf("after a restart, asked is %q", got)
			}
			w.Must(w.Desk.Resync(t.Context()))
			n = len(w.Server.Requests())
			sum, err := w.FetchAll(t.Context())
			w.Must(err)
			if sum != (Result{Chats: many}) || len(w.Server.Requests())-n < many {
				t.Errorf("%+v with %d requests", sum, len(w.Server.Requests())-n)
			}
		})
	}
}

// A page that does not come ends the round; what came before is kept, and the
// next round brings the rest. A chat that does not come stops nothing.
func TestSyncOnce_BadPages(t *testing.T) {
	for _, f := range accounttest.Faults {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for i := range 60 {
				w.Server.AddMessage(fmt.Sprintf("4670123%04d", i), "CUSTOMER", fmt.Sprint("a", i), "Hello", accounttest.Start.Add(-time.Hour))
			}
			pages, chats := 0, 0
			var good atomic.Bool
			w.Server.Fail(func(_, path string) accounttest.Fault {
				switch {
				case path == "/chats":
					if pages++; !good.Load() && pages >= 2 {
						return f
					}
				case path == "/chat-messages":
					if chats++; chats == 20 {
						return f
					}
				}
				return accounttest.None
			})
			w.rounds()
			counts, err := w.Desk.Counts(t.Context())
			w.Must(err)
			if counts.All < 19 || counts.All > 50 {
				t.Errorf("after the bad page there are %d chats", counts.All)
			}
			good.Store(true)
			for range 5 {
				w.MoveTo(w.rounds())
				w.Move(11 * time.Minute)
			}
			if counts, err = w.Desk.Counts(t.Context()); err != nil || counts.All != 60 {
				t.Errorf("in the end there are %d chats, %v", counts.All, err)
			}
			if l := w.Connection(); l.State != data.Online {
				t.Errorf("%+v", l)
			}
			w.CheckRequests()
		})
	}
}

// A later page that is too much for DoubleTick comes in smaller ones.
func TestSyncOnce_SmallerPages(t *testing.T) {
	w := newWorld(t)
	for i := range 120 {
		w.Server.AddMessage(fmt.Sprintf("4670123%04d", i), "CUSTOMER", fmt.Sprint("a", i), "Hello", accounttest.Start.Add(-time.Hour))
	}
	w.Server.MaxPage = 10
	w.rounds()
	if counts, err := w.Desk.Counts(t.Context()); err != nil || counts.All != 120 {
		t.Errorf("there are %d chats, %v", counts.All, err)
	}
	w.CheckRequests()
}

// Progress is shown while an account is fetched for the first time.
func TestSyncOnce_Progress(t *testing.T) {
	w := newWorld(t)
	for i := range 120 {
		w.Server.AddMessage(fmt.Sprintf("4670123%04d", i), "CUSTOMER", fmt.Sprint("a", i), "Hello", accounttest.Start.Add(-time.Hour))
	}
	var seen []int
	w.Server.Fail(func(_, path string) accounttest.Fault {
		if path == "/chats" {
			w.Server.Mu.Unlock()
			if l := w.Connection(); l.State == data.Fetching {
				seen = append(seen, l.Chats)
			}
			w.Server.Mu.Lock()
		}
		return accounttest.None
	})
	w.rounds()
	if fmt.Sprint(seen) != "[0 50 99]" && fmt.Sprint(seen) != "[0 50 100]" {
		t.Errorf("%v", seen)
	}
}

// What comes from a blocked customer is held, and what we sent is not taken for
// another's.
func TestSyncOnce_HeldAndOwnMessages(t *testing.T) {
	w := newWorld(t)
	id := w.AddCustomer(accounttest.Riya)
	m := w.Send(id, "Hello")
	w.turns()
	w.Block(id)
	w.turns()
	w.Server.AddMessage(accounttest.Bare(accounttest.Riya), "USER", m.RemoteID, "Hello", w.Now())
	w.Server.AddMessage(accounttest.Bare(accounttest.Riya), "CUSTOMER", "x", "Why?", w.Now().Add(time.Second))
	w.rounds()
	shown, held := w.Texts(id)
	if fmt.Sprint(shown, held) != "[Hello] [Why?]" {
		t.Errorf("%q, %q", shown, held)
	}
}

// The message that the list speaks of can be missing where it is looked up: then
// the chat is fetched again, though not for ever.
func TestSyncOnce_LateMessage(t *testing.T) {
	w := newWorld(t)
	w.Server.AddMessage(accounttest.Bare(accounttest.Riya), "CUSTOMER", "a", "Hello", accounttest.Start.Add(-time.Hour))
	w.Server.Chats[0]["lastMessageTime"] = int64(accounttest.Start)
	w.rounds()
	w.Server.History[accounttest.Bare(accounttest.Riya)] = append(w.Server.History[accounttest.Bare(accounttest.Riya)], map[string]any{
		"id": "b", "messageOriginType": "CUSTOMER", "messageTime": int64(accounttest.Start), "message": map[string]any{"text": "late"},
	})
	w.Move(time.Minute)
	w.rounds()
	if shown, _ := w.Texts(w.find(accounttest.Riya).ID); fmt.Sprint(shown) != "[Hello late]" {
		t.Errorf("%q", shown)
	}
	w.Server.Chats[0]["lastMessageTime"] = int64(accounttest.Start.Add(time.Hour)) // and it never comes
	for range 10 {
		w.Move(10 * time.Minute)
		w.rounds()
	}
	n := len(w.Server.Requests())
	w.Move(10 * time.Minute)
	w.rounds()
	if got := w.Server.Requests()[n:]; len(got) != 1 {
		t.Errorf("asked is %q", got)
	}
}

// The ticks of what was sent are asked for ever more seldom, and follow.
func TestSyncOnce_StatusesFollow(t *testing.T) {
	w := newWorld(t)
	id := w.AddCustomer(accounttest.Riya)
	m := w.Send(id, "Hello")
	w.turns()
	for range 100 {
		w.MoveTo(w.rounds())
	}
	if n := len(w.Server.StatusAskedAt); n < 3 || n > 40 {
		t.Errorf("asked %d times within %v", n, time.Duration(w.Now()-accounttest.Start)*time.Millisecond)
	}
	w.Must(w.Desk.UpdateMessageStatus(t.Context(), data.StatusUpdate{MessageID: m.RemoteID, Status: data.Read}))
	n := len(w.Server.StatusAskedAt)
	w.Move(12 * time.Hour)
	w.rounds()
	if len(w.Server.StatusAskedAt) != n {
		t.Error("asked for what was read")
	}
	w.CheckRequests()
}

// When the network is back, what waited is told at once, however long it would
// have waited.
func TestSyncOnce_NetworkIsBack(t *testing.T) {
	w := newWorld(t)
	w.rounds()
	w.Server.TurnOff()
	id := w.AddCustomer(accounttest.Riya)
	w.Block(id)
	for range 20 {
		next, err := w.dispatcher.DispatchDue(t.Context())
		w.Must(err)
		w.MoveTo(next)
	}
	if l := w.Connection(); l.State != data.Offline || l.Reason != "DoubleTick cannot be reached" {
		t.Errorf("%+v", l)
	}
	if got := w.SyncLine(id); got != "Waiting for DoubleTick" {
		t.Errorf("%q", got)
	}
	w.restart()
	w.Server.TurnOn()
	w.rounds()
	_, err := w.dispatcher.DispatchDue(t.Context())
	w.Must(err)
	if got := w.SyncLine(id); got != "Accepted by DoubleTick" {
		t.Errorf("%q, %+v", got, w.Connection())
	}
	w.CheckInSync(id)
}

// many has a number of chats in the account.
func (w *world) many(n int) {
	for i := range n {
		w.Server.AddMessage(fmt.Sprintf("4670123%04d", i), "CUSTOMER", fmt.Sprint("a", i), "Hello", accounttest.Start.Add(-time.Hour))
	}
}

// Who has no number in the account comes in all the same, without messages where
// there is no number to ask for them by.
func TestSyncOnce_WithoutNumber(t *testing.T) {
	w := newWorld(t)
	at := int64(accounttest.Start.Add(-time.Hour))
	w.Server.AddMessage("46701230001", "CUSTOMER", "a", "Hello", accounttest.Start.Add(-time.Hour))
	w.Server.AddMessage("120363404694233820", "CUSTOMER", "b", "Hello all", accounttest.Start.Add(-time.Hour))
	w.Server.Mu.Lock()
	w.Server.Chats[0]["chatType"], w.Server.Chats[0]["name"] = "WA_GROUP", "Neighbours"
	row := func(fields map[string]any) {
		fields["phoneNumber"], fields["wabaNumber"], fields["lastMessageTime"], fields["chatUpdatedTime"] = nil, "918888888888", at, at
		w.Server.Chats = append(w.Server.Chats, fields)
	}
	last := map[string]any{"id": "c", "messageOriginType": "CUSTOMER", "messageTime": at, "message": map[string]any{"text": "Hi", "messageType": "TEXT"}}
	row(map[string]any{"name": "Riya", "userId": "IN.13491208655302741918", "username": "riya.d", "lastMessage": last})
	row(map[string]any{"name": "Bo", "providerType": "INSTAGRAM", "customerHandle": "bo"})
	row(map[string]any{"name": "Nobody"})
	w.Server.Mu.Unlock()
	w.rounds()
	for address, want := range map[data.Address]string{
		"+46701230001": "C 46701230001: Hello", "120363404694233820@g.us": "Neighbours: Hello all", "IN.13491208655302741918": "Riya: Hi", "instagram:bo": "Bo: ",
	} {
		c, err := w.Desk.FindCustomer(t.Context(), address)
		w.Must(err)
		shown, _ := w.Texts(c.ID)
		if got := c.Name + ": " + strings.Join(shown, " | "); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
	group, err := w.Desk.FindCustomer(t.Context(), "120363404694233820@g.us")
	w.Must(err)
	if p, err := w.Desk.Timeline(t.Context(), group.ID, data.Span{Limit: 10}); err != nil || p.Items[0].Message.Author != "Bo of the web" {
		t.Errorf("%+v, %v", p.Items, err)
	}
	if counts, err := w.Desk.Counts(t.Context()); err != nil || counts.All != 3 { // Bo's chat is empty
		t.Errorf("%+v, %v", counts, err)
	}
	asked := 0
	for _, r := range w.Server.Requests() {
		if strings.Contains(r, "/chat-messages") {
			asked++
		}
	}
	if asked != 2 {
		t.Errorf("%d chats were asked for: %q", asked, w.Server.Requests())
	}
	w.MoveTo(w.rounds())
	w.rounds()
	if counts, err := w.Desk.Counts(t.Context()); err != nil || counts.All != 3 {
		t.Errorf("once more: %+v, %v", counts, err)
	}
	ids, err := w.Desk.SetAsideIDs(t.Context()) // Nobody is not lost
	if err != nil || len(ids) != 1 {
		t.Fatalf("%v are set aside, %v", ids, err)
	}
	if kept, err := w.Desk.FindSetAside(t.Context(), ids[0]); err != nil || kept.Count != 1 || !strings.Contains(string(kept.Raw), `"name":"Nobody"`) {
		t.Errorf("%s, %d times, %v", kept.Raw, kept.Count, err)
	}
}
