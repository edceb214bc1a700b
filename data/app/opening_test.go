package app

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// oldProfile is a profile of the first version, which has migrations before it.
func oldProfile(t *testing.T) ProfileRef {
	t.Helper()
	ref := ProfileRef{Folder: t.TempDir()}
	schema, err := os.ReadFile(filepath.Join("..", "store", "testdata", "schema-202611220001.sql"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", ref.DatabaseFile())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(string(schema)); err != nil {
		t.Fatal(err)
	}
	return ref
}

// A profile that opens at once is never slow, however little patience there is
// for an update.
func TestOpening_IsNotSlowWithoutMigration(t *testing.T) {
	o := ProfileRef{Folder: t.TempDir()}.StartOpening(t.Context(), time.Now, time.Hour)
	if o.Slow() {
		t.Error("a new profile is slow")
	}
	a, err := o.Wait()
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

// What takes long can be looked at, and goes on.
func TestOpening_IsSlowWhereTheMigrationTakesLong(t *testing.T) {
	ref := oldProfile(t)
	other := flock.New(filepath.Join(ref.Folder, "migrate.lock")) // it takes as long as the test wants
	if ok, err := other.TryLock(); !ok || err != nil {
		t.Fatalf("%v, %v", ok, err)
	}
	o := ref.StartOpening(t.Context(), time.Now, time.Millisecond)
	if !slow(t, o) {
		t.Fatal("it is not slow")
	}
	if p := o.Progress(); p != (data.MigrationProgress{Stage: data.MigrationWaits}) {
		t.Errorf("%+v", p)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	a, err := waitFor(t, o)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if p := o.Progress(); p.Stage != data.MigrationEnds || p.Fraction != 1 {
		t.Errorf("%+v", p)
	}
	o.Stop() // too late to stop anything
	if _, err := a.Add(t.Context(), "+46701234567", "Riya"); err != nil {
		t.Error(err)
	}
}

// Of a large database it is known from the start that its update takes long.
func TestOpening_IsSlowAtOnceWhereTheDatabaseIsLarge(t *testing.T) {
	ref := oldProfile(t)
	db, err := sql.Open("sqlite", ref.DatabaseFile())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("INSERT INTO drafts SELECT id, zeroblob(?) || '' FROM customers WHERE id NOT IN (SELECT customer_id FROM drafts) LIMIT 1", largeDatabase); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	o := ref.StartOpening(t.Context(), time.Now, time.Hour)
	if !slow(t, o) {
		t.Error("it is not slow")
	}
	o.Stop()
	if _, err := waitFor(t, o); !errors.Is(err, data.ErrMigrationStopped) {
		t.Errorf("%v", err)
	}

	o = ref.StartOpening(t.Context(), time.Now, time.Hour)
	if !slow(t, o) {
		t.Error("it is not slow")
	}
	if p := o.Progress(); p.Fraction != 0 || p.Stage == data.MigrationEnds {
		t.Errorf("it does not wait for its window: %+v", p)
	}
	o.Begin()
	a, err := waitFor(t, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
}

// What is stopped is undone, and says so.
func TestOpening_StopUndoesTheMigration(t *testing.T) {
	ref := oldProfile(t)
	other := flock.New(filepath.Join(ref.Folder, "migrate.lock"))
	if ok, err := other.TryLock(); !ok || err != nil {
		t.Fatalf("%v, %v", ok, err)
	}
	defer other.Close()
	o := ref.StartOpening(t.Context(), time.Now, time.Millisecond)
	if !slow(t, o) {
		t.Fatal("it is not slow")
	}
	o.Stop()
	if _, err := waitFor(t, o); !errors.Is(err, data.ErrMigrationStopped) || !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func slow(t *testing.T, o *Opening) (slow bool) {
	t.Helper()
	waittest.Return(t, "the opening to be slow or over", func() { slow = o.Slow() })
	return slow
}

func waitFor(t *testing.T, o *Opening) (a *App, err error) {
	t.Helper()
	waittest.Return(t, "the profile to open", func() { a, err = o.Wait() })
	return a, err
}
