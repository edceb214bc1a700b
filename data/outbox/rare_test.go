package outbox

import (
	"context"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/accounttest"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

// What the agent keeps here while it is on its way may arrive all the same: the
// unblock after it is told, however the answer went.
func TestDispatchDue_KeptLocalInFlight(t *testing.T) {
	for _, when := range []string{"the answer is lost", "unblocked before the answer", "the program dies"} {
		t.Run(when, func(t *testing.T) {
			w := newWorld(t)
			id := w.AddCustomer(accounttest.Riya)
			w.Block(id)
			entry := w.Entries(id)[0].ID
			switch when {
			case "the program dies":
				w.Dispatcher.failAt = func(p failpoint) error {
					if p == beforeRecord {
						return context.Canceled
					}
					return nil
				}
				_, _ = w.DispatchDue(t.Context())
				w.restart()
				w.Must(w.Desk.KeepLocal(t.Context(), entry))
				w.Unblock(id)
			default:
				w.Server.Fail(func(string, string) accounttest.Fault {
					w.Server.Mu.Unlock()
					defer w.Server.Mu.Lock()
					w.Must(w.Desk.KeepLocal(context.Background(), entry))
					if when == "the answer is lost" {
						return accounttest.DropAfter
					}
					w.Unblock(id)
					return accounttest.None
				})
				_, err := w.DispatchDue(t.Context())
				w.Must(err)
				w.Server.Fail(nil)
				if when == "the answer is lost" {
					w.Unblock(id)
				}
			}
			w.turns()
			if w.Server.Blocked[string(accounttest.Riya)] {
				t.Errorf("active here and blocked there: %+v", w.Entries(id))
			}
		})
	}
}

// Another account with the same address is told by its own key, or not at all.
func TestDispatchDue_OtherAccountAtSameAddress(t *testing.T) {
	w := newWorld(t)
	w.rounds()
	id := w.AddCustomer(accounttest.Riya)
	w.Must(w.Credentials.Save("key-of-another"))
	w.Must(w.Desk.Join(t.Context(), data.Account{Base: w.Server.HTTP.URL, Number: "+918888888889"}))
	w.Block(id)
	_, err := w.DispatchDue(t.Context()) // before it hears of the joining
	w.Must(err)
	if w.Server.Blocked[string(accounttest.Riya)] || w.SyncLine(id) == "Accepted by DoubleTick" {
		t.Errorf("the account before was told; the strip says %q", w.SyncLine(id))
	}
}

// A text that is seen in the chat before its answer came is sent.
func TestDispatchDue_TextSeenBeforeAnswer(t *testing.T) {
	w := newWorld(t)
	id := w.AddCustomer(accounttest.Riya)
	m := w.Send(id, "Hello")
	w.Server.Fail(func(_, path string) accounttest.Fault {
		if path == "/whatsapp/message/text" {
			return accounttest.DropAfter
		}
		return accounttest.None
	})
	_, err := w.DispatchDue(t.Context())
	w.Must(err)
	w.Server.Fail(nil)
	w.Server.AddMessage(accounttest.Bare(accounttest.Riya), "USER", m.RemoteID, "Hello", w.Now())
	w.Move(3 * time.Second)
	w.rounds()
	w.turns()
	if got := w.Message(m.ID); got.Status != data.Sent {
		t.Errorf("%+v", got)
	}
}

// Only a 404 says that a text is not known there: whatever else is said of its
// fate, it is not sent twice.
func TestDispatchDue_StatusRefused(t *testing.T) {
	for _, code := range []int{400, 402, 422} {
		w := newWorld(t)
		id := w.AddCustomer(accounttest.Riya)
		m := w.Send(id, "Hello")
		w.Server.Fail(accounttest.Once(accounttest.DropAfter))
		inner := w.Server
		var good atomic.Bool
		w.Server.HTTP.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/whatsapp/message/status" && !good.Load() {
				inner.WriteError(rw, code, "Only once a second")
				return
			}
			inner.ServeHTTP(rw, r)
		})
		for range 5 {
			_, err := w.DispatchDue(t.Context())
			w.Must(err)
			w.Move(time.Minute)
		}
		if got := w.Message(m.ID); got.Status != data.Waiting {
			t.Errorf("%d: %+v", code, got)
		}
		good.Store(true)
		w.turns()
		if got := w.Message(m.ID); got.Status != data.Sent || inner.Texts[m.RemoteID].Times != 1 {
			t.Errorf("%d: delivered %d times, %+v", code, inner.Texts[m.RemoteID].Times, got)
		}
	}
}

// What was refused goes out once it is tried again, also after a restart.
func TestDispatchDue_RetryAfterRestart(t *testing.T) {
	w := newWorld(t)
	id := w.AddCustomer(accounttest.Riya)
	inner := w.Server
	var open atomic.Bool
	w.Server.HTTP.Config.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/whatsapp/message/text" && !open.Load() {
			inner.WriteJSON(rw, 201, map[string]any{"status": "FAILED", "failedReason": "Re-engagement message (131047)"})
			return
		}
		if known := r.URL.Query().Get("messageId"); r.URL.Path == "/whatsapp/message/status" && !open.Load() {
			inner.WriteJSON(rw, 200, map[string]any{"messageId": known, "failedAt": accounttest.Start, "failedReason": "Re-engagement message", "errorCode": 131047})
			return
		}
		inner.ServeHTTP(rw, r)
	})
	m := w.Send(id, "Hello")
	w.turns()
	if got := w.Message(m.ID); got.Status != data.Failed {
		t.Fatalf("%+v", got)
	}
	open.Store(true)
	w.Move(time.Minute)
	w.restart()
	entries, err := w.Desk.EntriesByMessage(t.Context(), []int64{m.ID})
	w.Must(err)
	w.Must(w.Desk.Retry(t.Context(), entries[m.ID].ID))
	w.turns()
	if got := w.Message(m.ID); got.Status != data.Sent || inner.Texts[m.RemoteID].Times != 1 {
		t.Errorf("%+v", got)
	}
}

// A pause that DoubleTick asks for is kept, though what was on its way beside
// it is answered.
func TestDispatchDue_PauseIsKept(t *testing.T) {
	w := newWorld(t)
	w.Block(w.AddCustomer(accounttest.Riya))
	c, _, err := w.Breaker.Connect(t.Context())
	w.Must(err)
	w.Must(w.Breaker.Record(t.Context(), c, doubletick.Result{State: data.Paused, RetryAfter: time.Minute}))
	w.Must(w.Breaker.Record(t.Context(), c, doubletick.Result{State: data.Online}))
	before := len(w.Server.Requests())
	for range 3 {
		w.Move(time.Second)
		_, err := w.DispatchDue(t.Context())
		w.Must(err)
	}
	if n := len(w.Server.Requests()) - before; n != 0 || w.Connection().State != data.Paused {
		t.Errorf("%d requests in the pause; %+v", n, w.Connection())
	}
	w.turns()
	if !w.Server.Blocked[string(accounttest.Riya)] || w.Connection().State != data.Online {
		t.Errorf("after the pause: %+v", w.Connection())
	}
}

// What a clock that was ahead put off is due when the clock is right again.
func TestDispatchDue_ClockWasAhead(t *testing.T) {
	w := newWorld(t)
	w.Move(24 * time.Hour)
	id := w.AddCustomer(accounttest.Riya)
	w.Block(id)
	w.Clock.Add(-(24 * time.Hour).Milliseconds())
	w.restart()
	w.turns()
	if w.SyncLine(id) != "Accepted by DoubleTick" {
		t.Errorf("%q %+v", w.SyncLine(id), w.Entries(id))
	}
}

// A block whose end comes while it waits is not told any more: nothing would
// take it back there for as long as the connection fails after it. What may
// have arrived before its end is taken back behind it.
func TestDispatchDue_BlockEndedWhileWaiting(t *testing.T) {
	for _, c := range []struct {
		f    accounttest.Fault
		want string // what is done there
	}{
		{accounttest.RefusedKey, "[]"},
		{accounttest.TooManyPlain, "[]"},
		{accounttest.Broken, "[block unblock]"},
		{accounttest.DropAfter, "[block block unblock]"},
	} {
		t.Run(string(c.f), func(t *testing.T) {
			w := newWorld(t)
			id := w.AddCustomer(accounttest.Riya)
			_, err := w.Desk.Block(t.Context(), accounttest.Asha, id, data.BlockRequest{Until: w.Now().Add(time.Minute)})
			w.Must(err)
			w.Server.Fail(accounttest.Once(c.f))
			_, err = w.DispatchDue(t.Context())
			w.Must(err)
			w.Move(time.Hour)
			w.turns()
			w.CheckInSync(id)
			if got := fmt.Sprint(w.Server.Order[string(accounttest.Riya)]); got != c.want {
				t.Errorf("there was done %s, want %s", got, c.want)
			}
			ended, err := w.Desk.Expire(t.Context())
			w.Must(err)
			if ended != 0 {
				t.Errorf("%d blocks are still to be ended after the turns", ended)
			}
		})
	}
}

// A key that was refused once and is taken after its pause leaves the link
// online, whatever was asked for twice meanwhile.
func TestSyncOnce_OnlineAfterRefusedKey(t *testing.T) {
	w := newWorld(t)
	id := w.AddCustomer(accounttest.Riya)
	w.Block(id)
	for range 2 {
		_, err := w.Desk.ResendAll(t.Context(), nil)
		w.Must(err)
	}
	w.Server.Fail(accounttest.Once(accounttest.RefusedKey))
	next, err := w.DispatchDue(t.Context())
	w.Must(err)
	if l := w.Connection(); l.State != data.KeyRefused {
		t.Fatalf("after the refusal the link is %+v", l)
	}
	w.MoveTo(next)
	w.Move(time.Second)
	w.Must(w.Desk.PauseAccount(t.Context(), false))
	w.turns()
	w.CheckInSync(id)
	if l := w.Connection(); l.State != data.Online {
		t.Errorf("after the answer the link is %+v", l)
	}
	w.Move(24 * time.Hour)
	w.turns()
	w.rounds()
	if l := w.Connection(); l.State != data.Online {
		t.Errorf("in the end the link is %+v", l)
	}
}
