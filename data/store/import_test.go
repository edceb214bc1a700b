package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// However long a list is, its customers are found by their numbers, and those
// who are blocked among all others.
func TestListsAreFoundByIndex(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	for want, do := range map[string]func() error{
		"SEARCH i USING INDEX identities_key (match_key=?)": func() error {
			found, err := s.MatchesOfAll(t.Context(), []data.Address{"+46701234567", "+46701234568"})
			if len(found) != 1 || found[c.Address][0].Customer.ID != c.ID || found[c.Address][0].Customer.Block != nil {
				t.Errorf("found are %+v", found)
			}
			return err
		},
		"customers USING INDEX customers_blocked": func() error {
			return s.EachBlocked(t.Context(), func(data.Customer) error { return nil })
		},
	} {
		var plan []string
		for _, statement := range s.Spy(t, func() {
			if err := do(); err != nil {
				t.Fatal(err)
			}
		}) {
			plan = append(plan, explain(t, s, statement)...)
		}
		if all := strings.Join(plan, "\n"); !strings.Contains(all, want) || strings.Contains(all, "SCAN customers") {
			t.Errorf("not %q, but\n%s", want, all)
		}
	}
}

// Newcomers are written before the events that point to them, and when the disk
// is full in the middle, none of the piece is there.
func TestNewcomers(t *testing.T) {
	s := openNew(t)
	addCustomer(t, s, "+46701234567", "Riya")
	piece := func(n int) error {
		return s.Write(t.Context(), func(tx *store.Tx) error {
			return tx.BulkWrite(func() error {
				fresh, err := tx.NewCustomerInserter()
				for i := 0; err == nil && i < n; i++ {
					c := data.Customer{Address: data.Address(fmt.Sprintf("+4670%07d", i)), Name: "Åsa", Block: &data.Block{At: start, Note: strings.Repeat("x", data.MaxNote)}}
					if c, err = fresh.Add(c); err != nil {
						return err
					}
					_, err = tx.Append(data.Event{At: start, RecordedAt: start, Kind: data.BlockedEvent, CustomerID: c.ID, Phone: data.Phone(c.Address)})
				}
				return err
			})
		})
	}
	allow(t, s, rawText(t, s.Writer(t), "PRAGMA page_count"))
	before := dump(t, s.Path)
	if err := piece(1000); !errors.Is(err, data.ErrFull) {
		t.Errorf("%v", err)
	}
	if dump(t, s.Path) != before {
		t.Error("something was written")
	}
	allow(t, s, "1000000")
	for _, n := range []int{0, 25} {
		if err := piece(n); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := s.VerifyEvents(t.Context()); n != 25 || err != nil {
		t.Errorf("%d events, %v", n, err)
	}
	var seen []data.Customer
	if err := s.EachBlocked(t.Context(), func(c data.Customer) error { seen = append(seen, c); return nil }); err != nil {
		t.Fatal(err)
	}
	if last := len(seen) - 1; last != 24 || seen[0].Phone != "+46700000000" || seen[last].ID != 26 || seen[last].Block.At != start || seen[last].Name != "Åsa" {
		t.Errorf("%d are blocked, %+v", len(seen), seen)
	}
	if keys, err := s.ChatKeys(t.Context(), data.ChatQuery{List: data.AllChats, Search: "asa"}); err != nil || len(keys) != 0 {
		t.Errorf("they have chats: %v, %v", keys, err)
	}
	broken := errors.New("enough")
	if err := s.EachBlocked(t.Context(), func(data.Customer) error { return broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
}
