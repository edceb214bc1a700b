package desk_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// maxInFlight is how many customers are blocked together where that is measured.
const atOnce = 10_000

// BenchmarkBulk blocks 10,000 customers of the large profile at once, and takes
// it back, against the same statements through database/sql in pieces of a
// fixed size. Besides the ratio it tells how long a piece takes with the breath
// after it, at the median and the 99th of 100: behind that others may have to wait.
//
//	CGO_ENABLED=0 go test -tags ci,migrated_fynedo -run '^$' -bench Bulk -benchtime 3x ./data/desk
func BenchmarkBulk(b *testing.B) {
	path := largeProfile(b)
	other := filepath.Join(b.TempDir(), "bare.db")
	copyFile(b, path, other)
	s, err := store.Open(b.Context(), path, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	d := desk.New(s)
	bare := openBare(b, other, "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)&_txlock=immediate")
	bare.SetMaxOpenConns(1)
	by := data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}
	customers := make([]int64, atOnce)
	for i := range customers {
		customers[i] = int64(1 + 2*(i*7919%(manyChats/2))) // the odd ones are active
	}
	var ours, theirs, back time.Duration
	var pieces []time.Duration
	rounds := 0
	for b.Loop() {
		start := time.Now()
		last := start
		m, err := d.BlockMany(b.Context(), by, customers, data.BlockRequest{Reason: "Spam"}, func(desk.Progress) {
			pieces = append(pieces, time.Since(last))
			last = time.Now()
		})
		if err != nil || m.Done != atOnce {
			b.Fatalf("%+v, %v", m.Progress, err)
		}
		ours += time.Since(start)

		start = time.Now()
		if err := bareBlockMany(b.Context(), bare, customers); err != nil {
			b.Fatal(err)
		}
		theirs += time.Since(start)

		start = time.Now()
		if m, err = d.UndoMany(b.Context(), by, m.Undos(), nil); err != nil || m.Done != atOnce {
			b.Fatalf("%+v, %v", m.Progress, err)
		}
		back += time.Since(start)
		rounds++
	}
	each := float64(rounds)
	b.ReportMetric(float64(ours)/each, "ns/op")
	b.ReportMetric(float64(theirs)/each, "bare-ns/op")
	b.ReportMetric(float64(back)/each, "undo-ns/op")
	b.ReportMetric(float64(ours)/float64(theirs), "x-bare")
	slices.Sort(pieces)
	b.ReportMetric(float64(pieces[len(pieces)/2])/1e6, "piece-ms")
	b.ReportMetric(float64(pieces[len(pieces)*99/100])/1e6, "99th-piece-ms")
}

// barePiece is how many customers the bare twin takes in one transaction.
const barePiece = 200

// bareBlockMany is what desk.BlockMany asks of SQLite, without desk, store and
// GORM.
func bareBlockMany(ctx context.Context, db *sql.DB, customers []int64) error {
	for len(customers) > 0 {
		some := customers[:min(barePiece, len(customers))]
		if err := bareBlockSome(ctx, db, some); err != nil {
			return err
		}
		customers = customers[len(some):]
	}
	return nil
}

func bareBlockSome(ctx context.Context, db *sql.DB, customers []int64) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	var seq int64
	prev := []byte{}
	if err := tx.QueryRowContext(ctx, "SELECT seq, hash FROM chain WHERE id = 1").Scan(&seq, &prev); err != nil {
		return err
	}
	if prev == nil {
		prev = []byte{} // an empty blob is read as nil
	}
	now := time.Now().UnixMilli()
	for _, id := range customers {
		var phone string
		var version int64
		if err := tx.QueryRowContext(ctx, "SELECT phone, version FROM customers WHERE id = ?", id).Scan(&phone, &version); err != nil {
			return err
		}
		seq++
		sum := sha256.Sum256(fmt.Appendf(nil, "%d\n%d\n%d\nblocked\n%s\nagent\nAsha\nwindow\n{\"reason\":\"Spam\"}\n%s", seq, now, now, phone, hex.EncodeToString(prev)))
		for _, step := range []struct {
			sql  string
			args []any
		}{
			{
				`UPDATE customers SET blocked_at=?, blocked_by=?, blocked_kind=?, blocked_note=?, blocked_reason=?, blocked_until=?, blocked_way=?,
				blocked_review=?, blocked_asked=?, version=? WHERE id = ? AND version = ?`,
				[]any{now, "Asha", "agent", "", "Spam", 0, "window", 0, 0, version + 1, id, version},
			},
			{
				`INSERT INTO events (at, recorded_at, kind, customer_id, phone, actor_kind, actor, way, detail, prev, hash, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
				[]any{now, now, "blocked", id, phone, "agent", "Asha", "window", `{"reason":"Spam"}`, prev, sum[:], seq},
			},
			{"UPDATE chats SET preview = ?, shown_at = ? WHERE customer_id = ?", []any{"Customer blocked by Asha", now, id}},
			{"INSERT INTO changes (kind, customer_id) VALUES (?, ?)", []any{"customer", id}},
		} {
			if _, err := tx.ExecContext(ctx, step.sql, step.args...); err != nil {
				return err
			}
		}
		prev = sum[:]
	}
	if _, err := tx.ExecContext(ctx, "UPDATE chain SET seq = ?, count = ?, hash = ? WHERE id = 1", seq, seq, prev); err != nil {
		return err
	}
	return tx.Commit()
}
