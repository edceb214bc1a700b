package connection_test

import (
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/accounttest"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

// Three lost answers open the breaker, an answer closes it.
func TestBreaker_OpensAndCloses(t *testing.T) {
	w := accounttest.New(t, t.TempDir(), t.Cleanup)
	c, _, err := w.Breaker.Connect(t.Context())
	w.Must(err)
	lost := doubletick.Result{OpResult: data.OpResult{Kind: data.ResultUnknown, Message: "lost"}, State: data.Offline}
	for n := 1; n <= 3; n++ {
		w.Must(w.Breaker.Record(t.Context(), c, lost))
		at, halfOpen := w.Breaker.RetryAt()
		if at <= w.Now() || !halfOpen || w.Breaker.Offline() != (n == 3) || (w.Connection().State == data.Offline) != (n == 3) {
			t.Errorf("after %d lost answers: not before %v, half open %v, offline %v, %+v", n, at, halfOpen, w.Breaker.Offline(), w.Connection())
		}
		w.MoveTo(at)
	}
	w.Must(w.Breaker.Record(t.Context(), c, doubletick.Result{State: data.Online}))
	if at, halfOpen := w.Breaker.RetryAt(); at != 0 || halfOpen || w.Breaker.Offline() || w.Connection().State != data.Online {
		t.Errorf("after an answer: not before %v, half open %v, %+v", at, halfOpen, w.Connection())
	}
}

// What a client says that is no longer in use changes nothing.
func TestBreaker_StaleClient(t *testing.T) {
	w := accounttest.New(t, t.TempDir(), t.Cleanup)
	before, _, err := w.Breaker.Connect(t.Context())
	w.Must(err)
	w.Must(w.Credentials.Save("another"))
	w.Breaker.InvalidateKey()
	c, _, err := w.Breaker.Connect(t.Context())
	w.Must(err)
	if c == before {
		t.Fatal("the key is another, and the client is not")
	}
	w.Must(w.Breaker.Record(t.Context(), before, doubletick.Result{State: data.KeyRefused}))
	if at, halfOpen := w.Breaker.RetryAt(); at != 0 || halfOpen || w.Connection().State == data.KeyRefused {
		t.Errorf("not before %v, half open %v, %+v", at, halfOpen, w.Connection())
	}
	w.Must(w.Breaker.Record(t.Context(), c, doubletick.Result{State: data.KeyRefused}))
	if at, _ := w.Breaker.RetryAt(); at < w.Now().Add(time.Minute) || w.Connection().State != data.KeyRefused {
		t.Errorf("not before %v, %+v", at, w.Connection())
	}
}
