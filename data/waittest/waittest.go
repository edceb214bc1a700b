// Package waittest provides waits for tests: each has a deadline, and says what
// it waited for when that passes.
package waittest

import (
	"context"
	"testing"
	"time"
)

// Deadline is how long a test waits for what must happen. It is generous: tests
// run on busy machines and under the race detector, where sixty clients at once
// take over a minute, and only a test that fails ever waits this long.
const Deadline = 4 * time.Minute

// T is the part of a test, benchmark or property that a wait needs.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Receive returns the next value of c, or the zero value where c is closed. It
// fails the test if neither comes by the deadline.
func Receive[V any](t T, what string, c <-chan V) V {
	t.Helper()
	late := time.NewTimer(Deadline)
	defer late.Stop()
	select {
	case v := <-c:
		return v
	case <-late.C:
		t.Fatalf("waited %v in vain for %s", Deadline, what)
	}
	panic("unreachable: Fatalf does not return")
}

// Return waits until f returns, and fails the test if it does not by the
// deadline. It is for functions that wait, such as WaitGroup.Wait.
func Return(t T, what string, f func()) {
	t.Helper()
	returned := make(chan struct{})
	go func() {
		defer close(returned)
		f()
	}()
	Receive(t, what, returned)
}

// Until checks cond each millisecond until it holds, and fails the test if it
// does not by the deadline. Cond runs on the caller's goroutine.
func Until(t T, what string, cond func() bool) {
	t.Helper()
	for late := time.Now().Add(Deadline); !cond(); {
		if time.Now().After(late) {
			t.Fatalf("waited %v in vain for %s", Deadline, what)
		}
		<-time.After(time.Millisecond)
	}
}

// Context returns a context that ends with the test, and at the deadline at the
// latest: what waits by it, such as a request or another process, fails then
// with context.DeadlineExceeded.
func Context(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), Deadline)
	t.Cleanup(cancel)
	return ctx
}
