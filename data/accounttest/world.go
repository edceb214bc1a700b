package accounttest

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/zalando/go-keyring"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/connection"
	"github.com/latchdesk/latchdesk/data/credentials"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// Who acts, and customers.
var (
	Asha = data.Actor{Kind: data.AgentActor, Name: "Asha", Channel: data.ViaWindow}
	Riya = data.Phone("+919137979401")
	Ada  = data.Phone("+442079460958")
)

// Bare returns a number as DoubleTick writes it.
func Bare(phone data.Phone) string { return strings.TrimPrefix(string(phone), "+") }

// No test asks the computer's own keyring: it is as if there were none.
func init() { keyring.MockInitWithError(keyring.ErrUnsupportedPlatform) }

// T is what a test and a property have in common.
type T interface {
	Helper()
	Fatal(...any)
	Fatalf(string, ...any)
	Errorf(string, ...any)
	Context() context.Context
}

// World is a desk, the stand-in for DoubleTick that it is joined to, and a clock
// that moves when somebody waits.
type World struct {
	T
	Desk        *desk.Desk
	Store       *store.Store
	Breaker     *connection.Breaker
	Credentials *credentials.Store
	Server      *Server
	Path        string // of the database
	Clock       atomic.Int64
	Sleep       func(context.Context, time.Duration) error // of the breaker
}

// New returns a world in a folder, until cleanup.
func New(t T, folder string, cleanup func(func())) *World {
	t.Helper()
	w := &World{T: t, Path: filepath.Join(folder, "latchdesk.db"), Credentials: credentials.NewStore(folder)}
	w.Sleep = func(ctx context.Context, d time.Duration) error { w.Move(max(0, d)); return ctx.Err() }
	w.Clock.Store(int64(Start))
	w.Server = NewServer(w.Now)
	cleanup(func() { w.Server.HTTP.CloseClientConnections(); w.Server.HTTP.Close() })
	w.Must(w.Credentials.Save(Key))
	w.Open()
	cleanup(func() { w.Store.Close() })
	w.Must(w.Desk.Join(t.Context(), data.Account{Base: w.Server.HTTP.URL, Number: Number}))
	w.Move(time.Second)
	return w
}

// Now returns what the clock shows.
func (w *World) Now() data.Moment { return data.Moment(w.Clock.Load()) }

// Move moves the clock.
func (w *World) Move(d time.Duration) { w.Clock.Add(d.Milliseconds()) }

// MoveTo moves the clock to a moment, but never back.
func (w *World) MoveTo(m data.Moment) { w.Clock.Store(max(w.Clock.Load(), int64(m))) }

// Must ends the test at an error.
func (w *World) Must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// Open opens the database, as the program does when it starts.
func (w *World) Open() {
	w.Helper()
	s, err := store.Open(w.Context(), w.Path, func() time.Time { return w.Now().Time() })
	w.Must(err)
	w.Store, w.Desk = s, desk.New(s)
	w.Breaker = connection.NewBreaker(connection.Config{
		Desk: w.Desk, Credentials: w.Credentials, Version: "1.2.3", Timeout: waittest.Deadline, Dial: w.Server.Dial,
		Sleep: func(ctx context.Context, d time.Duration) error { return w.Sleep(ctx, d) },
	})
}

// Close ends the program; Open starts it again.
func (w *World) Close() {
	w.Helper()
	w.Breaker.Close()
	w.Must(w.Store.Close())
}

// AddCustomer adds a customer to the desk.
func (w *World) AddCustomer(phone data.Phone) int64 {
	w.Helper()
	c, err := w.Desk.Add(w.Context(), data.Address(phone), "")
	w.Must(err)
	return c.ID
}

// Block blocks a customer.
func (w *World) Block(id int64) {
	w.Helper()
	_, err := w.Desk.Block(w.Context(), Asha, id, data.BlockRequest{})
	w.Must(err)
}

// Unblock unblocks a customer.
func (w *World) Unblock(id int64) {
	w.Helper()
	_, err := w.Desk.Unblock(w.Context(), Asha, id, data.UnblockRequest{})
	w.Must(err)
}

// Send sends a text.
func (w *World) Send(id int64, words string) data.Message {
	w.Helper()
	m, err := w.Desk.Send(w.Context(), Asha, id, words)
	w.Must(err)
	return m
}

// Message returns a message.
func (w *World) Message(id int64) data.Message {
	w.Helper()
	m, err := w.Desk.Message(w.Context(), id)
	w.Must(err)
	return m
}

// SyncLine returns what the strip says of a customer.
func (w *World) SyncLine(id int64) string {
	w.Helper()
	there, err := w.Desk.RemoteStatus(w.Context(), id)
	w.Must(err)
	return there.Text()
}

// Connection returns how things stand between desk and account.
func (w *World) Connection() data.Connection {
	w.Helper()
	l, err := w.Desk.Connection(w.Context())
	w.Must(err)
	return l
}

// Texts returns the messages of the timeline and the held ones, oldest first.
func (w *World) Texts(id int64) (shown, held []string) {
	w.Helper()
	p, err := w.Desk.Timeline(w.Context(), id, data.Span{Limit: 1000})
	w.Must(err)
	for _, item := range p.Items {
		if item.Message != nil {
			shown = append(shown, item.Message.Text)
		}
	}
	messages, err := w.Desk.Held(w.Context(), id, 1000)
	w.Must(err)
	for _, m := range messages {
		held = append(held, m.Text)
	}
	return shown, held
}

// Entries returns the whole outbox of a customer.
func (w *World) Entries(id int64) []data.OutboxEntry {
	w.Helper()
	db, err := sql.Open("sqlite", w.Path)
	w.Must(err)
	defer db.Close()
	rows, err := db.Query("SELECT o.id, o.act, o.state, o.message_id, o.tries FROM outbox o WHERE o.customer_id = ? ORDER BY o.id", id)
	w.Must(err)
	defer rows.Close()
	var list []data.OutboxEntry
	for rows.Next() {
		var e data.OutboxEntry
		w.Must(rows.Scan(&e.ID, &e.Op, &e.State, &e.MessageID, &e.Attempts))
		list = append(list, e)
	}
	w.Must(rows.Err())
	return list
}

// Once returns each of the faults once, in order, and then none.
func Once(faults ...Fault) func(string, string) Fault {
	return func(string, string) Fault {
		if len(faults) == 0 {
			return None
		}
		f := faults[0]
		faults = faults[1:]
		return f
	}
}

// CheckRequests fails the test where a request was made that nobody may make.
func (w *World) CheckRequests() {
	w.Helper()
	w.Server.Mu.Lock()
	defer w.Server.Mu.Unlock()
	for _, p := range w.Server.Problems {
		w.Errorf("%s", p)
	}
}

// CheckInSync fails the test unless DoubleTick's state is the desk's, and every text
// that is shown as sent arrived once, in order, and no other ever.
func (w *World) CheckInSync(ids ...int64) {
	w.Helper()
	w.CheckRequests()
	w.Server.Mu.Lock()
	defer w.Server.Mu.Unlock()
	for _, id := range ids {
		c, err := w.Desk.Customer(w.Context(), id)
		w.Must(err)
		if here, there := c.Status(w.Now()) == data.Blocked, w.Server.Blocked[string(c.Phone)]; here != there {
			w.Errorf("%s: blocked here %v, there %v", c.Phone, here, there)
		}
		var want []string
		for _, e := range w.Entries(id) {
			if e.Op != data.OpSendText {
				if e.State == data.EntryDone {
					want = append(want, string(e.Op))
				}
				continue
			}
			m := w.Message(e.MessageID)
			times := 0
			if t := w.Server.Texts[m.RemoteID]; t != nil {
				times = t.Times
			}
			if e.State == data.EntryDone {
				want = append(want, m.Text)
			}
			if done := e.State == data.EntryDone; done != (times == 1) || done != (m.Status == data.Sent) || times > 1 {
				w.Errorf("%q is %s with tick %d, and arrived %d times", m.Text, e.State, m.Status, times)
			}
		}
		got := slices.Compact(slices.Clone(w.Server.Order[string(c.Phone)]))
		if want = slices.Compact(want); fmt.Sprint(got) != fmt.Sprint(want) {
			w.Errorf("%s: there was done %q, here is %q", c.Phone, got, want)
		}
	}
}
