package waittest

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// failing records the failure that ends it, as a test would.
type failing struct{ said string }

func (f *failing) Helper() {}

func (f *failing) Fatalf(format string, args ...any) {
	f.said = fmt.Sprintf(format, args...)
	panic(f)
}

// fails returns what the wait fails with, and after how long.
func fails(wait func(T)) (said string, after time.Duration) {
	f, begun := &failing{}, time.Now()
	defer func() {
		switch r := recover(); r {
		case nil:
		case f:
			said, after = f.said, time.Since(begun)
		default:
			panic(r)
		}
	}()
	wait(f)
	return "", time.Since(begun)
}

func TestWaits_FailAtTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan struct{})
		for name, wait := range map[string]func(T){
			"Receive": func(t T) { Receive(t, "a letter", make(chan int)) },
			"Return":  func(t T) { Return(t, "a letter", func() { <-ended }) },
			"Until":   func(t T) { Until(t, "a letter", func() bool { return false }) },
		} {
			said, after := fails(wait)
			if !strings.HasSuffix(said, "in vain for a letter") || after < Deadline || after > Deadline+time.Second {
				t.Errorf("%s: %q after %v", name, said, after)
			}
		}
		close(ended)
	})
}

func TestWaits_ReturnOnceItHappens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		letters, times := make(chan int), 0
		go func() { letters <- 7 }()
		for name, wait := range map[string]func(T){
			"Receive": func(T) {
				if got := Receive(t, "a letter", letters); got != 7 {
					t.Errorf("got %d", got)
				}
			},
			"Return": func(t T) { Return(t, "a letter", func() {}) },
			"Until":  func(t T) { Until(t, "a letter", func() bool { times++; return times == 3 }) },
		} {
			if said, after := fails(wait); said != "" || after > time.Second {
				t.Errorf("%s: %q after %v", name, said, after)
			}
		}
		ctx := Context(t)
		<-ctx.Done()
		if at, ok := ctx.Deadline(); !ok || time.Now().Before(at) {
			t.Errorf("the context ended before %v", at)
		}
	})
}
