package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/gofrs/flock"
	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

// ReadOnly returns why nothing can be written into the database, which is then open for
// reading alone; nil where it can.
func (s *Store) ReadOnly() error { return s.readOnly }

// cannotWrite reports whether err says that a file or its folder cannot be written to.
func cannotWrite(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) || writeProtected(err) || errors.Is(err, data.ErrReadOnly)
}

// openToRead opens the database at path, into which nothing can be written for the
// reason why.
func openToRead(ctx context.Context, path string, now func() time.Time, why error) (*Store, error) {
	src, err := openSource(ctx, path)
	if err != nil {
		return nil, err
	}
	s := &Store{Path: path, source: src, readOnly: fmt.Errorf("%w: %w", data.ErrReadOnly, why)}
	if err := s.beginReading(ctx, now); err != nil {
		s.Close()
		return nil, wrap("read", path, err)
	}
	return s, nil
}

// beginReading opens the pool of readers. A database with an older schema is migrated
// in a private copy.
func (s *Store) beginReading(ctx context.Context, now func() time.Time) error {
	for {
		reader, err := s.source.reader(4)
		if err != nil {
			return err
		}
		s.Queries = &Queries{db: reader, now: func() data.Moment { return data.MomentOf(now()) }}
		done, err := migratedKnown(ctx, reader)
		if err != nil {
			return err
		}
		if err := checkSchema(ctx, reader); err != nil {
			return err
		}
		list, err := migrations()
		if err != nil || len(done) == len(list) {
			return err
		}
		migrated, err := s.source.migrate(ctx, now())
		if err != nil {
			return err
		}
		old := s.source
		s.source = migrated
		if err := errors.Join(closeHandle(reader), old.close()); err != nil {
			return err
		}
	}
}

// source is a database file that is read and not written.
type source struct {
	path      string
	immutable string   // the parameter for a file that nobody can change; else empty
	private   *scratch // the folder of the file where it is a private copy, else nil
}

// sourceAt returns the database at path, read where it lies.
func sourceAt(path string) *source { return &source{path: path} }

// reader opens a pool of so many connections to read with.
func (s *source) reader(conns int) (*gorm.DB, error) {
	return openHandle(s.path, readerPragmas+s.immutable, conns)
}

// copierPragmas are for a handle of its own: readers may not even write into
// another file.
const copierPragmas = "?mode=ro&_pragma=busy_timeout(5000)&_pragma=trusted_schema(0)"

// copier opens a connection with which it can be copied into another file.
func (s *source) copier() (*gorm.DB, error) {
	return openHandle(s.path, copierPragmas+s.immutable, 1)
}

func (s *source) close() error {
	if s == nil || s.private == nil {
		return nil
	}
	return s.private.remove()
}

// openSource finds a way to read the database at path, wherever it lies. A write-ahead
// log needs an index beside it. Where that can be neither used nor made, a file is read
// as one that never changes, but only if its whole file system is read-only and there
// is no log, which would be passed over; else it is copied, with its log.
func openSource(ctx context.Context, path string) (*source, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("read the database: %w", err)
	}
	log, err := os.Stat(path + "-wal")
	if (err != nil || log.Size() == 0) && readOnlyVolume(filepath.Dir(path)) {
		return &source{path: path, immutable: "&immutable=1"}, nil
	}
	switch err := canRead(ctx, path); {
	case err == nil:
		return sourceAt(path), nil
	case !errors.Is(err, data.ErrReadOnly):
		return nil, err
	}
	private, err := newScratch()
	if err != nil {
		return nil, err
	}
	if err := private.copyFrom(ctx, path); err != nil {
		return nil, errors.Join(err, private.remove())
	}
	return &source{path: private.database(), private: private}, nil
}

// readOnlyVolume reports whether nobody can write into the file system of a folder.
// Tests have other ones.
var readOnlyVolume = isReadOnlyVolume

// canRead returns an error unless the database at path can be read where it lies.
func canRead(ctx context.Context, path string) error {
	db, err := sourceAt(path).reader(1)
	if err != nil {
		return wrap("read", path, err)
	}
	defer func() { _ = closeHandle(db) }()
	if err := db.WithContext(ctx).Exec("SELECT 1 FROM sqlite_master LIMIT 1").Error; err != nil {
		return wrap("read", path, err)
	}
	return nil
}

// migrate makes a private copy of the database with the schema of this program.
func (s *source) migrate(ctx context.Context, now time.Time) (*source, error) {
	private, err := newScratch()
	if err != nil {
		return nil, err
	}
	err = vacuum(ctx, s, private.database())
	if err == nil {
		err = private.migrate(ctx, now)
	}
	if err != nil {
		return nil, errors.Join(err, private.remove())
	}
	return &source{path: private.database(), private: private}, nil
}

// scratch is a folder of the system's for temporary files that only this user can read.
// It is locked while its process lives; what a killed one left is removed by the next
// (removeAbandonedScratches).
type scratch struct {
	folder string
	lock   *flock.Flock
}

const (
	scratchPrefix = "latchdesk-read-"
	scratchLock   = "reading.lock"
)

func newScratch() (*scratch, error) {
	folder, err := os.MkdirTemp("", scratchPrefix) // with the mode 0700
	if err != nil {
		return nil, fmt.Errorf("make a folder for a copy to read: %w", err)
	}
	s := &scratch{folder: folder, lock: flock.New(filepath.Join(folder, scratchLock), flock.SetPermissions(0o600))}
	if _, err := s.lock.TryLock(); err != nil {
		return nil, errors.Join(fmt.Errorf("make a folder for a copy to read: %w", err), os.RemoveAll(folder))
	}
	return s, nil
}

func (s *scratch) database() string { return filepath.Join(s.folder, "latchdesk.db") }

func (s *scratch) remove() error { return errors.Join(s.lock.Close(), os.RemoveAll(s.folder)) }

// removeAbandonedScratches removes the private copies that killed processes left.
func removeAbandonedScratches() {
	folders, _ := filepath.Glob(filepath.Join(escapeGlob(os.TempDir()), scratchPrefix+"*"))
	for _, folder := range folders {
		// Without O_CREATE: another user's folder may hold anything under this name.
		lock := flock.New(filepath.Join(folder, scratchLock), flock.SetFlag(os.O_RDONLY))
		if ok, err := lock.TryLock(); err != nil || !ok {
			continue // its process lives, or it is nobody's yet
		}
		_ = lock.Close()
		_ = os.RemoveAll(folder)
	}
}

// copyTries is how often a database is copied that somebody writes meanwhile.
const copyTries = 5

// copyFrom copies the database at path and its log, as they stand at one moment.
func (s *scratch) copyFrom(ctx context.Context, path string) error {
	for range copyTries {
		before := fileMarks(path)
		for _, end := range []string{"", "-wal"} {
			err := copyFile(path+end, s.database()+end)
			if errors.Is(err, fs.ErrNotExist) && end != "" {
				err = os.Remove(s.database() + end)
				if errors.Is(err, fs.ErrNotExist) {
					err = nil
				}
			}
			if err != nil {
				return fmt.Errorf("copy %s to read it: %w", path, err)
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if fileMarks(path) == before {
			return nil
		}
	}
	return fmt.Errorf("copy %s to read it: %w", path, data.ErrBusy)
}

// fileMarks returns what is different once a database or its log was written.
func fileMarks(path string) string {
	var marks strings.Builder
	for _, end := range []string{"", "-wal"} {
		if info, err := os.Stat(path + end); err == nil {
			fmt.Fprintf(&marks, "%d %d ", info.Size(), info.ModTime().UnixNano())
		}
		marks.WriteString(";")
	}
	return marks.String()
}

// migrate brings the schema of the private copy up to date.
func (s *scratch) migrate(ctx context.Context, now time.Time) error {
	writer, err := openHandle(s.database(), writerPragmas, 1)
	if err != nil {
		return err
	}
	copied := &Store{Path: s.database(), writer: writer, private: true}
	return errors.Join(copied.setUp(ctx, now), copied.Close())
}
