package store

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"gorm.io/gorm"
)

//go:embed migrations/*.sql
var shipped embed.FS

// migrationFiles is what ships; a test puts a newer one behind it.
var migrationFiles fs.FS = shipped

// goMigrations are the parts of migrations that are written in Go, by the name of
// their file without its ending.
var goMigrations = map[string]goMigration{
	"202611300001_identities": {write: fileNumbers, growth: 0.5},
	"202611300011_search":     {fill: fillSearch},
	checksumsMigration:        {fill: fillChecksums},
	"202612010016_places":     {write: placeChats},
}

// goMigration is what a migration has beside its SQL. All of it is optional.
type goMigration struct {
	// write runs after the SQL, in the transaction of the migration. It writes in
	// chunks (inChunks) and reports after each how many rows of how many are
	// done. It stops at the error of any statement: that is how it learns that it
	// is to stop.
	write func(tx *gorm.DB, progress func(done, total int64)) error
	// fill writes, some time after the migration, what the desk can do without
	// until then: at most limit rows that come after the position after, in a
	// transaction of their own. It returns the position of the last of them, and
	// whether there may be more. What is added meanwhile it may meet or not: whoever
	// adds a row fills it.
	fill func(tx *Tx, after int64, limit int) (next int64, more bool, err error)
	// growth is by how much the file grows at most, as a share of its size. Zero
	// stands for defaultGrowth.
	growth float64
}

// defaultGrowth is by how much a migration lets the file grow that does not say it.
const defaultGrowth = 0.1

// migration is a numbered file, and what belongs to it.
type migration struct {
	id, sql string
	goMigration
}

// migrations are the numbered files, in order. A file that has shipped is
// never changed.
func migrations() ([]migration, error) {
	files, err := fs.ReadDir(migrationFiles, "migrations")
	if err != nil {
		return nil, err
	}
	var list []migration
	for _, f := range files {
		text, err := fs.ReadFile(migrationFiles, path.Join("migrations", f.Name()))
		if err != nil {
			return nil, err
		}
		id := strings.TrimSuffix(f.Name(), ".sql")
		list = append(list, migration{id: id, sql: string(text), goMigration: goMigrations[id]})
	}
	return list, nil
}

// Version names the newest schema this program knows.
func Version() string {
	list, err := migrations()
	if err != nil || len(list) == 0 {
		return ""
	}
	return list[len(list)-1].id
}

// inChunks calls do for all rows of a table in the order of their column id, at
// most size of them at a time: those with after < id <= last. It reports to progress
// after each chunk.
func inChunks(tx *gorm.DB, table string, size int, progress func(done, total int64), do func(after, last int64) error) error {
	var total, done int64
	if err := tx.Raw("SELECT count(*) FROM " + table).Scan(&total).Error; err != nil {
		return fmt.Errorf("count the rows of %s: %w", table, err)
	}
	for after := int64(0); ; {
		var chunk struct{ Last, Rows int64 }
		err := tx.Raw("SELECT coalesce(max(id), 0) AS last, count(*) AS rows FROM (SELECT id FROM "+table+" WHERE id > ? ORDER BY id LIMIT ?)", after, size).Scan(&chunk).Error
		if err != nil {
			return fmt.Errorf("find the next rows of %s: %w", table, err)
		}
		if chunk.Rows == 0 {
			return nil
		}
		if err := do(after, chunk.Last); err != nil {
			return err
		}
		after = chunk.Last
		done += chunk.Rows
		progress(done, total)
	}
}
