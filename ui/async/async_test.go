package async

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data/waittest"
)

// harness is a Runner whose results the test takes one by one.
type harness struct {
	*Runner
	t      *testing.T
	leave  context.CancelFunc
	done   chan func()
	failed []error
}

func newHarness(t *testing.T) *harness {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	h := &harness{t: t, leave: cancel, done: make(chan func(), 100)}
	h.Runner = New(ctx, func(do func()) { h.done <- do }, func(err error) { h.failed = append(h.failed, err) })
	return h
}

// next runs the next thing that came back, on the test's goroutine.
func (h *harness) next() {
	h.t.Helper()
	select {
	case do := <-h.done:
		do()
	case <-time.After(waittest.Deadline):
		h.t.Fatal("nothing came back")
	}
}

func TestEnqueue_KeepsOrder(t *testing.T) {
	h := newHarness(t)
	var mu sync.Mutex
	var done, told []int
	running := 0
	for i := range 50 {
		h.Enqueue(func(context.Context) error {
			mu.Lock()
			defer mu.Unlock()
			if running++; running != 1 {
				t.Error("two acts are done at once")
			}
			done = append(done, i)
			running--
			return nil
		}, func(err error) {
			if err != nil {
				t.Error(err)
			}
			told = append(told, i)
		})
	}
	for range 50 {
		h.next()
	}
	want := make([]int, 50)
	for i := range want {
		want[i] = i
	}
	if !slices.Equal(done, want) || !slices.Equal(told, want) {
		t.Errorf("done in the order %v, told in the order %v", done, told)
	}
}

func TestEnqueue_ReportsError(t *testing.T) {
	h := newHarness(t)
	broken := errors.New("the disk is full")
	var got error
	h.Enqueue(func(context.Context) error { return broken }, func(err error) { got = err })
	h.next()
	if got != broken || len(h.failed) != 0 {
		t.Errorf("told %v, the window %v", got, h.failed)
	}
	h.Enqueue(func(context.Context) error { return broken }, nil)
	h.next()
	if len(h.failed) != 1 || h.failed[0] != broken {
		t.Errorf("the window was told %v", h.failed)
	}
	h.Enqueue(func(context.Context) error { return context.Canceled }, nil)
	h.next()
	if len(h.failed) != 1 {
		t.Errorf("the end of the window is told as %v", h.failed[1:])
	}
}

func TestWait_WaitsForAllActs(t *testing.T) {
	h := newHarness(t)
	h.Wait() // nothing to wait for
	gate := make(chan struct{})
	var mu sync.Mutex
	done := 0
	for range 3 {
		h.Enqueue(func(context.Context) error {
			<-gate
			mu.Lock()
			defer mu.Unlock()
			done++
			return nil
		}, nil)
	}
	waited := make(chan struct{})
	go func() {
		h.Wait()
		close(waited)
	}()
	select {
	case <-waited:
		t.Fatal("it did not wait")
	default:
	}
	close(gate)
	waittest.Receive(t, "Wait to return", waited)
	mu.Lock()
	defer mu.Unlock()
	if done != 3 {
		t.Errorf("it waited for %d of 3", done)
	}
}

func TestLoad_ShowsOnlyTheLast(t *testing.T) {
	h := newHarness(t)
	s := h.NewSlot()
	if s.Busy() {
		t.Error("an empty slot is busy")
	}
	first := make(chan struct{})
	cancelled := make(chan error, 1)
	var shown []string
	Load(s, func(ctx context.Context) (string, error) {
		close(first)
		<-ctx.Done()
		cancelled <- ctx.Err()
		return "first", nil // read all the same
	}, func(text string) { shown = append(shown, text) })
	waittest.Receive(t, "the first read to begin", first)
	if !s.Busy() {
		t.Error("it is not busy")
	}
	Load(s, func(context.Context) (string, error) { return "second", nil }, func(text string) {
		shown = append(shown, text)
		if s.Busy() {
			t.Error("while it shows the result it is busy still, so nothing more could be asked for")
		}
	})
	if err := waittest.Receive(t, "the first read to be cancelled", cancelled); err == nil {
		t.Error("what nobody wants any more is read on")
	}
	h.next()
	h.next()
	if !slices.Equal(shown, []string{"second"}) || s.Busy() {
		t.Errorf("shown: %v, busy: %v", shown, s.Busy())
	}
}

func TestSlot_IsIndependentOfOthers(t *testing.T) {
	h := newHarness(t)
	var shown []string
	for _, name := range []string{"list", "chat"} {
		Load(h.NewSlot(), func(context.Context) (string, error) { return name, nil }, func(text string) { shown = append(shown, text) })
	}
	h.next()
	h.next()
	slices.Sort(shown)
	if !slices.Equal(shown, []string{"chat", "list"}) {
		t.Errorf("shown: %v", shown)
	}
}

func TestSlot_CancelShowsNothing(t *testing.T) {
	h := newHarness(t)
	s := h.NewSlot()
	Load(s, func(context.Context) (int, error) { return 1, nil }, func(int) { t.Error("it is shown") })
	s.Cancel()
	if s.Busy() {
		t.Error("stopped, it is busy")
	}
	h.next()
	s.Cancel() // twice
	Load(s, func(context.Context) (int, error) { return 0, errors.New("too late") }, func(int) {})
	s.Cancel()
	h.next()
	if len(h.failed) != 0 {
		t.Errorf("the window was told %v", h.failed)
	}
}

func TestLoad_ReportsErrorOnce(t *testing.T) {
	h := newHarness(t)
	s := h.NewSlot()
	broken := errors.New("the database is damaged")
	Load(s, func(context.Context) (int, error) { return 0, broken }, func(int) { t.Error("it is shown") })
	h.next()
	if len(h.failed) != 1 || h.failed[0] != broken || s.Busy() {
		t.Errorf("told: %v, busy: %v", h.failed, s.Busy())
	}
}

func TestRunner_EndsWithContext(t *testing.T) {
	h := newHarness(t)
	if h.Context().Err() != nil {
		t.Error("it ended before it began")
	}
	s := h.NewSlot()
	Load(s, func(ctx context.Context) (int, error) {
		<-ctx.Done()
		return 0, ctx.Err()
	}, func(int) { t.Error("it is shown") })
	h.leave()
	h.next()
	if len(h.failed) != 0 || h.Context().Err() == nil {
		t.Errorf("told: %v", h.failed)
	}
}

func TestRunOnUI_DispatchesLater(t *testing.T) {
	h := newHarness(t)
	done := false
	h.RunOnUI(func() { done = true })
	if done {
		t.Error("it was done on the caller's")
	}
	h.next()
	if !done {
		t.Error("it was not done")
	}
}
