package account

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"sync"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/clock"
	"github.com/latchdesk/latchdesk/data/credentials"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

// Worker does what a desk and its account have to do with each other. Only one
// works at a time: whoever does the profile's work.
type Worker struct {
	desk      *desk.Desk
	keys      *credentials.Store
	version   string
	startedAt data.Moment

	sleep  func(context.Context, time.Duration) error // waits; a test moves its clock
	jitter func() float64                             // from 0 to 1
	failAt func(failpoint) error                      // a test dies here

	timeout time.Duration                                                        // for one answer; zero for what is usual
	dial    func(ctx context.Context, network, address string) (net.Conn, error) // nil for what is usual

	wake chan struct{} // something may be due

	mu            sync.Mutex
	client        *doubletick.Client // of the account and key it was made for
	account       data.Account
	key           string
	stale         bool // the key may be another
	refused       bool // the key was, and is read anew before it is tried again
	failures      int  // failures since the last answer
	retryAt       data.Moment
	pausedUntil   data.Moment // the end of the pause that DoubleTick asked for
	offline       bool        // as it was told last
	fetching      *data.Connection
	notKnownThere map[int64]bool        // entries of texts that DoubleTick did not know when it was asked
	lastPolled    map[int64]data.Moment // when the status of a text was asked for last
	missed        map[string]missed     // chats to be fetched once more
	deep          int                   // how many pages the next round walks in any case, because one behind them did not come
	nextRun       data.Moment           // of the round of fetching after this one
	idleRuns      int                   // rounds of fetching without news
	failedRuns    int                   // rounds of fetching that failed
}

// failpoint is a place in an outbox entry's course at which everything can end.
type failpoint string

const (
	beforeClaim  failpoint = "before it is taken"
	afterClaim   failpoint = "after it is taken"
	beforeResend failpoint = "before a lost text is sent"
	beforeRecord failpoint = "after the answer, before it is written"
	afterRecord  failpoint = "after the answer is written"
)

// NewWorker returns the worker of a desk.
func NewWorker(d *desk.Desk, keys *credentials.Store, version string) *Worker {
	return &Worker{
		desk: d, keys: keys, version: version, startedAt: d.Now(), notKnownThere: map[int64]bool{},
		sleep: clock.Sleep, jitter: rand.Float64, failAt: func(failpoint) error { return nil },
		wake: make(chan struct{}, 1), lastPolled: map[int64]data.Moment{}, missed: map[string]missed{},
	}
}

// pollInterval is how long an outbox entry that another process wrote waits at most
// where nobody watches the desk's changes.
const pollInterval = time.Second

// afterFailure is how long the worker rests when the database failed it.
const afterFailure = 10 * time.Second

// Work goes on until ctx ends: it tells DoubleTick what waits, as soon as it
// waits, and fetches gently what is new.
func (w *Worker) Work(ctx context.Context) {
	fetches := make(chan struct{}, 1)
	if !w.subscribe(ctx) {
		return
	}
	var jobs sync.WaitGroup
	jobs.Go(func() { w.repeat(ctx, w.wake, w.DispatchDue) })
	jobs.Go(func() { w.repeat(ctx, fetches, w.SyncOnce) })
	jobs.Go(func() { w.watchNetwork(ctx, fetches) })
	jobs.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.client != nil {
		w.client.Close()
	}
}

// subscribe has the worker hear of every change from now on. It tries until it
// can, and reports whether it could before ctx ended.
func (w *Worker) subscribe(ctx context.Context) bool {
	for {
		err := w.desk.Subscribe(ctx, func(changes []data.Change) {
			for _, c := range changes {
				all := c.Kind == data.WorldChanged
				if all || c.Kind == data.AccountChanged && c.CustomerID == 0 {
					w.invalidateKey()
				}
				if all || c.Kind == data.AccountChanged {
					signal(w.wake)
				}
			}
		})
		if err == nil {
			return true
		}
		if ctx.Err() != nil {
			return false
		}
		slog.Error("cannot work for the account", "error", err)
		if clock.Sleep(ctx, afterFailure) != nil {
			return false
		}
	}
}

func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default: // awake already
	}
}

// invalidateKey has the key read anew before it is used again.
func (w *Worker) invalidateKey() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stale = true
}

// repeat does a job, and again when it says so, when woken, and each second to
// see what was missed.
func (w *Worker) repeat(ctx context.Context, woken <-chan struct{}, job func(context.Context) (data.Moment, error)) {
	turn := time.NewTicker(pollInterval)
	defer turn.Stop()
	for ctx.Err() == nil {
		if _, err := job(ctx); err != nil && ctx.Err() == nil {
			slog.Error("cannot work for the account", "error", err)
			if clock.Sleep(ctx, afterFailure) != nil {
				return
			}
		}
		select {
		case <-ctx.Done():
		case <-woken:
		case <-turn.C:
		}
	}
}

// connect returns the client of the account as it is now, nil where nothing is to
// be asked: no account, a pause, or no key.
func (w *Worker) connect(ctx context.Context) (*doubletick.Client, data.Account, error) {
	a, err := w.desk.Account(ctx)
	if err != nil || !a.Joined() {
		return nil, a, err
	}
	if a.Paused {
		return nil, a, w.desk.SetConnection(ctx, data.Connection{State: data.Paused})
	}
	w.mu.Lock()
	c, until := w.client, w.retryAt
	stale := w.stale || w.refused && w.desk.Now() >= until
	usedKey := w.key
	same := c != nil && w.account.Base == a.Base && w.account.JoinedAt == a.JoinedAt
	w.mu.Unlock()
	if same && !stale {
		return c, a, nil
	}
	if c == nil && !stale && w.desk.Now() < until {
		return nil, a, nil
	}
	w.mu.Lock()
	w.stale = false // what is renewed from here on is renewed once more
	w.mu.Unlock()
	key, err := w.keys.Key()
	if err != nil {
		w.mu.Lock()
		w.client, w.refused, w.retryAt = nil, true, w.desk.Now().Add(keyRetryInterval)
		w.mu.Unlock()
		state, why := data.KeyRefused, "No key is kept for the account"
		if !errors.Is(err, credentials.ErrNoKey) {
			why = "The key cannot be read: " + err.Error()
		}
		return nil, a, w.desk.SetConnection(ctx, data.Connection{State: state, Reason: why})
	}
	link, err := w.desk.Connection(ctx)
	if err != nil {
		return nil, a, err
	}
	if c == nil {
		if err := w.desk.ClampDueTimes(ctx); err != nil {
			return nil, a, err
		}
	}
	if now, err := w.desk.Account(ctx); err != nil || now != a {
		w.invalidateKey() // the key may be of the one before
		return nil, now, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused = false
	if same && usedKey == key {
		if link.State == data.NotConnected {
			w.failures, w.retryAt, w.pausedUntil = 0, 0, 0 // the agent wants it tried
		}
		return c, a, nil
	}
	if c != nil {
		c.Close()
	}
	w.client = doubletick.NewClient(doubletick.Config{
		Base: a.Base, Key: key, Version: w.version, Now: w.desk.Now, Sleep: w.sleep, Timeout: w.timeout, Dial: w.dial,
	})
	w.account, w.key = a, key
	w.failures, w.retryAt, w.pausedUntil = 0, 0, 0 // what went wrong with the one before says nothing of this one
	if link.State == data.KeyRefused || link.State == data.Offline {
		w.failures = 1 // one finds out for all
	}
	w.offline = link.State == data.Offline
	return w.client, a, nil
}

const (
	// minBackoff doubles with every try until maxBackoff.
	minBackoff = 2 * time.Second
	maxBackoff = 10 * time.Minute
	// maxConnectionBackoff is how long nothing at all is tried while nothing answers.
	maxConnectionBackoff = time.Minute
	// keyRetryInterval is how long a key that was refused is left alone.
	keyRetryInterval = 10 * time.Minute
	// defaultPause is how long DoubleTick is left alone that does not say how long.
	defaultPause = 30 * time.Second
)

// backoff is the pause after so many tries, up to a fifth longer or shorter so
// that not all come at once.
func (w *Worker) backoff(tries int, longest time.Duration) time.Duration {
	long := longest
	if tries < 20 {
		long = min(longest, minBackoff<<max(0, tries-1))
	}
	return time.Duration(float64(long) * (0.8 + 0.4*w.jitter()))
}

// recordOutcome takes what an answer says of the link: it is told where it is news, and
// decides how long nothing is asked.
func (w *Worker) recordOutcome(ctx context.Context, c *doubletick.Client, v doubletick.Result) error {
	now := w.desk.Now()
	w.mu.Lock()
	if w.client != c {
		w.mu.Unlock()
		return nil // of an account or a key that is no more
	}
	link := data.Connection{State: v.State, Reason: v.Message}
	hurry := false
	switch v.State {
	case data.Online:
		link.Reason = ""
		hurry, w.offline = w.offline, false
		w.failures, w.retryAt = 0, 0
		if now < w.pausedUntil { // one that was on its way already
			w.retryAt = w.pausedUntil
			w.mu.Unlock()
			return nil
		}
		if w.fetching != nil {
			link = *w.fetching
		}
	case data.KeyRefused:
		w.refused = true
		w.failures++
		w.retryAt = now.Add(keyRetryInterval)
	case data.Paused:
		w.retryAt = max(w.retryAt, now.Add(max(v.RetryAfter, time.Second)))
		if v.RetryAfter == 0 {
			w.retryAt = now.Add(defaultPause)
		}
		w.pausedUntil = w.retryAt
		link.Reason = fmt.Sprintf("%s until %s", v.Message, w.retryAt.TimeOfDay())
	default:
		w.failures++
		w.retryAt = now.Add(max(v.RetryAfter, w.backoff(w.failures, maxConnectionBackoff)))
		if v.Kind != data.ResultNotSent && w.failures < 3 {
			link.State = "" // one lost answer is no news
		} else {
			w.offline = true
		}
	}
	w.mu.Unlock()
	if link.State == "" {
		return nil
	}
	if err := w.desk.SetConnection(ctx, link); err != nil {
		return err
	}
	if hurry {
		return w.desk.RetryUnreachable(ctx)
	}
	return nil
}

// RetryAfter returns the moment until which nothing is asked, and whether the link
// must be tried with care.
func (w *Worker) retryAfter() (until data.Moment, careful bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.retryAt, w.failures > 0
}
