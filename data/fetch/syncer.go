// Package fetch fetches the chats of the desk's DoubleTick account: all of them
// once, and then what is new.
package fetch

import (
	"context"
	"crypto/sha256"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/connection"
	"github.com/latchdesk/latchdesk/data/desk"
)

const (
	// syncInterval is the pause between two runs; it doubles while nothing is new,
	// up to maxIdleInterval, or nothing answers, up to maxFailingInterval.
	syncInterval       = 30 * time.Second
	maxIdleInterval    = 2 * time.Minute
	maxFailingInterval = 10 * time.Minute
	// maxOfflineInterval is shorter: without a network a try costs DoubleTick nothing.
	maxOfflineInterval = time.Minute
)

// Syncer fetches the chats of one desk's account. Only one works on a profile at
// a time: the one of the process that holds the work lock.
type Syncer struct {
	desk    *desk.Desk
	breaker *connection.Breaker

	lastPolled map[int64]data.Moment      // when the status of a text was asked for last
	missed     map[string]missed          // chats to be fetched once more
	odd        map[[sha256.Size]byte]bool // rows that name nobody and are set aside
	rest       rest                       // what the run before left
	minPages   int                        // pages that the next run walks even without news, because a later one failed

	mu         sync.Mutex
	nextRun    data.Moment
	idleRuns   int // one after the other without news
	failedRuns int // one after the other that failed
}

// NewSyncer returns a syncer whose first run is due.
func NewSyncer(d *desk.Desk, b *connection.Breaker) *Syncer {
	return &Syncer{desk: d, breaker: b, lastPolled: map[int64]data.Moment{}, missed: map[string]missed{}, odd: map[[sha256.Size]byte]bool{}}
}

// Run fetches what is new again and again, until ctx ends.
func (s *Syncer) Run(ctx context.Context) {
	wake := connection.NewSignal()
	var jobs sync.WaitGroup
	jobs.Go(func() { s.watch(ctx, wake) })
	jobs.Go(func() {
		connection.Poll(ctx, wake, func(ctx context.Context) error {
			_, err := s.SyncOnce(ctx)
			return err
		})
	})
	jobs.Wait()
}

// SyncOnce fetches what is new in the account, if a run is due, and returns the
// moment of the run after it, zero if that is unknown. It walks all pages of an account
// that was never fetched whole, and otherwise only those with news.
func (s *Syncer) SyncOnce(ctx context.Context) (data.Moment, error) {
	s.mu.Lock()
	next := s.nextRun
	s.mu.Unlock()
	a, err := s.desk.Account(ctx)
	if err != nil || !a.Joined() || a.Paused {
		return 0, err
	}
	now := s.desk.Now()
	until, _ := s.breaker.RetryAt()
	if until = max(until, next); now < until {
		return until, nil
	}
	client, a, err := s.breaker.Connect(ctx)
	if err != nil || client == nil {
		return 0, err
	}
	r := &syncRun{s: s, client: client, account: a, seen: map[string]bool{}}
	if err := r.run(ctx); err != nil {
		return 0, err
	}
	if r.accountGone {
		return 0, nil
	}
	if !r.unavailable {
		if err := s.pollStatuses(ctx, client); err != nil {
			return 0, err
		}
	}
	return s.scheduleNext(r), nil
}

// Result counts what FetchAll brought.
type Result struct {
	Chats, New int // chats that were looked at, and messages that were not here
	Failed     int // pages and chats that could not be fetched
}

// FetchAll fetches the account once, whether or not a run is due.
func (s *Syncer) FetchAll(ctx context.Context) (Result, error) {
	client, a, err := s.breaker.Connect(ctx)
	if err != nil || client == nil {
		return Result{}, err
	}
	r := &syncRun{s: s, client: client, account: a, seen: map[string]bool{}}
	err = r.run(ctx)
	return Result{Chats: r.chats, New: r.newMessages, Failed: r.failed}, err
}

// scheduleNext sets the moment of the next run, and returns it. What is missing in the
// middle is no reason to leave the newest alone for long.
func (s *Syncer) scheduleNext(r *syncRun) data.Moment {
	s.mu.Lock()
	defer s.mu.Unlock()
	var long time.Duration
	switch {
	case r.firstPageFailed:
		longest := maxFailingInterval
		if s.breaker.Offline() {
			longest = maxOfflineInterval
		}
		s.failedRuns++
		s.idleRuns = 0
		long = min(longest, syncInterval<<min(s.failedRuns-1, 10))
	case r.chatsWithNews > 0:
		s.failedRuns, s.idleRuns = 0, 0
		long = syncInterval
	default:
		s.failedRuns = 0
		s.idleRuns++
		long = min(maxIdleInterval, syncInterval<<min(s.idleRuns/10, 10))
	}
	s.nextRun = s.desk.Now().Add(time.Duration(float64(long) * (0.9 + 0.2*rand.Float64())))
	return s.nextRun
}

// watch has a run begin as soon as the account is another, or all is to be fetched
// anew.
func (s *Syncer) watch(ctx context.Context, wake connection.Signal) {
	turn := time.NewTicker(connection.PollInterval)
	defer turn.Stop()
	type sight struct {
		account data.Account
		again   bool // all is to be fetched
		untried bool // with another key, perhaps
	}
	var last sight
	for {
		a, err := s.desk.Account(ctx)
		whole, err2 := s.desk.SyncedAt(ctx, "")
		link, err3 := s.desk.Connection(ctx)
		now := sight{a, whole == 0, link.State == data.NotConnected}
		if errors.Join(err, err2, err3) == nil {
			if now.account != last.account || now.again && !last.again || now.untried && !last.untried {
				s.mu.Lock()
				s.nextRun, s.idleRuns, s.failedRuns = 0, 0, 0
				s.mu.Unlock()
				s.breaker.InvalidateKey()
				wake.Set()
			}
			last = now
		}
		select {
		case <-ctx.Done():
			return
		case <-turn.C:
		}
	}
}
