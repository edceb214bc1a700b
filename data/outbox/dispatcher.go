// Package outbox sends what the desk has for its DoubleTick account: an outbox
// entry is tried until it is answered, in order for each customer, over restarts
// and days without a network. The desk's database is the truth: DoubleTick cannot
// be asked who is blocked.
package outbox

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/connection"
	"github.com/latchdesk/latchdesk/data/desk"
)

const (
	// maxInFlight is how many customers' entries are on their way at once.
	maxInFlight = 4
	// maxBackoff is the longest pause between two attempts at an entry, before
	// connection.Backoff makes it up to a fifth longer. There is no last attempt.
	maxBackoff = 10 * time.Minute
)

// Dispatcher sends the entries of a desk's outbox to its account. Only one works
// on a profile at a time: the one of the process that holds the work lock.
type Dispatcher struct {
	desk      *desk.Desk
	breaker   *connection.Breaker
	startedAt data.Moment
	wake      connection.Signal     // entries may be due
	failAt    func(failpoint) error // a test dies here

	mu sync.Mutex
	// notKnownSince are the entries of texts that DoubleTick did not know when it was
	// asked, and since when; zero where that has been believed.
	notKnownSince map[int64]data.Moment
}

// NewDispatcher returns a dispatcher that starts now: of texts written before, it
// asks whether they were sent.
func NewDispatcher(d *desk.Desk, b *connection.Breaker) *Dispatcher {
	return &Dispatcher{
		desk: d, breaker: b, startedAt: d.Now(), wake: connection.NewSignal(),
		failAt: func(failpoint) error { return nil }, notKnownSince: map[int64]data.Moment{},
	}
}

// Run sends entries as soon as they are due, until ctx ends.
func (d *Dispatcher) Run(ctx context.Context) {
	if !d.subscribe(ctx) {
		return
	}
	connection.Poll(ctx, d.wake, func(ctx context.Context) error {
		_, err := d.DispatchDue(ctx)
		return err
	})
}

// subscribe has every change from now on wake the dispatcher. It tries until it
// can, and reports whether it could before ctx ended.
func (d *Dispatcher) subscribe(ctx context.Context) bool {
	for {
		err := d.desk.Subscribe(ctx, func(changes []data.Change) {
			for _, c := range changes {
				all := c.Kind == data.WorldChanged
				if all || c.Kind == data.AccountChanged && c.CustomerID == 0 {
					d.breaker.InvalidateKey()
				}
				if all || c.Kind == data.AccountChanged {
					d.wake.Set()
				}
			}
		})
		if err == nil {
			return true
		}
		if connection.LogFailure(ctx, err) != nil {
			return false
		}
	}
}

// DispatchDue sends all entries that are due, in order for each customer, and
// returns the moment at which the next one is; zero where none waits.
func (d *Dispatcher) DispatchDue(ctx context.Context) (data.Moment, error) {
	t := &turn{d: d, inFlight: map[int64]bool{}, freed: make(chan struct{}, maxInFlight)}
	next, err := t.run(ctx)
	t.jobs.Wait()
	return next, errors.Join(err, t.err)
}

// turn is one call of DispatchDue.
type turn struct {
	d     *Dispatcher
	jobs  sync.WaitGroup
	freed chan struct{}

	mu       sync.Mutex
	inFlight map[int64]bool // ids of the entries on their way
	err      error
}

func (t *turn) run(ctx context.Context) (data.Moment, error) {
	ticker := time.NewTicker(connection.PollInterval)
	defer ticker.Stop()
	for {
		some, until, err := t.start(ctx)
		if err != nil || until != 0 {
			return until, err
		}
		t.mu.Lock()
		busy, failed := len(t.inFlight), t.err
		t.mu.Unlock()
		switch {
		case failed != nil:
			return 0, nil
		case busy > 0:
			select {
			case <-ctx.Done():
				return 0, ctx.Err()
			case <-t.freed:
			case <-t.d.wake:
			case <-ticker.C:
			}
		case some:
		default:
			return t.d.desk.NextEntryDue(ctx)
		}
	}
}

// start starts as many entries as there is room for, and reports whether there
// were any. If none may be started now, it returns the moment from which they may.
func (t *turn) start(ctx context.Context) (some bool, until data.Moment, err error) {
	client, account, err := t.d.breaker.Connect(ctx)
	if err != nil {
		return false, 0, err
	}
	now := t.d.desk.Now()
	until, halfOpen := t.d.breaker.RetryAt()
	if client == nil || now < until {
		return false, max(until, now+1), nil
	}
	room := maxInFlight
	if halfOpen {
		room = 1 // one request finds out for all
	}
	t.mu.Lock()
	busy := len(t.inFlight)
	t.mu.Unlock()
	if busy >= room {
		return false, 0, nil
	}
	due, err := t.d.desk.DueEntries(ctx, now, room+busy)
	if err != nil {
		return false, 0, err
	}
	for _, e := range due {
		t.mu.Lock()
		free := len(t.inFlight) < room && !t.inFlight[e.ID]
		if free {
			t.inFlight[e.ID] = true
		}
		t.mu.Unlock()
		if !free {
			continue
		}
		some = true
		t.jobs.Go(func() {
			err := t.d.process(ctx, client, account, e.ID)
			t.mu.Lock()
			delete(t.inFlight, e.ID)
			t.err = errors.Join(t.err, err)
			t.mu.Unlock()
			select {
			case t.freed <- struct{}{}:
			default: // run is woken already
			}
		})
	}
	return some, 0, nil
}
