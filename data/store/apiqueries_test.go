package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// What programs read page by page costs the same wherever the page lies: its
// beginning is found by an index, and nothing else is read.
func TestPagesReadNoMore(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	place := &data.ItemKey{At: start, ID: 5}
	for name, page := range map[string]struct {
		want string
		do   func() error
	}{
		"the blocked": {"customers USING INDEX customers_blocked", func() error {
			_, err := s.BlockedPage(t.Context(), data.BlockedQuery{}, nil, 50)
			return err
		}},
		"the blocked, further on": {"customers USING INDEX customers_blocked", func() error {
			_, err := s.BlockedPage(t.Context(), data.BlockedQuery{Reason: "Spam", Agent: "Bo"}, &data.BlockedKey{At: start, ID: 5}, 50)
			return err
		}},
		"the chats": {"chats USING INDEX chats_place", func() error {
			_, err := s.ChatPage(t.Context(), nil, 50)
			return err
		}},
		"the chats, further on": {"chats USING INDEX chats_place (last_at<?)", func() error {
			_, err := s.ChatPage(t.Context(), &data.ChatKey{ID: 5, LastAt: start}, 50)
			return err
		}},
		"what was written last": {"messages USING INDEX messages_shown (customer_id=?)", func() error {
			_, err := s.LastWords(t.Context(), []int64{c.ID, 7})
			return err
		}},
		"a chat": {"messages USING INDEX messages_shown (customer_id=?)", func() error {
			_, err := s.MessagePage(t.Context(), data.MessageQuery{Customer: c.ID, Limit: 50})
			return err
		}},
		"a chat, further back, with what is held": {"messages USING INDEX messages_held (customer_id=?", func() error {
			_, err := s.MessagePage(t.Context(), data.MessageQuery{Customer: c.ID, Held: true, Business: "+918888888888", Before: place, Limit: 50})
			return err
		}},
		"customers": {"customers USING INTEGER PRIMARY KEY", func() error {
			_, err := s.CustomersByID(t.Context(), []int64{c.ID})
			return err
		}},
		"which changes are kept": {"", func() error {
			_, _, err := s.ChangesKept(t.Context())
			return err
		}},
		"an earlier request": {"once USING PRIMARY KEY (key=?)", func() error {
			_, _, err := s.FindResponse(t.Context(), data.IdempotencyKey{Key: "k"})
			return err
		}},
		"a request that is remembered": {"once USING INDEX once_at (at<?)", func() error {
			return s.Write(t.Context(), func(tx *store.Tx) error { return tx.SaveResponse(data.IdempotencyKey{Key: "k"}, "", start) })
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var plan []string
			for _, statement := range s.Spy(t, func() {
				if err := page.do(); err != nil {
					t.Fatal(err)
				}
			}) {
				plan = append(plan, explain(t, s, statement)...)
			}
			if !strings.Contains(strings.Join(plan, "\n"), page.want) {
				t.Errorf("not %q, but\n%s", page.want, strings.Join(plan, "\n"))
			}
			for _, step := range plan {
				for _, table := range []string{"messages", "events", "customers", "once", "tags"} {
					if step == "SCAN "+table {
						t.Error(step)
					}
				}
				if step == "SCAN changes" || step == "SCAN chats" {
					t.Error(step)
				}
			}
		})
	}
}

// A mark is forgotten a day later, and with it what was answered.
func TestMarksAreForgotten(t *testing.T) {
	s := openNew(t)
	keep := func(key string, at data.Moment) {
		t.Helper()
		write(t, s, func(tx *store.Tx) error { return tx.SaveResponse(data.IdempotencyKey{Key: key}, key, at) })
	}
	keep("old", start.Add(-24*time.Hour))
	keep("young", start.Add(-24*time.Hour+1))
	for key, want := range map[string]bool{"old": false, "young": true, "never": false} {
		if _, done, err := s.FindResponse(t.Context(), data.IdempotencyKey{Key: key}); done != want || err != nil {
			t.Errorf("%s: %v, %v", key, done, err)
		}
	}
	keep("new", start)
	if got := rawText(t, rawOpen(t, s.Path), "SELECT group_concat(key ORDER BY key) FROM once"); got != "new,young" {
		t.Errorf("kept are %s", got)
	}
}
