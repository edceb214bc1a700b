// Package work runs what must not run on the interface's goroutine, and brings
// the result back to it. Reads run beside each other; acts run one after the
// other, in the order they were asked for.
package work

import (
	"context"
	"errors"
	"sync"
)

// Work is where the window's panes have things done.
type Work struct {
	ctx      context.Context
	dispatch func(func()) // runs a function on the interface's goroutine
	failed   func(error)  // shows what nobody else shows; called there

	mu     sync.Mutex
	acts   []func()
	acting bool
	beside int // that are being done beside the acts
	idle   *sync.Cond
}

// New makes a Work whose jobs end with ctx.
func New(ctx context.Context, dispatch func(func()), failed func(error)) *Work {
	w := &Work{ctx: ctx, dispatch: dispatch, failed: failed}
	w.idle = sync.NewCond(&w.mu)
	return w
}

// Context ends when the window closes.
func (w *Work) Context() context.Context { return w.ctx }

// Later runs do on the interface's goroutine, soon.
func (w *Work) Later(do func()) { w.dispatch(do) }

// Act has act done after all acts before it, and then done on the interface's
// goroutine with its error. Without done a failure is shown by the window.
func (w *Work) Act(act func(context.Context) error, done func(error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.acts = append(w.acts, func() {
		err := act(w.ctx)
		w.dispatch(func() {
			switch {
			case done != nil:
				done(err)
			case err != nil && !errors.Is(err, context.Canceled):
				w.failed(err)
			}
		})
	})
	if !w.acting {
		w.acting = true
		go w.run()
	}
}

func (w *Work) run() {
	for {
		w.mu.Lock()
		if len(w.acts) == 0 {
			w.acting = false
			w.idle.Broadcast()
			w.mu.Unlock()
			return
		}
		act := w.acts[0]
		w.acts = w.acts[1:]
		w.mu.Unlock()
		act()
	}
}

// Beside has something done that takes so long that no act may wait for it, and
// then done on the interface's goroutine with its error. It ends early with stop.
func (w *Work) Beside(do func(context.Context) error, done func(error)) (stop func()) {
	ctx, cancel := context.WithCancel(w.ctx)
	w.mu.Lock()
	w.beside++
	w.mu.Unlock()
	go func() {
		defer cancel()
		err := do(ctx)
		w.dispatch(func() { done(err) })
		w.mu.Lock()
		defer w.mu.Unlock()
		w.beside--
		w.idle.Broadcast()
	}()
	return cancel
}

// Wait returns when every act that was asked for has been done, and all that is
// done beside them.
func (w *Work) Wait() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.acting || w.beside > 0 {
		w.idle.Wait()
	}
}

// Slot is a place for one read at a time: a new one makes the one before
// unwanted. It belongs to the interface's goroutine.
type Slot struct {
	work   *Work
	cancel context.CancelFunc
	turn   int
}

// Slot returns an empty slot.
func (w *Work) Slot() *Slot { return &Slot{work: w} }

// Load reads off the interface's goroutine and shows the result on it, unless
// something else was loaded into the slot meanwhile.
func Load[T any](s *Slot, read func(context.Context) (T, error), show func(T)) {
	s.Stop()
	ctx, cancel := context.WithCancel(s.work.ctx)
	s.cancel = cancel
	turn := s.turn
	go func() {
		result, err := read(ctx)
		s.work.dispatch(func() {
			cancel()
			if turn != s.turn {
				return
			}
			s.cancel = nil
			switch {
			case err == nil:
				show(result)
			case !errors.Is(err, context.Canceled):
				s.work.failed(err)
			}
		})
	}()
}

// Busy reports whether something is being loaded.
func (s *Slot) Busy() bool { return s.cancel != nil }

// Stop makes unwanted what is being loaded.
func (s *Slot) Stop() {
	s.turn++
	if s.cancel != nil {
		s.cancel()
		s.cancel = nil
	}
}
