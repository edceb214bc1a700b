package demo

import (
	"time"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
)

// Reply returns what a customer answers to the nth message of the agents, counted
// from 0, and how long after it. Once their own lines are used up the general ones
// of their language follow; a customer who is not in the world speaks English.
func Reply(w World, phone data.Phone, n int) (text string, after time.Duration) {
	c, generic := w.linesFor(phone, w.replies)
	lines := c.Replies
	switch {
	case c.Tireless || n < len(lines):
		text = lines[n%len(lines)]
	default:
		text = generic[(n-len(lines))%len(generic)]
	}
	typing := time.Duration(min(utf8.RuneCountInString(text), 100)) * 50 * time.Millisecond
	return text, 2*time.Second + typing + jitter(phone, n, 2*time.Second)
}

// followUpDelays is how long a blocked customer waits before each further message.
var followUpDelays = []time.Duration{8 * time.Second, 20 * time.Second, 45 * time.Second, 90 * time.Second, 3 * time.Minute}

// FollowUp returns the nth message that a blocked customer writes, counted from 0,
// and how long after the block or the message before. The text is empty once they
// have fallen silent, as most do.
func FollowUp(w World, phone data.Phone, n int) (text string, after time.Duration) {
	c, lines := w.linesFor(phone, w.followUps)
	if len(c.FollowUps) > 0 {
		lines = c.FollowUps
	}
	if n >= len(lines) && !c.Tireless {
		return "", 0
	}
	wait := followUpDelays[min(n, len(followUpDelays)-1)]
	return lines[n%len(lines)], wait + jitter(phone, n, wait/4)
}

// linesFor returns the customer and the general lines of their language.
func (w World) linesFor(phone data.Phone, lines map[string][]string) (Customer, []string) {
	c, ok := w.Customer(phone)
	if !ok {
		c.Language = fallbackLanguage
	}
	return c, lines[c.Language]
}

// fallbackLanguage is the language of customers who are not in the world.
const fallbackLanguage = "en"

// jitter returns a random time below limit, the same for the same arguments.
func jitter(phone data.Phone, n int, limit time.Duration) time.Duration {
	r := rng(hashSeed(string(phone), n))
	return time.Duration(r.intN(int(limit.Milliseconds()))) * time.Millisecond
}
