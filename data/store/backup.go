package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

// Backup writes a whole copy of the database to file, which must not exist.
// Others go on reading and writing meanwhile.
func (s *Store) Backup(ctx context.Context, file string) error {
	if s.source != nil {
		return vacuumInto(ctx, s.source, file, nil, nil)
	}
	return vacuumInto(ctx, sourceAt(s.Path), file, nil, nil)
}

// vacuumInto copies a database to file, which must not exist, through a
// part. begun is called with the part's path before anything is written, and accept
// with what was written, which is thrown away if that returns an error. Both may be nil.
func vacuumInto(ctx context.Context, from *source, file string, begun func(part string), accept func(ctx context.Context, part string) error) error {
	if _, err := os.Lstat(file); err == nil {
		return fmt.Errorf("back up to %s: %w", file, os.ErrExist)
	}
	part, err := createPart(from.path, file)
	if err != nil {
		return fmt.Errorf("back up to %s: %w", file, err)
	}
	defer part.remove()
	if begun != nil {
		begun(part.path)
	}
	if err := vacuum(ctx, from, part.path); err != nil {
		return err
	}
	if accept != nil {
		if err := accept(ctx, part.path); err != nil {
			return err
		}
	}
	if err := os.Rename(part.path, file); err != nil {
		return fmt.Errorf("back up to %s: %w", file, err)
	}
	return nil
}

// vacuum copies a database into the empty file, through a handle of its own: readers may
// not even write into another file.
func vacuum(ctx context.Context, from *source, file string) error {
	db, err := from.copier()
	if err != nil {
		return explain("back up", from.path, err)
	}
	defer func() { _ = closeHandle(db) }()
	if err := db.WithContext(ctx).Exec("VACUUM INTO ?", file).Error; err != nil {
		return explain("back up", from.path, err)
	}
	if err := syncFile(file); err != nil {
		return fmt.Errorf("back up to %s: %w", file, err)
	}
	return nil
}

// Restore puts the copy at file in the place of the database at path. The
// database that was there is kept beside it. Nobody may have it open. Whenever
// it is interrupted, a whole database is at path or all of it is at kept.
func Restore(ctx context.Context, file, path string, now time.Time) (kept string, err error) {
	undoRestore(path)
	part, err := createPart(path, path)
	if err != nil {
		return "", fmt.Errorf("restore %s: %w", file, err)
	}
	defer part.remove()
	if err := copyDatabase(ctx, file, part.path); err != nil {
		return "", err
	}
	if _, err := os.Lstat(path); err == nil {
		kept = strings.TrimSuffix(path, ".db") + beforeRestore + now.UTC().Format("20060102T150405.000Z") + ".db"
		if err := putAside(ctx, path, kept); err != nil {
			return "", fmt.Errorf("put the old database aside: %w", err)
		}
	}
	if err := os.Rename(part.path, path); err != nil {
		return kept, fmt.Errorf("restore %s: %w", file, err)
	}
	return kept, nil
}

// copyDatabase copies what the database at file holds, its log included, once
// it is proved to be whole and of a schema that is known here.
func copyDatabase(ctx context.Context, file, to string) error {
	info, err := os.Stat(file)
	if err != nil {
		return fmt.Errorf("restore %s: %w", file, err)
	}
	if !info.Mode().IsRegular() {
		return fmt.Errorf("restore %s: %w: it is no file", file, data.ErrNotDatabase)
	}
	from, err := openSource(ctx, file)
	if err != nil {
		return wrap("restore", file, err)
	}
	defer func() { _ = from.close() }()
	db, err := from.reader(1)
	if err != nil {
		return explain("restore", file, err)
	}
	defer func() { _ = closeHandle(db) }()
	if _, err := migratedKnown(ctx, db); err != nil {
		return wrap("restore", file, err)
	}
	if err := prove(ctx, db, file); err != nil {
		return err
	}
	return vacuum(ctx, from, to)
}

// prove returns an error unless the database of a handle is sound: its pages and its
// schema, which may be an older one, its history, and that customers and messages follow
// from it. Of a schema before provedSince the last cannot be said.
func prove(ctx context.Context, db *gorm.DB, path string) error {
	if err := checkHandle(ctx, db, path); err != nil {
		return err
	}
	r := &Queries{db: db}
	if _, err := r.VerifyEvents(ctx); err != nil {
		return wrap("check", path, err)
	}
	done, err := migrated(ctx, db)
	if err != nil || !slices.Contains(done, provedSince) {
		return err
	}
	var first *data.StateDifference
	err = r.CheckState(ctx, nil, func(d data.StateDifference) {
		if first == nil {
			first = &d
		}
	})
	if err == nil && first != nil {
		err = fmt.Errorf("%w: customer %d: %s", data.ErrUnproved, first.CustomerID, first.Text)
	}
	if err != nil {
		return wrap("check", path, err)
	}
	return nil
}

// provedSince is the migration since which everything that CheckState reads is there.
const provedSince = "202612010015_released"

// beforeRestore stands in the name of a database in whose place a copy was put.
const beforeRestore = "-before-restore-"

// undoRestore undoes a restore that was killed before it put the copy in place: the
// database at path has two names then, and would be written to under both.
func undoRestore(path string) {
	database, err := os.Stat(path)
	if err != nil {
		return
	}
	others, _ := filepath.Glob(escapeGlob(strings.TrimSuffix(path, ".db")) + beforeRestore + "*.db")
	for _, other := range others {
		if info, err := os.Lstat(other); err != nil || !os.SameFile(info, database) {
			continue
		}
		for _, companion := range []string{"-wal", "-shm"} {
			if _, err := os.Lstat(path + companion); errors.Is(err, os.ErrNotExist) {
				_ = os.Rename(other+companion, path+companion)
			}
		}
		if err := os.Remove(other); err != nil {
			slog.Warn("cannot remove the second name of the database", "error", err)
		}
	}
}

// escapeGlob returns the pattern that matches path alone.
func escapeGlob(path string) string {
	if filepath.Separator == '\\' {
		return path // where nothing can be escaped
	}
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}

// putAside keeps the database at path under another name and leaves its file
// without a log beside it, so that another file can take its place at once.
func putAside(ctx context.Context, path, kept string) error {
	if Check(ctx, path) == nil {
		if err := checkpointWAL(ctx, path); err != nil {
			return err
		}
	}
	if err := os.Link(path, kept); err != nil {
		if err := copyFile(path, kept); err != nil {
			return err
		}
	}
	// Only a damaged database still has a log here.
	for _, companion := range []string{"-wal", "-shm"} {
		if err := os.Rename(path+companion, kept+companion); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// checkpointWAL writes the log of the database at path into its file.
func checkpointWAL(ctx context.Context, path string) error {
	db, err := openHandle(path, writerPragmas, 1)
	if err != nil {
		return explain("close", path, err)
	}
	if err := db.WithContext(ctx).Exec("PRAGMA wal_checkpoint(TRUNCATE)").Error; err != nil {
		_ = closeHandle(db)
		return explain("close", path, err)
	}
	return closeHandle(db)
}

// Check reports whether the file at path is a whole database of Latchdesk.
func Check(ctx context.Context, path string) error {
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("check the database: %w", err)
	}
	db, err := openHandle(path, readerPragmas, 1)
	if err != nil {
		return explain("check", path, err)
	}
	defer func() { _ = closeHandle(db) }()
	return checkHandle(ctx, db, path)
}

// Check reports whether the open database is whole.
func (s *Store) Check(ctx context.Context) error { return checkHandle(ctx, s.Queries.db, s.Path) }

func checkHandle(ctx context.Context, db *gorm.DB, path string) error {
	done, err := migrated(ctx, db)
	if err == nil && len(done) == 0 {
		err = fmt.Errorf("%w: Latchdesk has written nothing into it", data.ErrNotDatabase)
	}
	if err == nil {
		err = checkSchema(ctx, db)
	}
	if err != nil {
		return wrap("check", path, err)
	}
	var result string
	if err := db.WithContext(ctx).Raw("PRAGMA integrity_check(1)").Scan(&result).Error; err != nil {
		return explain("check", path, err)
	}
	if result != "ok" {
		return fmt.Errorf("check the database %s: %w: %s", path, data.ErrDamaged, result)
	}
	return nil
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		out.Close()
		return err
	}
	if err := out.Sync(); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
