package store

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"time"

	"github.com/go-gormigrate/gormigrate/v2"
	"github.com/gofrs/flock"
	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

// migrate brings the schema up to date in one transaction: whatever stops it, the
// database is as it was. It reports to the function of data.WithMigrationProgress.
func (s *Store) migrate(ctx context.Context, now time.Time) error {
	pending, fresh, err := s.pendingMigrations(ctx)
	if err != nil || len(pending) == 0 {
		return err
	}
	defer data.ReportMigration(ctx, data.MigrationProgress{Stage: data.MigrationEnds, Fraction: 1})
	if !fresh && !s.private {
		unlock, err := s.lockMigration(ctx)
		if err != nil {
			return stoppedBy(ctx, err)
		}
		defer unlock()
		if pending, _, err = s.pendingMigrations(ctx); err != nil || len(pending) == 0 {
			return err // another process has done it meanwhile
		}
		if err := s.copyBeforeMigration(ctx, pending, now); err != nil {
			return stoppedBy(ctx, fmt.Errorf("back up before the migration: %w", err))
		}
	}
	smaller, err := s.enlargeCache(ctx)
	if err != nil {
		return err
	}
	defer smaller()
	if err := s.runMigrations(ctx, pending); err != nil {
		return stoppedBy(ctx, fmt.Errorf("migrate: %w", err))
	}
	if fresh {
		return nil
	}
	// The log holds all that was written; the file has it by now, or will.
	return s.writer.WithContext(context.WithoutCancel(ctx)).Exec("PRAGMA wal_checkpoint(TRUNCATE)").Error
}

// enlargeCache makes room for the pages of the indexes that a migration fills: with
// the usual 2 MB each is read and written again for every few rows. smaller takes the
// room back.
func (s *Store) enlargeCache(ctx context.Context) (smaller func(), err error) {
	if err := s.writer.WithContext(ctx).Exec("PRAGMA cache_size = -131072").Error; err != nil {
		return nil, stoppedBy(ctx, err)
	}
	return func() {
		for _, pragma := range []string{"PRAGMA cache_size = -2000", "PRAGMA shrink_memory"} {
			if err := s.writer.Exec(pragma).Error; err != nil {
				slog.Warn("cannot give the memory of a migration back", "error", err)
			}
		}
	}, nil
}

// stoppedBy returns data.ErrMigrationStopped if it is the end of ctx that caused err.
func stoppedBy(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	return fmt.Errorf("%w: %w", data.ErrMigrationStopped, ctx.Err())
}

// pendingMigrations lists the migrations that the database has not had. It reports
// whether it has had none, so that there is nothing in it.
func (s *Store) pendingMigrations(ctx context.Context) (pending []migration, fresh bool, err error) {
	list, err := migrations()
	if err != nil {
		return nil, false, err
	}
	done, err := migratedKnown(ctx, s.writer)
	if err != nil {
		return nil, false, err
	}
	for _, m := range list {
		if !slices.Contains(done, m.id) {
			pending = append(pending, m)
		}
	}
	return pending, len(done) == 0, nil
}

// lockMigration waits until no other process migrates this database. Whoever
// opened it as well would otherwise copy it too, and then find it held.
func (s *Store) lockMigration(ctx context.Context) (unlock func(), err error) {
	lock := flock.New(filepath.Join(filepath.Dir(s.Path), "migrate.lock"), flock.SetPermissions(0o600))
	ok, err := lock.TryLock()
	if err == nil && !ok {
		data.ReportMigration(ctx, data.MigrationProgress{Stage: data.MigrationWaits})
		_, err = lock.TryLockContext(ctx, 50*time.Millisecond)
	}
	if err != nil {
		return nil, fmt.Errorf("wait for another program that migrates: %w", err)
	}
	return func() { _ = lock.Close() }, nil
}

// The parts of a whole migration, as shares of its progress.
const (
	copiedFraction  = 0.3 // the copy is made
	writtenFraction = 0.9 // everything is written but not yet proved and committed
)

// runMigrations runs the pending migrations and proves what they leave, in one
// transaction.
func (s *Store) runMigrations(ctx context.Context, pending []migration) error {
	report := newMigrationReport(ctx, pending)
	list, err := migrations()
	if err != nil {
		return err
	}
	fresh := len(pending) == len(list)
	var steps []*gormigrate.Migration
	for _, m := range list {
		steps = append(steps, &gormigrate.Migration{ID: m.id, Migrate: func(tx *gorm.DB) error {
			progress := report.migrating(m.id)
			if fresh { // making a database updates none
				progress = func(int64, int64) {}
			}
			if err := m.run(tx, fresh, progress); err != nil {
				return err
			}
			if m.id != pending[len(pending)-1].id {
				return nil
			}
			return checkForeignKeys(tx)
		}})
	}
	options := *gormigrate.DefaultOptions
	options.UseTransaction = true
	options.ValidateUnknownMigrations = true
	return gormigrate.New(s.writer.WithContext(ctx), &options, steps).Migrate()
}

// run writes what the migration changes, and notes what is to be filled later: in a
// fresh database nothing is.
func (m migration) run(tx *gorm.DB, fresh bool, progress func(done, total int64)) error {
	if err := tx.Exec(m.sql).Error; err != nil {
		return err
	}
	if m.write != nil {
		if err := m.write(tx, progress); err != nil {
			return err
		}
	}
	progress(1, 1)
	if m.fill == nil || fresh {
		return nil
	}
	return (&Tx{db: tx}).set(fillPrefix+m.id, "0")
}

// migrationReport adds up the progress of several migrations.
type migrationReport struct {
	ctx     context.Context
	weights map[string]float64
	whole   float64
	before  float64 // the weights of those that are done
}

func newMigrationReport(ctx context.Context, pending []migration) *migrationReport {
	r := &migrationReport{ctx: ctx, weights: map[string]float64{}}
	for _, m := range pending {
		weight := 1.0
		if m.write != nil {
			weight = 20 // it walks over rows, one by one
		}
		r.weights[m.id] = weight
		r.whole += weight
	}
	return r
}

// migrating returns the progress of one migration, which begins now.
func (r *migrationReport) migrating(id string) func(done, total int64) {
	begun := r.before
	r.before += r.weights[id]
	report := func(done, total int64) {
		part := begun + r.weights[id]*float64(done)/float64(max(total, 1))
		data.ReportMigration(r.ctx, data.MigrationProgress{
			Stage:    data.MigrationWrites,
			Fraction: copiedFraction + (writtenFraction-copiedFraction)*part/r.whole,
		})
	}
	report(0, 1)
	return report
}

// migratedKnown lists the migrations that a database has had, all of which
// must be known to this program.
func migratedKnown(ctx context.Context, db *gorm.DB) ([]string, error) {
	list, err := migrations()
	if err != nil {
		return nil, err
	}
	done, err := migrated(ctx, db)
	if err != nil {
		return nil, err
	}
	for _, id := range done {
		known := slices.ContainsFunc(list, func(m migration) bool { return m.id == id })
		if !known {
			return nil, fmt.Errorf("%w (schema %s)", data.ErrNewer, id)
		}
	}
	return done, nil
}

// migrated lists the migrations that a database has had. One that has tables
// and was never migrated is another program's.
func migrated(ctx context.Context, db *gorm.DB) ([]string, error) {
	db = db.WithContext(ctx)
	var tables []string
	if err := db.Raw("SELECT name FROM sqlite_master WHERE type = 'table'").Scan(&tables).Error; err != nil {
		return nil, err
	}
	var ids []string
	if len(tables) == 0 {
		return ids, nil
	}
	if !slices.Contains(tables, "migrations") {
		return ids, fmt.Errorf("%w: it is another program's", data.ErrNotDatabase)
	}
	return ids, db.Raw("SELECT id FROM migrations ORDER BY id").Scan(&ids).Error
}

// checkForeignKeys runs within the migration: what fails here never happened.
func checkForeignKeys(db *gorm.DB) error {
	rows, err := db.Raw("PRAGMA foreign_key_check").Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	if rows.Next() {
		return fmt.Errorf("%w: a row points to nothing", data.ErrDamaged)
	}
	return rows.Err()
}
