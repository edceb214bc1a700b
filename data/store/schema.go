package store

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

// schemaSums holds, for each migration, the sum of the schema as it is after all
// migrations up to it. TestSchemaSums says what belongs there.
//
//go:embed schema.sums
var schemaSums string

// maxObjects is how many tables, indexes and triggers are looked at: there are far
// fewer.
const maxObjects = 1000

// checkSchema returns data.ErrAltered if the schema of a database is not what the
// migrations that it has had make. A table, a trigger or a view of somebody else's
// could change what is written behind this program's back.
func checkSchema(ctx context.Context, db *gorm.DB) error {
	var done []string
	var have schema
	for {
		var err error
		if done, err = migrated(ctx, db); err != nil {
			return err
		}
		if have, err = readSchema(ctx, db); err != nil {
			return err
		}
		if len(done) == 0 && len(have) == 0 || have.sum() == knownSum(done) {
			return nil
		}
		again, err := migrated(ctx, db)
		if err != nil {
			return err
		}
		if slices.Equal(again, done) { // else another process migrated it between the two
			break
		}
	}
	want, err := makeSchema(ctx, done)
	if err != nil {
		return err
	}
	if object := have.differs(want); object != "" {
		return fmt.Errorf("%w: %s", data.ErrAltered, object)
	}
	return nil
}

// knownSum returns the sum of the schema of a database that has had the migrations, or
// "" if they are not all of those up to the last.
func knownSum(done []string) string {
	list, err := migrations()
	if err != nil || len(done) == 0 || len(done) > len(list) {
		return ""
	}
	for i, id := range done {
		if list[i].id != id {
			return ""
		}
	}
	for line := range strings.Lines(schemaSums) {
		if id, sum, _ := strings.Cut(strings.TrimSpace(line), " "); id == done[len(done)-1] {
			return sum
		}
	}
	return ""
}

// schema is the definition of each table, index, view and trigger, by its kind and
// name. Spaces, quotes and case are left out: SQLite's versions write them each in
// their way when a column is added.
type schema map[string]string

func readSchema(ctx context.Context, db *gorm.DB) (schema, error) {
	var rows []struct{ Type, Name, SQL string }
	err := db.WithContext(ctx).Raw(`SELECT type, name, sql FROM sqlite_master
		WHERE sql IS NOT NULL AND name NOT IN ('sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4') LIMIT ?`, maxObjects).Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("read the schema: %w", err)
	}
	s := schema{}
	for _, row := range rows {
		if row.Name == "migrations" {
			row.SQL = "" // the library's own table, written in its way
		}
		s[row.Type+" "+row.Name] = normalizeSQL(row.SQL)
	}
	return s, nil
}

func normalizeSQL(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n\"`[]", r) {
			return -1
		}
		return r
	}, strings.ToLower(text))
}

func (s schema) sum() string {
	var names []string
	for name := range s {
		names = append(names, name)
	}
	slices.Sort(names)
	hash := sha256.New()
	for _, name := range names {
		fmt.Fprintf(hash, "%q %q\n", name, s[name])
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// differs returns what is wrong with the first object that is not as in want, or "".
func (s schema) differs(want schema) string {
	var wrong []string
	for name, sql := range s {
		switch wanted, known := want[name]; {
		case !known:
			wrong = append(wrong, name+" does not belong to Latchdesk")
		case wanted != sql:
			wrong = append(wrong, name+" was changed")
		}
	}
	for name := range want {
		if _, there := s[name]; !there {
			wrong = append(wrong, name+" is missing")
		}
	}
	if len(wrong) == 0 {
		return ""
	}
	return data.OneLine(slices.Min(wrong), 200)
}

// makeSchema returns the schema that the migrations make, by running them in memory.
func makeSchema(ctx context.Context, done []string) (schema, error) {
	list, err := migrations()
	if err != nil {
		return nil, err
	}
	db, err := openHandle(":memory:", "", 1)
	if err != nil {
		return nil, fmt.Errorf("make the schema: %w", err)
	}
	defer func() { _ = closeHandle(db) }()
	db = db.WithContext(ctx)
	if len(done) > 0 {
		if err := db.Exec("CREATE TABLE migrations (id TEXT PRIMARY KEY)").Error; err != nil {
			return nil, fmt.Errorf("make the schema: %w", err)
		}
	}
	for _, m := range list {
		if !slices.Contains(done, m.id) {
			continue
		}
		if err := m.run(db, true, func(int64, int64) {}); err != nil {
			return nil, fmt.Errorf("make the schema of %s: %w", m.id, err)
		}
	}
	return readSchema(ctx, db)
}
