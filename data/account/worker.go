package account

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Worker does what a desk and its account have to do with each other. Only one
// works at a time: whoever does the profile's work.
type Worker struct {
	desk    *desk.Desk
	keys    *Keys
	version string
	began   data.Moment

	pause  func(context.Context, time.Duration) error // waits; a test moves its clock
	chance func() float64                             // from 0 to 1
	at     func(point) error                          // a test dies here

	patience time.Duration // for one answer; zero for what is usual
	dial     dialer        // nil for what is usual

	errands chan struct{} // something may be due

	mu       sync.Mutex
	client   *client // of the account and key it was made for
	stale    bool    // the key may be another
	refused  bool    // the key was, and is read anew before it is tried again
	trouble  int     // failures since the last answer
	until    data.Moment
	asked    data.Moment // the end of the pause that DoubleTick asked for
	offline  bool        // as it was told last
	fetching *data.Connection
	unknown  map[int64]bool        // errands of texts that DoubleTick did not know when it was asked
	last     map[int64]data.Moment // when the status of a text was asked for last
	missed   map[string]missed     // chats to be fetched once more
	deep     int                   // how many pages the next round walks in any case, because one behind them did not come
	next     data.Moment           // of the round of fetching after this one
	idle     int                   // rounds of fetching without news
	failed   int                   // rounds of fetching that failed
}

// point is a place in an errand's course at which everything can end.
type point string

const (
	beforeTaking  point = "before it is taken"
	afterTaking   point = "after it is taken"
	beforeSending point = "before a lost text is sent"
	afterAnswer   point = "after the answer, before it is written"
	afterWriting  point = "after the answer is written"
)

// NewWorker gives the worker of a desk.
func NewWorker(d *desk.Desk, keys *Keys, version string) *Worker {
	return &Worker{
		desk: d, keys: keys, version: version, began: d.Now(), unknown: map[int64]bool{},
		pause: pause, chance: rand.Float64, at: func(point) error { return nil },
		errands: make(chan struct{}, 1), last: map[int64]data.Moment{}, missed: map[string]missed{},
	}
}

func pause(ctx context.Context, long time.Duration) error {
	if long <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(long)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// lookEvery is how long an errand that another process wrote waits at most
// where nobody watches the desk's changes.
const lookEvery = time.Second

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
	jobs.Go(func() { w.repeat(ctx, w.errands, w.Turn) })
	jobs.Go(func() { w.repeat(ctx, fetches, w.Round) })
	jobs.Go(func() { w.lookOut(ctx, fetches) })
	jobs.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.client != nil {
		w.client.close()
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
					w.renew()
				}
				if all || c.Kind == data.AccountChanged {
					wake(w.errands)
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
		if pause(ctx, afterFailure) != nil {
			return false
		}
	}
}

func wake(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default: // awake already
	}
}

// renew has the key read anew before it is used again.
func (w *Worker) renew() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stale = true
}

// repeat does a job, and again when it says so, when woken, and each second to
// see what was missed.
func (w *Worker) repeat(ctx context.Context, woken <-chan struct{}, job func(context.Context) (data.Moment, error)) {
	turn := time.NewTicker(lookEvery)
	defer turn.Stop()
	for ctx.Err() == nil {
		if _, err := job(ctx); err != nil && ctx.Err() == nil {
			slog.Error("cannot work for the account", "error", err)
			if pause(ctx, afterFailure) != nil {
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

// connect gives the client of the account as it is now, nil where nothing is to
// be asked: no account, a pause, or no key.
func (w *Worker) connect(ctx context.Context) (*client, data.Account, error) {
	a, err := w.desk.Account(ctx)
	if err != nil || !a.Joined() {
		return nil, a, err
	}
	if a.Paused {
		return nil, a, w.desk.SetConnection(ctx, data.Connection{State: data.Paused})
	}
	w.mu.Lock()
	c, until := w.client, w.until
	stale := w.stale || w.refused && w.desk.Now() >= until
	w.mu.Unlock()
	if c != nil && c.base == a.Base && c.joined == a.JoinedAt && !stale {
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
		w.client, w.refused, w.until = nil, true, w.desk.Now().Add(longestKeyPause)
		w.mu.Unlock()
		state, why := data.KeyRefused, "No key is kept for the account"
		if !errors.Is(err, ErrNoKey) {
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
		w.renew() // the key may be of the one before
		return nil, now, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused = false
	if c != nil && c.base == a.Base && c.joined == a.JoinedAt && c.key == key {
		if link.State == data.NotConnected {
			w.trouble, w.until, w.asked = 0, 0, 0 // the agent wants it tried
		}
		return c, a, nil
	}
	if c != nil {
		c.close()
	}
	w.client = newClient(a.Base, key, w.version, w.desk.Now, w.pause)
	w.client.joined = a.JoinedAt
	if w.patience != 0 {
		w.client.oneCall, w.client.onePage = w.patience, w.patience
	}
	if w.dial != nil {
		w.client.dialBy(w.dial)
	}
	w.trouble, w.until, w.asked = 0, 0, 0 // what went wrong with the one before says nothing of this one
	if link.State == data.KeyRefused || link.State == data.Offline {
		w.trouble = 1 // one finds out for all
	}
	w.offline = link.State == data.Offline
	return w.client, a, nil
}

const (
	// firstPause doubles with every try until longestPause.
	firstPause   = 2 * time.Second
	longestPause = 10 * time.Minute
	// longestSilence is how long nothing at all is tried while nothing answers.
	longestSilence = time.Minute
	// longestKeyPause is how long a key that was refused is left alone.
	longestKeyPause = 10 * time.Minute
	// pauseAsked is how long DoubleTick is left alone that does not say how long.
	pauseAsked = 30 * time.Second
)

// growing is the pause after so many tries, up to a fifth longer or shorter so
// that not all come at once.
func (w *Worker) growing(tries int, longest time.Duration) time.Duration {
	long := longest
	if tries < 20 {
		long = min(longest, firstPause<<max(0, tries-1))
	}
	return time.Duration(float64(long) * (0.8 + 0.4*w.chance()))
}

// hear takes what an answer says of the link: it is told where it is news, and
// decides how long nothing is asked.
func (w *Worker) hear(ctx context.Context, c *client, v outcome) error {
	now := w.desk.Now()
	w.mu.Lock()
	if w.client != c {
		w.mu.Unlock()
		return nil // of an account or a key that is no more
	}
	link := data.Connection{State: v.state, Reason: v.Message}
	hurry := false
	switch v.state {
	case data.Online:
		link.Reason = ""
		hurry, w.offline = w.offline, false
		w.trouble, w.until = 0, 0
		if now < w.asked { // one that was on its way already
			w.until = w.asked
			w.mu.Unlock()
			return nil
		}
		if w.fetching != nil {
			link = *w.fetching
		}
	case data.KeyRefused:
		w.refused = true
		w.trouble++
		w.until = now.Add(longestKeyPause)
	case data.Paused:
		w.until = max(w.until, now.Add(max(v.retryAfter, time.Second)))
		if v.retryAfter == 0 {
			w.until = now.Add(pauseAsked)
		}
		w.asked = w.until
		link.Reason = fmt.Sprintf("%s until %s", tooManyWords, w.until.Clock())
	default:
		w.trouble++
		w.until = now.Add(max(v.retryAfter, w.growing(w.trouble, longestSilence)))
		if v.Kind != data.ResultNotSent && w.trouble < 3 {
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

// quiet gives the moment until which nothing is asked, and whether the link
// must be tried with care.
func (w *Worker) quiet() (until data.Moment, careful bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.until, w.trouble > 0
}
