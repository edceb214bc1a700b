package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/go-gormigrate/gormigrate/v2"
	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

//go:embed migrations/*.sql
var shipped embed.FS

// migrationFiles is what ships; a test puts a newer one behind it.
var migrationFiles fs.FS = shipped

// fills are what SQL alone cannot write: each runs behind the file of its name, in
// the same transaction.
var fills = map[string]func(*gorm.DB) error{
	"202611300001_identities": fillIdentities,
}

// migrations are the numbered files, in order. A file that has shipped is
// never changed.
func migrations() ([]*gormigrate.Migration, error) {
	files, err := fs.ReadDir(migrationFiles, "migrations")
	if err != nil {
		return nil, err
	}
	var list []*gormigrate.Migration
	for _, f := range files {
		text, err := fs.ReadFile(migrationFiles, path.Join("migrations", f.Name()))
		if err != nil {
			return nil, err
		}
		id := strings.TrimSuffix(f.Name(), ".sql")
		list = append(list, &gormigrate.Migration{
			ID: id,
			Migrate: func(db *gorm.DB) error {
				if err := db.Exec(string(text)).Error; err != nil {
					return err
				}
				if fill := fills[id]; fill != nil {
					if err := fill(db); err != nil {
						return err
					}
				}
				return checkForeignKeys(db)
			},
		})
	}
	return list, nil
}

// Version names the newest schema this program knows.
func Version() string {
	list, err := migrations()
	if err != nil || len(list) == 0 {
		return ""
	}
	return list[len(list)-1].ID
}

func (s *Store) migrate(ctx context.Context, now time.Time) error {
	list, err := migrations()
	if err != nil {
		return err
	}
	done, err := migratedKnown(ctx, s.writer)
	if err != nil {
		return err
	}
	if len(done) == len(list) {
		return nil
	}
	if len(done) > 0 {
		if _, err := backupInto(ctx, s.Path, now); err != nil {
			return fmt.Errorf("back up before the migration: %w", err)
		}
	}
	options := *gormigrate.DefaultOptions
	options.UseTransaction = true
	options.ValidateUnknownMigrations = true
	if err := gormigrate.New(s.writer.WithContext(ctx), &options, list).Migrate(); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
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
		known := slices.ContainsFunc(list, func(m *gormigrate.Migration) bool { return m.ID == id })
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
