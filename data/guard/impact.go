package guard

import (
	"fmt"
	"strings"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

const (
	mostLines  = 3
	manyInHour = 3  // fewer messages in an hour are nothing to speak of
	shortName  = 40 // characters of an agent's name in a line
)

// Impact says what a block would touch, the most important first, in at most
// three lines. There are none for who is blocked already.
func (f Facts) Impact() []string {
	if f.blocked() {
		return nil
	}
	var lines []string
	for _, line := range []string{f.question(), f.draft(), f.lastWord(), f.blockedBefore(), f.pace()} {
		if line != "" && len(lines) < mostLines {
			lines = append(lines, line)
		}
	}
	return lines
}

// question tells of the first question since the desk's last word.
func (f Facts) question() string {
	answered := f.settled()
	last, known := f.lastSent()
	if known {
		answered = max(answered, last.At)
	}
	var first data.Moment
	rest := allTexts
	for _, m := range f.Messages {
		if m.Direction != data.In || m.At <= answered || !f.lately(m.At) || rest <= 0 {
			continue
		}
		text := clip(m.Text, min(oneText, rest))
		rest -= len(text)
		if words().asks(text) {
			first = m.At
			break
		}
	}
	switch {
	case first == 0:
		return ""
	case f.Older && answered == 0:
		return "Unanswered question, waiting for more than " + span(first, f.Now)
	}
	return "Unanswered question, waiting for " + span(first, f.Now)
}

func (f Facts) draft() string {
	if strings.TrimSpace(f.Draft) == "" {
		return ""
	}
	return "A draft to this customer is half written"
}

// lastWord reports that the desk wrote last, and who it was.
func (f Facts) lastWord() string {
	m, known := f.lastSent()
	if !known || !f.lately(m.At) || m.At <= f.settled() {
		return ""
	}
	for _, other := range f.Messages {
		if other.Direction == data.In && (data.ItemKey{At: m.At, ID: m.ID}).Less(data.ItemKey{At: other.At, ID: other.ID}) {
			return ""
		}
	}
	who := "The desk"
	switch {
	case m.Author != "" && m.Author == f.Agent:
		who = "You"
	case m.Author != "":
		who = data.OneLine(m.Author, shortName)
	}
	return fmt.Sprintf("%s wrote last, %s ago: no answer yet", who, span(m.At, f.Now))
}

// lastSent is the last message of the desk that was not refused by the network.
func (f Facts) lastSent() (data.Message, bool) {
	for i := len(f.Messages) - 1; i >= 0; i-- {
		if m := f.Messages[i]; m.Direction == data.Out && m.Status != data.Failed {
			return m, true
		}
	}
	return data.Message{}, false
}

// blockedBefore counts the earlier blocks but those that were undone. What an
// import brought says itself who blocked and when.
func (f Facts) blockedBefore() string {
	var at data.Moment
	var by string
	count := 0
	undone := map[int64]bool{}
	for _, e := range f.Events {
		switch {
		case e.Kind == data.UndoneEvent:
			undone[e.Rest().Of] = true
		case e.Kind == data.BlockedEvent && undone[0]: // by an event that does not say what it undid
			delete(undone, 0)
		case e.Kind == data.BlockedEvent && !undone[e.Seq]:
			if count++; count == 1 {
				at, by = blockedBy(e)
			}
		case e.Kind == data.UnblockedEvent:
			delete(undone, 0)
		}
	}
	if count == 0 {
		return ""
	}
	line := "Blocked before, last "
	switch {
	case f.Earlier:
	case count == 1:
		line = "Blocked once before, "
	case count == 2:
		line = "Blocked twice before, last "
	default:
		line = fmt.Sprintf("Blocked %d times before, last ", count)
	}
	line += day(at, f.Now)
	if by != "" {
		line += " by " + data.OneLine(by, shortName)
	}
	return line
}

func blockedBy(e data.Event) (at data.Moment, by string) {
	if rest := e.Rest(); rest.ImportedAt != 0 {
		return data.Moment(rest.ImportedAt), rest.ImportedBy
	}
	return e.At, e.Actor.Name
}

// pace counts what came in within the last hour.
func (f Facts) pace() string {
	hour := f.Now.Add(-time.Hour)
	count, all := 0, f.Older
	for _, m := range f.Messages {
		if m.At <= hour {
			all = false // so what lies before these is older still
		} else if m.Direction == data.In {
			count++
		}
	}
	switch {
	case count < manyInHour:
		return ""
	case all:
		return fmt.Sprintf("At least %d messages in the last hour", count)
	}
	return fmt.Sprintf("%d messages in the last hour", count)
}

// span says how long it is from a moment to now, in the one unit that fits.
func span(from, now data.Moment) string {
	took := time.Duration(now-from) * time.Millisecond
	switch {
	case took < time.Minute:
		return "less than a minute"
	case took < time.Hour:
		return plural(int(took/time.Minute), "minute")
	case took < 24*time.Hour:
		return plural(int(took/time.Hour), "hour")
	}
	return plural(int(took/(24*time.Hour)), "day")
}

func plural(n int, unit string) string {
	if n == 1 {
		return "1 " + unit
	}
	return fmt.Sprintf("%d %ss", n, unit)
}

// day says the day of a moment within a sentence.
func day(at, now data.Moment) string {
	switch at.Day(now) {
	case "Today":
		return "today at " + at.TimeOfDay()
	case "Yesterday":
		return "yesterday"
	}
	if at.Time().Year() == now.Time().Year() {
		return at.Time().Format("on 2 Jan")
	}
	return at.Time().Format("on 2 Jan 2006")
}
