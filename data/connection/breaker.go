// Package connection connects the desk to its DoubleTick account: it makes the
// client of the account as it is now, and its circuit breaker decides when nothing
// is asked.
package connection

import (
	"context"
	"errors"
	"fmt"
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

const (
	// minBackoff is the pause after the first failure; it doubles with each more.
	minBackoff = 2 * time.Second
	// maxBreakerBackoff is the longest pause between two requests while nothing answers.
	maxBreakerBackoff = time.Minute
	// keyRetryInterval is how long a key that was refused is left alone.
	keyRetryInterval = 10 * time.Minute
	// defaultPause is how long DoubleTick is left alone if it asks for a pause and does
	// not say how long.
	defaultPause = 30 * time.Second
)

// Breaker is the circuit breaker between the desk and its account. Whoever makes
// a request takes the client from Connect, makes none before RetryAt, and passes
// the result to Record, which stores the state of the connection where it is news.
// It may be used by several goroutines.
type Breaker struct {
	cfg Config

	mu          sync.Mutex
	session     *session
	stale       bool // the key may have changed, so it is read again
	refused     bool // the key was refused, and is read again before it is tried again
	failures    int  // in a row, since the last answer
	retryAt     data.Moment
	pausedUntil data.Moment      // the end of the pause that DoubleTick asked for
	offline     bool             // as it was stored last
	progress    *data.Connection // stored while all is well; nil for Online
}

// session is a client, with the account and key that it was made for.
type session struct {
	client  *doubletick.Client
	account data.Account
	key     string
}

// isOf reports whether the session is of the account.
func (s *session) isOf(a data.Account) bool {
	return s != nil && s.account.Base == a.Base && s.account.JoinedAt == a.JoinedAt
}

// Config is what a Breaker is made from. Desk, Credentials and Version are
// required; the others are those of doubletick.Config.
type Config struct {
	Desk        *desk.Desk
	Credentials *credentials.Store
	Version     string

	Sleep   func(context.Context, time.Duration) error
	Timeout time.Duration
	Dial    func(ctx context.Context, network, address string) (net.Conn, error)
}

// NewBreaker returns a breaker that lets requests through. Who is done with it
// calls Close.
func NewBreaker(cfg Config) *Breaker {
	if cfg.Sleep == nil {
		cfg.Sleep = clock.Sleep
	}
	return &Breaker{cfg: cfg}
}

// Close closes the idle connections of the client.
func (b *Breaker) Close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.session != nil {
		b.session.client.Close()
	}
}

// Sleep waits for d, or until ctx ends, of which it returns the error.
func (b *Breaker) Sleep(ctx context.Context, d time.Duration) error { return b.cfg.Sleep(ctx, d) }

// InvalidateKey makes Connect read the key again before it is used.
func (b *Breaker) InvalidateKey() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stale = true
}

// Connect returns the client of the account as it is now, with the account. The client
// is nil if no request may be made: there is no account, it is paused, or there is no
// key.
func (b *Breaker) Connect(ctx context.Context) (*doubletick.Client, data.Account, error) {
	a, err := b.cfg.Desk.Account(ctx)
	if err != nil || !a.Joined() {
		return nil, a, err
	}
	if a.Paused {
		return nil, a, b.cfg.Desk.SetConnection(ctx, data.Connection{State: data.Paused})
	}
	b.mu.Lock()
	s, until := b.session, b.retryAt
	stale := b.stale || b.refused && b.cfg.Desk.Now() >= until
	b.mu.Unlock()
	if s.isOf(a) && !stale {
		return s.client, a, nil
	}
	if s == nil && !stale && b.cfg.Desk.Now() < until {
		return nil, a, nil
	}
	return b.reconnect(ctx, a, s)
}

// reconnect reads the key again, and makes a new client if the account or the key has
// changed since before.
func (b *Breaker) reconnect(ctx context.Context, a data.Account, before *session) (*doubletick.Client, data.Account, error) {
	b.mu.Lock()
	b.stale = false // a key that changes from here on is read again
	b.mu.Unlock()
	key, err := b.cfg.Credentials.Key()
	if err != nil {
		return nil, a, b.recordNoKey(ctx, err)
	}
	link, err := b.cfg.Desk.Connection(ctx)
	if err != nil {
		return nil, a, err
	}
	if before == nil {
		if err := b.cfg.Desk.ClampDueTimes(ctx); err != nil {
			return nil, a, err
		}
	}
	if now, err := b.cfg.Desk.Account(ctx); err != nil || now != a {
		b.InvalidateKey() // the key may be that of the account before
		return nil, now, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refused = false
	if before.isOf(a) && before.key == key {
		if link.State == data.NotConnected {
			b.reset() // an agent has asked for another try
		}
		return before.client, a, nil
	}
	if before != nil {
		before.client.Close()
	}
	b.session = &session{account: a, key: key, client: doubletick.NewClient(doubletick.Config{
		Base: a.Base, Key: key, Version: b.cfg.Version, Now: b.cfg.Desk.Now, Sleep: b.cfg.Sleep, Timeout: b.cfg.Timeout, Dial: b.cfg.Dial,
	})}
	b.reset() // what went wrong with the one before says nothing of this one
	if link.State == data.KeyRefused || link.State == data.Offline {
		b.failures = 1 // one request finds out for all
	}
	b.offline = link.State == data.Offline
	return b.session.client, a, nil
}

// reset closes the breaker: requests pass. The caller holds mu.
func (b *Breaker) reset() { b.failures, b.retryAt, b.pausedUntil = 0, 0, 0 }

// recordNoKey opens the breaker because there is no key, or none that can be read.
func (b *Breaker) recordNoKey(ctx context.Context, err error) error {
	b.mu.Lock()
	b.session, b.refused, b.retryAt = nil, true, b.cfg.Desk.Now().Add(keyRetryInterval)
	b.mu.Unlock()
	reason := "No key is kept for the account"
	if !errors.Is(err, credentials.ErrNoKey) {
		reason = "The key cannot be read: " + err.Error()
	}
	return b.cfg.Desk.SetConnection(ctx, data.Connection{State: data.KeyRefused, Reason: reason})
}

// RetryAt returns the moment before which nothing may be asked, and reports
// whether the breaker is half open after it: one request at a time then.
func (b *Breaker) RetryAt() (at data.Moment, halfOpen bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.retryAt, b.failures > 0
}

// Offline reports whether nothing answered the last requests.
func (b *Breaker) Offline() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.offline
}

// SetProgress sets what is stored as the state while all is well; nil for Online.
func (b *Breaker) SetProgress(progress *data.Connection) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.progress = progress
}

// Record takes the result of a request of the client: it opens or closes the
// breaker, and stores the state of the connection where it is news. A result of a
// client that is no longer in use is ignored.
func (b *Breaker) Record(ctx context.Context, c *doubletick.Client, r doubletick.Result) error {
	state, recovered := b.record(c, r)
	if state.State == "" {
		return nil
	}
	if err := b.cfg.Desk.SetConnection(ctx, state); err != nil {
		return err
	}
	if recovered {
		return b.cfg.Desk.RetryUnreachable(ctx)
	}
	return nil
}

// record returns the state to be stored, without State where it is no news, and
// reports whether the connection is back.
func (b *Breaker) record(c *doubletick.Client, r doubletick.Result) (state data.Connection, recovered bool) {
	now := b.cfg.Desk.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.session == nil || b.session.client != c {
		return data.Connection{}, false
	}
	switch r.State {
	case data.Online:
		recovered, b.offline = b.offline, false
		b.failures, b.retryAt = 0, 0
		if now < b.pausedUntil { // one that was on its way already
			b.retryAt = b.pausedUntil
			return data.Connection{}, false
		}
		if b.progress != nil {
			return *b.progress, recovered
		}
		return data.Connection{State: data.Online}, recovered
	case data.KeyRefused:
		b.refused = true
		b.failures++
		b.retryAt = now.Add(keyRetryInterval)
		return data.Connection{State: data.KeyRefused, Reason: r.Message}, false
	case data.Paused:
		b.retryAt = max(b.retryAt, now.Add(max(r.RetryAfter, time.Second)))
		if r.RetryAfter == 0 {
			b.retryAt = now.Add(defaultPause)
		}
		b.pausedUntil = b.retryAt
		return data.Connection{State: data.Paused, Reason: fmt.Sprintf("%s until %s", r.Message, b.retryAt.TimeOfDay())}, false
	}
	b.failures++
	b.retryAt = now.Add(max(r.RetryAfter, Backoff(b.failures, maxBreakerBackoff)))
	if r.Kind != data.ResultNotSent && b.failures < 3 {
		return data.Connection{}, false // one lost answer is no news
	}
	b.offline = true
	return data.Connection{State: r.State, Reason: r.Message}, false
}

// Backoff returns the pause after tries failed tries: 2 s after the first, doubled
// with each more up to longest, and then made up to a fifth longer or shorter, so
// that not all come at once.
func Backoff(tries int, longest time.Duration) time.Duration {
	pause := longest
	if tries < 20 {
		pause = min(longest, minBackoff<<max(0, tries-1))
	}
	return time.Duration(float64(pause) * (0.8 + 0.4*rand.Float64()))
}
