// Package guard looks at a customer before a block: what the block would
// touch, and whether it looks like a mistake. What is said follows from facts
// alone, so it can be tried without a database; Look is the one read that
// collects them. As every further capability it stands on the desk, which so
// stays free of words and languages.
package guard

import (
	"context"
	"fmt"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Facts are what is known of a customer before a block. Without facts there is
// nothing to say.
type Facts struct {
	Now      data.Moment
	Agent    string // who asks
	Customer data.Customer
	Draft    string
	Messages []data.Message // the newest of the chat, oldest first
	Older    bool           // the chat holds more than these messages
	Events   []data.Event   // the newest of the customer, newest first
	Earlier  bool           // there are more than these events
	Blocks   int            // by this agent, in the last blocksWithin
	Off      []string       // the rules that are switched off
}

// The bounds on what is looked at, so that a look takes no longer in a chat of
// ten thousand messages than in one of fifty.
const (
	newestMessages = 50
	newestEvents   = 200
	lately         = 30 * 24 * time.Hour // what was said before is no sign of now
	oneText        = 16 << 10            // bytes of one message
	allTexts       = 64 << 10            // bytes of all
)

// Look collects the facts about a customer, for the agent who asks.
func Look(ctx context.Context, d *desk.Desk, customer int64, agent string) (Facts, error) {
	f, err := look(ctx, d, customer, agent)
	if err != nil {
		return Facts{}, fmt.Errorf("look at customer %d before a block: %w", customer, err)
	}
	return f, nil
}

func look(ctx context.Context, d *desk.Desk, customer int64, agent string) (f Facts, err error) {
	words()
	f.Now = d.Now()
	f.Agent = data.CleanLine(agent, data.MaxName)
	if f.Customer, err = d.Customer(ctx, customer); err != nil {
		return f, err
	}
	if f.Draft, err = d.Draft(ctx, customer); err != nil {
		return f, err
	}
	if f.Messages, f.Older, err = d.NewestMessages(ctx, customer, newestMessages); err != nil {
		return f, err
	}
	if f.Events, f.Earlier, err = d.NewestEvents(ctx, customer, newestEvents); err != nil {
		return f, err
	}
	if f.Blocks, err = d.BlocksBy(ctx, f.Agent, f.Now.Add(-blocksWithin)); err != nil {
		return f, err
	}
	f.Off, err = d.DisabledRules(ctx)
	return f, err
}

// blocked reports that there is nothing left to block.
func (f Facts) blocked() bool { return f.Customer.Status(f.Now) == data.Blocked }

// lately reports whether a moment is not too long ago to matter now.
func (f Facts) lately(at data.Moment) bool { return at > f.Now.Add(-lately) }

// settled is when the conversation was last marked done.
func (f Facts) settled() data.Moment {
	for _, e := range f.Events {
		if e.Kind == data.ClosedEvent {
			return e.At
		}
	}
	return 0
}
