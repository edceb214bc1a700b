package demo

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// schedule is the tasks to come, the next one first.
type schedule []task

type task struct {
	due time.Time
	run func(context.Context) error
}

// scheduleIn schedules a task to run after a delay.
func (s *simulation) scheduleIn(delay time.Duration, run func(context.Context) error) {
	due := s.now().Add(delay)
	at := len(s.schedule)
	for at > 0 && s.schedule[at-1].due.After(due) {
		at--
	}
	s.schedule = slices.Insert(s.schedule, at, task{due, run})
}

// coalescer merges changes until they are drained, so that adding them never
// blocks. It is safe for concurrent use.
type coalescer struct {
	ready chan struct{} // holds a value while there are changes

	mu      sync.Mutex
	pending changeset
}

// changeset is what has changed: the whole world, messages, or customers by id. At
// most maxFollowedUp customers are kept.
type changeset struct {
	world, messages bool
	customers       map[int64]bool
}

func newCoalescer() *coalescer { return &coalescer{ready: make(chan struct{}, 1)} }

func (c *coalescer) add(changes []data.Change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, change := range changes {
		switch change.Kind {
		case data.WorldChanged:
			c.pending.world = true
		case data.MessageChanged:
			c.pending.messages = true
		case data.CustomerChanged:
			if c.pending.customers == nil {
				c.pending.customers = map[int64]bool{}
			}
			if len(c.pending.customers) < maxFollowedUp {
				c.pending.customers[change.CustomerID] = true
			}
		}
	}
	select {
	case c.ready <- struct{}{}:
	default:
	}
}

func (c *coalescer) drain() changeset {
	c.mu.Lock()
	defer c.mu.Unlock()
	drained := c.pending
	c.pending = changeset{}
	return drained
}
