package store_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// entriesSeen returns all that is read from the outbox, as text.
func entriesSeen(t *testing.T, s *store.Store, customers, messages []int64) string {
	t.Helper()
	seen := ""
	note := func(what string, value any, err error) {
		if err != nil {
			t.Fatal(err)
		}
		seen += fmt.Sprintf("%s %+v\n", what, value)
	}
	for _, c := range customers {
		there, err := s.RemoteStatus(t.Context(), c)
		note("remote status", there.Text(), err)
		if there.Last != nil {
			note("last", *there.Last, nil)
		}
		list, err := s.EntriesOf(t.Context(), c)
		note("entries", list, err)
		write(t, s, func(tx *store.Tx) error {
			list, whole, err := tx.StatusEntries(c)
			note("status entries", list, err)
			note("whole", whole, nil)
			for _, e := range list {
				newer, err := tx.HasNewer(e)
				note("newer", newer, err)
			}
			return nil
		})
	}
	db := rawOpen(t, s.Path)
	for _, address := range []string{"", "+46701234599"} { // a split gives the entries of an address back
		for _, c := range customers {
			note("at an address", rawText(t, db, `SELECT json_group_array(id) FROM (SELECT id FROM outbox
				WHERE customer_id = ? AND address = ? AND act <> 'text' ORDER BY id DESC LIMIT 20)`, c, address), nil)
		}
	}
	all, err := s.CustomersToSync(t.Context())
	note("to sync", all, err)
	counts, err := s.OutboxCounts(t.Context())
	note("counts", counts, err)
	refused, err := s.RejectedEntries(t.Context(), 1_000_000)
	note("rejected", refused, err)
	due, err := s.DueEntries(t.Context(), s.Now(), 1000)
	note("due", due, err)
	next, err := s.NextEntryDue(t.Context())
	note("next", next, err)
	texts, err := s.InFlightTexts(t.Context(), s.Now().Add(-24*time.Hour), 50)
	note("in flight", len(texts), err)
	entries, err := s.EntriesByMessage(t.Context(), messages)
	maps.DeleteFunc(entries, func(_ int64, e data.OutboxEntry) bool { return !e.CanRetry() }) // they say nothing to the agent
	note("of messages", entries, err)
	return seen
}

// After a year the outbox holds what somebody reads, and little else; and whoever reads
// it reads the same as before.
func TestPruneOutbox_ChangesNoAnswer(t *testing.T) {
	s := openNew(t)
	write(t, s, func(tx *store.Tx) error {
		return tx.SaveAccount(data.Account{Base: "https://public.doubletick.io", Number: "+918888888888", JoinedAt: start.Add(-400 * 24 * time.Hour)})
	})
	random := rand.New(rand.NewPCG(7, 11))
	var customers, messages []int64
	for i := range 40 {
		c := addCustomer(t, s, data.Phone(fmt.Sprintf("+467012345%02d", i)), "")
		customers = append(customers, c.ID)
	}
	db := rawOpen(t, s.Path)
	rawExec(t, db, "PRAGMA synchronous = off")
	insert := func(customer int64, act, state, address string, message, at int64) {
		t.Helper()
		_, err := db.Exec("INSERT INTO outbox (customer_id, act, state, address, message_id, at, due_at, tries, code) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?)",
			customer, act, state, address, message, at, at, []int{0, 200, 422, 500}[random.IntN(4)])
		if err != nil {
			t.Fatal(err)
		}
	}
	states := []string{"done", "done", "done", "folded", "folded", "kept", "refused"}
	const rows = 8000
	texts := 0
	for i := range rows {
		at := int64(start.Add(-365*24*time.Hour)) + int64(i)*int64(365*24*time.Hour/time.Millisecond)/rows
		customer := customers[min(random.IntN(len(customers)), random.IntN(len(customers)))]
		address := []string{"", "", "+46701234599"}[random.IntN(3)]
		if random.IntN(2) == 0 {
			insert(customer, []string{"block", "unblock"}[random.IntN(2)], states[random.IntN(len(states))], address, 0, at)
			continue
		}
		texts++
		message := int64(1_000_000 + i)
		messages = append(messages, message)
		insert(customer, "text", states[random.IntN(len(states))], address, message, at)
	}
	for i := range 6 { // all that was to be told of them since was taken back
		c := addCustomer(t, s, data.Phone(fmt.Sprintf("+467012346%02d", i)), "").ID
		customers = append(customers, c)
		for n := range 40 {
			insert(c, "block", []string{"done", "folded"}[min(n/3, 1)], "", 0, int64(start.Add(-90*24*time.Hour)))
		}
		if i%3 == 0 {
			insert(c, "unblock", "waiting", "", 0, int64(start))
		}
	}
	before := entriesSeen(t, s, customers, messages)
	if err := s.PruneOutbox(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := entriesSeen(t, s, customers, messages); after != before {
		old, lines := strings.Split(before, "\n"), strings.Split(after, "\n")
		for i := range min(len(old), len(lines)) {
			if old[i] != lines[i] {
				t.Fatalf("read before:\n%s\nand after:\n%s", old[i], lines[i])
			}
		}
	}
	old := int64(start.Add(-30 * 24 * time.Hour))
	if got := rawText(t, db, "SELECT count(*) FROM outbox WHERE act = 'text' AND at < ? AND state <> 'refused'", old); got != "0" {
		t.Errorf("%s old texts are left", got)
	}
	if got := rawText(t, db, "SELECT count(*) FROM outbox WHERE at >= ?", old); got == "0" || got == fmt.Sprint(rows) {
		t.Errorf("%s young entries are left", got)
	}
	// Of an address twenty are left, and one that was not taken back before them.
	if most := rawText(t, db, `SELECT max(n) <= 21 FROM (SELECT count(*) AS n FROM outbox
		WHERE act <> 'text' AND state NOT IN ('refused', 'waiting') AND at < ? GROUP BY customer_id, address)`, old); most != "1" {
		t.Error("more than 21 old blocks of one address are left")
	}
}

// A desk that sends very much keeps a number of entries, however young they are, but for
// those whose status may still be asked for.
func TestPruneOutbox_BoundsTheirNumber(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	db := rawOpen(t, s.Path)
	const rows, week = 60_000, int64(7 * 24 * time.Hour / time.Millisecond)
	if _, err := db.Exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO outbox (customer_id, act, state, message_id, at) SELECT ?, 'text', 'done', i, ? + i * ? / ? FROM n`,
		rows, c.ID, int64(start)-week, week, rows); err != nil {
		t.Fatal(err)
	}
	if err := s.PruneOutbox(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := rawText(t, db, "SELECT count(*) FROM outbox"); got != "50000" {
		t.Errorf("%s entries are left", got)
	}
	rawExec(t, db, fmt.Sprintf("UPDATE outbox SET at = %d", int64(start)-1000))
	if _, err := db.Exec("INSERT INTO outbox (customer_id, act, state, message_id, at) SELECT customer_id, 'text', 'done', id + 1000000, at FROM outbox LIMIT 20000"); err != nil {
		t.Fatal(err)
	}
	if err := s.PruneOutbox(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := rawText(t, db, "SELECT count(*) FROM outbox"); got != "70000" {
		t.Errorf("%s of 70000 entries of today are left", got)
	}
}
