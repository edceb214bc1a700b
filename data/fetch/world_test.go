package fetch

import (
	"testing"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/accounttest"
	"github.com/latchdesk/latchdesk/data/outbox"
)

// world is a desk that is joined to an account, with who works for it.
type world struct {
	*accounttest.World
	*Syncer
	dispatcher *outbox.Dispatcher
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{World: accounttest.New(t, t.TempDir(), t.Cleanup)}
	w.start()
	return w
}

// start has new ones work for the desk.
func (w *world) start() {
	w.Syncer = NewSyncer(w.Desk, w.Breaker)
	w.dispatcher = outbox.NewDispatcher(w.Desk, w.Breaker)
}

func (w *world) restart() {
	w.Helper()
	w.Close()
	w.Open()
	w.start()
}

// turns has all that waits told, however long that takes by the clock.
func (w *world) turns() {
	w.Helper()
	for range 200 {
		next, err := w.dispatcher.DispatchDue(w.Context())
		w.Must(err)
		if next == 0 {
			return
		}
		w.MoveTo(next)
	}
	w.Fatal("there is no end")
}

func (w *world) rounds() data.Moment {
	w.Helper()
	next, err := w.SyncOnce(w.Context())
	w.Must(err)
	return next
}
