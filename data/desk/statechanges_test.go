package desk_test

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
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

// Of 110 random changes of what follows from the history or has a checksum, each one
// alone is noticed.
func TestCheckState_NoticesEveryChange(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
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
	w.must(w.Backup(ctx, whole))
	content, err := os.ReadFile(whole)
	w.must(err)
	if got := noticed(t, whole); got != nil {
		t.Fatalf("noticed before anything is changed: %q", got)
	}
	db, err := sql.Open("sqlite", whole)
	w.must(err)
	t.Cleanup(func() { db.Close() })
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(query string) (id int64) {
		var ids []int64
		rows, err := db.Query(query)
		w.must(err)
		defer rows.Close()
		for rows.Next() {
			w.must(rows.Scan(&id))
			ids = append(ids, id)
		}
		return ids[random.IntN(len(ids))]
	}
	for i := range 110 {
		statement := tampering[i%len(tampering)]
		args := []any{
			sql.Named("n", 1+random.IntN(1000)), sql.Named("blocked", pick("SELECT id FROM customers WHERE blocked_at > 0")),
			sql.Named("active", pick("SELECT id FROM customers WHERE blocked_at = 0")), sql.Named("any", pick("SELECT id FROM customers")),
			sql.Named("message", pick("SELECT id FROM messages")), sql.Named("event", pick("SELECT seq FROM events")),
		}
		changed := filepath.Join(t.TempDir(), "changed.db")
		w.must(os.WriteFile(changed, content, 0o600))
		tamper(t, changed, statement, args)
		if noticed(t, changed) == nil {
			t.Errorf("not noticed: %s with %v", statement, args)
		}
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
