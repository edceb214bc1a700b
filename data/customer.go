package data

import "strings"

// Status says whether a customer is blocked.
type Status string

// The two statuses there are.
const (
	Active  Status = "active"
	Blocked Status = "blocked"
)

// Customer is the person or the group who writes, known by one or more addresses.
type Customer struct {
	ID       int64
	Phone    Phone   // the address, where it is a number; otherwise empty
	Address  Address // the one that a message last came from, or else the first known
	Name     string  // empty while unknown
	Username string  // of WhatsApp, without the @; empty where there is none
	Version  int64   // grows with every change to name, tags or block, and with no other address
	Tags     []string
	Block    *Block // nil where there is none; it may have ended, so ask Status
	Held     int    // messages held and not yet shown or discarded
	// PairedWith is the customer who may be the same person, as long as that is not
	// decided; zero for none. Of several it is the first.
	PairedWith int64
}

// Block is a block of a customer: who blocked them, when, why, and until when.
type Block struct {
	By                 Actor
	At                 Moment
	Reason             string
	Note               string
	Until              Moment // zero: until somebody unblocks
	Review             Moment // when the block is due for a review; zero for never
	UnblockRequestedAt Moment // when the customer last asked to be unblocked; zero for never
	Borrowed           int64  // the customer whose block it is, who may be the same person; zero for the customer's own
}

// Ended reports whether the block has reached its end at now.
func (b Block) Ended(now Moment) bool { return b.Until != 0 && now >= b.Until }

// Status returns whether the customer is blocked at now. Nothing else decides that.
func (c Customer) Status(now Moment) Status {
	if c.Block == nil || c.Block.Ended(now) {
		return Active
	}
	return Blocked
}

// Title returns what the customer is called on screen: the name, or else the number,
// or else the username.
func (c Customer) Title() string {
	switch {
	case IsVisible(c.Name):
		return c.Name
	case c.Phone != "":
		return c.Phone.Pretty()
	case c.Username != "":
		return "@" + c.Username
	case c.IsGroup():
		return "Group"
	}
	return "No number"
}

// Initials returns what an avatar shows of the customer, who is no group: that of the
// name, or else the first letter of the username, or else #.
func (c Customer) Initials() string {
	if IsVisible(c.Name) || c.Username == "" || c.Phone != "" {
		return Initials(c.Name)
	}
	return Initials(strings.TrimLeft(c.Username, "0123456789._"))
}

// Contact returns what stands beside the title: the number, or else the username and
// the address, which is cut in the middle where it is long.
func (c Customer) Contact() string {
	if c.Phone != "" {
		return c.Phone.Pretty()
	}
	if username := "@" + c.Username; c.Username != "" && username != c.Title() {
		return username + " · " + c.Address.Short()
	}
	return c.Address.Short()
}

// Contacts returns all that the customer with the addresses ids is known by, as format
// writes an address: numbers, then the username, then the rest.
func (c Customer) Contacts(ids []Identity, format func(Address) string) []string {
	if len(ids) == 0 {
		ids = []Identity{{Address: c.Address}}
	}
	var numbers, others []string
	for _, i := range ids {
		if i.Address.Phone() != "" {
			numbers = append(numbers, format(i.Address))
		} else {
			others = append(others, format(i.Address))
		}
	}
	if c.Username != "" {
		numbers = append(numbers, "@"+c.Username)
	}
	return append(numbers, others...)
}

// IsGroup reports whether the customer is a group.
func (c Customer) IsGroup() bool { return strings.HasSuffix(string(c.Address), "@g.us") }

// Selection is the customers who were selected together, by their status.
type Selection struct {
	Active  []int64
	Blocked []int64
	Held    int // held messages of all of them
}

// BlockRequest is a request to block a customer.
type BlockRequest struct {
	Version     int64 // the version the caller saw; zero for any
	Reason      string
	Note        string
	Until       Moment
	Review      Moment
	Idempotency IdempotencyKey
}

// AmendRequest is a request to change a block in force. What a nil field names stays
// as it is.
type AmendRequest struct {
	Version int64   // the version the caller saw; zero for any
	Reason  *string // one of the desk's, or the block's own; empty for none
	Until   *Moment // zero: until somebody unblocks
	Review  *Moment // zero for never
	Note    *string
	Asked   bool // the customer asked to be unblocked
}

// UnblockRequest is a request to unblock a customer.
type UnblockRequest struct {
	Version     int64 // the version the caller saw; zero for any
	Note        string
	Discard     bool // what was held stays out of sight
	Idempotency IdempotencyKey
}

// Outcome says what an act did.
type Outcome struct {
	Customer Customer
	Changed  bool        // false where there was nothing to change
	Result   BlockResult // of a request to block; empty for any other act
	Undo     Undo        // undoes the act; the zero value where nothing changed
}

// Undo is what is needed to take a block, a change of one, or an unblock back.
type Undo struct {
	CustomerID int64
	Version    int64     // of the customer after the act; any other means that somebody else acted since
	Event      int64     // the sequence of the act's first event
	Kind       EventKind // of that event
	Before     *Block    // the block that was in force before; nil for none
	// Own holds, where others may be the same person, the blocks that each of them and
	// whoever was joined into them had of their own, by row; nil for none.
	Own map[int64]*Block
}
