package precheck_test

import (
	"database/sql"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/precheck"
	"github.com/latchdesk/latchdesk/data/store"
)

// BenchmarkCollect looks at a customer with 10,000 messages and 1,000 events among
// 1,000,000 messages, after 20,000 blocks, and says all there is to say. What
// is told is the median of it and of the same questions by SQL alone, in turns.
//
//	CGO_ENABLED=0 go test -tags ci,migrated_fynedo -run '^$' -bench Collect ./data/precheck
func BenchmarkCollect(b *testing.B) {
	path := filepath.Join(b.TempDir(), "latchdesk.db")
	s, err := store.Open(b.Context(), path, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	bare, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		b.Fatal(err)
	}
	defer bare.Close()
	fill(b, bare)
	d := desk.New(s)
	var took [3][]time.Duration
	for b.Loop() {
		begun := time.Now()
		f, err := precheck.Collect(b.Context(), d, 1, "Asha")
		if err != nil || len(f.Messages) != 50 || len(f.Events) != 200 || f.RecentBlocks == 0 {
			b.Fatalf("%d messages, %d events, %d blocks, %v", len(f.Messages), len(f.Events), f.RecentBlocks, err)
		}
		looked := time.Now()
		if f.Impact() == nil || f.Warnings() == nil {
			b.Fatal("nothing is said")
		}
		said := time.Now()
		askBare(b, bare)
		for i, t := range []time.Duration{looked.Sub(begun), said.Sub(looked), time.Since(said)} {
			took[i] = append(took[i], t)
		}
	}
	for i := range took {
		slices.Sort(took[i])
		took[i][0] = took[i][len(took[i])/2]
	}
	b.ReportMetric(float64(took[0][0]), "ns/op")
	b.ReportMetric(float64(took[1][0]), "say-ns/op")
	b.ReportMetric(float64(took[2][0]), "bare-ns/op")
	b.ReportMetric(float64(took[0][0])/float64(took[2][0]), "x-bare")
}

// askBare is what a look asks of SQLite.
func askBare(b *testing.B, db *sql.DB) {
	b.Helper()
	since := data.MomentOf(time.Now().Add(-10 * time.Minute))
	for _, q := range []struct {
		text string
		args []any
	}{
		{"SELECT * FROM customers WHERE id = 1 LIMIT 1", nil},
		{"SELECT tag FROM tags WHERE customer_id = 1 ORDER BY tag", nil},
		{"SELECT text FROM drafts WHERE customer_id = 1", nil},
		{`SELECT id, customer_id, direction, at, kind, author, tick, hold, text FROM messages
			WHERE customer_id = 1 AND cleared_at = 0 AND hold IN (0, 2) ORDER BY at DESC, id DESC LIMIT 51`, nil},
		{`SELECT seq, at, recorded_at, kind, customer_id, phone, actor_kind, actor, way, detail FROM events
			WHERE customer_id = 1 ORDER BY at DESC, seq DESC LIMIT 201`, nil},
		{`SELECT count(*) FROM events WHERE seq > (SELECT seq FROM chain WHERE id = 1) - 1000
			AND kind = 'blocked' AND actor_kind = 'agent' AND actor = 'Asha' AND recorded_at >= ?`, []any{since}},
		{"SELECT value FROM settings WHERE key = 'guard.off'", nil},
	} {
		rows, err := db.QueryContext(b.Context(), q.text, q.args...)
		if err != nil {
			b.Fatal(err)
		}
		columns, err := rows.Columns()
		if err != nil {
			b.Fatal(err)
		}
		row := make([]any, len(columns))
		for i := range row {
			row[i] = new(any)
		}
		for rows.Next() {
			if err := rows.Scan(row...); err != nil {
				b.Fatal(err)
			}
		}
		if err := rows.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// fill makes the database that is looked at, by SQL alone.
func fill(b *testing.B, db *sql.DB) {
	b.Helper()
	db.SetMaxOpenConns(1)
	now := data.MomentOf(time.Now())
	const count = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) "
	for _, step := range []struct {
		text string
		args []any
	}{
		{"PRAGMA synchronous = OFF", nil},
		{count + "INSERT INTO customers (id, phone) SELECT i, '+467' || printf('%08d', i) FROM n", []any{100_000}},
		{count + `INSERT INTO messages (customer_id, direction, at, recorded_at, kind, text, remote_id)
			SELECT CASE WHEN i % 100 = 0 THEN 1 ELSE i % 100000 + 1 END, 'in', at, at, 'text', 'My parcel ' || i || ' has not arrived. Where is it? I have asked many times.', 'r' || i
			FROM (SELECT i, ?2 - (i * 7919 % 1000003) * 1000 AS at FROM n)`, []any{1_000_000, now}},
		{"INSERT INTO tags VALUES (1, 'VIP')", nil},
		{"INSERT INTO drafts VALUES (1, 'Dear')", nil},
		{count + `INSERT INTO events (at, recorded_at, kind, customer_id, phone, actor_kind, actor, way, detail, prev, hash)
			SELECT ?2, ?2, 'blocked', CASE WHEN i % 20 = 0 THEN 1 ELSE i END, '+467', 'agent', CASE WHEN i % 2 = 0 THEN 'Asha' ELSE 'Mei' END, 'window', '{"reason":"Spam"}', zeroblob(32), zeroblob(32) FROM n`, []any{20_000, now}},
		{"UPDATE chain SET seq = 20000, count = 20000", nil},
		{"PRAGMA wal_checkpoint(TRUNCATE)", nil},
	} {
		if _, err := db.ExecContext(b.Context(), step.text, step.args...); err != nil {
			b.Fatal(err)
		}
	}
}
