package data

// Status says whether a customer may keep writing.
type Status string

// The two statuses there are.
const (
	Active  Status = "active"
	Blocked Status = "blocked"
)

// Customer is the person who writes, known by phone number.
type Customer struct {
	ID      int64
	Phone   Phone
	Name    string // empty while unknown
	Version int64  // grows with every change to name, tags or block
	Tags    []string
	Block   *Block // nil where there is none; it may have ended, so ask Status
	Held    int    // messages held and not yet shown or discarded
}

// Block is who blocked a customer, when, why, and until when.
type Block struct {
	By     Actor
	At     Moment
	Reason string
	Note   string
	Until  Moment // zero: until somebody unblocks
}

// Ended tells whether the block's end is reached at now.
func (b Block) Ended(now Moment) bool { return b.Until != 0 && now >= b.Until }

// Status is the one place that decides whether a customer is blocked at now.
func (c Customer) Status(now Moment) Status {
	if c.Block == nil || c.Block.Ended(now) {
		return Active
	}
	return Blocked
}

// Title is what the customer is called on screen: the name, else the number.
func (c Customer) Title() string {
	if c.Name != "" {
		return c.Name
	}
	return c.Phone.Pretty()
}

// BlockRequest is what a block is asked with.
type BlockRequest struct {
	Version int64 // the version the caller saw; zero acts on what is
	Reason  string
	Note    string
	Until   Moment
}

// UnblockRequest is what an unblock is asked with.
type UnblockRequest struct {
	Version int64 // the version the caller saw; zero acts on what is
	Note    string
}

// Outcome tells what an act did.
type Outcome struct {
	Customer Customer
	Changed  bool // false where there was nothing to change
}
