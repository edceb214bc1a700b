package store_test

import (
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

func openForRebuild(t *testing.T) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "latchdesk.db"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// bare is the file without the store.
func bare(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func column(t *testing.T, path, query string) []string {
	t.Helper()
	rows, err := bare(t, path).Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var texts []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		texts = append(texts, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return texts
}

// written is a story of so many messages and one event.
func written(phone data.Phone, messages int) data.SeedChat {
	s := data.SeedChat{Chat: data.Chat{Customer: data.Customer{Phone: phone, Address: data.Address(phone), Name: "Ada", Tags: []string{"new"}}, LastAt: 5, ShownAt: 5, Preview: "hello"}, Draft: "half"}
	for i := range messages {
		s.Messages = append(s.Messages, data.Message{
			Direction: data.In, Kind: data.TextMessage, At: data.Moment(i + 1), Text: strings.Repeat("hello ", 100),
			RemoteID: fmt.Sprint(phone, "/", i),
		})
	}
	s.Events = []data.Event{{At: 1, RecordedAt: 1, Kind: data.ClosedEvent, Phone: phone, Detail: "{}"}}
	return s
}

func rebuild(t *testing.T, s *store.Store, stories ...data.SeedChat) {
	t.Helper()
	err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.ReplaceAll(slices.Values(stories), func(int) {}) })
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever the migrations made, a rebuild makes again.
func TestRebuildKeepsTheSchema(t *testing.T) {
	s := openForRebuild(t)
	const made = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY 1"
	before := column(t, s.Path, made)
	for range 2 {
		rebuild(t, s, written("+46701234567", 3))
	}
	if after := column(t, s.Path, made); !slices.Equal(after, before) {
		t.Errorf("after a rebuild:\n%s\nbefore:\n%s", strings.Join(after, "\n"), strings.Join(before, "\n"))
	}
	for _, act := range []string{"DELETE FROM events", "UPDATE events SET at = 1"} {
		if _, err := bare(t, s.Path).Exec(act); err == nil || !strings.Contains(err.Error(), "events are never") {
			t.Errorf("%s: %v", act, err)
		}
	}
	if err := s.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

// What comes in after a rebuild goes on where it ended.
func TestRebuildIsGoneOnWith(t *testing.T) {
	s := openForRebuild(t)
	rebuild(t, s, written("+46701234567", 25), written("+46701234568", 1))
	err := s.Write(t.Context(), func(tx *store.Tx) error {
		c, _, err := tx.AddCustomer(data.NewIdentity("+46701234569"), "Bo")
		if err != nil {
			return err
		}
		if c.ID != 3 {
			t.Errorf("the next customer is %d", c.ID)
		}
		id, fresh, err := tx.AddMessage(&c, data.Message{Direction: data.In, Kind: data.TextMessage, At: 9, RemoteID: "new"})
		if id != 27 || !fresh {
			t.Errorf("the next message is %d, fresh %v", id, fresh)
		}
		if err != nil {
			return err
		}
		_, err = tx.Append(data.Event{At: 9, RecordedAt: 9, Kind: data.ClosedEvent, CustomerID: 3, Phone: c.Phone, Detail: "{}"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n, err := s.VerifyEvents(t.Context()); err != nil || n != 3 {
		t.Errorf("%d events proved: %v", n, err)
	}
}

// A repeated remote id is caught when the index is made, and the old rows stay.
func TestRebuildRefusesTwins(t *testing.T) {
	s := openForRebuild(t)
	rebuild(t, s, written("+46701234567", 3))
	twin := written("+46701234568", 2)
	twin.Messages[1].RemoteID = twin.Messages[0].RemoteID
	err := s.Write(t.Context(), func(tx *store.Tx) error {
		return tx.ReplaceAll(slices.Values([]data.SeedChat{twin}), func(int) {})
	})
	if err == nil {
		t.Fatal("two messages with one id were taken")
	}
	if c, err := s.FindCustomer(t.Context(), "+46701234567"); err != nil || c.Name != "Ada" {
		t.Errorf("the old world: %+v, %v", c, err)
	}
	if f, err := s.Stats(t.Context()); err != nil || f.Customers != 1 || f.Messages != 3 {
		t.Errorf("the old world: %+v, %v", f, err)
	}
}

func TestTidyGivesTheRoomBack(t *testing.T) {
	s := openForRebuild(t)
	rebuild(t, s, written("+46701234567", 10_000))
	if err := s.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	size := func() int64 {
		info, err := os.Stat(s.Path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	large := size()
	rebuild(t, s, written("+46701234567", 3))
	if err := s.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	if small := size(); small > large/10 {
		t.Errorf("%d bytes of %d are left", small, large)
	}
	if log, err := os.Stat(s.Path + "-wal"); err != nil || log.Size() != 0 {
		t.Errorf("the log: %v, %v", log, err)
	}
	if f, err := s.Stats(t.Context()); err != nil || f.Messages != 3 {
		t.Errorf("%+v, %v", f, err)
	}
}
