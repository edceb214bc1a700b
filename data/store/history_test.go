package store

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

func openTemp(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "latchdesk.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// Messages returns what is shown and what is held in one order, page by page,
// also where many were written at one moment.
func TestMessages(t *testing.T) {
	s := openTemp(t)
	var c data.Customer
	want := 0
	err := s.Write(t.Context(), func(tx *Tx) (err error) {
		if c, _, err = tx.AddCustomer(data.NewIdentity("+46701234567"), ""); err != nil {
			return err
		}
		other, _, err := tx.AddCustomer(data.NewIdentity("+46701234568"), "")
		if err != nil {
			return err
		}
		for i := range 50 {
			hold := data.HoldState(i % 4)
			if hold != data.Discarded {
				want++
			}
			for _, to := range []*data.Customer{&c, &other} {
				m := data.Message{Direction: data.In, At: data.Moment(1 + i/9), Kind: data.TextMessage, Hold: hold, RemoteID: fmt.Sprint(to.ID, "-", i)}
				if _, _, err := tx.AddMessage(to, m); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, limit := range []int{1, 3, 7, 100} {
		got, after := 0, data.ItemKey{}
		for {
			page, err := s.Messages(t.Context(), c.ID, after, limit)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range page {
				key := data.ItemKey{At: m.At, ID: m.ID}
				if !after.Less(key) || m.CustomerID != c.ID || m.Hold == data.Discarded {
					t.Fatalf("%+v after %+v", m, after)
				}
				got, after = got+1, key
			}
			if len(page) < limit {
				break
			}
		}
		if got != want {
			t.Errorf("in pages of %d: %d messages, want %d", limit, got, want)
		}
	}
	err = s.Write(t.Context(), func(tx *Tx) error { _, _, err := tx.Clear(c.ID, 1); return err })
	if err != nil {
		t.Fatal(err)
	}
	left, err := s.Messages(t.Context(), c.ID, data.ItemKey{}, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range left {
		if m.Hold != data.IsHeld {
			t.Errorf("a cleared message is listed: %+v", m)
		}
	}
}

// A page is found by the two indexes, however long the chat.
func TestMessagesUseTheirIndexes(t *testing.T) {
	s := openTemp(t)
	var plan []struct{ Detail string }
	args := map[string]any{"customer": 1, "at": 0, "id": 0, "limit": 10}
	if err := s.Queries.db.Raw("EXPLAIN QUERY PLAN "+messagePage, args).Scan(&plan).Error; err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(plan)
	if !strings.Contains(text, "SEARCH messages USING INDEX messages_shown (customer_id=? AND") || !strings.Contains(text, "SEARCH messages USING INDEX messages_held (customer_id=? AND") {
		t.Errorf("the plan is %s", text)
	}
}

func TestFacts(t *testing.T) {
	s := openTemp(t)
	fresh, err := s.IsEmpty(t.Context())
	if err != nil || !fresh {
		t.Errorf("fresh: %v, %v", fresh, err)
	}
	err = s.Write(t.Context(), func(tx *Tx) error {
		c, _, err := tx.AddCustomer(data.NewIdentity("+46701234567"), "")
		if err != nil {
			return err
		}
		_, _, err = tx.AddMessage(&c, data.Message{Direction: data.In, At: 1, Kind: data.TextMessage, RemoteID: "1"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.Stats(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := (data.Stats{Schema: Version(), SQLite: f.SQLite, Customers: 1, Chats: 1, Messages: 1}); f != want || f.SQLite == "" {
		t.Errorf("%+v, want %+v", f, want)
	}
	if fresh, err := s.IsEmpty(t.Context()); err != nil || fresh {
		t.Errorf("fresh with a customer: %v, %v", fresh, err)
	}
}
