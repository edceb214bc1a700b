package api

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// pace bounds how much is asked from one address, and slows down who tries
// keys. It remembers few addresses, and those not for long.
type pace struct {
	rate  rate.Limit
	burst int
	now   func() time.Time
	sleep func(context.Context, time.Duration)

	mu    sync.Mutex
	known map[string]*caller
	swept time.Time
}

// caller is what is remembered of one address.
type caller struct {
	limit   *rate.Limiter
	seen    time.Time
	wrong   int // keys in a row, until there was none for a while
	wrongAt time.Time
	waiting int // answers to wrong keys that are held back now
}

const (
	forgetAfter  = time.Minute // an address, or its wrong keys
	mostCallers  = 10_000
	firstDelay   = 50 * time.Millisecond
	longestDelay = 2 * time.Second
	mostWaiting  = 8
)

func newPace(limit rate.Limit, burst int, now func() time.Time) *pace {
	return &pace{rate: limit, burst: burst, now: now, sleep: sleep, known: map[string]*caller{}}
}

func sleep(ctx context.Context, long time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(long):
	}
}

// allow reports whether one request more is taken from the address.
func (p *pace) allow(address string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	return p.caller(address, now).limit.AllowN(now, 1)
}

// caller returns what is remembered of an address. Where too many are known, one
// that is not gets no more than what all strangers share.
func (p *pace) caller(address string, now time.Time) *caller {
	if now.Sub(p.swept) > forgetAfter {
		for a, c := range p.known {
			if now.Sub(c.seen) > forgetAfter && c.waiting == 0 {
				delete(p.known, a)
			}
		}
		p.swept = now
	}
	if p.known[address] == nil && len(p.known) >= mostCallers {
		address = ""
	}
	c := p.known[address]
	if c == nil {
		c = &caller{limit: rate.NewLimiter(p.rate, p.burst)}
		p.known[address] = c
	}
	c.seen = now
	return c
}

// slow holds an answer to a wrong key back, longer each time. It tells at once
// that too many are held back already: a crowd of wrong keys must not take all
// connections from the right one.
func (p *pace) slow(ctx context.Context, address string) bool {
	p.mu.Lock()
	now := p.now()
	c := p.caller(address, now)
	if now.Sub(c.wrongAt) > forgetAfter {
		c.wrong = 0
	}
	c.wrongAt = now
	delay := longestDelay
	if c.wrong < 6 {
		delay = min(delay, firstDelay<<c.wrong)
	}
	c.wrong++
	if c.waiting >= mostWaiting {
		p.mu.Unlock()
		return false
	}
	c.waiting++
	p.mu.Unlock()
	p.sleep(ctx, delay)
	p.mu.Lock()
	c.waiting--
	p.mu.Unlock()
	return true
}
