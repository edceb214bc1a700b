package httpapi

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/latchdesk/latchdesk/data/clock"
)

// rateLimiter limits how many requests are taken from one address, and delays the
// responses to wrong keys. It remembers at most maxClients addresses, each for
// clientTTL after its last request; all others share one limit.
type rateLimiter struct {
	limit rate.Limit
	burst int
	now   func() time.Time
	sleep func(context.Context, time.Duration) error

	mu       sync.Mutex
	clients  map[string]*client
	prunedAt time.Time
}

// client is what is remembered about one address.
type client struct {
	limiter  *rate.Limiter
	lastSeen time.Time
	failures int // wrong keys, each within clientTTL of the one before
	failedAt time.Time
	delayed  int // responses to wrong keys that are being held back
}

const (
	clientTTL    = time.Minute
	maxClients   = 10_000
	initialDelay = 50 * time.Millisecond
	maxDelay     = 2 * time.Second
	maxDelayed   = 8
)

func newRateLimiter(limit rate.Limit, burst int, now func() time.Time) *rateLimiter {
	return &rateLimiter{limit: limit, burst: burst, now: now, sleep: clock.Sleep, clients: map[string]*client{}}
}

// allow reports whether one more request from the address is taken.
func (l *rateLimiter) allow(address string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	return l.client(address, now).limiter.AllowN(now, 1)
}

// client returns what is remembered about an address. An unknown address beyond
// maxClients gets the client that all such addresses share.
func (l *rateLimiter) client(address string, now time.Time) *client {
	if now.Sub(l.prunedAt) > clientTTL {
		for a, c := range l.clients {
			if now.Sub(c.lastSeen) > clientTTL && c.delayed == 0 {
				delete(l.clients, a)
			}
		}
		l.prunedAt = now
	}
	if l.clients[address] == nil && len(l.clients) >= maxClients {
		address = ""
	}
	c := l.clients[address]
	if c == nil {
		c = &client{limiter: rate.NewLimiter(l.limit, l.burst)}
		l.clients[address] = c
	}
	c.lastSeen = now
	return c
}

// delayFailedAuth waits before the response to a wrong key, twice as long with each
// one up to maxDelay, or until ctx ends. It returns false at once, and does not
// wait, if maxDelayed responses to this address are waiting already: wrong keys
// must not take all connections from the right one.
func (l *rateLimiter) delayFailedAuth(ctx context.Context, address string) bool {
	l.mu.Lock()
	now := l.now()
	c := l.client(address, now)
	if now.Sub(c.failedAt) > clientTTL {
		c.failures = 0
	}
	c.failedAt = now
	delay := maxDelay
	if c.failures < 6 {
		delay = min(delay, initialDelay<<c.failures)
	}
	c.failures++
	if c.delayed >= maxDelayed {
		l.mu.Unlock()
		return false
	}
	c.delayed++
	l.mu.Unlock()
	_ = l.sleep(ctx, delay) // the response is written whether or not ctx has ended
	l.mu.Lock()
	c.delayed--
	l.mu.Unlock()
	return true
}
