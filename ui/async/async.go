// Package async runs what must not run on the interface's goroutine, and brings the
// result back to it. Reads run concurrently; acts run one after the other, in the
// order in which they were queued.
package async

import (
	"context"
	"errors"
	"sync"
)

// Runner runs the reads and acts of one window.
type Runner struct {
	ctx      context.Context
	dispatch func(func()) // runs a function on the interface's goroutine
	onError  func(error)  // shows what nobody else shows; called there

	mu         sync.Mutex
	queue      []func()
	draining   bool
	concurrent int // calls of Go that are running
	idle       *sync.Cond
}

// New returns a Runner whose reads and acts are cancelled with ctx. dispatch runs a
// function on the interface's goroutine, where onError is called with errors that
// nobody else handles.
func New(ctx context.Context, dispatch func(func()), onError func(error)) *Runner {
	w := &Runner{ctx: ctx, dispatch: dispatch, onError: onError}
	w.idle = sync.NewCond(&w.mu)
	return w
}

// Context returns the context that New was called with.
func (w *Runner) Context() context.Context { return w.ctx }

// RunOnUI runs do on the interface's goroutine. It does not wait for it.
func (w *Runner) RunOnUI(do func()) { w.dispatch(do) }

// Enqueue runs act after all acts before it, and then calls done with its error on
// the interface's goroutine. If done is nil, the window shows the error.
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

// Go runs do concurrently, for what takes so long that no act should wait for it, and
// then calls done with its error on the interface's goroutine. Calling stop cancels
// the context of do.
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

// Wait waits until every act, and all that Go has started, is done.
func (w *Runner) Wait() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.draining || w.concurrent > 0 {
		w.idle.Wait()
	}
}

// Slot holds one read at a time: a new one cancels the one before. It belongs to the
// interface's goroutine.
type Slot struct {
	runner     *Runner
	cancel     context.CancelFunc
	generation int
}

// NewSlot returns an empty slot.
func (w *Runner) NewSlot() *Slot { return &Slot{runner: w} }

// Load calls read on another goroutine and then show on the interface's, unless
// something else is loaded into the slot meanwhile.
func Load[T any](s *Slot, read func(context.Context) (T, error), show func(T)) {
	s.Cancel()
	ctx, cancel := context.WithCancel(s.runner.ctx)
	s.cancel = cancel
	generation := s.generation
	go func() {
		result, err := read(ctx)
		s.runner.dispatch(func() {
			cancel()
			if generation != s.generation {
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

// Busy reports whether a read is under way.
func (s *Slot) Busy() bool { return s.cancel != nil }

// Cancel cancels the read that is under way, if any.
func (s *Slot) Cancel() {
	s.generation++
	if s.cancel != nil {
		s.cancel()
		s.cancel = nil
	}
}
