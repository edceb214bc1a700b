package chat

import (
	"reflect"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// setActs sets what was done to the message that set shows next.
func (b *bubble) setActs(acts *data.Acts) {
	if acts == nil && b.acts == nil || reflect.DeepEqual(acts, b.acts) {
		return
	}
	b.acts, b.measuredFor = acts, -1
}

// setEdited sets the link to what the message said before.
func (b *bubble) setEdited() {
	b.edited = nil
	if b.acts == nil || len(b.acts.Edits) == 0 {
		return
	}
	words := "Edited: show what it said before"
	if b.showsBefore {
		words = "Hide what it said before"
	}
	b.edited = widgets.NewLink(words, func() {
		b.showsBefore, b.measuredFor = !b.showsBefore, -1
		b.set(b.message, b.last, b.agent, b.retryEntry)
		b.onResize()
		b.onDone() // this link is gone
	})
}

// linksBelow are the links below the text.
func (b *bubble) linksBelow() []*widgets.Link {
	var links []*widgets.Link
	for _, link := range []*widgets.Link{b.copyLink, b.edited} {
		if link != nil {
			links = append(links, link)
		}
	}
	return links
}

// shownWords returns the words of a message as they are now, and below them what it said
// before, the latest first.
func shownWords(m data.Message, acts *data.Acts, before bool) string {
	words := acts.Words(m)
	if !before {
		return words
	}
	all := acts.Before(m)
	for i := len(all) - 1; i >= 0; i-- {
		words += "\n\nBefore: " + all[i]
	}
	return words
}

// noteText returns what is to be known of a message besides its words.
func noteText(m data.Message, acts *data.Acts) string {
	deleted, released := acts != nil && acts.DeletedAt != 0, m.Hold == data.Released
	switch {
	case deleted && released:
		return "Received while blocked, " + strings.ToLower(deletedText(m))
	case deleted:
		return deletedText(m)
	case released:
		return "Received while blocked"
	}
	return ""
}

// deletedText says who deleted a message, whose words the desk keeps.
func deletedText(m data.Message) string {
	if m.Direction == data.In {
		return "Deleted by the customer"
	}
	return "Deleted for the customer"
}

// reactionsText returns the reactions to a message, in a group each with who reacted.
func reactionsText(acts *data.Acts) string {
	if acts == nil {
		return ""
	}
	var all []string
	for _, r := range acts.Reactions {
		if r.By == "" {
			all = append(all, r.Emoji)
		} else {
			all = append(all, r.Emoji+" "+data.OneLine(r.By, 24))
		}
	}
	return strings.Join(all, "  ")
}
