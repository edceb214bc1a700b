package store_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

const later = "299901010000_later"

// Before a migration runs, the database is copied as it is.
func TestMigration(t *testing.T) {
	path := newPath(t)
	s := openAt(t, path)
	old := store.Version()
	c := addCustomer(t, s, "+46701234567", "Riya")
	appendEvents(t, s, c, 3)
	closeStore(t, s)

	store.Later(t, later, "ALTER TABLE customers ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'; CREATE TABLE moods (mood TEXT) STRICT;")
	s = openAt(t, path)
	if f, err := s.Stats(t.Context()); err != nil || f.Schema != later || f.Customers != 1 || f.Messages != 1 || f.Events != 3 {
		t.Errorf("%+v, %v", f, err)
	}
	if n, err := s.VerifyEvents(t.Context()); n != 3 || err != nil {
		t.Errorf("%d events, %v", n, err)
	}
	if got := rawText(t, rawOpen(t, path), "SELECT mood FROM customers"); got != "calm" {
		t.Errorf("the new column holds %q", got)
	}
	copies := store.Backups(path)
	if len(copies) != 1 || filepath.Base(copies[0]) != "2026-07-20T113947.000Z.bak" {
		t.Fatalf("the copies are %q", copies)
	}
	before := rawOpen(t, copies[0])
	if got := rawText(t, before, "SELECT max(id) FROM migrations"); got != old {
		t.Errorf("the copy has the schema %s", got)
	}
	if got := rawText(t, before, "SELECT name FROM customers"); got != "Riya" {
		t.Errorf("the copy holds %q", got)
	}
	closeStore(t, s)
	openAt(t, path)
	if copies := store.Backups(path); len(copies) != 1 {
		t.Errorf("opened again, the copies are %q", copies)
	}
}

// A new database has nothing to copy.
func TestFirstMigrationMakesNoCopy(t *testing.T) {
	store.Later(t, later, "CREATE TABLE moods (mood TEXT) STRICT;")
	path := newPath(t)
	openAt(t, path)
	if copies := store.Backups(path); len(copies) != 0 {
		t.Errorf("%q", copies)
	}
}

// A migration that fails leaves all as it was, for the version that wrote it.
func TestFailedMigration(t *testing.T) {
	for name, broken := range map[string]struct{ before, sql string }{
		"in the middle": {sql: "ALTER TABLE customers ADD COLUMN mood TEXT; DELETE FROM messages; INSERT INTO nowhere VALUES (1);"},
		"its language":  {sql: "CREATE TABEL moods (mood TEXT);"},
		"a row that points to nothing": {
			before: "PRAGMA foreign_keys = 0; INSERT INTO tags (customer_id, tag) VALUES (4711, 'lost')",
			sql:    "ALTER TABLE customers ADD COLUMN mood TEXT; DELETE FROM messages;",
		},
		"a parent that goes": {sql: "PRAGMA defer_foreign_keys = 1; DELETE FROM customers;"},
	} {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			s := openAt(t, path)
			c := addCustomer(t, s, "+46701234567", "Riya")
			appendEvents(t, s, c, 3)
			closeStore(t, s)
			db := rawOpen(t, path)
			rawExec(t, db, "SELECT 1;"+broken.before)
			before := dump(t, path)

			t.Run("by the newer version", func(t *testing.T) {
				store.Later(t, later, broken.sql)
				_, err := store.Open(t.Context(), path, frozen)
				if err == nil || !strings.Contains(err.Error(), path) {
					t.Fatalf("%v", err)
				}
				if broken.before != "" && !errors.Is(err, data.ErrDamaged) {
					t.Errorf("%v", err)
				}
			})
			if after := dump(t, path); after != before {
				t.Errorf("the database was changed:\n%s\n%s", before, after)
			}
			if copies := store.Backups(path); len(copies) != 1 {
				t.Errorf("the copies are %q", copies)
			}
			s = openAt(t, path)
			if n, err := s.VerifyEvents(t.Context()); n != 3 || err != nil {
				t.Errorf("%d events, %v", n, err)
			}
		})
	}
}

// Where no copy can be made, nothing is migrated.
func TestNoMigrationWithoutACopy(t *testing.T) {
	path := newPath(t)
	closeStore(t, openAt(t, path))
	if err := os.WriteFile(filepath.Join(filepath.Dir(path), "backups"), []byte("in the way"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := read(t, path)
	store.Later(t, later, "CREATE TABLE moods (mood TEXT) STRICT;")
	if _, err := store.Open(t.Context(), path, frozen); err == nil || !strings.Contains(err.Error(), "backup") {
		t.Fatalf("%v", err)
	}
	if !bytes.Equal(before, read(t, path)) {
		t.Error("the file was changed")
	}
}

// Every schema that was ever released opens, and says what it said.
func TestReleasedSchemas(t *testing.T) {
	fixtures, err := filepath.Glob(filepath.Join("testdata", "schema-*.sql"))
	if err != nil || len(fixtures) == 0 {
		t.Fatalf("%q, %v", fixtures, err)
	}
	for _, fixture := range fixtures {
		t.Run(filepath.Base(fixture), func(t *testing.T) {
			path := newPath(t)
			db := rawOpen(t, path)
			rawExec(t, db, string(read(t, fixture)))
			db.Close()
			s := openAt(t, path)
			if f, err := s.Stats(t.Context()); err != nil || f.Schema != store.Version() {
				t.Errorf("%+v, %v", f, err)
			}
			if err := s.Check(t.Context()); err != nil {
				t.Error(err)
			}
			if n, err := s.VerifyEvents(t.Context()); n != 6 || err != nil {
				t.Errorf("%d events, %v", n, err)
			}
			readsReleased(t, s)
			if fixture >= filepath.Join("testdata", "schema-202611220005") {
				readsAccount(t, s)
			}
			for more := true; more; {
				var err error
				if more, err = s.Fill(t.Context(), 2); err != nil {
					t.Fatal(err)
				}
			}
			var differences []string
			err := s.CheckState(t.Context(), nil, func(d data.StateDifference) { differences = append(differences, d.Text) })
			// The fixtures have a message that was discarded without an event.
			if want := []string{"message 10 is held, shown or out of sight, and nothing says why"}; err != nil || !slices.Equal(differences, want) {
				t.Errorf("%q, %v; want %q", differences, err, want)
			}
			if text := dump(t, path); !strings.Contains(text, "Asha Rao") {
				t.Errorf("nothing is kept:\n%s", text)
			}
		})
	}
}

// readsAccount checks what stands in the fixtures that have an account.
func readsAccount(t *testing.T, s *store.Store) {
	t.Helper()
	a, err := s.Account(t.Context())
	if want := (data.Account{Base: "https://public.doubletick.io", Number: "+918888888888", JoinedAt: 1784540000000, Paused: true}); err != nil || a != want {
		t.Errorf("%+v, %v", a, err)
	}
	if counts, err := s.OutboxCounts(t.Context()); err != nil || counts != (data.OutboxCounts{Waiting: 1, Refused: 1}) {
		t.Errorf("%+v, %v", counts, err)
	}
	for customer, want := range map[int64]string{2: "Accepted by DoubleTick", 3: "Invalid Customer"} {
		if there, err := s.RemoteStatus(t.Context(), customer); err != nil || there.Text() != want {
			t.Errorf("%q, %v", there.Text(), err)
		}
	}
}

// readsReleased checks what stands in the fixtures.
func readsReleased(t *testing.T, s *store.Store) {
	t.Helper()
	want := []struct {
		phone data.Phone
		name  string
		block bool
		tags  string
		held  int
		shown string
	}{
		{
			"+919137979401", "Riya Das", false, "Köln,vip", 0,
			"How to proceed with that?|The box, it's \"open\"|A new box is on its way.|Customer blocked by Asha Rao|Held, then released|Customer unblocked|Renamed from Riya D to Riya Das by Asha Rao",
		},
		{"+46701234567", "प्रिया", true, "", 1, "Chat cleared by Asha Rao|मेरा पार्सल?|Customer blocked by Asha Rao"},
		{"+442079460958", "", true, "", 0, "Customer blocked by Asha Rao"},
		{"+12025550123", "محمد", false, "", 0, "مرحبا|He called, too.|Not sent"},
	}
	for _, w := range want {
		c, err := s.FindCustomer(t.Context(), data.Address(w.phone))
		if err != nil {
			t.Error(err)
			continue
		}
		if c.Name != w.name || (c.Status(start) == data.Blocked) != w.block || strings.Join(c.Tags, ",") != w.tags || c.Held != w.held {
			t.Errorf("%+v, want %+v", c, w)
		}
		page, err := s.Timeline(t.Context(), c.ID, data.Span{Limit: 100})
		if err != nil {
			t.Error(err)
		}
		var shown []string
		for _, item := range page.Items {
			if item.Message != nil {
				shown = append(shown, item.Message.Text)
			} else {
				shown = append(shown, item.Event.Text())
			}
		}
		if got := strings.Join(shown, "|"); got != w.shown {
			t.Errorf("%s shows\n%s, want\n%s", w.phone, got, w.shown)
		}
	}
	keys, err := s.ChatKeys(t.Context(), data.ChatQuery{List: data.AllChats})
	places := []data.ChatKey{{ID: 4, LastAt: 1784548427000}, {ID: 2, LastAt: 1784548127000}, {ID: 1, LastAt: 1784547887000}} // of their newest messages
	if err != nil || !slices.Equal(keys, places) {
		t.Errorf("%v, want %v; %v", keys, places, err)
	}
	if chats, err := s.Chats(t.Context(), []int64{1}); err != nil || len(chats) != 1 || chats[0].ShownAt != 1784547947000 || chats[0].Preview != "Renamed from Riya D to Riya Das by Asha Rao" {
		t.Errorf("%+v, %v", chats, err)
	}
	if n, err := s.Counts(t.Context()); err != nil || n != (data.Counts{All: 3, Unread: 2, Blocked: 2}) {
		t.Errorf("%+v, %v", n, err)
	}
	settings, err := s.Settings(t.Context())
	if want := (data.Settings{Agent: "Björn", Country: "SE", Theme: "light", Width: 1200, Height: 900, Split: 400}); err != nil || settings != want {
		t.Errorf("%+v, %v", settings, err)
	}
	if names, err := s.Agents(t.Context()); err != nil || strings.Join(names, ",") != "Asha Rao,Björn" {
		t.Errorf("%q, %v", names, err)
	}
	if draft, err := s.Draft(t.Context(), 1); err != nil || draft != "Dear Riya,\n" {
		t.Errorf("%q, %v", draft, err)
	}
	if last, err := s.LastChange(t.Context()); err != nil || last != 22 {
		t.Errorf("%d, %v", last, err)
	}
}
