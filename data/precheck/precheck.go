// Package precheck looks at a customer before a block: what the block would
// touch, and whether it looks like a mistake. What is said follows from facts
// alone, so it can be tested without a database; Collect is the one read that
// collects them. As every further capability it stands on the desk, which so
// stays free of words and languages.
package precheck

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
	Now              data.Moment
	Agent            string // who asks
	Customer         data.Customer
	Draft            string
	Messages         []data.Message // the newest of the chat, oldest first
	HasOlderMessages bool           // the chat holds more than these messages
	Events           []data.Event   // the newest of the customer, newest first
	HasOlderEvents   bool           // there are more than these events
	RecentBlocks     int            // by this agent, in the last blocksWindow
	DisabledRules    []string       // the rules that are switched off
}

// The bounds on what is looked at, so that collecting takes no longer in a chat of
// ten thousand messages than in one of fifty.
const (
	maxMessages   = 50
	maxEvents     = 200
	recentWindow  = 30 * 24 * time.Hour // what was said before is no sign of now
	maxTextBytes  = 16 << 10            // bytes of one message
	maxTotalBytes = 64 << 10            // bytes of all
)

// Collect collects the facts about a customer, for the agent who asks.
func Collect(ctx context.Context, d *desk.Desk, customer int64, agent string) (Facts, error) {
	f, err := collect(ctx, d, customer, agent)
	if err != nil {
		return Facts{}, fmt.Errorf("look at customer %d before a block: %w", customer, err)
	}
	return f, nil
}

func collect(ctx context.Context, d *desk.Desk, customer int64, agent string) (f Facts, err error) {
	sharedLexicon()
	f.Now = d.Now()
	f.Agent = data.CleanLine(agent, data.MaxName)
	if f.Customer, err = d.Customer(ctx, customer); err != nil {
		return f, err
	}
	if f.Draft, err = d.Draft(ctx, customer); err != nil {
		return f, err
	}
	if f.Messages, f.HasOlderMessages, err = d.NewestMessages(ctx, customer, maxMessages); err != nil {
		return f, err
	}
	if f.Events, f.HasOlderEvents, err = d.NewestEvents(ctx, customer, maxEvents); err != nil {
		return f, err
	}
	if f.RecentBlocks, err = d.BlocksBy(ctx, f.Agent, f.Now.Add(-blocksWindow)); err != nil {
		return f, err
	}
	f.DisabledRules, err = d.DisabledRules(ctx)
	return f, err
}

// alreadyBlocked reports that there is nothing left to block.
func (f Facts) alreadyBlocked() bool { return f.Customer.Status(f.Now) == data.Blocked }

// isRecent reports whether a moment is not too long ago to matter now.
func (f Facts) isRecent(at data.Moment) bool { return at > f.Now.Add(-recentWindow) }

// closedAt returns when the conversation was last marked done, or zero.
func (f Facts) closedAt() data.Moment {
	for _, e := range f.Events {
		if e.Kind == data.ClosedEvent {
			return e.At
		}
	}
	return 0
}
