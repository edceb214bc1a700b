package store_test

import (
	"database/sql"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data/desk"
)

const (
	fewRows, manyRows = 1_000, 300_000
	pairsAtOnce       = 50
)

// BenchmarkBeginPairs joins pairs that an update found, in a database with few outbox
// entries and imports of chats and in its twin with many, in turns. x-few is the ratio
// of the times for a pair: what one costs does not grow with the tables.
//
//	CGO_ENABLED=0 go test -tags ci,migrated_fynedo -run '^$' -bench BeginPairs -benchtime 5x ./data/store
func BenchmarkBeginPairs(b *testing.B) {
	few, many := newPairBench(b, fewRows), newPairBench(b, manyRows)
	var tookFew, tookMany time.Duration
	pairs := 0
	for b.Loop() {
		tookFew += few.begin(b)
		tookMany += many.begin(b)
		pairs += pairsAtOnce
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(tookFew.Microseconds())/float64(pairs), "few-µs/pair")
	b.ReportMetric(float64(tookMany.Microseconds())/float64(pairs), "many-µs/pair")
	b.ReportMetric(float64(tookMany)/float64(tookFew), "x-few")
}

// pairBench is a desk over a database in which pairs are found.
type pairBench struct {
	desk *desk.Desk
	raw  *sql.DB
	last int // the id of the customer added last
}

func newPairBench(b *testing.B, rows int) *pairBench {
	b.Helper()
	path := newPath(b)
	d := desk.New(openAt(b, path))
	p := &pairBench{desk: d, raw: rawOpen(b, path), last: rows}
	for _, statement := range []string{
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
			INSERT INTO customers (id, phone, name, search) SELECT i, printf('+4670%07d', i), 'Customer', '' FROM n`,
		`INSERT INTO identities (customer_id, kind, address, match_key) SELECT id, 'phone', phone, phone FROM customers WHERE id <= ?`,
		`INSERT INTO outbox (customer_id, act, at, state) SELECT id, iif(id % 2, 'block', 'text'), 1, 'done' FROM customers WHERE id <= ?`,
		`INSERT INTO chat_imports (event, customer_id) SELECT id, id FROM customers WHERE id <= ?`,
	} {
		p.exec(b, statement, rows)
	}
	return p
}

func (p *pairBench) exec(b *testing.B, statement string, args ...any) {
	b.Helper()
	if _, err := p.raw.ExecContext(b.Context(), statement, args...); err != nil {
		b.Fatal(err)
	}
}

// begin adds customers of whom each two are a found pair, and returns how long it took
// to begin and join them.
func (p *pairBench) begin(b *testing.B) time.Duration {
	b.Helper()
	first, last := p.last+1, p.last+2*pairsAtOnce
	p.last = last
	p.exec(b, `WITH RECURSIVE n(i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n WHERE i < ?)
		INSERT INTO customers (id, phone, name, search) SELECT i, printf('+4671%07d', i), 'Customer', '' FROM n`, first, last)
	p.exec(b, `INSERT INTO identities (customer_id, kind, address, match_key) SELECT id, 'phone', phone, phone FROM customers WHERE id BETWEEN ? AND ?`, first, last)
	p.exec(b, `INSERT INTO pairs (first_id, second_id, reason, at, state) SELECT id, id + 1, 'key', 1, 'found' FROM customers WHERE id BETWEEN ? AND ? AND (id - ?) % 2 = 0`,
		first, last, first)
	begun := time.Now()
	if err := p.desk.BeginPairs(b.Context()); err != nil {
		b.Fatal(err)
	}
	took := time.Since(begun)
	var joined int
	if err := p.raw.QueryRowContext(b.Context(), "SELECT count(*) FROM pairs WHERE state = 'joined' AND first_id >= ?", first).Scan(&joined); err != nil || joined != pairsAtOnce {
		b.Fatalf("%d joined, %v", joined, err)
	}
	return took
}
