package httpapi

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// rateLimiter limits the requests from one address, and delays clients that guess
// keys. It remembers at most maxClients addresses, each for clientTTL.
type rateLimiter struct {
	limit rate.Limit
	burst int
	now   func() time.Time
	sleep func(context.Context, time.Duration)

	mu       sync.Mutex
	clients  map[string]*client
	prunedAt time.Time
}

// client is what is remembered of one address.
type client struct {
	limiter  *rate.Limiter
	lastSeen time.Time
	failures int // keys in a row, until there was none for a while
	failedAt time.Time
	delayed  int // answers to wrong keys that are held back now
}

const (
	clientTTL    = time.Minute // an address, or its wrong keys
	maxClients   = 10_000
	initialDelay = 50 * time.Millisecond
	maxDelay     = 2 * time.Second
	maxDelayed   = 8
)

func newRateLimiter(limit rate.Limit, burst int, now func() time.Time) *rateLimiter {
	return &rateLimiter{limit: limit, burst: burst, now: now, sleep: sleep, clients: map[string]*client{}}
}

func sleep(ctx context.Context, long time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(long):
	}
}

// allow reports whether one request more is taken from the address.
func (p *rateLimiter) allow(address string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	return p.client(address, now).limiter.AllowN(now, 1)
}

// client returns what is remembered of an address. Where too many are known, one
// that is not gets no more than what all strangers share.
func (p *rateLimiter) client(address string, now time.Time) *client {
	if now.Sub(p.prunedAt) > clientTTL {
		for a, c := range p.clients {
			if now.Sub(c.lastSeen) > clientTTL && c.delayed == 0 {
				delete(p.clients, a)
			}
		}
		p.prunedAt = now
	}
	if p.clients[address] == nil && len(p.clients) >= maxClients {
		address = ""
	}
	c := p.clients[address]
	if c == nil {
		c = &client{limiter: rate.NewLimiter(p.limit, p.burst)}
		p.clients[address] = c
	}
	c.lastSeen = now
	return c
}

// delayFailedAuth holds an answer to a wrong key back, longer each time. It tells at once
// that too many are held back already: a crowd of wrong keys must not take all
// connections from the right one.
func (p *rateLimiter) delayFailedAuth(ctx context.Context, address string) bool {
	p.mu.Lock()
	now := p.now()
	c := p.client(address, now)
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
		p.mu.Unlock()
		return false
	}
	c.delayed++
	p.mu.Unlock()
	p.sleep(ctx, delay)
	p.mu.Lock()
	c.delayed--
	p.mu.Unlock()
	return true
}
