// Package store keeps the desk's data in one SQLite file through GORM: it
// opens and migrates the file, reads pages, writes transactions and backs up.
// It holds no rules; those are in package data.
package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/glebarez/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/latchdesk/latchdesk/data"
)

// Store is an open database: one writer, and a pool of readers beside it.
type Store struct {
	*Queries
	Path     string
	writer   *gorm.DB // nil where nothing can be written
	readOnly error    // why that is; else nil
	source   *source  // what is read then
	private  bool     // it is a copy that is made to be read, and needs none itself
}

// Queries are all the questions that can be put to the database.
type Queries struct {
	db     *gorm.DB
	now    func() data.Moment
	closed atomic.Bool
}

// Now returns the moment by the clock that the store was opened with.
func (r *Queries) Now() data.Moment { return r.now() }

// The writer waits for its lock at the start of a transaction, never in the
// middle, and every commit is on the disk before it returns. The journal's mode
// is kept in the file, and set once it is known whose file it is.
const writerPragmas = "?_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)&_pragma=trusted_schema(0)&_txlock=immediate"

// Readers keep little themselves: the system's own cache has the file, once
// for all of them.
const readerPragmas = "?mode=ro&_pragma=busy_timeout(5000)&_pragma=query_only(1)&_pragma=trusted_schema(0)&_pragma=cache_size(-512)"

// Open opens the database at path, makes it where there is none, and brings
// its schema up to date. A copy is made in the folder backups beside it before
// a migration runs. What cannot be written is opened for reading: see ReadOnly.
func Open(ctx context.Context, path string, now func() time.Time) (*Store, error) {
	removeAbandonedScratches()
	s, err := openToWrite(ctx, path, now)
	if err == nil || !cannotWrite(err) {
		return s, err
	}
	if _, statErr := os.Stat(path); statErr != nil {
		return nil, err // there is nothing to read either
	}
	return openToRead(ctx, path, now, err)
}

func openToWrite(ctx context.Context, path string, now func() time.Time) (*Store, error) {
	if err := prepareFile(path); err != nil {
		return nil, err
	}
	undoRestore(path)
	removeAbandonedParts(path)
	writer, err := openHandle(path, writerPragmas, 1)
	if err != nil {
		return nil, wrap("open", path, err)
	}
	s := &Store{Path: path, writer: writer}
	if err := s.setUp(ctx, now()); err != nil {
		s.Close()
		return nil, wrap("open", path, err)
	}
	reader, err := openHandle(path, readerPragmas, 4)
	if err != nil {
		s.Close()
		return nil, wrap("read", path, err)
	}
	s.Queries = &Queries{db: reader, now: func() data.Moment { return data.MomentOf(now()) }}
	return s, nil
}

// prepareFile makes the file with the right mode, so that SQLite gives its
// companions the same, and refuses what is plainly no database.
func prepareFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open the database %s: %w", path, err)
	}
	defer f.Close()
	head := make([]byte, 16)
	n, err := f.Read(head)
	if n == 0 {
		return nil
	}
	if err != nil || string(head[:n]) != "SQLite format 3\x00" {
		return fmt.Errorf("open the database %s: %w", path, data.ErrNotDatabase)
	}
	return nil
}

func openHandle(path, pragmas string, conns int) (*gorm.DB, error) {
	place := url.URL{Scheme: "file", Opaque: (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()}
	db, err := gorm.Open(sqlite.Open(place.String()+pragmas), &gorm.Config{
		SkipDefaultTransaction: true,
		Logger:                 gormLog(),
	})
	if err != nil {
		return nil, err
	}
	pool, err := db.DB()
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	pool.SetConnMaxIdleTime(idleAtMost) // its cache is worth nothing by then
	return db, nil
}

// idleAtMost is how long a connection is kept that nobody uses.
const idleAtMost = 20 * time.Second

// gormLog reports failures with their statement, never with its values: those
// are customers' words.
func gormLog() logger.Interface {
	return logger.NewSlogLogger(slog.Default(), logger.Config{
		LogLevel:                  logger.Error,
		IgnoreRecordNotFoundError: true,
		ParameterizedQueries:      true,
	})
}

// setUp makes sure that the file is one of ours, that the settings which protect
// the data took hold (unknown ones are ignored silently by the driver), and
// that the schema is the newest.
func (s *Store) setUp(ctx context.Context, now time.Time) error {
	if _, err := migratedKnown(ctx, s.writer); err != nil {
		return err
	}
	if err := checkSchema(ctx, s.writer); err != nil {
		return err
	}
	pool, err := s.writer.DB()
	if err != nil {
		return err
	}
	if err := setJournalMode(ctx, pool); err != nil {
		return err
	}
	for _, want := range []struct{ pragma, value string }{
		{"journal_mode", "wal"}, {"foreign_keys", "1"}, {"synchronous", "2"}, {"busy_timeout", "5000"},
	} {
		var got string
		if err := pool.QueryRowContext(ctx, "PRAGMA "+want.pragma).Scan(&got); err != nil {
			return err
		}
		if got != want.value {
			return fmt.Errorf("%w: %s is %s where it must be %s", data.ErrUnsafe, want.pragma, got, want.value)
		}
	}
	return s.migrate(ctx, now)
}

// setJournalMode makes the journal of a file a write-ahead log. Of several programs that
// do it at once SQLite lets some fail without waiting: they ask again.
func setJournalMode(ctx context.Context, pool *sql.DB) error {
	var err error
	for range 100 {
		if _, err = pool.ExecContext(ctx, "PRAGMA journal_mode = wal"); Cause(err) != data.ErrBusy {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return err
}

// Close ends all connections.
func (s *Store) Close() error {
	var errs []error
	if s.Queries != nil {
		s.Queries.closed.Store(true)
		errs = append(errs, closeHandle(s.Queries.db))
	}
	if s.writer != nil {
		errs = append(errs, closeHandle(s.writer))
	}
	return errors.Join(append(errs, s.source.close())...)
}

func closeHandle(db *gorm.DB) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	return pool.Close()
}

// Tx is a write transaction: what it does happens whole or not at all.
type Tx struct {
	db       *gorm.DB
	bulk     *bulkWrite           // gathers what is written of many customers; nil for one
	changes  []data.Change        // that are written at the end
	account  *data.Account        // once it was read
	business string               // that was filed last
	sums     map[int64]messageSum // that are added to those of customers at the end
}

// Write runs do in one transaction and commits it to the disk.
func (s *Store) Write(ctx context.Context, do func(*Tx) error) error {
	if s.readOnly != nil {
		return wrap("write", s.Path, s.readOnly)
	}
	err := s.writer.WithContext(ctx).Transaction(func(db *gorm.DB) error {
		tx := &Tx{db: db}
		if err := do(tx); err != nil {
			return err
		}
		if err := tx.writeSums(); err != nil {
			return err
		}
		return tx.writeChanges()
	})
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		err = ctx.Err() // the end of ctx rolled it back before it could be committed
	}
	return explain("write", s.Path, err)
}

// Watch calls changed at once, whenever another connection, of this process or
// any other, has committed something, and when wake is sent to. It asks for
// SQLite's data_version every so often, on one connection of its own. It ends
// with ctx, and returns nil then; it returns data.ErrClosed if the store is closed,
// and otherwise the error of changed or of asking. Since it calls changed at
// once, nothing is missed by whoever then calls Watch again.
func (r *Queries) Watch(ctx context.Context, every time.Duration, wake <-chan struct{}, changed func() error) error {
	conn, err := r.conn(ctx)
	if err != nil {
		return fmt.Errorf("watch the changes: %w", err)
	}
	defer conn.Close()
	turn := time.NewTicker(every)
	defer turn.Stop()
	var seen int64
	for woken := true; ; {
		var version int64
		err := conn.QueryRowContext(ctx, "PRAGMA data_version").Scan(&version)
		if err == nil && (woken || version != seen) {
			seen = version
			err = changed()
		}
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("watch the changes: %w", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-wake:
			woken = true
		case <-turn.C:
			woken = false
		}
	}
}

// conn takes a connection out of the pool. It returns data.ErrClosed if the store is
// closed.
func (r *Queries) conn(ctx context.Context) (*sql.Conn, error) {
	pool, err := r.db.DB()
	if err != nil {
		return nil, err
	}
	conn, err := pool.Conn(ctx)
	if err != nil && r.closed.Load() {
		return nil, data.ErrClosed
	}
	return conn, err
}

// rows runs a query whose rows are read one by one, for what is too many to
// go through reflection.
func (r *Queries) rows(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return r.db.WithContext(ctx).Raw(query, args...).Rows()
}

// scanFirst scans the first row of what a statement reads, or returns sql.ErrNoRows.
// GORM's own Row is nil where the statement fails.
func scanFirst(statement *gorm.DB, columns ...any) error {
	rows, err := statement.Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		return cmp.Or(rows.Err(), sql.ErrNoRows)
	}
	return rows.Scan(columns...)
}
