package account

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

// What the agent keeps here while it is on its way may arrive all the same: the
// unblock after it is told, however the answer went.
func TestKeptWhileOnItsWay(t *testing.T) {
	for _, when := range []string{"the answer is lost", "unblocked before the answer", "the program dies"} {
		t.Run(when, func(t *testing.T) {
			w := newWorld(t)
			id := w.adds(riya)
			w.blocks(id)
			entry := w.entries(id)[0].ID
			switch when {
			case "the program dies":
				w.Worker.failAt = func(p failpoint) error {
					if p == beforeRecord {
						return context.Canceled
					}
					return nil
				}
				_, _ = w.DispatchDue(t.Context())
				w.restart()
				w.must(w.d.KeepLocal(t.Context(), entry))
				w.unblocks(id)
			default:
				w.there.fail(func(string, string) fault {
					w.there.mu.Unlock()
					defer w.there.mu.Lock()
					w.must(w.d.KeepLocal(context.Background(), entry))
					if when == "the answer is lost" {
						return dropAfter
					}
					w.unblocks(id)
					return none
				})
				_, err := w.DispatchDue(t.Context())
				w.must(err)
				w.there.fail(nil)
				if when == "the answer is lost" {
					w.unblocks(id)
				}
			}
			w.turns()
			if w.there.blocked[string(riya)] {
				t.Errorf("active here and blocked there: %+v", w.entries(id))
			}
		})
	}
}

// Another account with the same address is told by its own key, or not at all.
func TestAnotherAccountAtTheSameAddress(t *testing.T) {
	w := newWorld(t)
	w.rounds()
	id := w.adds(riya)
	w.must(w.keys.Save("key-of-another"))
	w.must(w.d.Join(t.Context(), data.Account{Base: w.there.server.URL, Number: "+918888888889"}))
	w.blocks(id)
	_, err := w.DispatchDue(t.Context()) // before it hears of the joining
	w.must(err)
	if w.there.blocked[string(riya)] || w.strip(id) == "Done there" {
		t.Errorf("the account before was told; the strip says %q", w.strip(id))
	}
}

// A text that is seen in the chat before its answer came is sent.
func TestATextThatIsSeenFirst(t *testing.T) {
	w := newWorld(t)
	id := w.adds(riya)
	m := w.sends(id, "Hello")
	w.there.fail(func(_, path string) fault {
		if path == "/whatsapp/message/text" {
			return dropAfter
		}
		return none
	})
	_, err := w.DispatchDue(t.Context())
	w.must(err)
	w.there.fail(nil)
	w.there.writes(bare(riya), "USER", m.RemoteID, "Hello", w.now())
	w.move(3 * time.Second)
	w.rounds()
	w.turns()
	if got := w.message(m.ID); got.Status != data.Sent {
		t.Errorf("%+v", got)
	}
}

// Only a 404 says that a text is not known there: whatever else is said of its
// fate, it is not sent twice.
func TestAFateThatIsRefused(t *testing.T) {
	for _, code := range []int{400, 402, 422} {
		w := newWorld(t)
		id := w.adds(riya)
		m := w.sends(id, "Hello")
		w.there.fail(once(dropAfter))
		inner := w.there
		var good atomic.Bool
		w.there.server.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/whatsapp/message/status" && !good.Load() {
				inner.refuse(rw, code, "Only once a second")
				return
			}
			inner.ServeHTTP(rw, r)
		})
		for range 5 {
			_, err := w.DispatchDue(t.Context())
			w.must(err)
			w.move(time.Minute)
		}
		if got := w.message(m.ID); got.Status != data.Waiting {
			t.Errorf("%d: %+v", code, got)
		}
		good.Store(true)
		w.turns()
		if got := w.message(m.ID); got.Status != data.Sent || inner.texts[m.RemoteID].times != 1 {
			t.Errorf("%d: delivered %d times, %+v", code, inner.texts[m.RemoteID].times, got)
		}
	}
}

// What was refused goes out once it is tried again, also after a restart.
func TestRetryAfterARestart(t *testing.T) {
	w := newWorld(t)
	id := w.adds(riya)
	inner := w.there
	var open atomic.Bool
	w.there.server.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/whatsapp/message/text" && !open.Load() {
			inner.say(rw, 201, map[string]any{"status": "FAILED", "failedReason": "Re-engagement message (131047)"})
			return
		}
		if known := r.URL.Query().Get("messageId"); r.URL.Path == "/whatsapp/message/status" && !open.Load() {
			inner.say(rw, 200, map[string]any{"messageId": known, "failedAt": start, "failedReason": "Re-engagement message", "errorCode": 131047})
			return
		}
		inner.ServeHTTP(rw, r)
	})
	m := w.sends(id, "Hello")
	w.turns()
	if got := w.message(m.ID); got.Status != data.Failed {
		t.Fatalf("%+v", got)
	}
	open.Store(true)
	w.move(time.Minute)
	w.restart()
	entries, err := w.d.EntriesByMessage(t.Context(), []int64{m.ID})
	w.must(err)
	w.must(w.d.Retry(t.Context(), entries[m.ID].ID))
	w.turns()
	if got := w.message(m.ID); got.Status != data.Sent || inner.texts[m.RemoteID].times != 1 {
		t.Errorf("%+v", got)
	}
}

// A pause that DoubleTick asks for is kept, though what was on its way beside
// it is answered.
func TestAPauseIsKept(t *testing.T) {
	w := newWorld(t)
	w.blocks(w.adds(riya))
	c, _, err := w.connect(t.Context())
	w.must(err)
	w.must(w.recordOutcome(t.Context(), c, doubletick.Result{State: data.Paused, RetryAfter: time.Minute}))
	w.must(w.recordOutcome(t.Context(), c, doubletick.Result{State: data.Online}))
	before := len(w.there.requests())
	for range 3 {
		w.move(time.Second)
		_, err := w.DispatchDue(t.Context())
		w.must(err)
	}
	if n := len(w.there.requests()) - before; n != 0 || w.link().State != data.Paused {
		t.Errorf("%d requests in the pause; %+v", n, w.link())
	}
	w.turns()
	if !w.there.blocked[string(riya)] || w.link().State != data.Online {
		t.Errorf("after the pause: %+v", w.link())
	}
}

// What a clock that was ahead put off is due when the clock is right again.
func TestAClockThatWasAhead(t *testing.T) {
	w := newWorld(t)
	w.move(24 * time.Hour)
	id := w.adds(riya)
	w.blocks(id)
	w.clock.Add(-(24 * time.Hour).Milliseconds())
	w.restart()
	w.turns()
	if w.strip(id) != "Done there" {
		t.Errorf("%q %+v", w.strip(id), w.entries(id))
	}
}

// A block whose end comes while it waits is not told any more: nothing would
// take it back there for as long as the connection fails after it. What may
// have arrived before its end is taken back behind it.
func TestTurn_BlockEndedWhileWaiting(t *testing.T) {
	for _, c := range []struct {
		f    fault
		want string // what is done there
	}{
		{refusedKey, "[]"},
		{tooManyPlain, "[]"},
		{broken, "[block unblock]"},
		{dropAfter, "[block block unblock]"},
	} {
		t.Run(string(c.f), func(t *testing.T) {
			w := newWorld(t)
			id := w.adds(riya)
			_, err := w.d.Block(t.Context(), asha, id, data.BlockRequest{Until: w.now().Add(time.Minute)})
			w.must(err)
			w.there.fail(once(c.f))
			_, err = w.DispatchDue(t.Context())
			w.must(err)
			w.move(time.Hour)
			w.turns()
			w.sound(id)
			if got := fmt.Sprint(w.there.order[string(riya)]); got != c.want {
				t.Errorf("there was done %s, want %s", got, c.want)
			}
			ended, err := w.d.Expire(t.Context())
			w.must(err)
			if ended != 0 {
				t.Errorf("%d blocks are still to be ended after the turns", ended)
			}
		})
	}
}

// A key that was refused once and is taken after its pause leaves the link
// online, whatever was asked for twice meanwhile.
func TestRound_OnlineAfterARefusedKey(t *testing.T) {
	w := newWorld(t)
	id := w.adds(riya)
	w.blocks(id)
	for range 2 {
		_, err := w.d.ResendAll(t.Context(), nil)
		w.must(err)
	}
	w.there.fail(once(refusedKey))
	next, err := w.DispatchDue(t.Context())
	w.must(err)
	if l := w.link(); l.State != data.KeyRefused {
		t.Fatalf("after the refusal the link is %+v", l)
	}
	w.moveTo(next)
	w.move(time.Second)
	w.must(w.d.PauseAccount(t.Context(), false))
	w.turns()
	w.sound(id)
	if l := w.link(); l.State != data.Online {
		t.Errorf("after the answer the link is %+v", l)
	}
	w.move(24 * time.Hour)
	w.turns()
	w.rounds()
	if l := w.link(); l.State != data.Online {
		t.Errorf("in the end the link is %+v", l)
	}
}
