package account

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/credentials"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
)

var asha = data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}

// tester is what a test and a property have in common.
type tester interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
	Errorf(string, ...any)
	Context() context.Context
}

// world is a desk, the stand-in it is joined to, and a clock that moves when
// somebody waits.
type world struct {
	tester
	*Worker
	d     *desk.Desk
	there *standIn
	keys  *credentials.Store
	path  string
	clock atomic.Int64
	store *store.Store
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return worldIn(t, t.TempDir(), t.Cleanup)
}

// worldIn is a world in a folder, until cleanup.
func worldIn(t tester, folder string, cleanup func(func())) *world {
	t.Helper()
	w := &world{tester: t, path: filepath.Join(folder, "latchdesk.db"), keys: credentials.NewStore(folder)}
	w.clock.Store(int64(start))
	w.there = newStandIn(w.now)
	cleanup(func() { w.there.server.CloseClientConnections(); w.there.server.Close() })
	w.must(w.keys.Save(theKey))
	w.open()
	cleanup(func() { w.store.Close() })
	w.must(w.d.Join(t.Context(), data.Account{Base: w.there.server.URL, Number: theNumber}))
	w.move(time.Second)
	return w
}

func (w *world) now() data.Moment     { return data.Moment(w.clock.Load()) }
func (w *world) move(d time.Duration) { w.clock.Add(d.Milliseconds()) }
func (w *world) moveTo(m data.Moment) { w.clock.Store(max(w.clock.Load(), int64(m))) }
func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// open opens the database, as the program does when it starts.
func (w *world) open() {
	w.Helper()
	s, err := store.Open(w.Context(), w.path, func() time.Time { return w.now().Time() })
	w.must(err)
	w.store, w.d = s, desk.New(s)
	w.Worker = NewWorker(w.d, w.keys, "1.2.3")
	w.Worker.timeout = waittest.Deadline
	w.Worker.dial = w.there.dial
	w.Worker.sleep = func(ctx context.Context, long time.Duration) error { w.move(max(0, long)); return ctx.Err() }
}

func (w *world) restart() {
	w.Helper()
	if w.Worker.client != nil {
		w.Worker.client.Close()
	}
	w.must(w.store.Close())
	w.open()
}

// turns has all that waits told, however long that takes by the clock.
func (w *world) turns() {
	w.Helper()
	for range 200 {
		next, err := w.DispatchDue(w.Context())
		w.must(err)
		if next == 0 {
			return
		}
		w.moveTo(next)
	}
	w.Fatal("there is no end")
}

func (w *world) adds(phone data.Phone) int64 {
	w.Helper()
	c, err := w.d.Add(w.Context(), phone, "")
	w.must(err)
	return c.ID
}

func (w *world) blocks(id int64) {
	w.Helper()
	_, err := w.d.Block(w.Context(), asha, id, data.BlockRequest{})
	w.must(err)
}

func (w *world) unblocks(id int64) {
	w.Helper()
	_, err := w.d.Unblock(w.Context(), asha, id, data.UnblockRequest{})
	w.must(err)
}

func (w *world) sends(id int64, words string) data.Message {
	w.Helper()
	m, err := w.d.Send(w.Context(), asha, id, words)
	w.must(err)
	return m
}

func (w *world) message(id int64) data.Message {
	w.Helper()
	m, err := w.d.Message(w.Context(), id)
	w.must(err)
	return m
}

// strip is what the strip says of a customer.
func (w *world) strip(id int64) string {
	w.Helper()
	there, err := w.d.RemoteStatus(w.Context(), id)
	w.must(err)
	return there.Text()
}

func (w *world) link() data.Connection {
	w.Helper()
	l, err := w.d.Connection(w.Context())
	w.must(err)
	return l
}

// shows is what the timeline and what is held says, oldest first.
func (w *world) shows(id int64) (shown, held []string) {
	w.Helper()
	p, err := w.d.Timeline(w.Context(), id, data.Span{Limit: 1000})
	w.must(err)
	for _, item := range p.Items {
		if item.Message != nil {
			shown = append(shown, item.Message.Text)
		}
	}
	messages, err := w.d.Held(w.Context(), id, 1000)
	w.must(err)
	for _, m := range messages {
		held = append(held, m.Text)
	}
	return shown, held
}

// entries reads the whole outbox of a customer.
func (w *world) entries(id int64) []data.OutboxEntry {
	w.Helper()
	db, err := sql.Open("sqlite", w.path)
	w.must(err)
	defer db.Close()
	rows, err := db.Query("SELECT o.id, o.act, o.state, o.message_id, o.tries FROM outbox o WHERE o.customer_id = ? ORDER BY o.id", id)
	w.must(err)
	defer rows.Close()
	var list []data.OutboxEntry
	for rows.Next() {
		var e data.OutboxEntry
		w.must(rows.Scan(&e.ID, &e.Op, &e.State, &e.MessageID, &e.Attempts))
		list = append(list, e)
	}
	w.must(rows.Err())
	return list
}

// once returns each of the faults once, in order, and then none.
func once(faults ...fault) func(string, string) fault {
	return func(string, string) fault {
		if len(faults) == 0 {
			return none
		}
		f := faults[0]
		faults = faults[1:]
		return f
	}
}

// behaved fails where the desk did what nobody may do.
func (w *world) behaved() {
	w.Helper()
	w.there.mu.Lock()
	defer w.there.mu.Unlock()
	for _, p := range w.there.problem {
		w.Errorf("%s", p)
	}
}

// sound fails unless DoubleTick's state is the desk's, and every text that is
// told as sent arrived once, in order, and no other ever.
func (w *world) sound(ids ...int64) {
	w.Helper()
	w.behaved()
	w.there.mu.Lock()
	defer w.there.mu.Unlock()
	for _, id := range ids {
		c, err := w.d.Customer(w.Context(), id)
		w.must(err)
		if here, there := c.Status(w.now()) == data.Blocked, w.there.blocked[string(c.Phone)]; here != there {
			w.Errorf("%s: blocked here %v, there %v", c.Phone, here, there)
		}
		var want []string
		for _, e := range w.entries(id) {
			if e.Op != data.OpSendText {
				if e.State == data.EntryDone {
					want = append(want, string(e.Op))
				}
				continue
			}
			m := w.message(e.MessageID)
			times := 0
			if t := w.there.texts[m.RemoteID]; t != nil {
				times = t.times
			}
			if e.State == data.EntryDone {
				want = append(want, m.Text)
			}
			if done := e.State == data.EntryDone; done != (times == 1) || done != (m.Status == data.Sent) || times > 1 {
				w.Errorf("%q is %s with tick %d, and arrived %d times", m.Text, e.State, m.Status, times)
			}
		}
		got := slices.Compact(slices.Clone(w.there.order[string(c.Phone)]))
		if want = slices.Compact(want); fmt.Sprint(got) != fmt.Sprint(want) {
			w.Errorf("%s: there was done %q, here is %q", c.Phone, got, want)
		}
	}
}
