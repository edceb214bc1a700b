package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// The migration of these tests: each customer has a mood, and each message a
// length, which is filled later.
const moods = `ALTER TABLE customers ADD COLUMN mood TEXT NOT NULL DEFAULT '';
CREATE TABLE moods (customer_id INTEGER PRIMARY KEY REFERENCES customers (id), mood TEXT NOT NULL) STRICT;
ALTER TABLE messages ADD COLUMN length INTEGER;`

// writeMoods writes the moods, so many customers at a time.
func writeMoods(size int) func(*gorm.DB, func(done, total int64)) error {
	return func(tx *gorm.DB, progress func(done, total int64)) error {
		return store.InChunks(tx, "customers", size, progress, func(after, last int64) error {
			err := tx.Exec("INSERT INTO moods SELECT id, 'calm ' || id FROM customers WHERE id > ? AND id <= ?", after, last).Error
			if err != nil {
				return err
			}
			return tx.Exec("UPDATE customers SET mood = 'calm' WHERE id > ? AND id <= ?", after, last).Error
		})
	}
}

// fillLengths fills the lengths.
func fillLengths(tx *store.Tx, after int64, limit int) (next int64, more bool, err error) {
	err = tx.Exec("UPDATE messages SET length = length(text) WHERE id > ? AND id <= ?", after, after+int64(limit))
	if err != nil {
		return 0, false, err
	}
	last, err := tx.Number("SELECT max(id) FROM messages")
	return after + int64(limit), after+int64(limit) < last, err
}

// crowdAt makes a database with so many customers, each with a message, and closes
// it.
func crowdAt(t *testing.T, path string, customers int) {
	t.Helper()
	s := openAt(t, path)
	write(t, s, func(tx *store.Tx) error {
		for i := range customers {
			c, _, err := tx.AddCustomer(data.NewIdentity(data.Address(fmt.Sprintf("+4670%07d", i))), "Riya")
			if err != nil {
				return err
			}
			if _, _, err := tx.AddMessage(&c, incoming(fmt.Sprint("message ", i), start)); err != nil {
				return err
			}
		}
		return nil
	})
	closeStore(t, s)
}

// reports gathers what is reported of a migration.
type reports struct {
	mu   sync.Mutex
	all  []data.MigrationProgress
	call func(data.MigrationProgress) // may be nil
}

func (r *reports) context(ctx context.Context) context.Context {
	return data.WithMigrationProgress(ctx, func(p data.MigrationProgress) {
		r.mu.Lock()
		r.all = append(r.all, p)
		r.mu.Unlock()
		if r.call != nil {
			r.call(p)
		}
	})
}

func TestMigration_ReportsProgress(t *testing.T) {
	path := newPath(t)
	crowdAt(t, path, 200)
	store.LaterInGo(t, later, moods, writeMoods(40), nil)
	var seen reports
	s, err := store.Open(seen.context(t.Context()), path, frozen)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if len(seen.all) < 3 {
		t.Fatalf("%+v", seen.all)
	}
	if end := seen.all[len(seen.all)-1]; end != (data.MigrationProgress{Stage: data.MigrationEnds, Fraction: 1}) {
		t.Errorf("the last report is %+v", end)
	}
	last := data.MigrationProgress{Stage: data.MigrationCopies}
	written := 0
	for i, p := range seen.all[:len(seen.all)-1] {
		if p.Stage < last.Stage || p.Fraction < last.Fraction || p.Fraction > 1 {
			t.Errorf("report %d is %+v after %+v", i, p, last)
		}
		if p.Stage == data.MigrationWrites {
			written++
		}
		last = p
	}
	if first := seen.all[0]; first != (data.MigrationProgress{Stage: data.MigrationCopies}) {
		t.Errorf("the first report is %+v", first)
	}
	if written < 6 || last.Stage != data.MigrationWrites || last.Fraction < 0.89 {
		t.Errorf("%d reports of what is written, up to %+v", written, last)
	}
	if got := rawText(t, rawOpen(t, path), "SELECT count(*) || ' ' || (SELECT count(*) FROM customers WHERE mood = 'calm') FROM moods"); got != "200 200" {
		t.Errorf("there are %s moods", got)
	}
}

// A database that is up to date, and a new one, have nothing to report.
func TestMigration_ReportsNothingWhereNothingIsDone(t *testing.T) {
	path := newPath(t)
	crowdAt(t, path, 1)
	var seen reports
	s, err := store.Open(seen.context(t.Context()), path, frozen)
	if err != nil {
		t.Fatal(err)
	}
	closeStore(t, s)
	if len(seen.all) > 0 {
		t.Errorf("%+v", seen.all)
	}
}

// Whoever stops a migration in the middle has the database as it was, and the next
// try does it whole.
func TestMigration_UndoneWhenStopped(t *testing.T) {
	for _, chunk := range []int{0, 1, 3} {
		t.Run(fmt.Sprint("chunk ", chunk), func(t *testing.T) {
			path := newPath(t)
			crowdAt(t, path, 200)
			before := read(t, path)
			store.LaterInGo(t, later, moods, writeMoods(40), nil)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			reached := 0
			seen := reports{call: func(p data.MigrationProgress) {
				if p.Stage != data.MigrationWrites {
					return
				}
				if reached == chunk {
					cancel()
				}
				reached++
			}}
			_, err := store.Open(seen.context(ctx), path, frozen)
			if !errors.Is(err, data.ErrMigrationStopped) || !errors.Is(err, context.Canceled) {
				t.Fatalf("%v", err)
			}
			if reached > chunk+2 {
				t.Errorf("it went on for %d reports after it was stopped", reached-chunk)
			}
			if !bytes.Equal(before, read(t, path)) {
				t.Error("the file was changed")
			}
			s := openAt(t, path)
			if err := s.Check(t.Context()); err != nil {
				t.Error(err)
			}
			if got := rawText(t, rawOpen(t, path), "SELECT count(*) FROM moods"); got != "200" {
				t.Errorf("there are %s moods", got)
			}
		})
	}
}

// A disk that turns out to be too small undoes the migration.
func TestMigration_UndoneWhenTheDiskIsFull(t *testing.T) {
	path := newPath(t)
	crowdAt(t, path, 1000)
	before := read(t, path)
	store.LaterInGo(t, later, moods, func(tx *gorm.DB, progress func(done, total int64)) error {
		if err := tx.Exec("PRAGMA max_page_count = 1").Error; err != nil { // as many as there are
			return err
		}
		return writeMoods(40)(tx, progress)
	}, nil)
	if _, err := store.Open(t.Context(), path, frozen); !errors.Is(err, data.ErrFull) {
		t.Fatalf("%v", err)
	}
	if !bytes.Equal(before, read(t, path)) {
		t.Error("the file was changed")
	}
}

// Where there is too little space nothing begins, and the sentence says how much is
// needed and where.
func TestMigration_AsksForSpaceFirst(t *testing.T) {
	const much = 1 << 40
	for name, c := range map[string]struct {
		desk, copies int64
		oneVolume    bool
		refused      string // the folder that is named
	}{
		"enough":                 {desk: much, copies: much, oneVolume: true},
		"none":                   {desk: 1000, copies: 1000, oneVolume: true, refused: "."},
		"none for the copies":    {desk: much, copies: 1000, refused: "backups"},
		"none beside the copies": {desk: 1000, copies: much, refused: "."},
	} {
		t.Run(name, func(t *testing.T) {
			path := newPath(t)
			crowdAt(t, path, 200)
			copies := filepath.Join(filepath.Dir(path), "backups")
			if err := os.Mkdir(copies, 0o700); err != nil {
				t.Fatal(err)
			}
			store.FreeSpace(t, func(folder string) (int64, string, error) {
				if folder == copies {
					return c.copies, fmt.Sprint("volume of the copies is the other's: ", c.oneVolume), nil
				}
				return c.desk, fmt.Sprint("volume of the copies is the other's: ", true), nil
			})
			before := read(t, path)
			store.LaterInGo(t, later, moods, writeMoods(40), nil)
			s, err := store.Open(t.Context(), path, frozen)
			if c.refused == "" {
				if err != nil {
					t.Fatal(err)
				}
				closeStore(t, s)
				return
			}
			var sentence data.UserError
			if !errors.As(err, &sentence) {
				t.Fatalf("%v", err)
			}
			if want := " MB of free space in " + filepath.Join(filepath.Dir(path), c.refused) + " to make a copy"; !strings.Contains(string(sentence), want) {
				t.Errorf("%q does not hold %q", sentence, want)
			}
			if !bytes.Equal(before, read(t, path)) || len(store.Backups(path)) > 0 {
				t.Error("something was written")
			}
		})
	}
}

// A system that does not say how much space is free stops no migration.
func TestMigration_RunsWhereSpaceIsUnknown(t *testing.T) {
	path := newPath(t)
	crowdAt(t, path, 1)
	store.FreeSpace(t, func(string) (int64, string, error) { return 0, "", errors.New("not supported") })
	store.Later(t, later, moods)
	openAt(t, path)
}

// Tries that fail do not push older copies out: one copy is enough for one database.
func TestMigration_CopiesOnceForAllTries(t *testing.T) {
	path := newPath(t)
	crowdAt(t, path, 10)
	clock := frozen()
	try := func() {
		t.Helper()
		clock = clock.Add(time.Second)
		if _, err := store.Open(t.Context(), path, func() time.Time { return clock }); err == nil {
			t.Fatal("the broken migration ran")
		}
	}
	t.Run("by the newer version", func(t *testing.T) {
		store.Later(t, later, "INSERT INTO nowhere VALUES (1);")
		try()
		try()
		try()
	})
	if copies := store.Backups(path); len(copies) != 1 {
		t.Fatalf("the copies are %q", copies)
	}
	s := openAt(t, path)
	addCustomer(t, s, "+46709999999", "Nils")
	closeStore(t, s)
	t.Run("by the newer version, later", func(t *testing.T) {
		store.Later(t, later, "INSERT INTO nowhere VALUES (1);")
		try()
	})
	copies := store.Backups(path)
	if len(copies) != 2 {
		t.Fatalf("the copies are %q", copies)
	}
	if got := rawText(t, rawOpen(t, copies[0]), "SELECT count(*) FROM customers"); got != "11" {
		t.Errorf("the newest copy has %s customers", got)
	}
}

// Of two processes that come at once one migrates, and the other waits and says so.
func TestMigration_WaitsForAnotherProcess(t *testing.T) {
	path := newPath(t)
	crowdAt(t, path, 10)
	store.LaterInGo(t, later, moods, writeMoods(5), nil)
	other := flock.New(filepath.Join(filepath.Dir(path), "migrate.lock"))
	if ok, err := other.TryLock(); !ok || err != nil {
		t.Fatalf("%v, %v", ok, err)
	}
	waits := make(chan struct{})
	var once sync.Once
	seen := reports{call: func(p data.MigrationProgress) {
		if p.Stage == data.MigrationWaits {
			once.Do(func() { close(waits) })
		}
	}}
	opened := make(chan error, 1)
	go func() {
		s, err := store.Open(seen.context(t.Context()), path, frozen)
		if err == nil {
			err = s.Close()
		}
		opened <- err
	}()
	waittest.Receive(t, "the second process to say that it waits", waits)
	if len(store.Backups(path)) > 0 {
		t.Error("it made a copy while another migrated")
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if err := waittest.Receive(t, "it to open", opened); err != nil {
		t.Fatal(err)
	}
}

// What is left for later is filled chunk by chunk, each whole or not at all, and goes
// on where it stood.
func TestFill_GoesOnWhereItStood(t *testing.T) {
	path := newPath(t)
	crowdAt(t, path, 100)
	broken := errors.New("the disk is gone")
	fails := false
	store.LaterInGo(t, later, moods, nil, func(tx *store.Tx, after int64, limit int) (int64, bool, error) {
		next, more, err := fillLengths(tx, after, limit)
		if fails {
			err = broken
		}
		return next, more, err
	})
	filled := func() string {
		t.Helper()
		return rawText(t, rawOpen(t, path), "SELECT count(length) FROM messages")
	}
	s := openAt(t, path)
	if ids, err := s.Fills(t.Context()); err != nil || len(ids) != 1 || ids[0] != later {
		t.Fatalf("%q, %v", ids, err)
	}
	if more, err := s.Fill(t.Context(), 30); !more || err != nil || filled() != "30" {
		t.Fatalf("%v, %v, %s are filled", more, err, filled())
	}
	fails = true
	if _, err := s.Fill(t.Context(), 30); !errors.Is(err, broken) || filled() != "30" {
		t.Fatalf("%v, %s are filled", err, filled())
	}
	fails = false
	closeStore(t, s)
	s = openAt(t, path)
	for _, want := range []string{"60", "90", "100"} {
		more, err := s.Fill(t.Context(), 30)
		if more != (want != "100") || err != nil || filled() != want {
			t.Fatalf("%v, %v, %s are filled, want %s", more, err, filled(), want)
		}
	}
	if ids, err := s.Fills(t.Context()); err != nil || len(ids) != 0 {
		t.Errorf("%q, %v", ids, err)
	}
	if more, err := s.Fill(t.Context(), 30); more || err != nil {
		t.Errorf("%v, %v", more, err)
	}
}
