// Package async runs what must not run on the interface's goroutine, and brings
// the result back to it. Reads run beside each other; acts run one after the
// other, in the order they were asked for.
package async

import (
	"context"
	"errors"
	"sync"
)

// Runner is where the window's panes have things done.
type Runner struct {
	ctx      context.Context
	dispatch func(func()) // runs a function on the interface's goroutine
	onError  func(error)  // shows what nobody else shows; called there

	mu         sync.Mutex
	queue      []func()
	draining   bool
	concurrent int // that are being done beside the acts
	idle       *sync.Cond
}

// New makes a Work whose jobs end with ctx.
func New(ctx context.Context, dispatch func(func()), failed func(error)) *Runner {
	w := &Runner{ctx: ctx, dispatch: dispatch, onError: failed}
	w.idle = sync.NewCond(&w.mu)
	return w
}

// Context ends when the window closes.
func (w *Runner) Context() context.Context { return w.ctx }

// RunOnUI runs do on the interface's goroutine, soon.
func (w *Runner) RunOnUI(do func()) { w.dispatch(do) }

// Enqueue has act done after all acts before it, and then done on the interface's
// goroutine with its error. Without done a failure is shown by the window.
func (w *Runner) Enqueue(act func(context.Context) error, done func(error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queue = append(w.queue, func() {
		err := act(w.ctx)
		w.dispatch(func() {
			switch {
			case done != nil:
				done(err)
			case err != nil && !errors.Is(err, context.Canceled):
				w.onError(err)
			}
		})
	})
	if !w.draining {
		w.draining = true
		go w.drain()
	}
}

func (w *Runner) drain() {
	for {
		w.mu.Lock()
		if len(w.queue) == 0 {
			w.draining = false
			w.idle.Broadcast()
			w.mu.Unlock()
			return
		}
		act := w.queue[0]
		w.queue = w.queue[1:]
		w.mu.Unlock()
		act()
	}
}

// Go has something done that takes so long that no act may wait for it, and
// then done on the interface's goroutine with its error. It ends early with stop.
func (w *Runner) Go(do func(context.Context) error, done func(error)) (stop func()) {
	ctx, cancel := context.WithCancel(w.ctx)
	w.mu.Lock()
	w.concurrent++
	w.mu.Unlock()
	go func() {
		defer cancel()
		err := do(ctx)
		w.dispatch(func() { done(err) })
		w.mu.Lock()
		defer w.mu.Unlock()
		w.concurrent--
		w.idle.Broadcast()
	}()
	return cancel
}

// Wait returns when every act that was asked for has been done, and all that is
// done beside them.
func (w *Runner) Wait() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.draining || w.concurrent > 0 {
		w.idle.Wait()
	}
}

// Slot is a place for one read at a time: a new one makes the one before
// unwanted. It belongs to the interface's goroutine.
type Slot struct {
	runner     *Runner
	cancel     context.CancelFunc
	generation int
}

// NewSlot returns an empty slot.
func (w *Runner) NewSlot() *Slot { return &Slot{runner: w} }

// Load reads off the interface's goroutine and shows the result on it, unless
// something else was loaded into the slot meanwhile.
func Load[T any](s *Slot, read func(context.Context) (T, error), show func(T)) {
	s.Cancel()
	ctx, cancel := context.WithCancel(s.runner.ctx)
	s.cancel = cancel
	turn := s.generation
	go func() {
		result, err := read(ctx)
		s.runner.dispatch(func() {
			cancel()
			if turn != s.generation {
				return
			}
			s.cancel = nil
			switch {
			case err == nil:
				show(result)
			case !errors.Is(err, context.Canceled):
				s.runner.onError(err)
			}
		})
	}()
}

// Busy reports whether something is being loaded.
func (s *Slot) Busy() bool { return s.cancel != nil }

// Cancel makes unwanted what is being loaded.
func (s *Slot) Cancel() {
	s.generation++
	if s.cancel != nil {
		s.cancel()
		s.cancel = nil
	}
}
