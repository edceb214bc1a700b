package httpapi

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
)

const bulkCustomers = 100_000

// BenchmarkBlockByHTTP blocks one customer after the other over a connection
// that stays open, each against its bare twin: the same statements through
// database/sql on the same driver with the same pragmas, in turns. Told are the
// medians, the slowest hundredth, how many a second and, as x-bare, how many
// times the bare commit the whole call takes. Eight does the same with eight
// clients at once.
//
//	CGO_ENABLED=0 go test -tags ci,migrated_fynedo -run '^$' -bench BlockByHTTP ./data/httpapi
func BenchmarkBlockByHTTP(b *testing.B) {
	folder := b.TempDir()
	ours, twin := filepath.Join(folder, "latchdesk.db"), filepath.Join(b.TempDir(), "bare.db")
	fill(b, ours)
	raw, err := os.ReadFile(ours)
	if err != nil {
		b.Fatal(err)
	}
	if err := os.WriteFile(twin, raw, 0o600); err != nil {
		b.Fatal(err)
	}
	s, err := store.Open(b.Context(), ours, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	l, err := Listen(desk.New(s), folder, Config{Listen: "127.0.0.1:0"})
	if err != nil {
		b.Fatal(err)
	}
	l.server.limiter = newRateLimiter(1e9, 1e9, time.Now)
	ctx, cancel := context.WithCancel(b.Context())
	served := make(chan error, 1)
	go func() { served <- l.Serve(ctx) }()
	defer func() { cancel(); waittest.Receive(b, "the end of the server", served) }()
	key, err := l.server.apiKey.Value()
	if err != nil {
		b.Fatal(err)
	}
	bare, err := sql.Open("sqlite", "file:"+twin+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	defer bare.Close()
	bare.SetMaxOpenConns(1)
	var next atomic.Int64
	block := func(n int64) error { return blockByHTTP(ctx, l.URL(), key, n) }

	b.Run("One", func(b *testing.B) {
		var took [2][]time.Duration
		for b.Loop() {
			n := next.Add(1)
			for which, act := range []func(int64) error{block, func(n int64) error { return bareBlock(ctx, bare, n) }} {
				start := time.Now()
				if err := act(n); err != nil {
					b.Fatal(err)
				}
				took[which] = append(took[which], time.Since(start))
			}
		}
		var all time.Duration
		for _, t := range took[0] {
			all += t
		}
		for _, t := range took {
			slices.Sort(t)
		}
		at := func(which, percent int) time.Duration { return took[which][len(took[which])*percent/100] }
		b.ReportMetric(float64(at(0, 50)), "ns/op")
		b.ReportMetric(at(0, 50).Seconds()*1000, "p50-ms")
		b.ReportMetric(at(0, 99).Seconds()*1000, "p99-ms")
		b.ReportMetric(float64(len(took[0]))/all.Seconds(), "blocks/s")
		b.ReportMetric(at(1, 50).Seconds()*1000, "bare-p50-ms")
		b.ReportMetric(float64(at(0, 50))/float64(at(1, 50)), "x-bare")
	})
	b.Run("Eight", func(b *testing.B) {
		var mu sync.Mutex
		var took []time.Duration
		start := time.Now()
		b.SetParallelism(4) // on two cores
		b.RunParallel(func(turn *testing.PB) {
			var own []time.Duration
			for turn.Next() {
				start := time.Now()
				if err := block(next.Add(1)); err != nil {
					b.Error(err)
					return
				}
				own = append(own, time.Since(start))
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, own...)
		})
		all := time.Since(start)
		slices.Sort(took)
		b.ReportMetric(took[len(took)/2].Seconds()*1000, "p50-ms")
		b.ReportMetric(took[len(took)*99/100].Seconds()*1000, "p99-ms")
		b.ReportMetric(float64(len(took))/all.Seconds(), "blocks/s")
	})
}

func customerPhone(n int64) string { return fmt.Sprintf("+467%08d", n*7919%100_000_000) }

func blockByHTTP(ctx context.Context, address, key string, n int64) error {
	r, err := http.NewRequestWithContext(ctx, "POST", address+"/customer/block", strings.NewReader(`{"phone":"`+customerPhone(1+n%bulkCustomers)+`","reason":"Spam","agent":"Asha"}`))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", key)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err == nil && got.StatusCode != http.StatusCreated {
		err = fmt.Errorf("%d %s", got.StatusCode, text)
	}
	return err
}

// fill makes a profile of customers with chats, by SQL alone.
func fill(b *testing.B, path string) {
	b.Helper()
	s, err := store.Open(b.Context(), path, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	for _, step := range []string{
		`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
			INSERT INTO customers (id, phone, name, search)
			SELECT i, '+467' || printf('%08d', i * 7919 % 100000000), 'Anna ' || i, 'anna ' || i || char(10) || '467' || printf('%08d', i * 7919 % 100000000) FROM n`,
		`INSERT INTO chats (customer_id, last_at, shown_at, preview) SELECT id, 1784547587000 + id, 1784547587000 + id, 'My parcel has not arrived' FROM customers`,
		"PRAGMA wal_checkpoint(TRUNCATE)",
	} {
		if _, err := db.ExecContext(b.Context(), step); err != nil {
			b.Fatal(err)
		}
	}
}

// bareBlock is what a block asks of SQLite, without server, desk, store and GORM.
func bareBlock(ctx context.Context, db *sql.DB, n int64) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	now := time.Now().UnixMilli()
	var id, version int64
	var phone string
	if err := tx.QueryRowContext(ctx, "SELECT id, version, phone FROM customers WHERE phone = ? LIMIT 1", customerPhone(1+n%bulkCustomers)).Scan(&id, &version, &phone); err != nil {
		return err
	}
	var tag, reasons sql.NullString
	for query, into := range map[string]*sql.NullString{"SELECT tag FROM tags WHERE customer_id = ? ORDER BY tag": &tag, "SELECT value FROM settings WHERE key = 'reasons' AND ?": &reasons} {
		if err := tx.QueryRowContext(ctx, query, id).Scan(into); err != nil && err != sql.ErrNoRows {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE customers SET blocked_asked=?, blocked_at=?, blocked_by=?, blocked_kind=?, blocked_note=?, blocked_reason=?,
		blocked_review=?, blocked_until=?, blocked_way=?, version=? WHERE id = ? AND version = ?`,
		0, now, "Asha", "agent", "", "Spam", 0, 0, "api", version+1, id, version); err != nil {
		return err
	}
	var seq int64
	var prev []byte
	if err := tx.QueryRowContext(ctx, "SELECT seq, hash FROM chain WHERE id = 1").Scan(&seq, &prev); err != nil {
		return err
	}
	if prev == nil {
		prev = []byte{} // an empty blob is read as nil
	}
	seq++
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\n%d\n%d\nblocked\n%s\nagent\nAsha\napi\n{\"reason\":\"Spam\"}\n%s", seq, now, now, phone, hex.EncodeToString(prev)))
	if _, err := tx.ExecContext(ctx, `INSERT INTO events (at, recorded_at, kind, customer_id, phone, actor_kind, actor, way, detail, prev, hash, seq)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, now, now, "blocked", id, phone, "agent", "Asha", "api", `{"reason":"Spam"}`, prev, sum[:], seq); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE chain SET seq = ?, count = count + ?, hash = ? WHERE id = 1", seq, 1, sum[:]); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE chats SET preview = ?, shown_at = ? WHERE customer_id = ?", "Customer blocked by Asha", now, id); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO changes (kind, customer_id) VALUES (?, ?)", "customer", id); err != nil {
		return err
	}
	return tx.Commit()
}
