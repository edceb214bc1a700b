package fetch

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// endless has every page lead to another that nobody has seen. What rows it has is said
// by its number.
func (w *world) endless(rows func(page int) []map[string]any) (pages *int) {
	pages = new(int)
	w.Server.HTTP.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/chats" {
			w.Server.ServeHTTP(rw, r)
			return
		}
		n := 0
		_, _ = fmt.Sscan(r.URL.Query().Get("nextChatId"), &n)
		*pages++
		_ = json.NewEncoder(rw).Encode(map[string]any{
			"chats":             rows(n),
			"paginationOptions": map[string]any{"hasMoreChats": true, "nextChatId": fmt.Sprint(n + 1), "nextChatTimestamp": n + 1},
		})
	})
	return pages
}

// An account whose every page has the same rows and another cursor ends after a few.
func TestSyncOnce_CursorsWithoutEnd(t *testing.T) {
	w := newWorld(t)
	at := int64(w.Now()) - 1000
	pages := w.endless(func(int) []map[string]any {
		return []map[string]any{{"phoneNumber": "46701230001", "wabaNumber": "918888888888", "lastMessageTime": at}}
	})
	w.rounds()
	whole, err := w.Desk.SyncedAt(t.Context(), "")
	w.Must(err)
	if *pages > 1+maxStalePages || whole == 0 || w.Connection().State != data.Online {
		t.Errorf("%d pages were asked for, whole at %s, %+v", *pages, whole, w.Connection())
	}
}

// A run walks so many pages and no more, and the next one goes on where it stopped, after
// what is new.
func TestSyncOnce_PagesWithoutEnd(t *testing.T) {
	w := newWorld(t)
	last := 0
	pages := w.endless(func(n int) []map[string]any {
		last = max(last, n)
		// Nobody who can be asked for, so that no chat is fetched.
		return []map[string]any{{"userId": fmt.Sprintf("IN.%09d", n), "phoneNumber": nil, "lastMessageTime": int64(w.Now()) - int64(n)}}
	})
	for round := 1; round <= 2; round++ {
		before := *pages
		w.MoveTo(w.rounds())
		if n := *pages - before; n != maxRoundPages {
			t.Errorf("run %d asked for %d pages", round, n)
		}
		if want := round * (maxRoundPages - 1); last < want-1 || last > want+1 {
			t.Errorf("run %d came as far as page %d, not about %d", round, last, want)
		}
		whole, err := w.Desk.SyncedAt(t.Context(), "")
		w.Must(err)
		if whole != 0 || w.Connection().State != data.Online {
			t.Errorf("run %d: whole at %s, %+v", round, whole, w.Connection())
		}
	}
}

// A run that takes long says how far it is, even if the account was fetched whole before.
func TestSyncOnce_TellsThatItTakesLong(t *testing.T) {
	w := newWorld(t)
	w.many(20)
	w.MoveTo(w.rounds())
	for i := range 20 {
		w.Server.AddMessage(fmt.Sprintf("4670123%04d", i), "CUSTOMER", fmt.Sprint("new", i), "Hello?", w.Now())
	}
	told := map[data.ConnectionState]int{}
	h := w.Server
	h.HTTP.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/chat-messages" {
			told[w.Connection().State]++
			w.MoveTo(w.Now().Add(2 * time.Second)) // it is slow
		}
		h.ServeHTTP(rw, r)
	})
	w.rounds()
	if told[data.Fetching] < 10 || told[data.Online] < 3 {
		t.Errorf("while chats were fetched it was %v", told)
	}
	if w.Connection().State != data.Online {
		t.Errorf("in the end %+v", w.Connection())
	}
}
