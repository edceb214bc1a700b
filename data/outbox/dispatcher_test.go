package outbox

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/accounttest"
	"github.com/latchdesk/latchdesk/data/clock"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// A block, an unblock and a text reach DoubleTick in their order, and what comes
// of them is told.
func TestDispatchDue_InOrder(t *testing.T) {
	w := newWorld(t)
	id := w.AddCustomer(accounttest.Riya)
	m := w.Send(id, "Hello")
	w.turns()
	w.Block(id)
	if got := w.SyncLine(id); got != "Waiting for DoubleTick" {
		t.Errorf("%q", got)
	}
	w.turns()
	if got := w.SyncLine(id); got != "Accepted by DoubleTick" || w.Message(m.ID).Status != data.Sent {
		t.Errorf("%q, %+v", got, w.Message(m.ID))
	}
	w.Unblock(id)
	w.turns()
	w.CheckInSync(id)
	if got := fmt.Sprint(w.Server.Order[string(accounttest.Riya)]); got != "[Hello block unblock]" {
		t.Errorf("%s", got)
	}
	if sent := w.Server.Texts[m.RemoteID]; sent == nil || sent.From != string(accounttest.Number) || sent.To != string(accounttest.Riya) || sent.Body != "Hello" {
		t.Errorf("%+v", sent)
	}
	if l := w.Connection(); l.State != data.Online || l.Reason != "" {
		t.Errorf("%+v", l)
	}
}

// Whatever goes wrong once, in the end all is told once, and a person can read
// what waits meanwhile.
func TestDispatchDue_EachFault(t *testing.T) {
	for _, f := range accounttest.Faults {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, other := w.AddCustomer(accounttest.Riya), w.AddCustomer(accounttest.Ada)
			w.Block(other)
			m := w.Send(id, "Hello")
			w.Server.Fail(accounttest.Once(f, f))
			_, err := w.DispatchDue(t.Context())
			w.Must(err)
			if got := w.SyncLine(other); got != "Waiting for DoubleTick" && got != "Told DoubleTick, not accepted yet" && got != "Accepted by DoubleTick" && (f != accounttest.RefusedKey || got != "DoubleTick does not accept the key") {
				t.Errorf("%q", got)
			}
			w.turns()
			if got := w.SyncLine(other); got != "Accepted by DoubleTick" {
				t.Errorf("%q", got)
			}
			w.CheckInSync(id, other)
			if m := w.Message(m.ID); m.Status != data.Sent || m.Failure != "" {
				t.Errorf("%+v", m)
			}
			if l := w.Connection(); l.State != data.Online {
				t.Errorf("%+v", l)
			}
		})
	}
}

// A no is shown, with what can be done about it.
func TestDispatchDue_Rejected(t *testing.T) {
	w := newWorld(t)
	id := w.AddCustomer(accounttest.Riya)
	w.Server.Unknown[string(accounttest.Riya)] = true
	w.Server.Closed[string(accounttest.Riya)] = true
	m := w.Send(id, "Hello")
	w.turns()
	w.Block(id)
	w.turns()
	if got := w.SyncLine(id); got != "Invalid Customer" {
		t.Errorf("%q", got)
	}
	if m := w.Message(m.ID); m.Status != data.Failed || m.Failure != "Re-engagement message (131047)" {
		t.Errorf("%+v", m)
	}
	n := len(w.Server.Requests())
	w.turns()
	if len(w.Server.Requests()) != n {
		t.Errorf("asked again: %q", w.Server.Requests()[n:])
	}
	delete(w.Server.Unknown, string(accounttest.Riya))
	there, err := w.Desk.RemoteStatus(t.Context(), id)
	w.Must(err)
	w.Must(w.Desk.Retry(t.Context(), there.Last.ID))
	w.turns()
	if got := w.SyncLine(id); got != "Accepted by DoubleTick" {
		t.Errorf("%q", got)
	}
	w.CheckRequests()
}

// A key that is not taken burns no entry: all waits until there is another.
// What DoubleTick's form does not take is never asked for, and a block that it took
// says so until a message shows that it does not hold.
func TestDispatchDue_WhatABlockThereIsWorth(t *testing.T) {
	w := newWorld(t)
	long, riya := w.AddCustomer("+123456789012345"), w.AddCustomer(accounttest.Riya)
	w.Block(long)
	w.Block(riya)
	w.turns()
	if got := w.SyncLine(long); got != "DoubleTick takes 9 to 14 digits, and this number has 15" {
		t.Errorf("%q", got)
	}
	if requests := w.Server.Requests(); len(requests) != 1 || !strings.Contains(fmt.Sprint(requests), "block") {
		t.Errorf("DoubleTick was asked %q", requests)
	}
	if got := w.SyncLine(riya); got != "Accepted by DoubleTick" {
		t.Errorf("%q", got)
	}
	w.Move(time.Minute)
	_, err := w.Desk.Receive(t.Context(), []data.Incoming{{From: data.Sender{Phone: accounttest.Riya}, Message: data.Message{Kind: data.TextMessage, Text: "still here", RemoteID: "1", At: w.Now()}}})
	w.Must(err)
	if got := w.SyncLine(riya); got != "Does not hold there: a message came after" {
		t.Errorf("%q", got)
	}
	w.Must(w.Desk.TellAgain(t.Context(), riya))
	w.turns()
	if got := w.SyncLine(riya); got != "Accepted by DoubleTick" {
		t.Errorf("told again: %q", got)
	}
	w.CheckRequests()
}

func TestDispatchDue_KeyRefused(t *testing.T) {
	w := newWorld(t)
	w.Server.Key = "another"
	id, other := w.AddCustomer(accounttest.Riya), w.AddCustomer(accounttest.Ada)
	w.Block(id)
	w.Block(other)
	next, err := w.DispatchDue(t.Context())
	w.Must(err)
	if l := w.Connection(); l.State != data.KeyRefused || l.Reason != "DoubleTick does not accept the key" || next < w.Now().Add(time.Minute) {
		t.Errorf("%+v, next %v", l, next)
	}
	if n := len(w.Server.Requests()); n > 2 {
		t.Errorf("%d requests", n)
	}
	if a, b := w.SyncLine(id), w.SyncLine(other); a != "DoubleTick does not accept the key" && b != "DoubleTick does not accept the key" {
		t.Errorf("%q, %q", a, b)
	}
	w.Must(w.Credentials.Save("wrong"))
	n := len(w.Server.Requests())
	_, err = w.DispatchDue(t.Context())
	w.Must(err)
	if len(w.Server.Requests()) != n {
		t.Error("it is tried before its time")
	}
	w.MoveTo(next) // nobody said that there is another key: it is found all the same
	next, err = w.DispatchDue(t.Context())
	w.Must(err)
	if n = len(w.Server.Requests()) - n; n != 1 || next < w.Now().Add(time.Minute) {
		t.Errorf("%d requests, next %v", n, next)
	}
	w.Must(w.Credentials.Save("another"))
	w.Must(w.Desk.KeyRenewed(t.Context()))
	w.Breaker.InvalidateKey() // as whoever follows the desk is told
	_, err = w.DispatchDue(t.Context())
	w.Must(err)
	w.CheckInSync(id, other)
	if l := w.Connection(); l.State != data.Online {
		t.Errorf("%+v", l)
	}
	w.Must(w.Credentials.Forget())
	w.restart()
	w.Unblock(id)
	_, err = w.DispatchDue(t.Context())
	w.Must(err)
	if l := w.Connection(); l.State != data.KeyRefused || l.Reason != "No key is kept for the account" {
		t.Errorf("%+v", l)
	}
}

// DoubleTick is left alone for as long as it asks, and says so.
func TestDispatchDue_TooManyRequests(t *testing.T) {
	w := newWorld(t)
	id := w.AddCustomer(accounttest.Riya)
	w.Block(id)
	w.Server.Fail(accounttest.Once(accounttest.TooMany))
	before := w.Now()
	next, err := w.DispatchDue(t.Context())
	w.Must(err)
	if next != before.Add(7*time.Second) {
		t.Errorf("next is %v after, want 7 s", next-before)
	}
	if l := w.Connection(); l.State != data.Paused || !strings.HasPrefix(l.Reason, "DoubleTick asks for a pause until ") {
		t.Errorf("%+v", l)
	}
	w.turns()
	w.CheckInSync(id)
}

// While nothing answers for an hour, ever fewer requests are made, over restarts
// too; when it answers, all is told soon.
func TestDispatchDue_HourOfFailures(t *testing.T) {
	for _, f := range []accounttest.Fault{accounttest.Broken, accounttest.DropBefore} {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var ids []int64
			for i := range 20 {
				ids = append(ids, w.AddCustomer(data.Phone(fmt.Sprintf("+467012345%02d", i))))
				w.Block(ids[i])
			}
			w.Server.Fail(func(string, string) accounttest.Fault { return f })
			end := w.Now().Add(time.Hour)
			for turns := 0; w.Now() < end; turns++ {
				next, err := w.DispatchDue(t.Context())
				w.Must(err)
				if turns%10 == 9 {
					w.restart()
				}
				w.MoveTo(max(next, w.Now()+1))
			}
			if n := len(w.Server.Requests()); n < 20 || n > 200 {
				t.Errorf("%d requests in an hour", n)
			}
			if l := w.Connection(); l.State != data.Offline || l.Reason == "" {
				t.Errorf("%+v", l)
			}
			w.Server.Fail(nil)
			end = w.Now().Add(11 * time.Minute)
			w.turns()
			if w.Now() > end {
				t.Errorf("it took %v", time.Duration(w.Now()-end)*time.Millisecond)
			}
			w.CheckInSync(ids...)
		})
	}
}

// A text whose answer was lost is asked for before it is sent again; where it is
// not known, it is sent by the same id.
func TestDispatchDue_LostText(t *testing.T) {
	for _, c := range []struct {
		f    accounttest.Fault
		want string
	}{
		{accounttest.DropAfter, "POST /whatsapp/message/text, GET /whatsapp/message/status"},
		{accounttest.DropBefore, "POST /whatsapp/message/text, GET /whatsapp/message/status, GET /whatsapp/message/status, POST /whatsapp/message/text"},
	} {
		w := newWorld(t)
		id := w.AddCustomer(accounttest.Riya)
		w.Send(id, "Hello")
		w.Server.Fail(accounttest.Once(c.f))
		w.turns()
		if got := strings.Join(w.Server.Requests(), ", "); got != c.want {
			t.Errorf("%s: %s", c.f, got)
		}
		w.CheckInSync(id)
	}
}

// A status can be behind what was sent: a text that is not known at once is not sent
// again at once.
func TestDispatchDue_LostTextThatIsKnownLater(t *testing.T) {
	w := newWorld(t)
	id := w.AddCustomer(accounttest.Riya)
	w.Server.StatusLag = 10 * time.Second
	w.Send(id, "Hello")
	w.Server.Fail(accounttest.Once(accounttest.DropAfter))
	w.turns()
	if got, want := strings.Join(w.Server.Requests(), ", "), "POST /whatsapp/message/text, GET /whatsapp/message/status, GET /whatsapp/message/status"; got != want {
		t.Errorf("asked was %s", got)
	}
	for _, text := range w.Server.Texts {
		if text.Times != 1 {
			t.Errorf("the text arrived %d times", text.Times)
		}
	}
	w.CheckInSync(id)
}

// What DoubleTick answers to one entry says nothing of the key: the others go on, and it
// is not asked again before all others.
func TestDispatchDue_ForbiddenIsOfItsEntry(t *testing.T) {
	w := newWorld(t)
	id, other := w.AddCustomer(accounttest.Riya), w.AddCustomer(accounttest.Ada)
	w.Server.Forbidden[string(accounttest.Riya)] = true
	w.Block(id)
	w.Block(other)
	w.turns()
	if l := w.Connection(); l.State != data.Online {
		t.Errorf("the connection is %+v", l)
	}
	if got := w.SyncLine(id); got != "Forbidden resource" {
		t.Errorf("the strip says %q", got)
	}
	w.CheckInSync(other)
	n := len(w.Server.Requests())
	third := w.AddCustomer("+46701234568")
	w.Block(third)
	w.turns()
	if got := len(w.Server.Requests()) - n; got != 1 {
		t.Errorf("%d requests for one more block", got)
	}
	w.CheckInSync(third)
}

// The status of texts is asked for at most once a second, whoever asks.
func TestDispatchDue_StatusOncePerSecond(t *testing.T) {
	w := newWorld(t)
	var ids []int64
	for i := range 6 {
		ids = append(ids, w.AddCustomer(data.Phone(fmt.Sprintf("+467012345%02d", i))))
		w.Send(ids[i], "Hello")
	}
	w.Server.Fail(accounttest.Once(accounttest.DropAfter, accounttest.DropAfter, accounttest.DropAfter, accounttest.DropAfter, accounttest.DropAfter, accounttest.DropAfter))
	w.turns()
	if len(w.Server.StatusAskedAt) < 6 {
		t.Errorf("asked for %d times", len(w.Server.StatusAskedAt))
	}
	w.CheckInSync(ids...)
}

// errDead is what ends a worker in the middle.
var errDead = errors.New("killed")

// Wherever the program is killed, on a new start all is told once.
func TestDispatchDue_KilledAtEveryPoint(t *testing.T) {
	for _, p := range []failpoint{beforeClaim, afterClaim, beforeResend, beforeRecord, afterRecord} {
		for nth := 1; nth <= 3; nth++ {
			for _, f := range []accounttest.Fault{accounttest.None, accounttest.DropAfter, accounttest.DropBefore} {
				t.Run(fmt.Sprint(p, ", ", nth, ", ", f), func(t *testing.T) {
					t.Parallel()
					w := newWorld(t)
					id := w.AddCustomer(accounttest.Riya)
					w.Block(id)
					w.turns()
					w.Unblock(id)
					w.Send(id, "one")
					w.Send(id, "two")
					w.Server.Fail(accounttest.Once(f))
					met := 0
					w.Dispatcher.failAt = func(at failpoint) error {
						if at == p {
							met++
						}
						if met >= nth {
							return errDead
						}
						return nil
					}
					for range 10 {
						next, err := w.DispatchDue(t.Context())
						if errors.Is(err, errDead) || next == 0 {
							break
						}
						w.Must(err)
						w.MoveTo(next)
					}
					w.restart()
					w.turns()
					w.CheckInSync(id)
					if got := fmt.Sprint(slices.Compact(w.Server.Order[string(accounttest.Riya)])); got != "[block unblock one two]" {
						t.Errorf("%s", got)
					}
				})
			}
		}
	}
}

// Whoever stops the program while an answer is awaited loses nothing.
func TestDispatchDue_StoppedMidRequest(t *testing.T) {
	w := newWorld(t)
	id := w.AddCustomer(accounttest.Riya)
	m := w.Send(id, "Hello")
	ctx, stop := context.WithCancel(t.Context())
	w.Server.Fail(func(string, string) accounttest.Fault { stop(); return accounttest.Silent })
	if _, err := w.DispatchDue(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	w.Server.Fail(nil)
	w.restart()
	w.turns()
	w.CheckInSync(id)
	if m := w.Message(m.ID); m.Status != data.Sent {
		t.Errorf("%+v", m)
	}
}

// One customer whose entry hangs holds up no other.
func TestDispatchDue_OneHangs(t *testing.T) {
	w := newWorld(t)
	stuck, id := w.AddCustomer(accounttest.Riya), w.AddCustomer(accounttest.Ada)
	w.Block(stuck)
	release := make(chan struct{})
	var once sync.Once
	w.Server.Fail(func(string, string) accounttest.Fault {
		var f accounttest.Fault
		once.Do(func() { f = "wait" })
		if f != "" {
			w.Server.Mu.Unlock()
			select {
			case <-release:
			case <-time.After(waittest.Deadline): // the test has failed by now
			}
			w.Server.Mu.Lock()
		}
		return accounttest.None
	})
	done := make(chan error, 1)
	go func() {
		_, err := w.DispatchDue(t.Context())
		done <- err
	}()
	waittest.Until(t, "the first block to be on its way", func() bool { due := w.due(); return len(due) == 0 || due[0].Attempts > 0 })
	w.Block(id)
	w.wake.Set()
	waittest.Until(t, "the other block to be done there", func() bool { return w.SyncLine(id) == "Accepted by DoubleTick" })
	close(release)
	w.Must(waittest.Receive(t, "the end of the turn", done))
	w.CheckInSync(stuck, id)
}

func (w *world) due() []data.OutboxEntry {
	w.Helper()
	due, err := w.Desk.DueEntries(w.Context(), w.Now(), 10)
	w.Must(err)
	return due
}

// Nobody is told anything while the account is paused, or left.
func TestDispatchDue_PausedAndLeft(t *testing.T) {
	w := newWorld(t)
	id := w.AddCustomer(accounttest.Riya)
	w.Must(w.Desk.PauseAccount(t.Context(), true))
	w.Block(id)
	_, err := w.DispatchDue(t.Context())
	w.Must(err)
	_, err = w.syncer.SyncOnce(t.Context())
	w.Must(err)
	if len(w.Server.Requests()) > 0 || w.Connection().State != data.Paused {
		t.Errorf("%q, %+v", w.Server.Requests(), w.Connection())
	}
	w.Must(w.Desk.PauseAccount(t.Context(), false))
	w.turns()
	w.CheckInSync(id)
	n := len(w.Server.Requests())
	w.Must(w.Desk.Leave(t.Context()))
	w.Unblock(id)
	_, err = w.DispatchDue(t.Context())
	w.Must(err)
	if len(w.Server.Requests()) != n || w.Connection() != (data.Connection{Since: w.Now()}) {
		t.Errorf("%q, %+v", w.Server.Requests(), w.Connection())
	}
}

// The worker at work: what is written is told at once, and stopping ends it.
func TestRun(t *testing.T) {
	w := newWorld(t)
	w.Sleep = clock.Sleep
	ctx, stop := context.WithCancel(t.Context())
	var jobs sync.WaitGroup
	jobs.Go(func() { w.Must(w.Desk.Watch(ctx)) })
	jobs.Go(func() { w.Run(ctx) })
	jobs.Go(func() { w.syncer.Run(ctx) })
	id := w.AddCustomer(accounttest.Riya)
	w.Block(id)
	waittest.Until(t, "the block to be done there", func() bool { return w.SyncLine(id) == "Accepted by DoubleTick" })
	w.Server.AddMessage("+442079460958", "CUSTOMER", "m1", "Hello", w.Now())
	stop()
	waittest.Return(t, "the end of the work", jobs.Wait)
	w.CheckInSync(id)
}

// A copy that is restored holds a text that was sent since: it is not sent again.
func TestDispatchDue_RestoredCopy(t *testing.T) {
	w := newWorld(t)
	id := w.AddCustomer(accounttest.Riya)
	m := w.Send(id, "Hello")
	copied := filepath.Join(t.TempDir(), "copy.bak")
	w.Must(w.Desk.Backup(t.Context(), copied))
	w.turns()
	w.Must(w.Store.Close())
	w.Move(time.Minute)
	_, err := store.Restore(t.Context(), copied, w.Path, w.Now().Time())
	w.Must(err)
	w.Open()
	w.start()
	w.Send(id, "And more")
	w.turns()
	if sent := w.Server.Texts[m.RemoteID]; sent.Times != 1 {
		t.Errorf("it arrived %d times", sent.Times)
	}
	w.CheckInSync(id)
}
