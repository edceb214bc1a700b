package store

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

// The sums that ship are those of what the migrations make.
func TestSchemaSums(t *testing.T) {
	list, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	var done []string
	for _, m := range list {
		done = append(done, m.id)
		s, err := makeSchema(t.Context(), done)
		if err != nil {
			t.Fatal(err)
		}
		want.WriteString(m.id + " " + s.sum() + "\n")
	}
	if schemaSums != want.String() {
		t.Errorf("schema.sums must hold:\n%s", want.String())
	}
}

// alter opens the file of a database beside the store and runs the statements.
func alter(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := openHandle(path, "", 1)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = closeHandle(db) }()
	for _, s := range statements {
		if err := db.Exec(s).Error; err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// What another program put into a database, changed in it or took away is found when
// it is opened, checked or restored, and nothing of it takes effect.
func TestCheckSchema_RefusesWhatIsNotOurs(t *testing.T) {
	for name, c := range map[string]struct {
		statement, want string
	}{
		"a trigger": {
			"CREATE TRIGGER stay AFTER UPDATE OF blocked_at ON customers BEGIN UPDATE customers SET blocked_at = 0 WHERE id = new.id; END",
			"trigger stay does not belong to Latchdesk",
		},
		"a table":           {"CREATE TABLE other (id INTEGER)", "table other does not belong to Latchdesk"},
		"a view":            {"CREATE VIEW people AS SELECT * FROM customers", "view people does not belong to Latchdesk"},
		"a view in a place": {"ALTER TABLE drafts RENAME TO d2; CREATE VIEW drafts AS SELECT * FROM d2", "table d2 does not belong to Latchdesk"},
		"a missing trigger": {"DROP TRIGGER events_never_go", "trigger events_never_go is missing"},
		"a missing index":   {"DROP INDEX identities_key", "index identities_key is missing"},
		"a missing table":   {"DROP TABLE drafts", "table drafts is missing"},
		"a column more":     {"ALTER TABLE chats ADD COLUMN mood TEXT", "table chats was changed"},
		"a column less":     {"ALTER TABLE customers DROP COLUMN username", "table customers was changed"},
	} {
		t.Run(name, func(t *testing.T) {
			whole, altered := openTemp(t).Path, openTemp(t).Path
			alter(t, altered, strings.Split(c.statement, "; CREATE")[0])
			if _, second, two := strings.Cut(c.statement, "; CREATE"); two {
				alter(t, altered, "CREATE"+second)
			}
			for act, do := range map[string]func() error{
				"open": func() error {
					s, err := Open(t.Context(), altered, time.Now)
					if err == nil {
						s.Close()
					}
					return err
				},
				"check":   func() error { return Check(t.Context(), altered) },
				"restore": func() error { _, err := Restore(t.Context(), altered, whole, time.Now()); return err },
			} {
				if err := do(); !errors.Is(err, data.ErrAltered) || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%s: %v, want %s", act, err, c.want)
				}
			}
		})
	}
}

// A schema that looks different in spaces and quotes alone is the same, and so is one
// with the statistics that SQLite gathers.
func TestCheckSchema_TakesItsOwn(t *testing.T) {
	path := openTemp(t).Path
	alter(t, path, "ANALYZE", "ALTER TABLE chats ADD COLUMN mood TEXT", "ALTER TABLE chats DROP COLUMN mood")
	if err := Check(t.Context(), path); err != nil {
		t.Error(err)
	}
}

// The schema of every version that shipped is known, before it is migrated.
func TestCheckSchema_OlderVersions(t *testing.T) {
	list, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	var done []string
	for _, m := range list {
		done = append(done, m.id)
		db, err := openHandle(filepath.Join(t.TempDir(), "old.db"), "", 1)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = closeHandle(db) }()
		if err := makeOld(t.Context(), db, list, done); err != nil {
			t.Fatal(err)
		}
		if err := checkSchema(t.Context(), db); err != nil {
			t.Errorf("up to %s: %v", m.id, err)
		}
	}
}

func makeOld(ctx context.Context, db *gorm.DB, list []migration, done []string) error {
	db = db.WithContext(ctx)
	if err := db.Exec("CREATE TABLE `migrations` (`id` text,PRIMARY KEY (`id`))").Error; err != nil {
		return err
	}
	for i, id := range done {
		if err := list[i].run(db, true, func(int64, int64) {}); err != nil {
			return err
		}
		if err := db.Exec("INSERT INTO migrations (id) VALUES (?)", id).Error; err != nil {
			return err
		}
	}
	return nil
}

// A copy whose history was changed is not put in the place of the database.
func TestRestore_RefusesAChangedHistory(t *testing.T) {
	whole, changed := openTemp(t).Path, openTemp(t)
	err := changed.Write(t.Context(), func(tx *Tx) error {
		c, _, err := tx.AddCustomer(data.NewIdentity("+46701234567"), "Riya")
		if err != nil {
			return err
		}
		_, err = tx.Append(data.Event{At: 1, Kind: data.BlockedEvent, CustomerID: c.ID, Phone: "+46701234567"})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	alter(t, changed.Path, "UPDATE chain SET count = 7, seq = 7")
	if _, err := Restore(t.Context(), changed.Path, whole, time.Now()); !errors.Is(err, data.ErrDamaged) {
		t.Errorf("restored: %v", err)
	}
}
