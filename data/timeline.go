package data

// ItemKey is the place of an item in a timeline: by moment, and at the same
// moment messages before events, each by id.
type ItemKey struct {
	At    Moment
	Event bool
	ID    int64
}

// Less reports whether k stands above other.
func (k ItemKey) Less(other ItemKey) bool {
	if k.At != other.At {
		return k.At < other.At
	}
	if k.Event != other.Event {
		return other.Event
	}
	return k.ID < other.ID
}

// Item is one thing in a timeline: a message or an event.
type Item struct {
	Key     ItemKey
	Message *Message
	Acts    *Acts // what was done to the message; nil for nothing
	Event   *Event
}

// Page is a stretch of a timeline, oldest first.
type Page struct {
	Items []Item
	Older bool // there is more above
	Newer bool // there is more below
}

// Span says which stretch of a timeline is meant: the newest, or what lies before, after
// or around a place. What lies around it begins above it.
type Span struct {
	Before *ItemKey
	After  *ItemKey
	Around *ItemKey
	Limit  int
}

// Unread is what nobody has read in a chat.
type Unread struct {
	Count  int
	First  *ItemKey // the oldest of them; nil if none is in sight
	Marked bool     // by hand
}
