package store

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

// copyBeforeMigration copies the database into the folder backups once it is known
// that there is space enough for the whole migration. A migration that was
// stopped and is tried again makes no second copy of the same database. It waits for no
// proof of the copy, so it removes no older ones: BackupDaily does both.
func (s *Store) copyBeforeMigration(ctx context.Context, pending []migration, now time.Time) error {
	data.ReportMigration(ctx, data.MigrationProgress{Stage: data.MigrationCopies})
	var size int64
	if err := s.writer.WithContext(ctx).Raw("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").Scan(&size).Error; err != nil {
		return err
	}
	copied, err := s.hasCopy(ctx)
	if err != nil {
		return err
	}
	need := spaceNeeded(pending, size)
	if copied {
		need.copy = 0
	}
	if err := need.check(s.Path); err != nil || copied {
		return err
	}
	folder := backupFolder(s.Path)
	if err := makeBackupFolder(folder); err != nil {
		return err
	}
	stop := func() {}
	err = vacuumInto(ctx, sourceAt(s.Path), filepath.Join(folder, now.UTC().Format(copyName)), func(part string) {
		stop = reportCopy(ctx, part, size)
	}, nil)
	stop()
	return err
}

// reportCopy reports how much of a copy is written until stop is called.
func reportCopy(ctx context.Context, part string, size int64) (stop func()) {
	done := make(chan struct{})
	var reporter sync.WaitGroup
	reporter.Go(func() {
		ticker := time.NewTicker(50 * time.Millisecond)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
			}
			if info, err := os.Stat(part); err == nil {
				written := min(1, float64(info.Size())/float64(max(size, 1)))
				data.ReportMigration(ctx, data.MigrationProgress{Stage: data.MigrationCopies, Fraction: copiedFraction * written})
			}
		}
	})
	return func() {
		close(done)
		reporter.Wait()
	}
}

// hasCopy reports whether the newest copy holds what the database holds.
func (s *Store) hasCopy(ctx context.Context) (bool, error) {
	copies := Backups(s.Path)
	if len(copies) == 0 {
		return false, nil
	}
	db, err := openHandle(copies[0], readerPragmas, 1)
	if err != nil {
		return false, nil // it is no copy, whatever it is
	}
	defer func() { _ = closeHandle(db) }()
	there, err := contentMark(ctx, db)
	if err != nil {
		return false, ctx.Err()
	}
	here, err := contentMark(ctx, s.writer)
	return here == there, err
}

// contentMark returns what is different after every act, and after every
// migration.
func contentMark(ctx context.Context, db *gorm.DB) (string, error) {
	var mark string
	err := db.WithContext(ctx).Raw(`SELECT json_array(
		(SELECT json_group_array(id) FROM (SELECT id FROM migrations ORDER BY id)),
		(SELECT max(seq) FROM changes),
		(SELECT json_array(seq, count, hex(hash)) FROM chain),
		(SELECT max(id) FROM messages),
		(SELECT json_group_array(json_array(customer_id, text)) FROM drafts),
		(SELECT json_group_array(json_array(key, value)) FROM settings))`).Scan(&mark).Error
	return mark, err
}

// space is how many bytes a migration needs.
type space struct{ copy, database int64 }

// spareSpace is what a migration needs beside what grows with the database.
const spareSpace = 4 << 20

// spaceNeeded returns what the pending migrations of a database of size bytes need:
// what they write stands in the log before it stands in the file.
func spaceNeeded(pending []migration, size int64) space {
	growth := 0.0
	for _, m := range pending {
		if m.growth == 0 {
			m.growth = defaultGrowth
		}
		growth += m.growth
	}
	return space{copy: size, database: int64(2*growth*float64(size)) + spareSpace}
}

// freeSpace asks the system for the space that is free in a folder, and for the
// volume it is on. Tests have smaller disks.
var freeSpace = statVolume

// check returns a data.UserError if there is too little space where the database at
// path and its copies lie. It returns nil where the system does not say: a disk
// that is full undoes the migration in any case.
func (n space) check(path string) error {
	folder := filepath.Dir(path)
	free, volume, err := freeSpace(folder)
	if err != nil {
		slog.Warn("cannot ask for the free space", "error", err)
		return nil
	}
	copies := folder
	if info, err := os.Stat(backupFolder(path)); err == nil && info.IsDir() {
		copies = backupFolder(path)
	}
	copiesFree, copiesVolume, err := freeSpace(copies)
	if err != nil || copiesVolume == volume {
		n.database += n.copy
		n.copy = 0
	}
	for _, place := range []struct {
		folder     string
		need, free int64
	}{{folder, n.database, free}, {copies, n.copy, copiesFree}} {
		if place.need > place.free {
			return data.UserErrorf("This version of Latchdesk has to update the desk once, and needs %s of free space in %s to make a copy and write the changes. Only %s is free. Nothing was changed; free some space and start Latchdesk again.",
				formatBytes(place.need), place.folder, formatBytes(place.free))
		}
	}
	return nil
}

// formatBytes returns a number of bytes in megabytes of 1,000,000, or in gigabytes.
func formatBytes(n int64) string {
	if n >= 1_000_000_000 {
		return fmt.Sprintf("%.1f GB", float64(n)/1e9)
	}
	return fmt.Sprintf("%d MB", (n+999_999)/1_000_000)
}
