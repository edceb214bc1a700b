// Package precheck looks at a customer before a block: what the block would touch,
// and whether it may be a mistake. Its findings follow from Facts alone, which
// Collect reads from the desk, so they can be tested without a database. It stands
// on the desk, which thereby stays free of words and languages.
package precheck

import (
	"context"
	"fmt"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Facts is what is known about a customer before a block. The zero value has no
// findings.
type Facts struct {
	Now              data.Moment
	Agent            string // who is about to block
	Customer         data.Customer
	Draft            string
	Messages         []data.Message // the newest of the chat, in ascending order
	HasOlderMessages bool           // the chat has more than these
	Events           []data.Event   // the newest of the customer, in descending order
	HasOlderEvents   bool           // the customer has more than these
	RecentBlocks     int            // by this agent, in the last blocksWindow
	DisabledRules    []string       // ids of the rules that are switched off
}

// Bounds on what is looked at: collecting takes no longer in a chat of ten thousand
// messages than in one of fifty.
const (
	maxMessages   = 50
	maxEvents     = 200
	recentWindow  = 30 * 24 * time.Hour // older messages are no sign of the present
	maxTextBytes  = 16 << 10            // of one message
	maxTotalBytes = 64 << 10            // of all messages
)

// Collect reads the facts about a customer for the agent who is about to block. It
// returns data.ErrNotFound if there is no such customer.
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
	f.Agent = data.CleanName(agent)
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

// alreadyBlocked reports whether there is nothing left to block.
func (f Facts) alreadyBlocked() bool { return f.Customer.Status(f.Now) == data.Blocked }

// isRecent reports whether a moment is recent enough to matter.
func (f Facts) isRecent(at data.Moment) bool { return at > f.Now.Add(-recentWindow) }

// closedAt returns when the conversation was last marked done, 0 for never.
func (f Facts) closedAt() data.Moment {
	for _, e := range f.Events {
		if e.Kind == data.ClosedEvent {
			return e.At
		}
	}
	return 0
}
