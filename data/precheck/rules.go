package precheck

import (
	"slices"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// Rule describes one way in which a block may be a mistake.
type Rule struct {
	ID      string // its name in the settings; never changes
	Title   string // what it watches for, shown in the settings
	Text    string // shown in the dialog
	matches func(Facts) bool
}

// Warning is the text of a rule that matches.
type Warning struct{ ID, Text string }

// Rules returns all rules, the gravest first.
func Rules() []Rule { return slices.Clone(rules) }

var rules = []Rule{
	{
		ID:      "distress",
		Title:   "Words of distress or self-harm",
		Text:    "This customer's last messages may speak of self-harm. Do not block; follow your desk's procedure.",
		matches: Facts.hasDistressWords,
	},
	{
		ID:      "vip",
		Title:   "Customers tagged VIP",
		Text:    "This customer is tagged VIP. Speak to whoever looks after them before you block.",
		matches: Facts.isVIP,
	},
	{
		ID:      "complaint",
		Title:   "An open complaint",
		Text:    "This customer seems to have an open complaint. If blocked, they cannot find out what happens to it.",
		matches: Facts.hasComplaint,
	},
	{
		ID:      "first-message",
		Title:   "A first-ever message",
		Text:    "This customer has written only once, less than a day ago. It may be a wrong number or a first question.",
		matches: Facts.isFirstMessage,
	},
	{
		ID:      "many-blocks",
		Title:   "More than 10 blocks by one agent in 10 minutes",
		Text:    "With this one you will have made more than 10 blocks in 10 minutes. Make sure that you mean this customer.",
		matches: Facts.tooManyBlocks,
	},
}

const (
	maxBlocks          = 10
	blocksWindow       = 10 * time.Minute
	firstMessageWindow = 24 * time.Hour
)

// Warnings returns why this block may be a mistake, the gravest reason first. It is
// nil if nothing speaks against the block, or the customer is already blocked.
func (f Facts) Warnings() []Warning {
	if f.alreadyBlocked() {
		return nil
	}
	var warnings []Warning
	for _, rule := range rules {
		if !slices.Contains(f.DisabledRules, rule.ID) && rule.matches(f) {
			warnings = append(warnings, Warning{ID: rule.ID, Text: rule.Text})
		}
	}
	return warnings
}

func (f Facts) hasDistressWords() bool {
	return f.mentions(sharedLexicon().distress, 0)
}

// hasComplaint reports whether an agent has tagged a complaint, or the customer has
// written one since the conversation was last marked done.
func (f Facts) hasComplaint() bool {
	for _, tag := range f.Customer.Tags {
		if sharedLexicon().complaintTags[foldTag(tag)] {
			return true
		}
	}
	return f.mentions(sharedLexicon().complaint, f.closedAt())
}

// mentions reports whether one of the customer's recent messages after a moment
// matches words. Of long messages only the newest maxTotalBytes are read.
func (f Facts) mentions(words matcher, after data.Moment) bool {
	budget := maxTotalBytes
	for _, m := range slices.Backward(f.Messages) {
		if m.Direction != data.In || m.At <= after || !f.isRecent(m.At) {
			continue
		}
		if budget <= 0 {
			return false
		}
		text := truncate(m.Text, min(maxTextBytes, budget))
		budget -= len(text)
		if words.matches(sharedLexicon().normalize(text)) {
			return true
		}
	}
	return false
}

// vipTags are the tags of customers whom somebody looks after in person, folded.
var vipTags = []string{"vip", "vvip", "v.i.p."}

func (f Facts) isVIP() bool {
	return slices.ContainsFunc(f.Customer.Tags, func(tag string) bool { return slices.Contains(vipTags, foldTag(tag)) })
}

// isFirstMessage reports whether the customer has only ever written one message, and
// that in the last firstMessageWindow. Events of blocks or clearing, and held
// messages, show that there were more.
func (f Facts) isFirstMessage() bool {
	if f.HasOlderMessages || f.HasOlderEvents || f.Customer.Held > 0 {
		return false
	}
	for _, e := range f.Events {
		if e.Kind != data.AssignedEvent && e.Kind != data.ClosedEvent && e.Kind != data.RenamedEvent {
			return false
		}
	}
	count, recent := 0, false
	for _, m := range f.Messages {
		if m.Direction == data.In {
			count++
			recent = m.At > f.Now.Add(-firstMessageWindow)
		}
	}
	return count == 1 && recent
}

// tooManyBlocks reports whether this block would exceed maxBlocks in blocksWindow.
func (f Facts) tooManyBlocks() bool { return f.RecentBlocks >= maxBlocks }
