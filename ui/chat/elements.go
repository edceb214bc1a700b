package chat

import (
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// element is one thing in the timeline, as it is shown.
type element struct {
	kind elementKind
	item data.Item // of a bubble or a pill
	text string    // of a pill or a separator
	time string
	gap  float32 // room above it
	last bool    // the last of its group, which has the tail

	retryEntry int64 // the entry that sends a failed message again, 0 if there is none
}

type elementKind int

const (
	dayElement elementKind = iota
	unreadElement
	pillElement
	bubbleElement
)

// elementKey identifies an element when the chat is read anew.
type elementKey struct {
	kind elementKind
	item data.ItemKey
}

func (e element) key() elementKey {
	k := elementKey{kind: e.kind, item: e.item.Key}
	if e.kind == dayElement {
		k.item = data.ItemKey{At: e.item.Key.At}
	}
	return k
}

// maxGroupGap is the longest time between two messages of one group.
const maxGroupGap = 5 * time.Minute

const (
	groupGap   float32 = 12
	messageGap float32 = 4
)

// elementsOf returns the elements that show items: days, the line above the first new
// message, events, and messages in groups.
func elementsOf(items []data.Item, now data.Moment, firstNew *data.ItemKey) []element {
	var list []element
	for i, item := range items {
		if i == 0 || !item.Key.At.SameDay(items[i-1].Key.At) {
			list = append(list, element{kind: dayElement, item: item, text: item.Key.At.Day(now), gap: groupGap})
		}
		if firstNew != nil && item.Key == *firstNew {
			list = append(list, element{kind: unreadElement, item: item, text: "New messages", gap: groupGap})
		}
		if item.Event != nil {
			list = append(list, element{kind: pillElement, item: item, text: item.Event.Text(), time: item.Event.At.TimeOfDay(), gap: groupGap})
			continue
		}
		e := element{kind: bubbleElement, item: item, gap: groupGap, last: i+1 == len(items) || !sameGroup(item, items[i+1], firstNew)}
		if i > 0 && sameGroup(items[i-1], item, firstNew) {
			e.gap = messageGap
		}
		list = append(list, e)
	}
	return list
}

// sameGroup reports whether two neighbouring items belong to one group.
func sameGroup(a, b data.Item, firstNew *data.ItemKey) bool {
	if a.Message == nil || b.Message == nil || firstNew != nil && b.Key == *firstNew {
		return false
	}
	return a.Message.Direction == b.Message.Direction &&
		a.Message.Author == b.Message.Author &&
		b.Key.At <= a.Key.At.Add(maxGroupGap) &&
		a.Key.At.SameDay(b.Key.At)
}
