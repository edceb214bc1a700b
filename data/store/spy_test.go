package store

import (
	"database/sql"
	"errors"
	"io/fs"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"gorm.io/gorm"
)

// Statement is what the store asked SQLite, with its values.
type Statement struct {
	SQL  string
	Vars []any
}

// Spy returns the statements that the store runs during do.
func (s *Store) Spy(t *testing.T, do func()) []Statement {
	t.Helper()
	var seen []Statement
	note := func(db *gorm.DB) {
		seen = append(seen, Statement{db.Statement.SQL.String(), db.Statement.Vars})
	}
	var errs []error
	for _, db := range []*gorm.DB{s.writer, s.Queries.db} {
		on := db.Callback()
		errs = append(errs,
			on.Query().After("gorm:query").Register("spy", note),
			on.Row().After("gorm:row").Register("spy", note),
			on.Raw().After("gorm:raw").Register("spy", note),
			on.Create().After("gorm:create").Register("spy", note),
			on.Update().After("gorm:update").Register("spy", note),
			on.Delete().After("gorm:delete").Register("spy", note),
		)
	}
	do()
	for _, db := range []*gorm.DB{s.writer, s.Queries.db} {
		on := db.Callback()
		errs = append(errs, on.Query().Remove("spy"), on.Row().Remove("spy"), on.Raw().Remove("spy"),
			on.Create().Remove("spy"), on.Update().Remove("spy"), on.Delete().Remove("spy"))
	}
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	return seen
}

// FailAt lets the nth statement that the writer runs during do fail, as a disk
// would, and gives how many it was asked for.
func (s *Store) FailAt(t *testing.T, n int, failure error, do func()) int {
	t.Helper()
	asked := 0
	fail := func(db *gorm.DB) {
		if asked++; asked == n {
			_ = db.AddError(failure)
		}
	}
	on := s.writer.Callback()
	errs := []error{
		on.Query().Before("gorm:query").Register("fail", fail), on.Row().Before("gorm:row").Register("fail", fail),
		on.Raw().Before("gorm:raw").Register("fail", fail), on.Create().Before("gorm:create").Register("fail", fail),
		on.Update().Before("gorm:update").Register("fail", fail), on.Delete().Before("gorm:delete").Register("fail", fail),
	}
	do()
	errs = append(errs, on.Query().Remove("fail"), on.Row().Remove("fail"), on.Raw().Remove("fail"),
		on.Create().Remove("fail"), on.Update().Remove("fail"), on.Delete().Remove("fail"))
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	return asked
}

// FailReads lets the next n reads whose statement contains sql fail, as a disk
// would, and returns a function that reports how many have failed so far.
func (s *Store) FailReads(t *testing.T, sql string, n int64, failure error) (failed func() int64) {
	t.Helper()
	var asked atomic.Int64
	fail := func(db *gorm.DB) {
		if strings.Contains(db.Statement.SQL.String(), sql) && asked.Add(1) <= n {
			_ = db.AddError(failure)
		}
	}
	on := s.Queries.db.Callback()
	if err := errors.Join(on.Query().Before("gorm:query").Register("fail", fail), on.Row().Before("gorm:row").Register("fail", fail)); err != nil {
		t.Fatal(err)
	}
	return func() int64 { return min(n, asked.Load()) }
}

// Writer is the pool that the store writes through.
func (s *Store) Writer(t *testing.T) *sql.DB { return pool(t, s.writer) }

// Readers is the pool that the store reads through.
func (s *Store) Readers(t *testing.T) *sql.DB { return pool(t, s.Queries.db) }

func pool(t *testing.T, db *gorm.DB) *sql.DB {
	t.Helper()
	p, err := db.DB()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Later returns this program one migration more until the test ends, as a newer
// version would have it.
func Later(t *testing.T, name, sql string) {
	t.Helper()
	files := fstest.MapFS{"migrations/" + name + ".sql": {Data: []byte(sql)}}
	err := fs.WalkDir(shipped, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := shipped.ReadFile(path)
		files[path] = &fstest.MapFile{Data: content}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	migrationFiles = files
	t.Cleanup(func() { migrationFiles = shipped })
}

// LaterInGo is Later for a migration that has parts in Go.
func LaterInGo(t *testing.T, name, sql string, write func(tx *gorm.DB, progress func(done, total int64)) error, fill func(tx *Tx, after int64, limit int) (int64, bool, error)) {
	t.Helper()
	Later(t, name, sql)
	goMigrations[name] = goMigration{write: write, fill: fill}
	t.Cleanup(func() { delete(goMigrations, name) })
}

// InChunks is inChunks.
func InChunks(tx *gorm.DB, table string, size int, progress func(done, total int64), do func(after, last int64) error) error {
	return inChunks(tx, table, size, progress, do)
}

// Exec runs a statement in the transaction.
func (t *Tx) Exec(sql string, args ...any) error { return t.db.Exec(sql, args...).Error }

// Number returns the number that a query returns.
func (t *Tx) Number(sql string) (n int64, err error) { return n, t.db.Raw(sql).Scan(&n).Error }

// FreeSpace has each folder have as much free space as free says until the test
// ends.
func FreeSpace(t *testing.T, free func(folder string) (bytes int64, volume string, err error)) {
	t.Helper()
	freeSpace = free
	t.Cleanup(func() { freeSpace = statVolume })
}

// Forget empties the database but for its events.
func (t *Tx) Forget() error {
	for _, table := range []string{"drafts", "tags", "messages", "chats", "identities", "customers"} {
		if err := t.db.Exec("DELETE FROM " + table).Error; err != nil {
			return err
		}
	}
	return nil
}

// OpenToRead opens the database at path as Open does if that fails with why.
func OpenToRead(t *testing.T, path string, now func() time.Time, why error) (*Store, error) {
	t.Helper()
	return openToRead(t.Context(), path, now, why)
}

// ReadOnlyVolume has nobody be able to write into any file system, or somebody into each,
// until the test ends.
func ReadOnlyVolume(t *testing.T, nobody bool) {
	t.Helper()
	readOnlyVolume = func(string) bool { return nobody }
	t.Cleanup(func() { readOnlyVolume = isReadOnlyVolume })
}

// Scratch returns the folder of a private copy whose process was killed or lives.
func Scratch(t *testing.T, killed bool) string {
	t.Helper()
	s, err := newScratch()
	if err == nil && killed {
		err = s.lock.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.remove() })
	return s.folder
}
