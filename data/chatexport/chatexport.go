// Package chatexport reads chats that WhatsApp exported, as a text file or as a
// zip with one in it, and brings them into a customer's chat.
//
// An export says neither which customer it is about, nor which of its authors is
// the business, nor in which time zone its clock stood: whoever imports it says so.
package chatexport

import (
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// Chat is an exported chat.
type Chat struct {
	Entries []Entry  // in the order of the file
	Authors []Author // in the order in which they first wrote
	Order   DateOrder
	// OrderProved reports whether the file shows that its dates are in Order: a
	// part over 12 does. Otherwise the day is taken to come first.
	OrderProved bool

	NotUnderstood int          // lines; each is kept, as the text of the message before it
	FirstUnread   []UnreadLine // the first of them, at most maxShown
	Files         map[string]bool
}

// UnreadLine is a line that was not understood.
type UnreadLine struct {
	Line   int    // from 1
	Text   string // its beginning
	Reason string
}

// Author is a name that messages stand under.
type Author struct {
	Name     string
	Messages int
}

// EntryKind says what an entry of an exported chat is.
type EntryKind int

// The kinds of entry.
const (
	MessageEntry  EntryKind = iota
	NoticeEntry             // what WhatsApp itself says, such as a missed call
	StandingEntry           // what WhatsApp says in every chat, such as that it is encrypted
	BlockEntry              // the business blocked the contact
	UnblockEntry
	UnreadEntry // what stands before the first entry
)

// Entry is one message or one event of an exported chat.
type Entry struct {
	Line   int       // its first line in the file, from 1
	Wall   time.Time // what the clock showed, as if it were in UTC; to the minute or the second
	Kind   EntryKind
	Author string // empty where WhatsApp itself speaks
	Text   string

	Media   data.Kind // what a message carries besides text, empty for nothing
	File    string    // the media's name, where the export has one
	Missing bool      // the media are not in the export
	Edited  bool
	Deleted bool
}

// DateOrder is the order in which the parts of a date stand.
type DateOrder string

// The orders there are.
const (
	DayFirst   DateOrder = "day/month/year"
	MonthFirst DateOrder = "month/day/year"
	YearFirst  DateOrder = "year/month/day"
)

// First returns what the clock showed at the earliest entry, and at the latest.
func (c *Chat) First() (first, last time.Time) {
	for _, e := range c.Entries {
		if first.IsZero() || e.Wall.Before(first) {
			first = e.Wall
		}
		if e.Wall.After(last) {
			last = e.Wall
		}
	}
	return first, last
}
