package precheck

import (
	"fmt"
	"strings"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

const (
	maxLines          = 3
	minHourlyMessages = 3  // fewer are not worth a line
	maxNameLength     = 40 // characters of an agent's name in a line
)

// Impact returns what a block would touch as at most three lines, the most important
// first. There are none for a customer who is already blocked.
func (f Facts) Impact() []string {
	if f.alreadyBlocked() {
		return nil
	}
	var lines []string
	for _, line := range []string{f.questionLine(), f.draftLine(), f.lastReplyLine(), f.pastBlocksLine(), f.messageRateLine()} {
		if line != "" && len(lines) < maxLines {
			lines = append(lines, line)
		}
	}
	return lines
}

// questionLine returns the line about the first question since the desk's last
// message, "" if there is none.
func (f Facts) questionLine() string {
	answered := f.closedAt()
	last, ok := f.lastOutgoing()
	if ok {
		answered = max(answered, last.At)
	}
	var first data.Moment
	budget := maxTotalBytes
	for _, m := range f.Messages {
		if m.Direction != data.In || m.At <= answered || !f.isRecent(m.At) || budget <= 0 {
			continue
		}
		text := truncate(m.Text, min(maxTextBytes, budget))
		budget -= len(text)
		if sharedLexicon().isQuestion(text) {
			first = m.At
			break
		}
	}
	switch {
	case first == 0:
		return ""
	case f.HasOlderMessages && answered == 0:
		return "Unanswered question, waiting for more than " + formatAge(first, f.Now)
	}
	return "Unanswered question, waiting for " + formatAge(first, f.Now)
}

// draftLine returns the line about a text that was written and not sent, "" if there is
// none. A command is not one: this block is what it asks for.
func (f Facts) draftLine() string {
	_, command := data.ParseTyped(f.Draft, nil, f.Now)
	_, near, _ := data.MistypedCommand(f.Draft)
	if strings.TrimSpace(f.Draft) == "" || command || len(near) > 0 {
		return ""
	}
	return "There is an unsent draft"
}

// lastReplyLine returns the line about the desk's last message, "" if the customer has
// written since.
func (f Facts) lastReplyLine() string {
	m, ok := f.lastOutgoing()
	if !ok || !f.isRecent(m.At) || m.At <= f.closedAt() {
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
		who = data.OneLine(m.Author, maxNameLength)
	}
	return fmt.Sprintf("%s wrote last, %s ago: no answer yet", who, formatAge(m.At, f.Now))
}

// lastOutgoing returns the desk's last message that the network did not refuse.
func (f Facts) lastOutgoing() (data.Message, bool) {
	for i := len(f.Messages) - 1; i >= 0; i-- {
		if m := f.Messages[i]; m.Direction == data.Out && m.Status != data.Failed {
			return m, true
		}
	}
	return data.Message{}, false
}

// pastBlocksLine returns the line about earlier blocks, except those that were
// undone; "" if there are none. A block that was imported carries its own agent and
// time.
func (f Facts) pastBlocksLine() string {
	var at data.Moment
	var by string
	count := 0
	undone := map[int64]bool{}
	for _, e := range f.Events {
		switch {
		case e.Kind == data.UndoneEvent:
			undone[e.Rest().Of] = true
		case e.Kind == data.BlockedEvent && undone[0]: // undone by an event that does not say what it undid
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
	case f.HasOlderEvents:
	case count == 1:
		line = "Blocked once before, "
	case count == 2:
		line = "Blocked twice before, last "
	default:
		line = fmt.Sprintf("Blocked %d times before, last ", count)
	}
	line += formatDay(at, f.Now)
	if by != "" {
		line += " by " + data.OneLine(by, maxNameLength)
	}
	return line
}

// blockedBy returns when and by whom the customer was blocked, for an imported block
// as the list had it.
func blockedBy(e data.Event) (at data.Moment, by string) {
	if rest := e.Rest(); rest.ImportedAt != 0 {
		return data.Moment(rest.ImportedAt), rest.ImportedBy
	}
	return e.At, e.Actor.Name
}

// messageRateLine returns the line about the messages of the last hour, "" if they
// are few.
func (f Facts) messageRateLine() string {
	hour := f.Now.Add(-time.Hour)
	count, all := 0, f.HasOlderMessages
	for _, m := range f.Messages {
		if m.At <= hour {
			all = false // the messages before these are older still
		} else if m.Direction == data.In {
			count++
		}
	}
	switch {
	case count < minHourlyMessages:
		return ""
	case all:
		return fmt.Sprintf("At least %d messages in the last hour", count)
	}
	return fmt.Sprintf("%d messages in the last hour", count)
}

// formatAge returns the time from a moment to now in whole minutes, hours or days.
func formatAge(from, now data.Moment) string {
	age := time.Duration(now-from) * time.Millisecond
	switch {
	case age < time.Minute:
		return "less than a minute"
	case age < time.Hour:
		return data.Count(int(age/time.Minute), "minute")
	case age < 24*time.Hour:
		return data.Count(int(age/time.Hour), "hour")
	}
	return data.Count(int(age/(24*time.Hour)), "day")
}

// formatDay returns the day of a moment for use within a sentence.
func formatDay(at, now data.Moment) string {
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
