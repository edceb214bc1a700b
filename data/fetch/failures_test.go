package fetch

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/accounttest"
)

// refuses has the requests that which picks answered with a code for good.
func (w *world) refuses(code int, which func(*http.Request) bool) {
	h := w.Server
	h.HTTP.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if which(r) {
			h.Mu.Lock()
			h.Asked = append(h.Asked, r.Method+" "+r.URL.Path)
			h.Mu.Unlock()
			h.WriteError(rw, code, "Invalid Customer")
			return
		}
		h.ServeHTTP(rw, r)
	})
}

// Chats whose messages cannot be had stop neither the first walk nor what is new
// after it, and are left alone in the end until there is news of them.
func TestSyncOnce_ChatsThatFail(t *testing.T) {
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
					w.MoveTo(w.rounds())
				}
				counts, err := w.Desk.Counts(t.Context())
				w.Must(err)
				whole, err := w.Desk.SyncedAt(t.Context(), "")
				w.Must(err)
				if counts.All != 49 || whole == 0 || w.Connection().State != data.Online {
					t.Errorf("%d chats, whole at %d, %+v", counts.All, whole, w.Connection())
				}
				for i := range 3 {
					w.Server.AddMessage("46701230001", "CUSTOMER", fmt.Sprint("new", i), "Are you there?", w.Now())
					w.MoveTo(w.rounds())
					w.rounds()
					if shown, _ := w.Texts(w.find("+46701230001").ID); len(shown) != 2+i {
						t.Errorf("%q", shown)
					}
				}
				for range 10 {
					w.MoveTo(w.rounds())
				}
				clear(bad)
				w.Server.AddMessage("46701230005", "CUSTOMER", "b", "And now?", w.Now())
				n := len(w.Server.Requests())
				w.MoveTo(w.rounds())
				w.rounds()
				if shown, _ := w.Texts(w.find("+46701230005").ID); len(shown) != 2 {
					t.Errorf("%q after %q", shown, w.Server.Requests()[n:])
				}
			})
		}
	}
}

// While no chat is answered none is given up: all come in when it is over.
func TestSyncOnce_NoChatAnswered(t *testing.T) {
	w := newWorld(t)
	w.many(60)
	var well atomic.Bool
	w.refuses(504, func(r *http.Request) bool { return r.URL.Path == "/chat-messages" && !well.Load() })
	for range 40 {
		w.MoveTo(w.rounds())
	}
	well.Store(true)
	for range 3 {
		w.MoveTo(w.rounds())
	}
	if counts, err := w.Desk.Counts(t.Context()); err != nil || counts.All != 60 {
		t.Errorf("there are %d chats, %v", counts.All, err)
	}
}

// A later page that never comes keeps neither what is new nor the ticks waiting,
// and nobody reads that all is still being fetched.
func TestSyncOnce_LaterPageNeverComes(t *testing.T) {
	w := newWorld(t)
	w.many(120)
	w.refuses(504, func(r *http.Request) bool {
		return r.URL.Path == "/chats" && r.URL.Query().Get("nextChatId") != ""
	})
	id := w.AddCustomer(accounttest.Riya)
	w.Send(id, "Hi")
	w.turns()
	for range 30 {
		next := w.rounds()
		if long := time.Duration(next-w.Now()) * time.Millisecond; long > maxIdleInterval*11/10 {
			t.Fatalf("the next round is in %v", long)
		}
		w.MoveTo(next)
	}
	if l := w.Connection(); l.State != data.Online {
		t.Errorf("%+v", l)
	}
	if len(w.Server.StatusAskedAt) == 0 {
		t.Error("no tick is asked for")
	}
	if whole, err := w.Desk.SyncedAt(t.Context(), ""); err != nil || whole != 0 {
		t.Errorf("whole at %d, %v", whole, err)
	}
}

// What is new behind a page that did not come is fetched in the next round,
// though nothing is new before it.
func TestSyncOnce_NewsBehindLostPage(t *testing.T) {
	w := newWorld(t)
	w.many(120)
	w.MoveTo(w.rounds())
	for i := range 120 {
		w.Server.AddMessage(fmt.Sprintf("4670123%04d", i), "CUSTOMER", fmt.Sprint("b", i), "News", w.Now())
	}
	pages := 0
	w.Server.Fail(func(_, path string) accounttest.Fault {
		if path == "/chats" {
			pages++
		}
		if path == "/chats" && pages >= 2 && pages < 2+maxPageTries {
			return accounttest.Broken
		}
		return accounttest.None
	})
	for range 3 {
		w.MoveTo(w.rounds())
	}
	var c data.Customer
	for i := range 120 {
		var err error
		c, err = w.Desk.FindCustomer(t.Context(), data.Address(fmt.Sprintf("+4670123%04d", i)))
		w.Must(err)
		page, err := w.Desk.Timeline(t.Context(), c.ID, data.Span{Limit: 10})
		w.Must(err)
		if len(page.Items) != 2 {
			t.Fatalf("chat %d has %d messages", i, len(page.Items))
		}
	}
	if w.minPages != 0 {
		t.Errorf("the next run walks %d pages", w.minPages)
	}
}

// A pause, another account, none, or all anew while a round is on: it asks
// nothing more, and what it began is not called whole.
func TestSyncOnce_Overtaken(t *testing.T) {
	for _, what := range []string{"pause", "join", "leave", "again"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.many(60)
			n, all := 0, 0
			w.Server.Fail(func(_, _ string) accounttest.Fault {
				if n++; n != 10 {
					return accounttest.None
				}
				w.Server.Mu.Unlock()
				defer w.Server.Mu.Lock()
				switch what {
				case "pause":
					w.Must(w.Desk.PauseAccount(t.Context(), true))
				case "join":
					w.Must(w.Desk.Join(t.Context(), data.Account{Base: w.Server.HTTP.URL, Number: "+918888888889"}))
				case "leave":
					w.Must(w.Desk.Leave(t.Context()))
				default:
					w.Must(w.Desk.Resync(t.Context()))
				}
				counts, err := w.Desk.Counts(t.Context())
				w.Must(err)
				all = counts.All
				return accounttest.None
			})
			w.rounds()
			whole, err := w.Desk.SyncedAt(t.Context(), "")
			w.Must(err)
			if whole != 0 {
				t.Error("it is called whole")
			}
			if what == "again" {
				w.MoveTo(w.nextRun)
				n = 100
				w.rounds()
				if whole, err = w.Desk.SyncedAt(t.Context(), ""); err != nil || whole == 0 {
					t.Errorf("the next is not whole: %v", err)
				}
				return
			}
			counts, err := w.Desk.Counts(t.Context())
			w.Must(err)
			if n != 10 || counts.All != all {
				t.Errorf("%d requests after it, %d chats came in", n-10, counts.All-all)
			}
			want := data.NotConnected
			if what == "pause" {
				want = data.Paused
			}
			if l := w.Connection(); l.State != want {
				t.Errorf("%+v", l)
			}
			if what != "pause" {
				return
			}
			w.Must(w.Desk.PauseAccount(t.Context(), false))
			w.rounds()
			if counts, err := w.Desk.Counts(t.Context()); err != nil || counts.All != 60 {
				t.Errorf("after the pause there are %d chats, %v", counts.All, err)
			}
		})
	}
}
