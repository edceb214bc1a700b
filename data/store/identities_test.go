package store_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// manyCustomers is how many the look-up is measured among.
const manyCustomers = 1_000_000

// bareLookUp asks for what FindCustomer returns, as one would write it without the
// store: by the index of match keys, with all of the customer and the tags.
const bareLookUp = `SELECT i.address, c.id, c.phone, c.name, c.username, c.version, c.held, c.blocked_at, c.blocked_by, c.blocked_kind, c.blocked_way,
		c.blocked_reason, c.blocked_note, c.blocked_until, c.blocked_review, c.blocked_asked, c.blocked_borrowed, c.paired_with, t.tag
	FROM identities i JOIN customers c ON c.id = i.customer_id LEFT JOIN tags t ON t.customer_id = c.id
	WHERE i.match_key = ? AND i.moved_at = 0`

// BenchmarkFindCustomer measures the look-up by match key against a bare select of the
// same customer by the same index, in turns; x-bare is the ratio of the medians. The
// bare select has neither GORM nor the store, and knows that it finds one row.
//
//	CGO_ENABLED=0 go test -tags ci,migrated_fynedo -run '^$' -bench FindCustomer -benchtime 3000x ./data/store
func BenchmarkFindCustomer(b *testing.B) {
	path := newPath(b)
	s := openAt(b, path)
	db := rawOpen(b, path)
	if _, err := db.ExecContext(b.Context(), "PRAGMA cache_size = -512"); err != nil { // as the store's readers have it
		b.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	for _, statement := range []string{
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			INSERT INTO customers (id, phone, name, search) SELECT i, printf('+4670%07d', i), 'Customer', '' FROM n`,
		`INSERT INTO identities (customer_id, kind, address, match_key) SELECT id, 'phone', phone, phone FROM customers WHERE id <= ?`,
		`INSERT INTO tags SELECT id, 'tag' FROM customers WHERE id <= ? AND id % 4 = 0`,
	} {
		if _, err := db.ExecContext(b.Context(), statement, manyCustomers); err != nil {
			b.Fatal(err)
		}
	}
	bare, err := db.PrepareContext(b.Context(), bareLookUp)
	if err != nil {
		b.Fatal(err)
	}
	var took [2][]time.Duration
	for i := 0; b.Loop(); i++ {
		phone := fmt.Sprintf("+4670%07d", 1+i*7919%manyCustomers)
		begun := time.Now()
		found, err := s.FindCustomer(b.Context(), data.Address(phone))
		took[0] = append(took[0], time.Since(begun))
		if err != nil || string(found.Address) != phone {
			b.Fatalf("%+v, %v", found, err)
		}
		begun = time.Now()
		err = scanBare(bare.QueryRowContext(b.Context(), phone))
		took[1] = append(took[1], time.Since(begun))
		if err != nil {
			b.Fatal(err)
		}
	}
	for _, t := range took {
		slices.Sort(t)
	}
	ours, theirs := took[0][len(took[0])/2], took[1][len(took[1])/2]
	b.ReportMetric(float64(ours), "ns/op")
	b.ReportMetric(float64(theirs), "bare-ns/op")
	b.ReportMetric(float64(ours)/float64(theirs), "x-bare")
}

func scanBare(row *sql.Row) error {
	var c data.Customer
	var b data.Block
	var address, phone, kind, channel string
	var at, until, review, asked int64
	var tag sql.NullString
	return row.Scan(&address, &c.ID, &phone, &c.Name, &c.Username, &c.Version, &c.Held, &at, &b.By.Name, &kind, &channel,
		&b.Reason, &b.Note, &until, &review, &asked, &b.Borrowed, &c.PairedWith, &tag)
}

// A migration files every number as one that comes in today, whether SQLite copies it
// or its match key is another.
func TestFileNumbers_AsNumbersThatComeIn(t *testing.T) {
	path := newPath(t)
	db := rawOpen(t, path)
	rawExec(t, db, string(read(t, filepath.Join("testdata", "schema-202611220005.sql"))))
	const many = 12_000 // more than two chunks
	rawExec(t, db, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12000)
		INSERT INTO customers (phone) SELECT printf('%s%08d', CASE i % 7 WHEN 0 THEN '+5215512' WHEN 1 THEN '+55119' WHEN 2 THEN '+225' WHEN 3 THEN '+549112' WHEN 4 THEN '+229' ELSE '+4670' END, i) FROM n`)
	db.Close()
	openAt(t, path)
	rows, err := rawOpen(t, path).QueryContext(t.Context(), `SELECT c.phone, i.kind, i.address, i.match_key, i.moved_at FROM customers c LEFT JOIN identities i ON i.customer_id = c.id
		WHERE c.joined_into = 0`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	filed, odd := 0, 0
	for rows.Next() {
		var phone string
		var kind, address, key sql.NullString
		var moved sql.NullInt64
		if err := rows.Scan(&phone, &kind, &address, &key, &moved); err != nil {
			t.Fatal(err)
		}
		want := data.NewIdentity(data.Address(phone))
		if kind.String != string(want.Kind) || address.String != phone || key.String != want.Key() || !moved.Valid || moved.Int64 != 0 {
			t.Fatalf("%s is filed as %q, %q, %q, moved at %v", phone, kind.String, address.String, key.String, moved)
		}
		if filed++; want.Key() != phone {
			odd++
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	if filed < many || odd == 0 || odd == filed {
		t.Errorf("%d are filed, %d of them with another key", filed, odd)
	}
}
