package demo

import (
	"time"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
)

// Reply is what a customer answers when an agent has written for the nth time,
// counted from 0, and how long they type. After their own lines come those of
// their language; a stranger speaks English.
func Reply(w World, phone data.Phone, nth int) (text string, after time.Duration) {
	c, generic := w.linesFor(phone, w.replies)
	lines := c.Replies
	switch {
	case c.Tireless || nth < len(lines):
		text = lines[nth%len(lines)]
	default:
		text = generic[(nth-len(lines))%len(generic)]
	}
	typing := time.Duration(min(utf8.RuneCountInString(text), 100)) * 50 * time.Millisecond
	return text, 2*time.Second + typing + jitter(phone, nth, 2*time.Second)
}

// followUpDelays is how long a blocked customer waits before each further message.
var followUpDelays = []time.Duration{8 * time.Second, 20 * time.Second, 45 * time.Second, 90 * time.Second, 3 * time.Minute}

// FollowUp is what a blocked customer goes on writing, counted from 0, and how long
// after the block or the message before. Most fall silent in the end: then
// text is empty.
func FollowUp(w World, phone data.Phone, nth int) (text string, after time.Duration) {
	c, lines := w.linesFor(phone, w.followUps)
	if len(c.FollowUps) > 0 {
		lines = c.FollowUps
	}
	if nth >= len(lines) && !c.Tireless {
		return "", 0
	}
	wait := followUpDelays[min(nth, len(followUpDelays)-1)]
	return lines[nth%len(lines)], wait + jitter(phone, nth, wait/4)
}

// linesFor finds the customer and the general lines of their language.
func (w World) linesFor(phone data.Phone, lines map[string][]string) (Customer, []string) {
	c, known := w.Customer(phone)
	if !known {
		c.Language = fallbackLanguage
	}
	return c, lines[c.Language]
}

// fallbackLanguage is the language of who is not in the world.
const fallbackLanguage = "en"

func jitter(phone data.Phone, nth int, most time.Duration) time.Duration {
	d := rng(hashSeed(string(phone), nth))
	return time.Duration(d.intN(int(most.Milliseconds()))) * time.Millisecond
}
