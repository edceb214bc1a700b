package data

// Chat is a row of the chat list: the conversation with one customer.
type Chat struct {
	Customer Customer
	LastAt   Moment // of the last message or event seen in the timeline
	Preview  string
	Unread   int
	Marked   bool // marked as unread by hand
}

// ChatKey is a chat's place in the list: newest first, then the greater id.
type ChatKey struct {
	ID     int64
	LastAt Moment
}

// Before reports whether k stands above other in the list.
func (k ChatKey) Before(other ChatKey) bool {
	if k.LastAt != other.LastAt {
		return k.LastAt > other.LastAt
	}
	return k.ID > other.ID
}

// List names one of the lists above the chats.
type List string

// The lists there are.
const (
	AllChats     List = "all"
	UnreadChats  List = "unread"
	BlockedChats List = "blocked"
)

// ChatQuery says which chats are meant.
type ChatQuery struct {
	List   List
	Search string  // words that all must occur in the name, or digits of the phone
	Only   []int64 // only these customers; empty means all
}

// Counts are the numbers on the lists.
type Counts struct{ All, Unread, Blocked int }

// LastWords are what was written last in a chat.
type LastWords struct {
	Last *Message // by whomever; nil where there is none
	In   *Message // by the customer; nil where there is none
}

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
	Event   *Event
}

// Page is a stretch of a timeline, oldest first.
type Page struct {
	Items []Item
	Older bool // there is more above
	Newer bool // there is more below
}

// Span says which stretch of a timeline is meant: the newest, or what lies
// before or after a place.
type Span struct {
	Before *ItemKey
	After  *ItemKey
	Limit  int
}

// ChangeKind says what a change touched.
type ChangeKind string

// The kinds of change.
const (
	CustomerChanged   ChangeKind = "customer" // name, tags, block
	MessageChanged    ChangeKind = "message"  // a message came, went or moved its ticks
	ReadChanged       ChangeKind = "read"     // read or marked as unread
	DraftChanged      ChangeKind = "draft"
	SettingsChanged   ChangeKind = "settings"
	AccountChanged    ChangeKind = "account" // the account, its link, or an outbox entry
	WorldChanged      ChangeKind = "world"   // everything may be different
	ActivateRequested ChangeKind = "summon"  // somebody wants the window in front
)

// Change is one line of the changes table: that something changed, and where.
type Change struct {
	Seq        int64
	Kind       ChangeKind
	CustomerID int64 // zero where no one customer is meant
}

// DefaultListen is where programs are answered until the desk chooses another
// place: on this computer alone.
const DefaultListen = "127.0.0.1:8787"

// Settings are the desk's own, kept in the profile.
type Settings struct {
	Agent   string // who works here now
	Country string // two letters; how numbers without + are read
	Theme   string // light, dark or system
	Notify  bool
	Width   float32 // of the window, in Fyne's units
	Height  float32
	Split   float32 // the chat list's width
	Demo    bool    // the profile is a demo; never set from outside the demo
	Serve   bool    // the window answers programs
	Listen  string  // where it does; empty for DefaultListen
}
