package audit_test

import (
	"database/sql"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// open opens the database as any other program would.
func open(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// forge changes the history behind the desk's back.
func forge(t testing.TB, path, statement string) {
	t.Helper()
	db := open(t, path)
	for _, s := range []string{"DROP TRIGGER events_never_change", "DROP TRIGGER events_never_go", statement} {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
}

// pad makes the history n events long, by SQL alone: the desk would take each
// to the disk.
func pad(t testing.TB, path string, n int) {
	t.Helper()
	tx, err := open(t, path).Begin()
	if err != nil {
		t.Fatal(err)
	}
	exec := func(statement string, args ...any) {
		if _, err := tx.Exec(statement, args...); err != nil {
			t.Fatal(err)
		}
	}
	exec("INSERT INTO customers (id, phone) VALUES (1, '+46701234567')")
	exec("INSERT INTO identities (customer_id, kind, address, match_key) VALUES (1, 'phone', '+46701234567', '46701234567')")
	prev := []byte{}
	for i := range n {
		e := data.Event{
			Seq: int64(i + 1), At: data.Moment(i), RecordedAt: data.Moment(i), Kind: data.ClosedEvent, Phone: "+46701234567",
			Actor: data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}, Detail: "{}", Prev: prev,
		}
		prev = e.Sum()
		exec("INSERT INTO events VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?)",
			e.Seq, e.At, e.RecordedAt, e.Kind, e.Phone, e.Actor.Kind, e.Actor.Name, e.Actor.Channel, e.Detail, e.Prev, prev)
	}
	exec("UPDATE chain SET seq = ?, count = ?, hash = ?", n, n, prev)
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
}
