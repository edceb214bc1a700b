package demo

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// schedule holds the tasks to come, the next one first.
type schedule []task

type task struct {
	due time.Time
	run func(context.Context) error
}

// scheduleIn schedules a task after a delay.
func (l *simulation) scheduleIn(after time.Duration, do func(context.Context) error) {
	due := l.now().Add(after)
	at := len(l.schedule)
	for at > 0 && l.schedule[at-1].due.After(due) {
		at--
	}
	l.schedule = slices.Insert(l.schedule, at, task{due, do})
}

// coalescer merges changes until they are drained, so that whoever adds them
// never waits.
type coalescer struct {
	ready chan struct{} // there is some

	mu      sync.Mutex
	pending changeset
}

type changeset struct {
	world, messages bool
	customers       map[int64]bool
}

func newCoalescer() *coalescer { return &coalescer{ready: make(chan struct{}, 1)} }

func (n *coalescer) add(changes []data.Change) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range changes {
		switch c.Kind {
		case data.WorldChanged:
			n.pending.world = true
		case data.MessageChanged:
			n.pending.messages = true
		case data.CustomerChanged:
			if n.pending.customers == nil {
				n.pending.customers = map[int64]bool{}
			}
			if len(n.pending.customers) < maxFollowedUp {
				n.pending.customers[c.CustomerID] = true
			}
		}
	}
	select {
	case n.ready <- struct{}{}:
	default:
	}
}

func (n *coalescer) drain() changeset {
	n.mu.Lock()
	defer n.mu.Unlock()
	t := n.pending
	n.pending = changeset{}
	return t
}
