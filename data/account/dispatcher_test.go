package account

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
	"github.com/latchdesk/latchdesk/data/clock"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
)

const (
	riya = data.Phone("+919137979401")
	ada  = data.Phone("+442079460958")
)

// A block, an unblock and a text reach DoubleTick in their order, and what comes
// of them is told.
func TestEntriesAreTold(t *testing.T) {
	w := newWorld(t)
	id := w.adds(riya)
	m := w.sends(id, "Hello")
	w.turns()
	w.blocks(id)
	if got := w.strip(id); got != "Waiting for DoubleTick" {
		t.Errorf("%q", got)
	}
	w.turns()
	if got := w.strip(id); got != "Done there" || w.message(m.ID).Status != data.Sent {
		t.Errorf("%q, %+v", got, w.message(m.ID))
	}
	w.unblocks(id)
	w.turns()
	w.sound(id)
	if got := fmt.Sprint(w.there.order[string(riya)]); got != "[Hello block unblock]" {
		t.Errorf("%s", got)
	}
	if sent := w.there.texts[m.RemoteID]; sent == nil || sent.from != string(theNumber) || sent.to != string(riya) || sent.body != "Hello" {
		t.Errorf("%+v", sent)
	}
	if l := w.link(); l.State != data.Online || l.Reason != "" {
		t.Errorf("%+v", l)
	}
}

// Whatever goes wrong once, in the end all is told once, and a person can read
// what waits meanwhile.
func TestEachFault(t *testing.T) {
	for _, f := range faults {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			id, other := w.adds(riya), w.adds(ada)
			w.blocks(other)
			m := w.sends(id, "Hello")
			w.there.fail(once(f, f))
			_, err := w.DispatchDue(t.Context())
			w.must(err)
			if got := w.strip(other); got != "Waiting for DoubleTick" && got != "Done there" && (f != refusedKey || got != "DoubleTick does not take the key") {
				t.Errorf("%q", got)
			}
			w.turns()
			if got := w.strip(other); got != "Done there" {
				t.Errorf("%q", got)
			}
			w.sound(id, other)
			if m := w.message(m.ID); m.Status != data.Sent || m.Failure != "" {
				t.Errorf("%+v", m)
			}
			if l := w.link(); l.State != data.Online {
				t.Errorf("%+v", l)
			}
		})
	}
}

// A no is shown, with what can be done about it.
func TestRefusals(t *testing.T) {
	w := newWorld(t)
	id := w.adds(riya)
	w.there.unknown[string(riya)] = true
	w.there.closed[string(riya)] = true
	m := w.sends(id, "Hello")
	w.turns()
	w.blocks(id)
	w.turns()
	if got := w.strip(id); got != "Invalid Customer" {
		t.Errorf("%q", got)
	}
	if m := w.message(m.ID); m.Status != data.Failed || m.Failure != "Re-engagement message (131047)" {
		t.Errorf("%+v", m)
	}
	n := len(w.there.requests())
	w.turns()
	if len(w.there.requests()) != n {
		t.Errorf("asked again: %q", w.there.requests()[n:])
	}
	delete(w.there.unknown, string(riya))
	there, err := w.d.RemoteStatus(t.Context(), id)
	w.must(err)
	w.must(w.d.Retry(t.Context(), there.Last.ID))
	w.turns()
	if got := w.strip(id); got != "Done there" {
		t.Errorf("%q", got)
	}
	w.behaved()
}

// A key that is not taken burns no entry: all waits until there is another.
func TestKeyRefused(t *testing.T) {
	w := newWorld(t)
	w.there.key = "another"
	id, other := w.adds(riya), w.adds(ada)
	w.blocks(id)
	w.blocks(other)
	next, err := w.DispatchDue(t.Context())
	w.must(err)
	if l := w.link(); l.State != data.KeyRefused || l.Reason != "DoubleTick does not take the key" || next < w.now().Add(time.Minute) {
		t.Errorf("%+v, next %v", l, next)
	}
	if n := len(w.there.requests()); n > 2 {
		t.Errorf("%d requests", n)
	}
	if a, b := w.strip(id), w.strip(other); a != "DoubleTick does not take the key" && b != "DoubleTick does not take the key" {
		t.Errorf("%q, %q", a, b)
	}
	w.must(w.keys.Save("wrong"))
	n := len(w.there.requests())
	_, err = w.DispatchDue(t.Context())
	w.must(err)
	if len(w.there.requests()) != n {
		t.Error("it is tried before its time")
	}
	w.moveTo(next) // nobody said that there is another key: it is found all the same
	next, err = w.DispatchDue(t.Context())
	w.must(err)
	if n = len(w.there.requests()) - n; n != 1 || next < w.now().Add(time.Minute) {
		t.Errorf("%d requests, next %v", n, next)
	}
	w.must(w.keys.Save("another"))
	w.must(w.d.KeyRenewed(t.Context()))
	w.invalidateKey() // as whoever follows the desk is told
	_, err = w.DispatchDue(t.Context())
	w.must(err)
	w.sound(id, other)
	if l := w.link(); l.State != data.Online {
		t.Errorf("%+v", l)
	}
	w.must(w.keys.Forget())
	w.restart()
	w.unblocks(id)
	_, err = w.DispatchDue(t.Context())
	w.must(err)
	if l := w.link(); l.State != data.KeyRefused || l.Reason != "No key is kept for the account" {
		t.Errorf("%+v", l)
	}
}

// DoubleTick is left alone for as long as it asks, and says so.
func TestTooMany(t *testing.T) {
	w := newWorld(t)
	id := w.adds(riya)
	w.blocks(id)
	w.there.fail(once(tooMany))
	before := w.now()
	next, err := w.DispatchDue(t.Context())
	w.must(err)
	if next != before.Add(7*time.Second) {
		t.Errorf("next is %v after, want 7 s", next-before)
	}
	if l := w.link(); l.State != data.Paused || !strings.HasPrefix(l.Reason, "DoubleTick asks for a pause until ") {
		t.Errorf("%+v", l)
	}
	w.turns()
	w.sound(id)
}

// While nothing answers for an hour, ever fewer requests are made, over restarts
// too; when it answers, all is told soon.
func TestAnHourOfTrouble(t *testing.T) {
	for _, f := range []fault{broken, dropBefore} {
		t.Run(string(f), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var ids []int64
			for i := range 20 {
				ids = append(ids, w.adds(data.Phone(fmt.Sprintf("+467012345%02d", i))))
				w.blocks(ids[i])
			}
			w.there.fail(func(string, string) fault { return f })
			end := w.now().Add(time.Hour)
			for turns := 0; w.now() < end; turns++ {
				next, err := w.DispatchDue(t.Context())
				w.must(err)
				if turns%10 == 9 {
					w.restart()
				}
				w.moveTo(max(next, w.now()+1))
			}
			if n := len(w.there.requests()); n < 20 || n > 200 {
				t.Errorf("%d requests in an hour", n)
			}
			if l := w.link(); l.State != data.Offline || l.Reason == "" {
				t.Errorf("%+v", l)
			}
			w.there.fail(nil)
			end = w.now().Add(11 * time.Minute)
			w.turns()
			if w.now() > end {
				t.Errorf("it took %v", time.Duration(w.now()-end)*time.Millisecond)
			}
			w.sound(ids...)
		})
	}
}

// A text whose answer was lost is asked for before it is sent again; where it is
// not known, it is sent by the same id.
func TestALostText(t *testing.T) {
	for _, c := range []struct {
		f    fault
		want string
	}{
		{dropAfter, "POST /whatsapp/message/text, GET /whatsapp/message/status"},
		{dropBefore, "POST /whatsapp/message/text, GET /whatsapp/message/status, POST /whatsapp/message/text"},
	} {
		w := newWorld(t)
		id := w.adds(riya)
		w.sends(id, "Hello")
		w.there.fail(once(c.f))
		w.turns()
		if got := strings.Join(w.there.requests(), ", "); got != c.want {
			t.Errorf("%s: %s", c.f, got)
		}
		w.sound(id)
	}
}

// The status of texts is asked for at most once a second, whoever asks.
func TestStatusIsAskedForGently(t *testing.T) {
	w := newWorld(t)
	var ids []int64
	for i := range 6 {
		ids = append(ids, w.adds(data.Phone(fmt.Sprintf("+467012345%02d", i))))
		w.sends(ids[i], "Hello")
	}
	w.there.fail(once(dropAfter, dropAfter, dropAfter, dropAfter, dropAfter, dropAfter))
	w.turns()
	if len(w.there.status) < 6 {
		t.Errorf("asked for %d times", len(w.there.status))
	}
	w.sound(ids...)
}

// errDead is what ends a worker in the middle.
var errDead = errors.New("killed")

// Wherever the program is killed, on a new start all is told once.
func TestKilledAtEveryPoint(t *testing.T) {
	for _, p := range []failpoint{beforeClaim, afterClaim, beforeResend, beforeRecord, afterRecord} {
		for nth := 1; nth <= 3; nth++ {
			for _, f := range []fault{none, dropAfter, dropBefore} {
				t.Run(fmt.Sprint(p, ", ", nth, ", ", f), func(t *testing.T) {
					t.Parallel()
					w := newWorld(t)
					id := w.adds(riya)
					w.blocks(id)
					w.turns()
					w.unblocks(id)
					w.sends(id, "one")
					w.sends(id, "two")
					w.there.fail(once(f))
					met := 0
					w.Worker.failAt = func(at failpoint) error {
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
						w.must(err)
						w.moveTo(next)
					}
					w.restart()
					w.turns()
					w.sound(id)
					if got := fmt.Sprint(slices.Compact(w.there.order[string(riya)])); got != "[block unblock one two]" {
						t.Errorf("%s", got)
					}
				})
			}
		}
	}
}

// Whoever stops the program while an answer is awaited loses nothing.
func TestStoppedWhileAsking(t *testing.T) {
	w := newWorld(t)
	id := w.adds(riya)
	m := w.sends(id, "Hello")
	ctx, stop := context.WithCancel(t.Context())
	w.there.fail(func(string, string) fault { stop(); return silent })
	if _, err := w.DispatchDue(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	w.there.fail(nil)
	w.restart()
	w.turns()
	w.sound(id)
	if m := w.message(m.ID); m.Status != data.Sent {
		t.Errorf("%+v", m)
	}
}

// One customer whose entry hangs holds up no other.
func TestOneHangs(t *testing.T) {
	w := newWorld(t)
	stuck, id := w.adds(riya), w.adds(ada)
	w.blocks(stuck)
	release := make(chan struct{})
	var once sync.Once
	w.there.fail(func(string, string) fault {
		var f fault
		once.Do(func() { f = "wait" })
		if f != "" {
			w.there.mu.Unlock()
			select {
			case <-release:
			case <-time.After(waittest.Deadline): // the test has failed by now
			}
			w.there.mu.Lock()
		}
		return none
	})
	done := make(chan error, 1)
	go func() {
		_, err := w.DispatchDue(t.Context())
		done <- err
	}()
	waittest.Until(t, "the first block to be on its way", func() bool { due := w.due(); return len(due) == 0 || due[0].Attempts > 0 })
	w.blocks(id)
	signal(w.Worker.wake)
	waittest.Until(t, "the other block to be done there", func() bool { return w.strip(id) == "Done there" })
	close(release)
	w.must(waittest.Receive(t, "the end of the turn", done))
	w.sound(stuck, id)
}

func (w *world) due() []data.OutboxEntry {
	w.Helper()
	due, err := w.d.DueEntries(w.Context(), w.now(), 10)
	w.must(err)
	return due
}

// Nobody is told anything while the account is paused, or left.
func TestPausedAndLeft(t *testing.T) {
	w := newWorld(t)
	id := w.adds(riya)
	w.must(w.d.PauseAccount(t.Context(), true))
	w.blocks(id)
	_, err := w.DispatchDue(t.Context())
	w.must(err)
	_, err = w.SyncOnce(t.Context())
	w.must(err)
	if len(w.there.requests()) > 0 || w.link().State != data.Paused {
		t.Errorf("%q, %+v", w.there.requests(), w.link())
	}
	w.must(w.d.PauseAccount(t.Context(), false))
	w.turns()
	w.sound(id)
	n := len(w.there.requests())
	w.must(w.d.Leave(t.Context()))
	w.unblocks(id)
	_, err = w.DispatchDue(t.Context())
	w.must(err)
	if len(w.there.requests()) != n || w.link() != (data.Connection{Since: w.now()}) {
		t.Errorf("%q, %+v", w.there.requests(), w.link())
	}
}

// The worker at work: what is written is told at once, and stopping ends it.
func TestWork(t *testing.T) {
	w := newWorld(t)
	w.Worker.sleep = clock.Sleep
	ctx, stop := context.WithCancel(t.Context())
	var jobs sync.WaitGroup
	jobs.Go(func() { w.must(w.d.Watch(ctx)) })
	jobs.Go(func() { w.Work(ctx) })
	id := w.adds(riya)
	w.blocks(id)
	waittest.Until(t, "the block to be done there", func() bool { return w.strip(id) == "Done there" })
	w.there.writes("+442079460958", "CUSTOMER", "m1", "Hello", w.now())
	stop()
	waittest.Return(t, "the end of the work", jobs.Wait)
	w.sound(id)
}

// A copy that is restored holds a text that was sent since: it is not sent again.
func TestARestoredCopy(t *testing.T) {
	w := newWorld(t)
	id := w.adds(riya)
	m := w.sends(id, "Hello")
	copied := filepath.Join(t.TempDir(), "copy.bak")
	w.must(w.d.Backup(t.Context(), copied))
	w.turns()
	w.must(w.store.Close())
	w.move(time.Minute)
	_, err := store.Restore(t.Context(), copied, w.path, w.now().Time())
	w.must(err)
	w.open()
	w.sends(id, "And more")
	w.turns()
	if sent := w.there.texts[m.RemoteID]; sent.times != 1 {
		t.Errorf("it arrived %d times", sent.times)
	}
	w.sound(id)
}
