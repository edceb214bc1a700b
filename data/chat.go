package data

// Chat is a row of the chat list: the conversation with one customer.
type Chat struct {
	Customer Customer
	LastAt   Moment // of its newest message, by which it stands in the list
	ShownAt  Moment // of what the preview shows: a message, or an event
	Preview  string
	Unread   int
	Marked   bool // marked as unread by hand
	// SharesName reports whether another customer reads the same in the list, but for
	// case, accents and what cannot be seen.
	SharesName bool
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
