package store_test

import (
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// What is asked of addresses and of pairs is found by an index, however many there
// are: a delivery, a look-up and an act read no row of anybody else.
func TestIdentities_NothingReadsAll(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	other := addCustomer(t, s, "+46701234568", "Ravi")
	address := data.Address(c.Phone)
	var pair data.Pair
	write(t, s, func(tx *store.Tx) (err error) {
		pair, err = tx.AddPair(data.Pair{First: c.ID, Second: other.ID, Reason: data.SameKey, At: start, State: data.PairOpen})
		return err
	})
	inTx := func(do func(tx *store.Tx) error) func() error {
		return func() error { return s.Write(t.Context(), do) }
	}
	for _, hot := range []struct {
		name string
		want string // what must stand in the plan; empty where it is enough that nothing is scanned
		do   func() error
	}{
		{"a customer by address", "SEARCH i USING INDEX identities_key (match_key=?)", func() error {
			_, err := s.FindCustomer(t.Context(), address)
			return err
		}},
		{"the tags of a customer by address", "SEARCH t USING PRIMARY KEY (customer_id=?)", func() error {
			_, err := s.FindCustomer(t.Context(), address)
			return err
		}},
		{"a sender", "SEARCH i USING INDEX identities_key (match_key=?)", inTx(func(tx *store.Tx) error {
			_, err := tx.Matches(address)
			return err
		})},
		{"those of a list", "SEARCH i USING INDEX identities_key (match_key=?)", func() error {
			_, err := s.MatchesOfAll(t.Context(), []data.Address{address, "+46701234569"})
			return err
		}},
		{"the addresses of a customer", "SEARCH i USING INDEX identities_customer (customer_id=?)", func() error {
			_, err := s.Identities(t.Context(), c.ID)
			return err
		}},
		{"the addresses of many", "SEARCH i USING INDEX identities_customer (customer_id=?)", func() error {
			_, err := s.IdentitiesOfAll(t.Context(), []int64{c.ID, other.ID})
			return err
		}},
		{"another address", "SEARCH i USING INDEX identities_customer (customer_id=?)", inTx(func(tx *store.Tx) error {
			_, err := tx.AddIdentity(&c, data.NewIdentity("+46701234599"))
			return err
		})},
		{"a sight of an address", "SEARCH identities USING INTEGER PRIMARY KEY (rowid=?)", inTx(func(tx *store.Tx) error {
			return tx.SeeIdentity(data.Identity{ID: 1, Kind: data.PhoneIdentity})
		})},
		{"an address that passes on", "SEARCH identities USING INTEGER PRIMARY KEY (rowid=?)", inTx(func(tx *store.Tx) error {
			return tx.RetireIdentity(data.Identity{ID: 99}, start)
		})},
		{"a batch of deliveries, by DoubleTick's ids", "SEARCH messages USING COVERING INDEX messages_remote (remote_id=?)", inTx(func(tx *store.Tx) error {
			_, err := tx.ReceivedIDs([]string{"a", "b"})
			return err
		})},
		{"a batch of deliveries, by WhatsApp's ids", "SEARCH messages USING COVERING INDEX messages_whatsapp (whatsapp_id=?)", inTx(func(tx *store.Tx) error {
			_, err := tx.ReceivedIDs([]string{"a", "b"})
			return err
		})},
		{"a pair", "SEARCH pairs USING INTEGER PRIMARY KEY (rowid=?)", func() error { _, err := s.Pair(t.Context(), pair.ID); return err }},
		{"the pairs of a customer as the first", "SEARCH pairs USING INDEX pairs_customers (first_id=?", func() error {
			_, err := s.PairsOf(t.Context(), c.ID)
			return err
		}},
		{"the pairs of a customer as the second", "SEARCH pairs USING INDEX pairs_second (second_id=?)", func() error {
			_, err := s.PairsOf(t.Context(), c.ID)
			return err
		}},
		{"the pairs of two", "SEARCH pairs USING INDEX pairs_customers (first_id=? AND second_id=?)", inTx(func(tx *store.Tx) error {
			_, err := tx.PairsBetween(c.ID, other.ID)
			return err
		})},
		{"the pairs to decide", "SEARCH pairs USING INDEX pairs_state (state=? AND id>?)", func() error { _, err := s.Pairs(t.Context(), data.PairOpen, 0, 10); return err }},
		{"the count of pairs", "pairs USING COVERING INDEX pairs_state (state=?)", func() error { _, err := s.CountPairs(t.Context()); return err }},
		{"whom a customer is paired with", "", inTx(func(tx *store.Tx) error {
			paired, err := tx.Customer(c.ID)
			if err != nil {
				return err
			}
			return tx.SetPairedWith(&paired)
		})},
		{"who may be the same person", "", inTx(func(tx *store.Tx) error { _, err := tx.SamePerson(c.ID); return err })},
		{"who was joined", "o USING COVERING INDEX customers_joined (joined_into=?)", func() error {
			_, err := s.Events(t.Context(), c.ID)
			return err
		}},
	} {
		t.Run(hot.name, func(t *testing.T) {
			var plan []string
			for _, statement := range s.Spy(t, func() {
				if err := hot.do(); err != nil {
					t.Fatal(err)
				}
			}) {
				plan = append(plan, explain(t, s, statement)...)
			}
			if len(plan) == 0 || !strings.Contains(strings.Join(plan, "\n"), hot.want) {
				t.Errorf("not %q, but\n%s", hot.want, strings.Join(plan, "\n"))
			}
			for _, step := range plan {
				for _, table := range []string{"identities", "i", "pairs", "customers", "c", "tags", "t", "messages", "m", "events"} {
					if step == "SCAN "+table || strings.HasPrefix(step, "SCAN "+table+" ") {
						t.Errorf("%s\n%s", step, strings.Join(plan, "\n"))
					}
				}
			}
		})
	}
}
