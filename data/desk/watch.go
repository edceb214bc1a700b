package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/clock"
)

const (
	watchInterval = 200 * time.Millisecond // how long a change made by another process waits at most
	changesAtOnce = 1000                   // read in one piece
	firstRetry    = 100 * time.Millisecond // after changes could not be read; doubles up to longestRetry
	longestRetry  = 10 * time.Second
)

// subscriber is a function that is called with changes. Once it is subscribed,
// its position belongs to Watch.
type subscriber struct {
	ctx  context.Context // ends the subscription
	last int64           // the position: the newest change that it knows of
	do   func([]data.Change)
}

// Subscribe has do called with every change that is committed from now on, by
// this process or another, until ctx ends: with each change once, in order,
// after its commit. Whoever subscribes before their first read misses nothing:
// that read sees what was committed earlier, and do is called with the rest,
// however late Watch starts.
//
// Watch calls do on its own goroutine. Where changes were pruned before they
// could be delivered, one data.WorldChanged stands for them.
func (d *Desk) Subscribe(ctx context.Context, do func([]data.Change)) error {
	last, err := d.LastChange(ctx)
	if err != nil {
		return fmt.Errorf("subscribe to changes: %w", err)
	}
	s := &subscriber{ctx: ctx, last: last, do: do}
	d.mu.Lock()
	d.subscribers = append(d.subscribers, s)
	d.mu.Unlock()
	context.AfterFunc(ctx, func() { d.unsubscribe(s) })
	d.wakeWatch() // it may have looked at what came after last already
	return nil
}

func (d *Desk) unsubscribe(s *subscriber) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.subscribers = slices.DeleteFunc(d.subscribers, func(other *subscriber) bool { return other == s })
}

// wakeWatch has Watch look for changes now rather than at its next turn.
func (d *Desk) wakeWatch() {
	select {
	case d.wake <- struct{}{}:
	default: // it is awake already
	}
}

// Watch delivers changes to all subscribers until ctx ends, and returns nil
// then. Changes that cannot be read are logged and asked for again, with
// growing pauses. It returns data.ErrClosed if the store is closed. Only one
// Watch may run on a desk at a time.
func (d *Desk) Watch(ctx context.Context) error {
	retry := firstRetry
	for {
		err := d.queries.Watch(ctx, watchInterval, d.wake, func() error {
			err := d.deliver(ctx)
			if err == nil {
				retry = firstRetry
			}
			return err
		})
		if ctx.Err() != nil {
			return nil
		}
		if errors.Is(err, data.ErrClosed) {
			return err
		}
		slog.Error("cannot read what changed", "error", err, "retry in", retry)
		if err := clock.Sleep(ctx, retry); err != nil {
			return nil
		}
		retry = min(2*retry, longestRetry)
	}
}

// deliver calls every subscriber with what came after its position, until all
// of them know of all changes.
func (d *Desk) deliver(ctx context.Context) error {
	for {
		// Only those who are subscribed now: the changes read below need not reach
		// back to the position of one who comes later.
		subscribers := d.subscribed()
		if len(subscribers) == 0 {
			return nil
		}
		from := slices.MinFunc(subscribers, func(a, b *subscriber) int { return cmp.Compare(a.last, b.last) }).last
		changes, err := d.ChangesAfter(ctx, from, changesAtOnce)
		if err != nil || len(changes) == 0 {
			return err
		}
		for _, s := range subscribers {
			s.deliver(changes)
		}
	}
}

func (d *Desk) subscribed() []*subscriber {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.subscribers)
}

// deliver calls the subscriber with those of the changes that it does not know.
func (s *subscriber) deliver(changes []data.Change) {
	first := slices.IndexFunc(changes, func(c data.Change) bool { return c.Seq > s.last })
	if first < 0 {
		return
	}
	changes = changes[first:]
	if lost := changes[0].Seq - 1; lost > s.last {
		changes = slices.Concat([]data.Change{{Seq: lost, Kind: data.WorldChanged}}, changes)
	}
	s.last = changes[len(changes)-1].Seq
	if s.ctx.Err() == nil {
		s.do(changes)
	}
}
