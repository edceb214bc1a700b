package desk_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
)

// The size of the profile that is measured.
const (
	manyChats    = 100_000
	manyMessages = 1_000_000
	longChat     = 10_000 // messages of the first customer
)

// BenchmarkDesk measures the desk on a large profile, each act against its
// bare twin: the same statements through database/sql on the same driver with
// the same pragmas. Both take turns, so that a busy machine slows both; what is
// told is the median of each and, as x-bare, how many times the bare one ours
// takes.
//
//	CGO_ENABLED=0 go test -tags ci,migrated_fynedo -run '^$' -bench . ./data/desk
func BenchmarkDesk(b *testing.B) {
	path := largeProfile(b)
	s, err := store.Open(b.Context(), path, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	d := desk.New(s)
	bare := openBare(b, path, "?mode=ro&_pragma=busy_timeout(5000)&_pragma=query_only(1)")

	b.Run("Block", func(b *testing.B) { benchmarkBlock(b, path, false) })
	b.Run("BlockJoined", func(b *testing.B) { benchmarkBlock(b, path, true) })
	b.Run("OpenChat", func(b *testing.B) { benchmarkOpenChat(b, d, bare) })
	b.Run("ChatList", func(b *testing.B) { benchmarkChatList(b, d, bare) })
	b.Run("Counts", func(b *testing.B) { benchmarkCounts(b, d, bare) })
	b.Run("SearchLetter", func(b *testing.B) { benchmarkSearch(b, d, bare, "a", "a") })
	b.Run("SearchName", func(b *testing.B) { benchmarkSearch(b, d, bare, "Anna Ång", "anna", "ang") })
	b.Run("SearchNumber", func(b *testing.B) { benchmarkSearch(b, d, bare, "070-12 34", "701234") })
	b.Run("Start", func(b *testing.B) { benchmarkStart(b, path) })
}

// compare runs ours and bare in turns and reports the medians.
func compare(b *testing.B, ours, bare func(i int) error) {
	b.Helper()
	var took [2][]time.Duration
	i := 0
	for b.Loop() {
		for which, run := range []func(int) error{ours, bare} {
			start := time.Now()
			err := run(i)
			took[which] = append(took[which], time.Since(start))
			if err != nil {
				b.Fatal(err)
			}
		}
		i++
	}
	for _, t := range took {
		slices.Sort(t)
	}
	our, their := took[0][len(took[0])/2], took[1][len(took[1])/2]
	b.ReportMetric(float64(our), "ns/op")
	b.ReportMetric(float64(their), "bare-ns/op")
	b.ReportMetric(float64(our)/float64(their), "x-bare")
}

// benchmarkBlock commits blocks, each of another customer; joined to an account,
// each leaves an outbox entry.
func benchmarkBlock(b *testing.B, path string, joined bool) {
	folder := b.TempDir()
	files := [2]string{filepath.Join(folder, "ours.db"), filepath.Join(folder, "bare.db")}
	for _, to := range files {
		copyFile(b, path, to)
	}
	s, err := store.Open(b.Context(), files[0], time.Now)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	d := desk.New(s)
	bare := openBare(b, files[1], "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)&_txlock=immediate")
	bare.SetMaxOpenConns(1)
	if joined {
		if err := d.Join(b.Context(), account); err != nil {
			b.Fatal(err)
		}
	}
	by := data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}
	who := func(i int) int64 { return int64(1 + 2*(i*7919%(manyChats/2))) } // the odd ones are active
	compare(b, func(i int) error {
		out, err := d.Block(b.Context(), by, who(i), data.BlockRequest{Reason: "Spam"})
		if err == nil && !out.Changed {
			err = fmt.Errorf("customer %d was already blocked", who(i))
		}
		return err
	}, func(i int) error { return bareBlock(b.Context(), bare, who(i), joined) })
}

// bareBlock is what desk.Block asks of SQLite, without desk, store and GORM.
func bareBlock(ctx context.Context, db *sql.DB, id int64, joined bool) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	now := time.Now().UnixMilli()
	found, err := readRow(ctx, tx, "SELECT * FROM customers WHERE id = ? LIMIT 1", id)
	if err != nil {
		return err
	}
	version, phone := found["version"].(int64), found["phone"].(string)
	if _, err := readAll(ctx, tx, "SELECT tag FROM tags WHERE customer_id = ? ORDER BY tag", id); err != nil {
		return err
	}
	if _, err := readAll(ctx, tx, "SELECT value FROM settings WHERE key = 'reasons'"); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE customers SET blocked_asked=?, blocked_at=?, blocked_by=?, blocked_kind=?, blocked_note=?, blocked_reason=?,
		blocked_review=?, blocked_until=?, blocked_way=?, version=? WHERE id = ? AND version = ?`,
		0, now, "Asha", "agent", "", "Spam", 0, 0, "window", version+1, id, version); err != nil {
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
	sum := sha256.Sum256(fmt.Appendf(nil, "%d\n%d\n%d\nblocked\n%s\nagent\nAsha\nwindow\n{\"reason\":\"Spam\"}\n%s", seq, now, now, phone, hex.EncodeToString(prev)))
	if err := tx.QueryRowContext(ctx, `INSERT INTO events (at, recorded_at, kind, customer_id, phone, actor_kind, actor, way, detail, prev, hash, seq)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq`,
		now, now, "blocked", id, phone, "agent", "Asha", "window", `{"reason":"Spam"}`, prev, sum[:], seq).Scan(&seq); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE chain SET seq = ?, count = count + ?, hash = ? WHERE id = 1", seq, 1, sum[:]); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE chats SET preview = ?, shown_at = ? WHERE customer_id = ?", "Customer blocked by Asha", now, id); err != nil {
		return err
	}
	if _, err := readAll(ctx, tx, "SELECT key, value FROM settings WHERE key IN ('account_base', 'account_joined', 'account_number', 'account_paused', 'demo')"); err != nil {
		return err
	}
	if joined {
		if err := bareEntry(ctx, tx, id, seq, now); err != nil {
			return err
		}
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO changes (kind, customer_id) VALUES (?, ?)", "customer", id); err != nil {
		return err
	}
	return tx.Commit()
}

// bareEntry is what a block asks of SQLite besides where the desk is joined.
func bareEntry(ctx context.Context, tx *sql.Tx, id, seq, now int64) error {
	if _, err := readAll(ctx, tx, "SELECT id, act, at, state, lost FROM outbox WHERE customer_id = ? AND act IN ('block', 'unblock') ORDER BY id DESC LIMIT 20", id); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO outbox (customer_id, act, event_seq, message_id, at, state, due_at) VALUES (?, ?, ?, ?, ?, ?, ?)", id, "block", seq, 0, now, "waiting", now); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO changes (kind, customer_id) VALUES (?, ?)", "account", id)
	return err
}

// benchmarkOpenChat reads what a chat shows when it is opened: the customer
// and the last 50 things.
func benchmarkOpenChat(b *testing.B, d *desk.Desk, bare *sql.DB) {
	// every other one is the long chat
	who := func(i int) int64 {
		if i%2 == 0 {
			return 1
		}
		return int64(1 + i*7919%manyChats)
	}
	compare(b, func(i int) error {
		if _, err := d.Customer(b.Context(), who(i)); err != nil {
			return err
		}
		page, err := d.Timeline(b.Context(), who(i), data.Span{Limit: 50})
		if err == nil && len(page.Items) == 0 {
			err = fmt.Errorf("chat %d is empty", who(i))
		}
		return err
	}, func(i int) error {
		for _, query := range []string{
			"SELECT * FROM customers WHERE id = ? LIMIT 1",
			"SELECT tag FROM tags WHERE customer_id = ? ORDER BY tag",
			"SELECT * FROM messages WHERE customer_id = ? AND cleared_at = 0 AND hold IN (0, 2) ORDER BY at DESC, id DESC LIMIT 51",
			"SELECT * FROM events WHERE customer_id = ? ORDER BY at DESC, seq DESC LIMIT 51",
		} {
			if _, err := readAll(b.Context(), bare, query, who(i)); err != nil {
				return err
			}
		}
		return nil
	})
}

// screen is how many rows the tallest window shows.
const screen = 25

// benchmarkChatList reads the places of all chats and the rows on screen.
func benchmarkChatList(b *testing.B, d *desk.Desk, bare *sql.DB) {
	compare(b, func(int) error {
		keys, err := d.ChatKeys(b.Context(), data.ChatQuery{List: data.AllChats})
		if err != nil {
			return err
		}
		if len(keys) != manyChats {
			return fmt.Errorf("%d chats", len(keys))
		}
		var ids []int64
		for _, k := range keys[:screen] {
			ids = append(ids, k.ID)
		}
		_, err = d.Chats(b.Context(), ids)
		return err
	}, func(int) error {
		return bareList(b.Context(), bare)
	})
}

// bareList reads what benchmarkChatList reads.
func bareList(ctx context.Context, db *sql.DB) error {
	ids, err := bareKeys(ctx, db, "")
	if err != nil {
		return err
	}
	_, err = readAll(ctx, db, "SELECT c.*, t.last_at, t.shown_at, t.preview, t.unread, t.marked FROM chats t JOIN customers c ON c.id = t.customer_id WHERE t.customer_id IN (?"+
		strings.Repeat(",?", screen-1)+")", ids...)
	return err
}

// benchmarkSearch looks for what was typed among all names and numbers; bare is
// given the words as they are folded.
func benchmarkSearch(b *testing.B, d *desk.Desk, bare *sql.DB, typed string, words ...any) {
	where := " WHERE +customer_id IN (SELECT id FROM customers WHERE instr(search, ?) > 0" + strings.Repeat(" AND instr(search, ?) > 0", len(words)-1) + ")"
	compare(b, func(int) error {
		keys, err := d.ChatKeys(b.Context(), data.ChatQuery{List: data.AllChats, Search: typed})
		if err == nil && len(keys) == 0 {
			err = fmt.Errorf("nothing was found for %q", typed)
		}
		return err
	}, func(int) error {
		_, err := bareKeys(b.Context(), bare, where, words...)
		return err
	})
}

func benchmarkCounts(b *testing.B, d *desk.Desk, bare *sql.DB) {
	compare(b, func(int) error {
		c, err := d.Counts(b.Context())
		if err == nil && (c.All != manyChats || c.Unread == 0 || c.Blocked == 0) {
			err = fmt.Errorf("%+v", c)
		}
		return err
	}, func(int) error { return bareCounts(b.Context(), bare) })
}

func bareCounts(ctx context.Context, db *sql.DB) error {
	_, err := readAll(ctx, db, `SELECT (SELECT count(*) FROM chats), (SELECT count(*) FROM chats WHERE unread > 0 OR marked > 0),
		(SELECT count(*) FROM customers JOIN chats ON customer_id = id WHERE blocked_at > 0 AND (blocked_until = 0 OR blocked_until > ?))`, time.Now().UnixMilli())
	return err
}

// benchmarkStart opens the profile and reads what fills the chat list, as the
// window does before it can be drawn.
func benchmarkStart(b *testing.B, path string) {
	ctx := b.Context()
	compare(b, func(int) error {
		s, err := store.Open(ctx, path, time.Now)
		if err != nil {
			return err
		}
		defer s.Close()
		d := desk.New(s)
		if _, err := d.Settings(ctx); err != nil {
			return err
		}
		keys, err := d.ChatKeys(ctx, data.ChatQuery{List: data.AllChats})
		if err != nil {
			return err
		}
		var ids []int64
		for _, k := range keys[:screen] {
			ids = append(ids, k.ID)
		}
		if _, err := d.Chats(ctx, ids); err != nil {
			return err
		}
		_, err = d.Counts(ctx)
		return err
	}, func(int) error {
		db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
		if err != nil {
			return err
		}
		defer db.Close()
		if _, err := readAll(ctx, db, "SELECT key, value FROM settings"); err != nil {
			return err
		}
		if err := bareList(ctx, db); err != nil {
			return err
		}
		return bareCounts(ctx, db)
	})
}

// bareKeys reads the places of the chats and gives the ids of the first.
func bareKeys(ctx context.Context, db *sql.DB, where string, args ...any) ([]any, error) {
	var lists [2]string
	err := db.QueryRowContext(ctx, "SELECT json_group_array(customer_id), json_group_array(last_at) FROM (SELECT customer_id, last_at FROM chats"+
		where+" ORDER BY last_at DESC, customer_id DESC)", args...).Scan(&lists[0], &lists[1])
	if err != nil {
		return nil, err
	}
	var columns [2][]int64
	for i, list := range lists {
		for text := range strings.SplitSeq(strings.Trim(list, "[]"), ",") {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				return nil, err
			}
			columns[i] = append(columns[i], n)
		}
	}
	first := make([]any, min(screen, len(columns[0])))
	for i := range first {
		first[i] = columns[0][i]
	}
	return first, nil
}

// asker is a database or a transaction.
type asker interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// readAll reads all rows into Go values and gives how many there were.
func readAll(ctx context.Context, db asker, query string, args ...any) (n int, err error) {
	err = eachRow(ctx, db, query, args, func([]string, []any) { n++ })
	return n, err
}

// readRow reads the last row by the names of its columns.
func readRow(ctx context.Context, db asker, query string, args ...any) (map[string]any, error) {
	row := map[string]any{}
	return row, eachRow(ctx, db, query, args, func(names []string, cells []any) {
		for i, name := range names {
			row[name] = *cells[i].(*any)
		}
	})
}

func eachRow(ctx context.Context, db asker, query string, args []any, do func(names []string, cells []any)) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	cells := make([]any, len(names))
	for i := range cells {
		cells[i] = new(any)
	}
	for rows.Next() {
		if err := rows.Scan(cells...); err != nil {
			return err
		}
		do(names, cells)
	}
	return rows.Err()
}

func openBare(b *testing.B, path, pragmas string) *sql.DB {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+path+pragmas)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	return db
}

func copyFile(b *testing.B, from, to string) {
	b.Helper()
	in, err := os.Open(from)
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		b.Fatal(err)
	}
	if err := out.Close(); err != nil {
		b.Fatal(err)
	}
}

// largeProfile makes a profile of the measured size by SQL alone: customers
// with names of a few languages, every fiftieth blocked, every twentieth chat
// unread, one chat of ten thousand messages.
func largeProfile(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "latchdesk.db")
	s, err := store.Open(b.Context(), path, time.Now)
	if err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	db := openBare(b, path, "?_pragma=journal_mode(WAL)&_pragma=synchronous(OFF)")
	db.SetMaxOpenConns(1)
	now := time.Now().UnixMilli()
	each := (manyMessages - longChat) / (manyChats - 1)
	for _, step := range []struct {
		sql  string
		args []any
	}{
		{`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
			INSERT INTO customers (id, phone, name, search, blocked_at, blocked_by, blocked_kind, blocked_way, blocked_reason)
			SELECT i, '+467' || printf('%08d', i * 7919 % 100000000),
				first || ' ' || last || ' ' || i, folded || ' ' || lower(last) || ' ' || i || char(10) || '467' || printf('%08d', i * 7919 % 100000000),
				CASE WHEN i % 50 = 0 AND i % 7919 > 50 THEN ?2 - i ELSE 0 END, 'Asha', 'agent', 'window', 'Spam'
			FROM n
			JOIN (SELECT 0 AS f, 'Anna' AS first, 'anna' AS folded UNION ALL VALUES (1, 'Jörg', 'jorg'), (2, 'प्रिया', 'प्रिया'), (3, 'محمد', 'محمد'), (4, 'Riya', 'riya')) ON f = i % 5
			JOIN (SELECT 0 AS l, 'Angstrom' AS last UNION ALL VALUES (1, 'Sharma'), (2, 'Haddad'), (3, 'Okafor'), (4, 'Lindqvist'), (5, 'Das'), (6, 'Berg')) ON l = i % 7`, []any{manyChats, now}},
		{
			`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
			INSERT INTO messages (customer_id, direction, at, recorded_at, kind, text, remote_id, business, tick)
			SELECT c, CASE WHEN i % 3 = 0 THEN 'out' ELSE 'in' END, at, at, 'text', 'My parcel ' || i || ' has not arrived and I would like to know where it is.',
				printf('%08x-0000-4000-8000-%012x', i, i), '918888888888', i % 3
			FROM (SELECT i, CASE WHEN i <= ?2 THEN 1 ELSE 2 + (i - ?2 - 1) / ?3 % (?4 - 1) END AS c, ?5 - (i * 7919 % 1000003) * 60000 AS at FROM n)`,
			[]any{manyMessages, longChat, each, manyChats, now},
		},
		{`INSERT INTO chats (customer_id, last_at, shown_at, preview, unread)
			SELECT customer_id, max(at), max(at), text, CASE WHEN customer_id % 20 = 0 THEN 1 ELSE 0 END FROM messages WHERE cleared_at = 0 AND hold IN (0, 2) GROUP BY customer_id`, nil},
		{`INSERT INTO tags (customer_id, tag) SELECT id, 'vip' FROM customers WHERE id % 16 = 0`, nil},
		{"PRAGMA wal_checkpoint(TRUNCATE)", nil},
	} {
		if _, err := db.ExecContext(b.Context(), step.sql, step.args...); err != nil {
			b.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}
