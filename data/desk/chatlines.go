package desk

import (
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// lineKey is what a message of an export and one that is here have in common.
type lineKey struct {
	direction data.Direction
	minute    int64
	text      string
}

const minute = data.Moment(60_000)

// keyOf returns the key of a message. Programs differ in spaces and in marks of
// direction.
func keyOf(m data.Message) lineKey {
	text := strings.Map(func(r rune) rune {
		if r == '\u200E' || r == '\u200F' {
			return -1
		}
		return r
	}, m.Text)
	return lineKey{m.Direction, int64(m.At / minute), strings.Join(strings.Fields(text), " ")}
}

// key returns the key of an item. That of a block cannot be a message's.
func (i chatItem) key() lineKey {
	if i.block != "" {
		return lineKey{data.Direction(i.block), int64(i.message.At / minute), ""}
	}
	return keyOf(i.message)
}

// authorKey is a lineKey and who wrote the message: by address, by name, or empty for
// whoever did.
type authorKey struct {
	lineKey
	author string
}

// byAddress and byName return the author of a message as an authorKey has it, empty
// where that is not known.
func byAddress(m data.Message) string {
	if m.AuthorAddress == "" {
		return ""
	}
	return "@" + data.MatchKey(m.AuthorAddress)
}

func byName(m data.Message) string {
	if m.Author == "" {
		return ""
	}
	return "=" + data.Fold(m.Author)
}

// lineIndex are the ids of messages that are here, by what they have in common with
// those of an export; a block elsewhere has a negative one.
type lineIndex map[authorKey][]int64

func (x lineIndex) add(key lineKey, m data.Message, group bool) {
	x[authorKey{key, ""}] = append(x[authorKey{key, ""}], m.ID)
	if !group || key.direction != data.In {
		return
	}
	for _, author := range []string{byAddress(m), byName(m)} {
		if author != "" {
			x[authorKey{key, author}] = append(x[authorKey{key, author}], m.ID)
		}
	}
}

// lineMatcher finds which items of an export are here; each message that is here stands
// for one of them.
type lineMatcher struct {
	used map[int64]bool
	next map[authorKey]int // in the lists of what is hidden: all before it is used
}

func newLineMatcher() *lineMatcher {
	return &lineMatcher{used: map[int64]bool{}, next: map[authorKey]int{}}
}

// match reports of each item whether it is here. In a group the same author's messages
// are matched before all others, since another program may call an author otherwise.
func (l *lineMatcher) match(items []chatItem, here, hidden lineIndex, group bool) []bool {
	found := make([]bool, len(items))
	for i, item := range items {
		if !group || item.block != "" || item.message.Direction != data.In {
			continue
		}
		for _, author := range []string{byAddress(item.message), byName(item.message)} {
			found[i] = found[i] || author != "" && l.take(authorKey{item.key(), author}, here, hidden)
		}
	}
	for i, item := range items {
		found[i] = found[i] || l.take(authorKey{item.key(), ""}, here, hidden)
	}
	return found
}

// take uses the first message with a key that is not used yet; it reports whether there
// is one.
func (l *lineMatcher) take(key authorKey, here, hidden lineIndex) bool {
	list := here[key]
	for len(list) > 0 && l.used[list[0]] {
		list = list[1:]
	}
	here[key] = list
	if len(list) > 0 {
		l.used[list[0]] = true
		return true
	}
	list = hidden[key]
	for l.next[key] < len(list) && l.used[list[l.next[key]]] {
		l.next[key]++
	}
	if l.next[key] == len(list) {
		return false
	}
	l.used[list[l.next[key]]] = true
	return true
}
