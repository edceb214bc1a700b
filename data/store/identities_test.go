package store_test

import (
	"database/sql"
	"fmt"
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
