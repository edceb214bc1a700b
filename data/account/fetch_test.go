package account

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// bare is a number as DoubleTick writes it.
func bare(phone data.Phone) string { return strings.TrimPrefix(string(phone), "+") }

func (w *world) rounds() data.Moment {
	w.Helper()
	next, err := w.SyncOnce(w.Context())
	w.must(err)
	return next
}

func (w *world) find(phone data.Phone) data.Customer {
	w.Helper()
	c, err := w.d.CustomerByPhone(w.Context(), phone)
	w.must(err)
	return c
}

// Chats and messages of an account come in whole, in both shapes, by their time,
// with repeats dropped; then only what is new is asked for.
func TestFetch(t *testing.T) {
	for _, second := range []bool{false, true} {
		t.Run(fmt.Sprint("the other shape: ", second), func(t *testing.T) {
			w := newWorld(t)
			w.there.second = second
			const many = 130
			for i := range many {
				customer := fmt.Sprintf("4670123%04d", i)
				at := start.Add(-time.Duration(many-i) * time.Hour)
				w.there.writes(customer, "CUSTOMER", fmt.Sprint("a", i), "Hello", at)
				w.there.writes(customer, "SYSTEM", fmt.Sprint("b", i), "Chat assigned to Bo", at+1)
				w.there.writes(customer, "USER", fmt.Sprint("c", i), "Welcome", at+2)
			}
			w.rounds()
			counts, err := w.d.Counts(t.Context())
			w.must(err)
			if counts.All != many || counts.Unread != 0 {
				t.Errorf("%+v", counts)
			}
			c := w.find("+46701230007")
			if shown, _ := w.shows(c.ID); fmt.Sprint(shown) != "[Hello Welcome]" {
				t.Errorf("%q", shown)
			}
			if c.Name != "C 46701230007" || fmt.Sprint(c.Tags) != "[7 new]" {
				t.Errorf("%+v", c)
			}
			if l := w.link(); l.State != data.Online {
				t.Errorf("%+v", l)
			}
			p, err := w.d.Timeline(t.Context(), c.ID, data.Span{Limit: 10})
			w.must(err)
			if m := p.Items[1].Message; m.Direction != data.Out || !second && m.Author != "Bo of the web" || second && m.Status != data.Delivered {
				t.Errorf("%+v", m)
			}
			w.behaved()

			n := len(w.there.requests())
			w.moveTo(w.rounds())
			if len(w.there.requests()) != n { // it is not time yet
				t.Errorf("%q", w.there.requests()[n:])
			}
			w.rounds()
			if got := w.there.requests()[n:]; len(got) != 1 || got[0] != "GET /chats" {
				t.Errorf("without news, asked is %q", got)
			}
			n = len(w.there.requests())
			w.there.writes("46701230100", "CUSTOMER", "new", "Are you there?", w.now())
			w.moveTo(w.rounds())
			w.rounds()
			if got := w.there.requests()[n:]; slices.Index(got, "GET /chat-messages") < 0 || len(got) > 4 {
				t.Errorf("with one message, asked is %q", got)
			}
			counts, err = w.d.Counts(t.Context())
			w.must(err)
			if counts.Unread != 1 {
				t.Errorf("%+v", counts)
			}
			w.restart()
			n = len(w.there.requests())
			w.rounds()
			if got := w.there.requests()[n:]; len(got) != 1 {
				t.Errorf("after a restart, asked is %q", got)
			}
			w.must(w.d.Resync(t.Context()))
			n = len(w.there.requests())
			sum, err := w.FetchAll(t.Context())
			w.must(err)
			if sum != (SyncResult{Chats: many}) || len(w.there.requests())-n < many {
				t.Errorf("%+v with %d requests", sum, len(w.there.requests())-n)
			}
		})
	}
}

// A page that does not come ends the round; what came before is kept, and the
// next round brings the rest. A chat that does not come stops nothing.
func TestBadPages(t *testing.T) {
	for _, f := range faults {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			for i := range 60 {
				w.there.writes(fmt.Sprintf("4670123%04d", i), "CUSTOMER", fmt.Sprint("a", i), "Hello", start.Add(-time.Hour))
			}
			pages, chats := 0, 0
			var good atomic.Bool
			w.there.fail(func(_, path string) fault {
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
				return none
			})
			w.rounds()
			counts, err := w.d.Counts(t.Context())
			w.must(err)
			if counts.All < 19 || counts.All > 50 {
				t.Errorf("after the bad page there are %d chats", counts.All)
			}
			good.Store(true)
			for range 5 {
				w.moveTo(w.rounds())
				w.move(11 * time.Minute)
			}
			if counts, err = w.d.Counts(t.Context()); err != nil || counts.All != 60 {
				t.Errorf("in the end there are %d chats, %v", counts.All, err)
			}
			if l := w.link(); l.State != data.Online {
				t.Errorf("%+v", l)
			}
			w.behaved()
		})
	}
}

// A later page that is too much for DoubleTick comes in smaller ones.
func TestSmallerPages(t *testing.T) {
	w := newWorld(t)
	for i := range 120 {
		w.there.writes(fmt.Sprintf("4670123%04d", i), "CUSTOMER", fmt.Sprint("a", i), "Hello", start.Add(-time.Hour))
	}
	w.there.most = 10
	w.rounds()
	if counts, err := w.d.Counts(t.Context()); err != nil || counts.All != 120 {
		t.Errorf("there are %d chats, %v", counts.All, err)
	}
	w.behaved()
}

// Progress is shown while an account is fetched for the first time.
func TestProgress(t *testing.T) {
	w := newWorld(t)
	for i := range 120 {
		w.there.writes(fmt.Sprintf("4670123%04d", i), "CUSTOMER", fmt.Sprint("a", i), "Hello", start.Add(-time.Hour))
	}
	var seen []int
	w.there.fail(func(_, path string) fault {
		if path == "/chats" {
			w.there.mu.Unlock()
			if l := w.link(); l.State == data.Fetching {
				seen = append(seen, l.Chats)
			}
			w.there.mu.Lock()
		}
		return none
	})
	w.rounds()
	if fmt.Sprint(seen) != "[0 50 99]" && fmt.Sprint(seen) != "[0 50 100]" {
		t.Errorf("%v", seen)
	}
}

// What comes from a blocked customer is held, and what we sent is not taken for
// another's.
func TestFetchWhatIsOurs(t *testing.T) {
	w := newWorld(t)
	id := w.adds(riya)
	m := w.sends(id, "Hello")
	w.turns()
	w.blocks(id)
	w.turns()
	w.there.writes(bare(riya), "USER", m.RemoteID, "Hello", w.now())
	w.there.writes(bare(riya), "CUSTOMER", "x", "Why?", w.now().Add(time.Second))
	w.rounds()
	shown, held := w.shows(id)
	if fmt.Sprint(shown, held) != "[Hello] [Why?]" {
		t.Errorf("%q, %q", shown, held)
	}
}

// The message that the list speaks of can be missing where it is looked up: then
// the chat is fetched again, though not for ever.
func TestAMessageThatIsLate(t *testing.T) {
	w := newWorld(t)
	w.there.writes(bare(riya), "CUSTOMER", "a", "Hello", start.Add(-time.Hour))
	w.there.chats[0]["lastMessageTime"] = int64(start)
	w.rounds()
	w.there.history[bare(riya)] = append(w.there.history[bare(riya)], map[string]any{
		"id": "b", "messageOriginType": "CUSTOMER", "messageTime": int64(start), "message": map[string]any{"text": "late"},
	})
	w.move(time.Minute)
	w.rounds()
	if shown, _ := w.shows(w.find(riya).ID); fmt.Sprint(shown) != "[Hello late]" {
		t.Errorf("%q", shown)
	}
	w.there.chats[0]["lastMessageTime"] = int64(start.Add(time.Hour)) // and it never comes
	for range 10 {
		w.move(10 * time.Minute)
		w.rounds()
	}
	n := len(w.there.requests())
	w.move(10 * time.Minute)
	w.rounds()
	if got := w.there.requests()[n:]; len(got) != 1 {
		t.Errorf("asked is %q", got)
	}
}

// The ticks of what was sent are asked for ever more seldom, and follow.
func TestTicksFollow(t *testing.T) {
	w := newWorld(t)
	id := w.adds(riya)
	m := w.sends(id, "Hello")
	w.turns()
	for range 100 {
		w.moveTo(w.rounds())
	}
	if n := len(w.there.status); n < 3 || n > 40 {
		t.Errorf("asked %d times within %v", n, time.Duration(w.now()-start)*time.Millisecond)
	}
	w.must(w.d.UpdateMessageStatus(t.Context(), data.StatusUpdate{MessageID: m.RemoteID, Status: data.Read}))
	n := len(w.there.status)
	w.move(12 * time.Hour)
	w.rounds()
	if len(w.there.status) != n {
		t.Error("asked for what was read")
	}
	w.behaved()
}

// When the network is back, what waited is told at once, however long it would
// have waited.
func TestTheNetworkIsBack(t *testing.T) {
	w := newWorld(t)
	w.rounds()
	w.there.turnOff()
	id := w.adds(riya)
	w.blocks(id)
	for range 20 {
		next, err := w.DispatchDue(t.Context())
		w.must(err)
		w.moveTo(next)
	}
	if l := w.link(); l.State != data.Offline || l.Reason != "DoubleTick cannot be reached" {
		t.Errorf("%+v", l)
	}
	if got := w.strip(id); got != "Waiting for DoubleTick" {
		t.Errorf("%q", got)
	}
	w.restart()
	w.there.turnOn()
	w.rounds()
	_, err := w.DispatchDue(t.Context())
	w.must(err)
	if got := w.strip(id); got != "Done there" {
		t.Errorf("%q, %+v", got, w.link())
	}
	w.sound(id)
}

// many has a number of chats in the account.
func (w *world) many(n int) {
	for i := range n {
		w.there.writes(fmt.Sprintf("4670123%04d", i), "CUSTOMER", fmt.Sprint("a", i), "Hello", start.Add(-time.Hour))
	}
}

// refuses has the requests that which picks answered with a code for good.
func (w *world) refuses(code int, which func(*http.Request) bool) {
	h := w.there
	h.server.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if which(r) {
			h.mu.Lock()
			h.asked = append(h.asked, r.Method+" "+r.URL.Path)
			h.mu.Unlock()
			h.refuse(rw, code, "Invalid Customer")
			return
		}
		h.ServeHTTP(rw, r)
	})
}

// Chats whose messages cannot be had stop neither the first walk nor what is new
// after it, and are left alone in the end until there is news of them.
func TestChatsThatCannotBeHad(t *testing.T) {
	for _, code := range []int{404, 422, 504} {
		for _, spread := range []int{1, 5} {
			t.Run(fmt.Sprint(code, " of every ", spread), func(t *testing.T) {
				t.Parallel()
				w := newWorld(t)
				w.many(60)
				bad := map[string]bool{}
				for i := range 11 {
					bad[fmt.Sprintf("4670123%04d", 5+i*spread)] = true
				}
				w.refuses(code, func(r *http.Request) bool {
					return r.URL.Path == "/chat-messages" && bad[r.URL.Query().Get("customerNumber")]
				})
				for range 10 {
					w.moveTo(w.rounds())
				}
				counts, err := w.d.Counts(t.Context())
				w.must(err)
				whole, err := w.d.SyncedAt(t.Context(), "")
				w.must(err)
				if counts.All != 49 || whole == 0 || w.link().State != data.Online {
					t.Errorf("%d chats, whole at %d, %+v", counts.All, whole, w.link())
				}
				for i := range 3 {
					w.there.writes("46701230001", "CUSTOMER", fmt.Sprint("new", i), "Are you there?", w.now())
					w.moveTo(w.rounds())
					w.rounds()
					if shown, _ := w.shows(w.find("+46701230001").ID); len(shown) != 2+i {
						t.Errorf("%q", shown)
					}
				}
				for range 10 {
					w.moveTo(w.rounds())
				}
				clear(bad)
				w.there.writes("46701230005", "CUSTOMER", "b", "And now?", w.now())
				n := len(w.there.requests())
				w.moveTo(w.rounds())
				w.rounds()
				if shown, _ := w.shows(w.find("+46701230005").ID); len(shown) != 2 {
					t.Errorf("%q after %q", shown, w.there.requests()[n:])
				}
			})
		}
	}
}

// While no chat is answered none is given up: all come in when it is over.
func TestNoChatIsAnswered(t *testing.T) {
	w := newWorld(t)
	w.many(60)
	var well atomic.Bool
	w.refuses(504, func(r *http.Request) bool { return r.URL.Path == "/chat-messages" && !well.Load() })
	for range 40 {
		w.moveTo(w.rounds())
	}
	well.Store(true)
	for range 3 {
		w.moveTo(w.rounds())
	}
	if counts, err := w.d.Counts(t.Context()); err != nil || counts.All != 60 {
		t.Errorf("there are %d chats, %v", counts.All, err)
	}
}

// A later page that never comes keeps neither what is new nor the ticks waiting,
// and nobody reads that all is still being fetched.
func TestALaterPageNeverComes(t *testing.T) {
	w := newWorld(t)
	w.many(120)
	w.refuses(504, func(r *http.Request) bool {
		return r.URL.Path == "/chats" && r.URL.Query().Get("nextChatId") != ""
	})
	id := w.adds(riya)
	w.sends(id, "Hi")
	w.turns()
	for range 30 {
		next := w.rounds()
		if long := time.Duration(next-w.now()) * time.Millisecond; long > maxIdleInterval*11/10 {
			t.Fatalf("the next round is in %v", long)
		}
		w.moveTo(next)
	}
	if l := w.link(); l.State != data.Online {
		t.Errorf("%+v", l)
	}
	if len(w.there.status) == 0 {
		t.Error("no tick is asked for")
	}
	if whole, err := w.d.SyncedAt(t.Context(), ""); err != nil || whole != 0 {
		t.Errorf("whole at %d, %v", whole, err)
	}
}

// What is new behind a page that did not come is fetched in the next round,
// though nothing is new before it.
func TestNewsBehindALostPage(t *testing.T) {
	w := newWorld(t)
	w.many(120)
	w.moveTo(w.rounds())
	for i := range 120 {
		w.there.writes(fmt.Sprintf("4670123%04d", i), "CUSTOMER", fmt.Sprint("b", i), "News", w.now())
	}
	pages := 0
	w.there.fail(func(_, path string) fault {
		if path == "/chats" {
			pages++
		}
		if path == "/chats" && pages >= 2 && pages < 2+maxPageTries {
			return broken
		}
		return none
	})
	for range 3 {
		w.moveTo(w.rounds())
	}
	var c data.Customer
	for i := range 120 {
		var err error
		c, err = w.d.CustomerByPhone(t.Context(), data.Phone(fmt.Sprintf("+4670123%04d", i)))
		w.must(err)
		page, err := w.d.Timeline(t.Context(), c.ID, data.Span{Limit: 10})
		w.must(err)
		if len(page.Items) != 2 {
			t.Fatalf("chat %d has %d messages", i, len(page.Items))
		}
	}
	if w.deep != 0 {
		t.Errorf("the next round walks %d pages", w.deep)
	}
}

// A pause, another account, none, or all anew while a round is on: it asks
// nothing more, and what it began is not called whole.
func TestARoundIsOvertaken(t *testing.T) {
	for _, what := range []string{"pause", "join", "leave", "again"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.many(60)
			n, all := 0, 0
			w.there.fail(func(_, _ string) fault {
				if n++; n != 10 {
					return none
				}
				w.there.mu.Unlock()
				defer w.there.mu.Lock()
				switch what {
				case "pause":
					w.must(w.d.PauseAccount(t.Context(), true))
				case "join":
					w.must(w.d.Join(t.Context(), data.Account{Base: w.there.server.URL, Number: "+918888888889"}))
				case "leave":
					w.must(w.d.Leave(t.Context()))
				default:
					w.must(w.d.Resync(t.Context()))
				}
				counts, err := w.d.Counts(t.Context())
				w.must(err)
				all = counts.All
				return none
			})
			w.rounds()
			whole, err := w.d.SyncedAt(t.Context(), "")
			w.must(err)
			if whole != 0 {
				t.Error("it is called whole")
			}
			if what == "again" {
				w.moveTo(w.nextRun)
				n = 100
				w.rounds()
				if whole, err = w.d.SyncedAt(t.Context(), ""); err != nil || whole == 0 {
					t.Errorf("the next is not whole: %v", err)
				}
				return
			}
			counts, err := w.d.Counts(t.Context())
			w.must(err)
			if n != 10 || counts.All != all {
				t.Errorf("%d requests after it, %d chats came in", n-10, counts.All-all)
			}
			want := data.NotConnected
			if what == "pause" {
				want = data.Paused
			}
			if l := w.link(); l.State != want {
				t.Errorf("%+v", l)
			}
			if what != "pause" {
				return
			}
			w.must(w.d.PauseAccount(t.Context(), false))
			w.rounds()
			if counts, err := w.d.Counts(t.Context()); err != nil || counts.All != 60 {
				t.Errorf("after the pause there are %d chats, %v", counts.All, err)
			}
		})
	}
}
