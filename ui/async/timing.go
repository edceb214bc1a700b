package async

import (
	"sync"
	"time"
)

// After calls do on the interface's goroutine once wait has passed, unless stop
// is called there before.
func (w *Runner) After(wait time.Duration, do func()) (stop func()) {
	stopped := false
	timer := time.AfterFunc(wait, func() {
		w.dispatch(func() {
			if !stopped {
				do()
			}
		})
	})
	return func() {
		stopped = true
		timer.Stop()
	}
}

// throttleInterval is how often a figure that runs is shown.
const throttleInterval = 100 * time.Millisecond

// Throttle returns a function for any goroutine that has show called on the
// interface's goroutine with the newest value, at most once per 100 ms. Values in
// between are dropped.
func Throttle[T any](r *Runner, show func(T)) func(T) {
	var (
		mu      sync.Mutex
		newest  T
		shown   time.Time
		pending bool
	)
	return func(value T) {
		mu.Lock()
		newest = value
		skip := pending || time.Since(shown) < throttleInterval
		if !skip {
			pending, shown = true, time.Now()
		}
		mu.Unlock()
		if skip {
			return
		}
		r.dispatch(func() {
			mu.Lock()
			value := newest
			pending = false
			mu.Unlock()
			show(value)
		})
	}
}
