package store_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// forge runs statements on the database at path past the triggers that keep events as
// they are, and leaves the triggers as they were.
func forge(t *testing.T, path string, statements ...string) {
	t.Helper()
	db := rawOpen(t, path)
	defer db.Close()
	var triggers []string
	for _, name := range []string{"events_never_change", "events_never_go"} {
		triggers = append(triggers, rawText(t, db, "SELECT sql FROM sqlite_master WHERE name = ?", name))
	}
	rawExec(t, db, "DROP TRIGGER events_never_change", "DROP TRIGGER events_never_go")
	rawExec(t, db, append(statements, triggers...)...)
}

// A damage that nobody has noticed pushes no sound copy out: while the history is not
// sound no copy is made and none goes, and when it is sound again the copies go on.
func TestBackupDaily_KeepsSoundCopies(t *testing.T) {
	s := openNew(t)
	c := addCustomer(t, s, "+46701234567", "Riya")
	appendEvents(t, s, c, 3)
	now := start.Time()
	next := func() error {
		now = now.Add(24 * time.Hour)
		return s.BackupDaily(t.Context(), now)
	}
	for range 7 {
		if err := next(); err != nil {
			t.Fatal(err)
		}
	}
	sound, newest := names(store.Backups(s.Path)), data.MomentOf(now)
	actor := rawText(t, s.Writer(t), "SELECT actor FROM events WHERE seq = 2")
	forge(t, s.Path, "UPDATE events SET actor = 'Nobody' WHERE seq = 2")
	for day := range 9 {
		if err := next(); !errors.Is(err, data.ErrDamaged) || !strings.Contains(err.Error(), "event 2") {
			t.Fatalf("day %d: %v", day, err)
		}
		if got := names(store.Backups(s.Path)); !slices.Equal(got, sound) {
			t.Fatalf("day %d: %q, want %q", day, got, sound)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(s.Path), "backups", ".*")); len(left) > 0 {
		t.Errorf("left: %q", left)
	}
	if state, err := s.CopyState(t.Context()); err != nil || state.SoundAt != newest {
		t.Errorf("%+v, %v; want a sound copy of %v", state, err, newest)
	}
	forge(t, s.Path, "UPDATE events SET actor = '"+actor+"' WHERE seq = 2")
	if err := next(); err != nil {
		t.Fatal(err)
	}
	got := names(store.Backups(s.Path))
	if len(got) != 7 || !slices.Equal(got[1:], sound[:6]) {
		t.Errorf("%q after %q", got, sound)
	}
	if state, err := s.CopyState(t.Context()); err != nil || state.SoundAt != data.MomentOf(now) {
		t.Errorf("%+v, %v", state, err)
	}
}

// A customer who is not as the history says is a damage as well: no copy of it pushes a
// sound one out.
func TestBackupDaily_ProvesTheState(t *testing.T) {
	for _, change := range []string{"UPDATE customers SET held = 99", "UPDATE customers SET blocked_at = 1", "UPDATE customers SET messages_sum = 1"} {
		s := openNew(t)
		appendEvents(t, s, addCustomer(t, s, "+46701234567", "Riya"), 3)
		now := start.Time()
		if err := s.BackupDaily(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		sound := names(store.Backups(s.Path))
		rawExec(t, s.Writer(t), change)
		for range 9 {
			now = now.Add(24 * time.Hour)
			if err := s.BackupDaily(t.Context(), now); !errors.Is(err, data.ErrUnproved) {
				t.Fatalf("%s: %v", change, err)
			}
		}
		if got := names(store.Backups(s.Path)); !slices.Equal(got, sound) {
			t.Errorf("%s: %q, want %q", change, got, sound)
		}
	}
}

// The copy before a migration counts as the day's once it is proved. One that is not
// sound stays, since it is what the migration began with, and pushes nothing out.
func TestBackupDaily_ProvesTheCopyBeforeAMigration(t *testing.T) {
	for _, sound := range []bool{true, false} {
		path := newPath(t)
		s := openAt(t, path)
		c := addCustomer(t, s, "+46701234567", "Riya")
		appendEvents(t, s, c, 3)
		now := start.Time().Add(-8 * 24 * time.Hour)
		for range 7 {
			now = now.Add(24 * time.Hour)
			if err := s.BackupDaily(t.Context(), now); err != nil {
				t.Fatal(err)
			}
		}
		before := names(store.Backups(path))
		if !sound {
			forge(t, path, "UPDATE events SET actor = 'Nobody' WHERE seq = 2")
		}
		closeStore(t, s)
		t.Run("", func(t *testing.T) {
			store.Later(t, "299901010000_later", "CREATE TABLE later (id INTEGER)")
			s := openAt(t, path)
			copies := names(store.Backups(path))
			if len(copies) != 8 || !slices.Equal(copies[1:], before) {
				t.Fatalf("after the migration %q, before it %q", copies, before)
			}
			err := s.BackupDaily(t.Context(), start.Time().Add(time.Hour))
			want := copies[:7]
			if !sound {
				want = copies
			}
			if got := names(store.Backups(path)); !slices.Equal(got, want) || (err == nil) != sound {
				t.Errorf("sound %t: %q, %v; want %q", sound, got, err, want)
			}
			state, err := s.CopyState(t.Context())
			if made := data.MomentOf(start.Time()); err != nil || (state.SoundAt == made) != sound {
				t.Errorf("sound %t: %+v, %v", sound, state, err)
			}
		})
	}
}
