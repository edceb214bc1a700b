package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Whatever happens while an agent works is found by an index, however many
// customers and messages there are: no statement reads all messages, events or
// changes, and none reads all customers but a search, which reads an index.
func TestNothingReadsAll(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	for i := range 5 { // to be joined
		write(t, s, func(tx *store.Tx) error {
			_, _, err := tx.AddCustomer(data.NewIdentity(data.Address(fmt.Sprint("IN.", i+1))), "")
			return err
		})
	}
	before, after := &data.ItemKey{At: start, ID: 5}, &data.ItemKey{At: start, Event: true, ID: 5}
	key := data.ItemKey{At: start, ID: 5}
	inTx := func(do func(tx *store.Tx) error) func() error {
		return func() error { return s.Write(t.Context(), do) }
	}
	for _, hot := range []struct {
		name string
		want string // what must stand in the plan; empty where it is enough that nothing is scanned
		do   func() error
	}{
		{"the newest of a chat", "messages USING INDEX messages_shown (customer_id=?)", func() error {
			_, err := s.Timeline(t.Context(), c.ID, data.Span{Limit: 50})
			return err
		}},
		{"the newest events of a chat", "events USING INDEX events_timeline (customer_id=?)", func() error {
			_, err := s.Timeline(t.Context(), c.ID, data.Span{Limit: 50})
			return err
		}},
		{"older than a message", "messages USING INDEX messages_shown (customer_id=? AND at<?)", func() error {
			_, err := s.Timeline(t.Context(), c.ID, data.Span{Limit: 50, Before: before})
			return err
		}},
		{"older than an event", "events USING INDEX events_timeline (customer_id=? AND at<?)", func() error {
			_, err := s.Timeline(t.Context(), c.ID, data.Span{Limit: 50, Before: after})
			return err
		}},
		{"newer than a message", "events USING INDEX events_timeline (customer_id=? AND at>?)", func() error {
			_, err := s.Timeline(t.Context(), c.ID, data.Span{Limit: 50, After: before})
			return err
		}},
		{"newer than an event", "messages USING INDEX messages_shown (customer_id=? AND at>?)", func() error {
			_, err := s.Timeline(t.Context(), c.ID, data.Span{Limit: 50, After: after})
			return err
		}},
		{"what is unread", "messages USING INDEX messages_shown (customer_id=?)", func() error {
			_, err := s.UnreadMessages(t.Context(), c.ID)
			return err
		}},
		{"reading to a place", "messages USING INDEX messages_shown (customer_id=? AND at>?)", inTx(func(tx *store.Tx) error {
			_, err := tx.SetReadTo(c.ID, key)
			return err
		})},
		{"namesakes in the list", "o USING INDEX customers_search (search>? AND search<?)", func() error {
			_, err := s.Chats(t.Context(), []int64{c.ID})
			return err
		}},
		{"the held", "messages USING INDEX messages_held (customer_id=?)", func() error {
			_, err := s.Held(t.Context(), c.ID, 50)
			return err
		}},
		{"history", "messages USING INDEX messages_held (customer_id=? AND", func() error {
			_, err := s.Messages(t.Context(), c.ID, key, 50)
			return err
		}},
		{"the held of a member", "messages USING INDEX messages_held_for (held_for=? AND", func() error {
			_, err := s.HeldMessages(t.Context(), c.ID, key, 50)
			return err
		}},
		{"what is set aside", "set_aside USING COVERING INDEX set_aside_kept", func() error {
			_, err := s.SetAsideIDs(t.Context())
			return err
		}},
		{"a delivery that is set aside", "set_aside USING INDEX sqlite_autoindex_set_aside_1 (sum=?)", inTx(func(tx *store.Tx) error {
			return tx.SetAside(data.SetAside{Raw: []byte("{}")}, start)
		})},
		{"what came in", "messages USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)", func() error {
			_, _, err := s.IncomingAfter(t.Context(), 5)
			return err
		}},
		{"what an export may have", "messages USING INDEX messages_shown (customer_id=? AND at>? AND at<?)", func() error {
			return s.MessagesBetween(t.Context(), c.ID, start, start+60_000, 1, func(data.Message) {})
		}},
		{"held ones that an export may have", "messages USING INDEX messages_held (customer_id=? AND at>? AND at<?)", func() error {
			return s.MessagesBetween(t.Context(), c.ID, start, start+60_000, 1, func(data.Message) {})
		}},
		{"an import taken out", "messages USING INDEX messages_shown (customer_id=?)", inTx(func(tx *store.Tx) error {
			_, err := tx.Withdraw(&c, 1)
			return err
		})},
		{"an import taken out of what was discarded", "messages USING INDEX messages_released", inTx(func(tx *store.Tx) error {
			_, err := tx.Withdraw(&c, 1)
			return err
		})},
		{"a join: texts", "outbox USING INDEX outbox_texts (customer_id=?)", inTx(func(tx *store.Tx) error { return joinAnother(tx, &c, "IN.1", false) })},
		{"a join: what was told", "outbox USING INDEX outbox_status (customer_id=?)", inTx(func(tx *store.Tx) error { return joinAnother(tx, &c, "IN.2", false) })},
		{"a join: chats that were brought in", "chat_imports USING COVERING INDEX chat_imports_customer (customer_id=?)", inTx(func(tx *store.Tx) error { return joinAnother(tx, &c, "IN.3", false) })},
		{"a split: texts", "outbox USING INDEX outbox_texts (customer_id=?)", inTx(func(tx *store.Tx) error { return joinAnother(tx, &c, "IN.4", true) })},
		{"a split: what was told", "outbox USING INDEX outbox_status (customer_id=?)", inTx(func(tx *store.Tx) error { return joinAnother(tx, &c, "IN.5", true) })},
		{"with whom somebody is a pair", "pairs USING INDEX pairs_second (second_id=?)", inTx(func(tx *store.Tx) error { return tx.SetPairedWith(&c) })},
		{"who may be one person", "pairs USING INDEX pairs_second (second_id=?)", inTx(func(tx *store.Tx) error { _, err := tx.SamePerson(c.ID); return err })},
		{"the pairs of two", "pairs USING INDEX pairs_customers (first_id=? AND second_id=?)", inTx(func(tx *store.Tx) error { _, err := tx.PairsBetween(c.ID, 2); return err })},
		{"the pairs to be decided", "pairs USING INDEX pairs_state (state=? AND id>?)", func() error { _, err := s.Pairs(t.Context(), data.PairOpen, 5, 10); return err }},
		{"own blocks", "own_blocks USING INTEGER PRIMARY KEY (rowid=?)", inTx(func(tx *store.Tx) error { _, err := tx.OwnBlocks([]int64{1, 2}); return err })},
		{"own blocks that are due", "own_blocks USING COVERING INDEX own_blocks_due (until>? AND until<?)", func() error { _, err := s.DueOwn(t.Context(), start, 10); return err }},
		{"blocks elsewhere", "events USING INDEX events_timeline (customer_id=?)", func() error {
			_, err := s.BlocksElsewhere(t.Context(), c.ID)
			return err
		}},
		{"the chat list", "chats USING COVERING INDEX chats_place", func() error {
			_, err := s.ChatKeys(t.Context(), data.ChatQuery{List: data.AllChats})
			return err
		}},
		{"the unread list", "chats USING INDEX chats_unread", func() error {
			_, err := s.ChatKeys(t.Context(), data.ChatQuery{List: data.UnreadChats})
			return err
		}},
		{"the blocked list", "customers USING INDEX customers_blocked", func() error {
			_, err := s.ChatKeys(t.Context(), data.ChatQuery{List: data.BlockedChats})
			return err
		}},
		{"a search", "customers USING COVERING INDEX customers_search", func() error {
			_, err := s.ChatKeys(t.Context(), data.ChatQuery{List: data.AllChats, Search: "riya d"})
			return err
		}},
		{"a search among the blocked", "customers USING INDEX customers_blocked", func() error {
			_, err := s.ChatKeys(t.Context(), data.ChatQuery{List: data.BlockedChats, Search: "riya d"})
			return err
		}},
		{"the places of a few found chats", "customers USING INTEGER PRIMARY KEY (rowid=?)", func() error {
			_, err := s.ChatKeys(t.Context(), data.ChatQuery{List: data.AllChats, Search: "riya", Only: []int64{1, 2}})
			return err
		}},
		{"the places of a few blocked chats", "customers USING INTEGER PRIMARY KEY (rowid=?)", func() error {
			_, err := s.ChatKeys(t.Context(), data.ChatQuery{List: data.BlockedChats, Only: []int64{1, 2}})
			return err
		}},
		{"the rows of the chats", "USING INTEGER PRIMARY KEY (rowid=?)", func() error {
			_, err := s.Chats(t.Context(), []int64{1, 2, 3})
			return err
		}},
		{"the count of the unread", "chats USING INDEX chats_unread", func() error { _, err := s.Counts(t.Context()); return err }},
		{"the count of the blocked", "customers USING INDEX customers_blocked", func() error { _, err := s.Counts(t.Context()); return err }},
		{"the blocked customers", "customers USING INDEX customers_blocked", func() error { _, err := s.BlockedCustomers(t.Context()); return err }},
		{"a customer", "customers USING INTEGER PRIMARY KEY", func() error { _, err := s.Customer(t.Context(), c.ID); return err }},
		{"a customer by number", "SEARCH i USING INDEX identities_key (match_key=?)", func() error {
			_, err := s.FindCustomer(t.Context(), data.Address(c.Phone))
			return err
		}},
		{"the events of a customer", "events USING INDEX events_timeline (customer_id=?)", func() error {
			_, err := s.Events(t.Context(), c.ID)
			return err
		}},
		{"what changed", "changes USING INTEGER PRIMARY KEY (rowid>?)", func() error {
			_, err := s.ChangesAfter(t.Context(), 5, 100)
			return err
		}},
		{"the last change", "", func() error { _, err := s.LastChange(t.Context()); return err }},
		{"a message again", "messages USING INDEX messages_remote (remote_id=?)", inTx(func(tx *store.Tx) error {
			_, _, err := tx.AddMessage(&c, incoming("first of "+string(c.Phone), start))
			return err
		})},
		{"news of a message", "messages USING INDEX messages_remote (remote_id=?)", inTx(func(tx *store.Tx) error {
			_, _ = tx.AdvanceMessageStatus(data.StatusUpdate{MessageID: "nobody's"})
			return nil
		})},
		{"news by WhatsApp's id", "messages USING INDEX messages_whatsapp (whatsapp_id=?)", inTx(func(tx *store.Tx) error {
			_, _ = tx.AdvanceMessageStatus(data.StatusUpdate{MessageID: "wamid.nobody's"})
			return nil
		})},
		{"a release", "messages USING INDEX messages_held (customer_id=?)", inTx(func(tx *store.Tx) error {
			held := c
			held.Held = 1 // without any, nothing is looked for
			return tx.Release(&held, 1)
		})},
		{"what is held again", "messages USING INDEX messages_released (released_by=?)", inTx(func(tx *store.Tx) error {
			_, err := tx.UndoRelease(&c, 1)
			return err
		})},
		{"the blocks that are due", "customers USING COVERING INDEX customers_due", func() error { _, err := s.Due(t.Context(), start, 10); return err }},
		{"a clearing", "messages USING INDEX messages_shown (customer_id=?)", inTx(func(tx *store.Tx) error {
			_, _, err := tx.Clear(c.ID, start)
			return err
		})},
		{"an undone clearing", "messages USING INDEX messages_cleared (customer_id=? AND cleared_at=?)", inTx(func(tx *store.Tx) error {
			_, err := tx.UndoClear(c.ID, start, 0)
			return err
		})},
		{"a block", "customers USING INTEGER PRIMARY KEY", inTx(func(tx *store.Tx) error {
			return tx.SetBlock(&c, &data.Block{At: start})
		})},
		{"an event", "chain USING INTEGER PRIMARY KEY", inTx(func(tx *store.Tx) error {
			e, err := tx.Append(data.Event{CustomerID: c.ID})
			if err != nil {
				return err
			}
			return tx.ShowEvent(e)
		})},
		{"what was told of a customer", "outbox USING INDEX outbox_status (customer_id=?)", inTx(func(tx *store.Tx) error { _, _, err := tx.StatusEntries(c.ID); return err })},
		{"an outbox entry", "outbox USING INTEGER PRIMARY KEY", inTx(func(tx *store.Tx) error { _, _ = tx.Entry(5); return tx.SupersedeEntry(5) })},
		{"what stands before an outbox entry", "outbox USING INDEX outbox_open (customer_id=? AND id<?)", inTx(func(tx *store.Tx) error {
			_, err := tx.IsFirstPending(data.OutboxEntry{ID: 5, CustomerID: c.ID})
			return err
		})},
		{"what stands behind an outbox entry", "outbox USING INDEX outbox_status (customer_id=? AND id>?)", inTx(func(tx *store.Tx) error {
			_, err := tx.HasNewer(data.OutboxEntry{ID: 5, CustomerID: c.ID})
			return err
		})},
		{"the entries to hurry", "outbox USING INDEX outbox_due (due_at>?)", inTx(func(tx *store.Tx) error { _, err := tx.RetryUnreachable(start); return err })},
		{"the entries that wait for a key", "outbox USING INDEX outbox_due (due_at>?)", inTx(func(tx *store.Tx) error { return tx.RetryUnauthorized(start) })},
		{"the entries to keep", "SCAN outbox USING INDEX outbox_due", inTx(func(tx *store.Tx) error { return tx.KeepEntriesLocal("") })},
		{"the account", "settings USING PRIMARY KEY (key=?)", func() error { _, err := s.Account(t.Context()); return err }},
		{"what DoubleTick knows of a customer", "o USING INDEX outbox_status (customer_id=?)", func() error {
			return joined(t, s, func() error { _, err := s.RemoteStatus(t.Context(), c.ID); return err })
		}},
		{"what came in after an accepted block", "m USING INDEX messages_held (customer_id=? AND at>?)", func() error {
			write(t, s, func(tx *store.Tx) error {
				return errors.Join(
					tx.AddEntry(data.OutboxEntry{CustomerID: c.ID, Op: data.OpBlock, CreatedAt: start, State: data.EntryDone}),
					tx.Exec("UPDATE outbox SET accepted_at = ? WHERE id = (SELECT max(id) FROM outbox)", int64(start)))
			})
			return joined(t, s, func() error { _, err := s.RemoteStatus(t.Context(), c.ID); return err })
		}},
		{"the entries of a customer", "outbox USING INDEX outbox_open (customer_id=?)", func() error { _, err := s.EntriesOf(t.Context(), c.ID); return err }},
		{"the entries of messages", "o USING INDEX outbox_message (message_id=?)", func() error { _, err := s.EntriesByMessage(t.Context(), []int64{1, 2}); return err }},
		{"the counts of entries", "outbox USING INDEX outbox_refused", func() error { _, err := s.OutboxCounts(t.Context()); return err }},
		{"the entries that are due", "o USING INDEX outbox_due (due_at<?)", func() error { _, err := s.DueEntries(t.Context(), start, 8); return err }},
		{"the entry that is due next", "o USING INDEX outbox_due", func() error { _, err := s.NextEntryDue(t.Context()); return err }},
		{"whom to tell of", "customers USING INDEX customers_blocked", func() error { _, err := s.CustomersToSync(t.Context()); return err }},
		{"whether a message is here", "messages USING COVERING INDEX messages_whatsapp (whatsapp_id=?)", inTx(func(tx *store.Tx) error { _, err := tx.KnowsMessage("nobody's"); return err })},
		{"how far a chat is fetched", "fetched USING PRIMARY KEY (chat=?)", func() error { _, err := s.SyncedAt(t.Context(), "c"); return err }},
		{"texts on their way", "m USING INDEX messages_ticks (at>?)", func() error { _, err := s.InFlightTexts(t.Context(), start, 8); return err }},
		{"read", "chats USING INTEGER PRIMARY KEY", inTx(func(tx *store.Tx) error { _, err := tx.SetRead(c.ID, true); return err })},
		{"the forgetting of changes", "changes USING INTEGER PRIMARY KEY (rowid<?)", inTx((*store.Tx).PruneChanges)},
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
			if !strings.Contains(strings.Join(plan, "\n"), hot.want) {
				t.Errorf("not %q, but\n%s", hot.want, strings.Join(plan, "\n"))
			}
			for _, step := range plan {
				for _, table := range []string{"messages", "events", "changes", "customers", "drafts", "tags", "outbox", "o", "m", "pairs", "own_blocks", "chat_imports", "identities"} {
					if strings.HasPrefix(step, "SCAN "+table) && step != "SCAN customers USING COVERING INDEX customers_search" &&
						!strings.HasPrefix(step, "SCAN outbox USING") && !strings.HasPrefix(step, "SCAN o USING") { // indexes of what is open, mostly

						t.Errorf("%s", step)
					}
				}
				if step == "SCAN chats" {
					t.Error(step)
				}
			}
		})
	}
}

// joinAnother joins a customer into c, and splits them again where that is asked.
func joinAnother(tx *store.Tx, c *data.Customer, address data.Address, split bool) error {
	other, err := tx.FindCustomer(address)
	if err != nil {
		return err
	}
	j, err := tx.Join(c, &other, start)
	if err == nil && split {
		_, err = tx.Split(c, other.ID, j, start)
	}
	return err
}

// explain returns the steps of the plan that SQLite makes for a statement.
func explain(t *testing.T, s *store.Store, statement store.Statement) []string {
	t.Helper()
	rows, err := s.Writer(t).Query("EXPLAIN QUERY PLAN "+statement.SQL, statement.Vars...)
	if err != nil {
		t.Fatalf("%s: %v", statement.SQL, err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		if err := rows.Scan(&id, &parent, &unused, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}

// joined runs do while the desk is joined to an account: without one nothing
// is read.
func joined(t *testing.T, s *store.Store, do func() error) error {
	t.Helper()
	write(t, s, func(tx *store.Tx) error { return tx.SaveAccount(data.Account{JoinedAt: start}) })
	return do()
}
