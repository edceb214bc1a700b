package store_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// start is the moment at which the clock of these tests stands.
const start = data.Moment(1_784_547_587_000)

func frozen() time.Time { return start.Time() }

func newPath(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "latchdesk.db")
}

// openAt opens the database at path until the test ends.
func openAt(t testing.TB, path string) *store.Store {
	t.Helper()
	return openWith(t, path, frozen)
}

func openWith(t testing.TB, path string, now func() time.Time) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), path, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func openNew(t *testing.T) *store.Store {
	t.Helper()
	return openAt(t, newPath(t))
}

func closeStore(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, s *store.Store, do func(*store.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

// rawOpen opens the file at path as any other program would.
func rawOpen(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

func rawExec(t *testing.T, db *sql.DB, statements ...string) {
	t.Helper()
	for _, statement := range statements {
		if _, err := db.Exec(statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

func rawText(t *testing.T, db *sql.DB, query string, args ...any) string {
	t.Helper()
	var text string
	if err := db.QueryRow(query, args...).Scan(&text); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return text
}

// addCustomer adds a customer with a chat, in which one message came in.
func addCustomer(t *testing.T, s *store.Store, phone data.Phone, name string) data.Customer {
	t.Helper()
	var c data.Customer
	write(t, s, func(tx *store.Tx) (err error) {
		if c, _, err = tx.AddCustomer(data.NewIdentity(data.Address(phone)), name); err != nil {
			return err
		}
		_, _, err = tx.AddMessage(&c, incoming("first of "+string(phone), start))
		return err
	})
	return c
}

// incoming is a message whose remote id is its text.
func incoming(text string, at data.Moment) data.Message {
	return data.Message{Direction: data.In, Kind: data.TextMessage, At: at, RecordedAt: at, Text: text, RemoteID: text}
}

// appendEvents writes so many events of a customer, a second apart.
func appendEvents(t *testing.T, s *store.Store, c data.Customer, n int) {
	t.Helper()
	write(t, s, func(tx *store.Tx) error {
		for i := range n {
			at := start.Add(time.Duration(i) * time.Second)
			_, err := tx.Append(data.Event{
				At: at, RecordedAt: at, Kind: data.ClosedEvent, CustomerID: c.ID, Phone: c.Phone,
				Actor:  data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow},
				Detail: data.Detail{Note: fmt.Sprint("event ", i)}.Canonical(),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// dump writes out the schema and all rows of the database at path.
func dump(t *testing.T, path string) string {
	t.Helper()
	db := rawOpen(t, path)
	defer db.Close()
	var out strings.Builder
	for _, table := range strings.Fields(rawText(t, db, "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name)")) {
		fmt.Fprintln(&out, rawText(t, db, "SELECT coalesce(sql, '') FROM sqlite_master WHERE name = ?", table))
		rows, err := db.Query("SELECT * FROM " + table)
		if err != nil {
			t.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			cells := make([]any, len(columns))
			for i := range cells {
				cells[i] = new(any)
			}
			if err := rows.Scan(cells...); err != nil {
				t.Fatal(err)
			}
			for _, cell := range cells {
				fmt.Fprintf(&out, "%v|", *cell.(*any))
			}
			out.WriteString("\n")
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	return out.String()
}

func copyTo(t *testing.T, from, to string) {
	t.Helper()
	if err := os.WriteFile(to, read(t, from), 0o600); err != nil {
		t.Fatal(err)
	}
}
