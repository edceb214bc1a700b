package demo

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// agenda is what is planned, the next first.
type agenda []planned

type planned struct {
	due time.Time
	do  func(context.Context) error
}

// in plans to do something after a while.
func (l *life) in(after time.Duration, do func(context.Context) error) {
	due := l.now().Add(after)
	at := len(l.plan)
	for at > 0 && l.plan[at-1].due.After(due) {
		at--
	}
	l.plan = slices.Insert(l.plan, at, planned{due, do})
}

// news gathers what changed until somebody has time for it, so that who tells
// it never waits.
type news struct {
	some chan struct{} // there is some

	mu   sync.Mutex
	told told
}

type told struct {
	world, messages bool
	customers       map[int64]bool
}

func newNews() *news { return &news{some: make(chan struct{}, 1)} }

func (n *news) note(changes []data.Change) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, c := range changes {
		switch c.Kind {
		case data.WorldChanged:
			n.told.world = true
		case data.MessageChanged:
			n.told.messages = true
		case data.CustomerChanged:
			if n.told.customers == nil {
				n.told.customers = map[int64]bool{}
			}
			if len(n.told.customers) < nagAtOnce {
				n.told.customers[c.CustomerID] = true
			}
		}
	}
	select {
	case n.some <- struct{}{}:
	default:
	}
}

func (n *news) take() told {
	n.mu.Lock()
	defer n.mu.Unlock()
	t := n.told
	n.told = told{}
	return t
}
