package store_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/store"
	"github.com/latchdesk/latchdesk/data/waittest"
)

// Changes that could not be read are asked for again until they can be, though
// nothing else changes.
func TestWatch_ReadsAgainWhatItCouldNotRead(t *testing.T) {
	was := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler))
	defer slog.SetDefault(was)
	s := openNew(t)
	d := desk.New(s)
	told := make(chan []data.Change, 10)
	if err := d.Subscribe(t.Context(), func(changes []data.Change) { told <- slices.Clone(changes) }); err != nil {
		t.Fatal(err)
	}
	write(t, s, func(tx *store.Tx) error { return tx.Changed(data.CustomerChanged, 7) })
	failed := s.FailReads(t, "FROM changes WHERE seq >", 2, errors.New("the disk is on fire"))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Watch(ctx) }()
	select {
	case got := <-told:
		if len(got) != 1 || got[0].CustomerID != 7 || failed() != 2 {
			t.Errorf("after %d failures told is %v", failed(), got)
		}
	case err := <-ended:
		t.Fatalf("Watch ended: %v", err)
	case <-time.After(waittest.Deadline):
		t.Fatalf("waited in vain for the change after %d failures", failed())
	}
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(waittest.Deadline):
		t.Fatal("Watch does not end")
	}
}

// Watch calls at once, for every commit of another connection, and when it is
// woken; it ends with the error of what it calls.
func TestReadsWatch_CallsWhenSomethingMayHaveChanged(t *testing.T) {
	path := newPath(t)
	s, other := openAt(t, path), openAt(t, path)
	wake, called := make(chan struct{}), make(chan struct{})
	fault := errors.New("the disk is on fire")
	ended := make(chan error, 1)
	calls := 0
	go func() {
		ended <- s.Watch(t.Context(), time.Millisecond, wake, func() error {
			if calls++; calls == 4 {
				return fault
			}
			called <- struct{}{}
			return nil
		})
	}()
	await := func(what string) {
		t.Helper()
		select {
		case <-called:
		case <-time.After(waittest.Deadline):
			t.Fatalf("waited in vain for a call %s", what)
		}
	}
	await("at the start")
	write(t, other, func(tx *store.Tx) error { return tx.Changed(data.CustomerChanged, 1) })
	await("after a commit")
	wakes := func() {
		t.Helper()
		select {
		case wake <- struct{}{}:
		case <-time.After(waittest.Deadline):
			t.Fatal("waited in vain for it to be woken")
		}
	}
	wakes()
	await("after it was woken")
	wakes()
	select {
	case err := <-ended:
		if !errors.Is(err, fault) {
			t.Errorf("it ends with %v", err)
		}
	case <-time.After(waittest.Deadline):
		t.Fatal("waited in vain for its end")
	}
}
