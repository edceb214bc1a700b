package precheck

import (
	"slices"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// Rule is one way in which a block can look like a mistake.
type Rule struct {
	ID      string // what the settings call it; never changed
	Title   string // what it watches, as the settings say it
	Text    string // what the dialog says
	matches func(Facts) bool
}

// Warning is what the dialog says of a rule that holds.
type Warning struct{ ID, Text string }

// Rules lists all rules, the gravest first.
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
		Text:    "This customer seems to have an open complaint. Blocked, they cannot learn what becomes of it.",
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
		Text:    "With this one you will have made more than 10 blocks in 10 minutes. Make sure that this customer is meant.",
		matches: Facts.tooManyBlocks,
	},
}

const (
	maxBlocks          = 10
	blocksWindow       = 10 * time.Minute
	firstMessageWindow = 24 * time.Hour
)

// Warnings says why this block may be a mistake, the gravest first; nil where
// nothing speaks against it, or where the customer is blocked already.
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

// hasComplaint tells of a complaint that an agent tagged, or that was written since
// the conversation was last marked done.
func (f Facts) hasComplaint() bool {
	for _, tag := range f.Customer.Tags {
		if sharedLexicon().complaintTags[foldTag(tag)] {
			return true
		}
	}
	return f.mentions(sharedLexicon().complaint, f.closedAt())
}

// mentions reports whether the customer wrote something of a kind lately and after
// a moment. Where there is very much to read, the newest is read.
func (f Facts) mentions(what matcher, after data.Moment) bool {
	rest := maxTotalBytes
	for _, m := range slices.Backward(f.Messages) {
		if m.Direction != data.In || m.At <= after || !f.isRecent(m.At) {
			continue
		}
		if rest <= 0 {
			return false
		}
		text := truncate(m.Text, min(maxTextBytes, rest))
		rest -= len(text)
		if what.matches(sharedLexicon().normalize(text)) {
			return true
		}
	}
	return false
}

// vipTags are the tags of those whom somebody looks after in person, folded.
var vipTags = []string{"vip", "vvip", "v.i.p."}

func (f Facts) isVIP() bool {
	return slices.ContainsFunc(f.Customer.Tags, func(tag string) bool { return slices.Contains(vipTags, foldTag(tag)) })
}

// isFirstMessage reports that the customer's only message ever is young. Messages out
// of sight count as well: somebody has blocked or cleared, or some are held.
func (f Facts) isFirstMessage() bool {
	if f.HasOlderMessages || f.HasOlderEvents || f.Customer.Held > 0 {
		return false
	}
	for _, e := range f.Events {
		if e.Kind != data.AssignedEvent && e.Kind != data.ClosedEvent && e.Kind != data.RenamedEvent {
			return false
		}
	}
	count, young := 0, false
	for _, m := range f.Messages {
		if m.Direction == data.In {
			count++
			young = m.At > f.Now.Add(-firstMessageWindow)
		}
	}
	return count == 1 && young
}

// tooManyBlocks counts the block that is asked for among the others.
func (f Facts) tooManyBlocks() bool { return f.RecentBlocks >= maxBlocks }
