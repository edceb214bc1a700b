package desk_test

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// tampering are changes beside the program, each with rows and a number that are chosen
// at random.
var tampering = []string{
	"UPDATE customers SET blocked_at = 0 WHERE id = @blocked",
	"UPDATE customers SET blocked_at = blocked_at + @n WHERE id = @blocked",
	"UPDATE customers SET blocked_at = @n, blocked_by = 'Eve', blocked_kind = 'agent', blocked_way = 'window' WHERE id = @active",
	"UPDATE customers SET blocked_by = 'Eve' || @n WHERE id = @blocked",
	"UPDATE customers SET blocked_kind = 'api' WHERE id = @blocked",
	"UPDATE customers SET blocked_way = 'schedule' WHERE id = @blocked",
	"UPDATE customers SET blocked_reason = 'r' || @n WHERE id = @blocked",
	"UPDATE customers SET blocked_note = 'n' || @n WHERE id = @blocked",
	"UPDATE customers SET blocked_until = blocked_until + @n WHERE id = @blocked",
	"UPDATE customers SET blocked_review = blocked_review + @n WHERE id = @blocked",
	"UPDATE customers SET blocked_asked = blocked_asked + @n WHERE id = @blocked",
	"UPDATE customers SET held = held + @n WHERE id = @any",
	"UPDATE messages SET hold = (hold + 1 + @n % 4) % 5 WHERE id = @message",
	"UPDATE messages SET direction = iif(direction = 'in', 'out', 'in') WHERE id = @message",
	"UPDATE messages SET at = at + @n WHERE id = @message",
	"UPDATE messages SET recorded_at = recorded_at - @n WHERE id = @message",
	"UPDATE messages SET kind = 'image' WHERE id = @message",
	"UPDATE messages SET text = text || @n WHERE id = @message",
	"UPDATE messages SET file = 'f' || @n WHERE id = @message",
	"UPDATE messages SET remote_id = 'r' || @n WHERE id = @message",
	"UPDATE messages SET whatsapp_id = 'w' || @n WHERE id = @message",
	"UPDATE messages SET author = 'a' || @n WHERE id = @message",
	"UPDATE messages SET checksum = checksum + @n WHERE id = @message",
	"UPDATE messages SET customer_id = iif(customer_id = @active, @blocked, @active) WHERE id = @message",
	"DELETE FROM messages WHERE id = @message",
	"INSERT INTO messages (customer_id, direction, at, recorded_at, kind, text) VALUES (@any, 'in', @n, @n, 'text', 'Hello')",
	`INSERT INTO messages (customer_id, direction, at, recorded_at, kind, text, whatsapp_id, checksum)
		SELECT customer_id, direction, at, recorded_at, kind, text, whatsapp_id, checksum FROM messages WHERE id = @message`,
	"UPDATE events SET actor = 'Eve' || @n WHERE seq = @event",
	"UPDATE events SET detail = '{\"note\":\"' || @n || '\"}' WHERE seq = @event",
	"UPDATE events SET at = at + @n WHERE seq = @event",
	"DELETE FROM events WHERE seq = @event",
}

// tamperedWorld is a desk with customers who are blocked and who are not, and the content
// of its database, that is changed by a statement and what is chosen for it.
type tamperedWorld struct {
	*world
	db      *sql.DB
	content []byte
	random  *rand.Rand
}

func newTamperedWorld(t *testing.T) *tamperedWorld {
	t.Helper()
	w := &tamperedWorld{world: newWorld(t), random: rand.New(rand.NewPCG(1, 2))}
	for i := range 8 {
		phone := data.Phone(fmt.Sprintf("+91913797940%d", i))
		id := w.takes(phone, fmt.Sprint("Hello ", i)).CustomerID
		if i%2 == 0 {
			w.blocks(asha, id, data.BlockRequest{Note: "as asked", Until: start + 3_600_000*data.Moment(i+1)})
			w.takes(phone, "Held")
		}
		if i == 4 {
			w.unblocks(asha, id)
			w.takes(phone, "Again")
		}
		w.clock.add(time.Second)
	}
	whole := filepath.Join(t.TempDir(), "whole.db")
	w.must(w.Backup(t.Context(), whole))
	var err error
	w.content, err = os.ReadFile(whole)
	w.must(err)
	if got := noticed(t, whole); got != nil {
		t.Fatalf("noticed before anything is changed: %q", got)
	}
	w.db, err = sql.Open("sqlite", whole)
	w.must(err)
	t.Cleanup(func() { w.db.Close() })
	return w
}

func (w *tamperedWorld) pick(query string) (id int64) {
	var ids []int64
	rows, err := w.db.Query(query)
	w.must(err)
	defer rows.Close()
	for rows.Next() {
		w.must(rows.Scan(&id))
		ids = append(ids, id)
	}
	return ids[w.random.IntN(len(ids))]
}

// changed returns a copy of the database that a statement has changed.
func (w *tamperedWorld) changed(statement string) (path string, args []any) {
	args = []any{
		sql.Named("n", 1+w.random.IntN(1000)), sql.Named("blocked", w.pick("SELECT id FROM customers WHERE blocked_at > 0")),
		sql.Named("active", w.pick("SELECT id FROM customers WHERE blocked_at = 0")), sql.Named("any", w.pick("SELECT id FROM customers")),
		sql.Named("message", w.pick("SELECT id FROM messages")), sql.Named("event", w.pick("SELECT seq FROM events")),
	}
	path = filepath.Join(w.t.TempDir(), "changed.db")
	w.must(os.WriteFile(path, w.content, 0o600))
	tamper(w.t, path, statement, args)
	return path, args
}

// Of 110 random changes of what follows from the history or has a checksum, each one
// alone is noticed.
func TestCheckState_NoticesEveryChange(t *testing.T) {
	w := newTamperedWorld(t)
	for i := range 110 {
		statement := tampering[i%len(tampering)]
		if path, args := w.changed(statement); noticed(t, path) == nil {
			t.Errorf("not noticed: %s with %v", statement, args)
		}
	}
}

// Whatever was changed of customers and messages, after a repair all follows from the
// history again, which says what was found and who repaired it. Changed events are not
// repaired: nothing follows from them.
func TestRepair_SetsRightEveryChange(t *testing.T) {
	w := newTamperedWorld(t)
	for i := range len(tampering) {
		statement := tampering[i]
		path, args := w.changed(statement)
		s, err := store.Open(t.Context(), path, time.Now)
		w.must(err)
		d := desk.New(s)
		var found []string
		kept, err := d.Repair(t.Context(), asha, nil, func(one data.StateDifference) { found = append(found, one.Text) })
		if strings.Contains(statement, " events ") {
			if !errors.Is(err, data.ErrDamaged) || kept != "" {
				t.Errorf("%s: %q, %v", statement, kept, err)
			}
			w.must(s.Close())
			continue
		}
		if err != nil || len(found) == 0 {
			t.Errorf("%s with %v: found %q, %v", statement, args, found, err)
		}
		events, err := s.EventsPage(t.Context(), data.EventQuery{Limit: 1})
		w.must(err)
		if e := events[0].Event; e.Kind != data.RepairedEvent || e.Actor != asha || !strings.Contains(strings.Join(found, "; "), e.Rest().Found) && !strings.Contains(e.Rest().Found, found[len(found)-1]) {
			t.Errorf("%s: the last event is %+v, found was %q", statement, e, found)
		}
		w.must(s.Close())
		if after := noticed(t, path); after != nil {
			t.Errorf("%s with %v: after the repair %q", statement, args, after)
		}
		if before := noticed(t, kept); before == nil {
			t.Errorf("%s: the copy before the repair has nothing wrong", statement)
		}
		if strings.Contains(statement, "SET blocked_") && !slices.Equal(blocks(t, path), w.blocksBefore()) {
			t.Errorf("%s: the blocks are %q", statement, blocks(t, path))
		}
	}
}

func (w *tamperedWorld) blocksBefore() []string {
	path := filepath.Join(w.t.TempDir(), "before.db")
	w.must(os.WriteFile(path, w.content, 0o600))
	return blocks(w.t, path)
}

// blocks returns all that the customers' rows at path say of blocks.
func blocks(t *testing.T, path string) (all []string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT json_array(id, held, blocked_at, blocked_by, blocked_kind, blocked_way, blocked_reason, blocked_note,
		blocked_until, blocked_review, blocked_asked, blocked_borrowed) FROM customers ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	return all
}

// A desk with nothing to repair is left as it is.
func TestRepair_LeavesASoundDeskAlone(t *testing.T) {
	w := newTamperedWorld(t)
	before, err := w.Stats(t.Context())
	w.must(err)
	kept, err := w.Repair(t.Context(), asha, nil, func(d data.StateDifference) { t.Error(d) })
	w.must(err)
	after, err := w.Stats(t.Context())
	w.must(err)
	if kept != "" || before.Events != after.Events {
		t.Errorf("copied to %q, %d events after %d", kept, after.Events, before.Events)
	}
}

// tamper runs a statement in the database at path, in which events can be changed
// meanwhile.
func tamper(t *testing.T, path, statement string, args []any) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var change, remove string
	err = db.QueryRow("SELECT min(sql), max(sql) FROM sqlite_master WHERE name IN ('events_never_change', 'events_never_go')").Scan(&change, &remove)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"DROP TRIGGER events_never_change", "DROP TRIGGER events_never_go", statement, change, remove} {
		var values []any
		if s == statement {
			values = args
		}
		if _, err := db.Exec(s, values...); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// noticed returns what is not as it should be in the history and state of the database
// at path.
func noticed(t *testing.T, path string) (found []string) {
	t.Helper()
	s, err := store.Open(t.Context(), path, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.VerifyEvents(t.Context()); err != nil {
		found = append(found, err.Error())
	}
	if err := s.CheckState(t.Context(), nil, func(d data.StateDifference) { found = append(found, d.String()) }); err != nil {
		t.Fatal(err)
	}
	return found
}
