package data

import "time"

// BlockEnd narrows the blocked customers by when their block ends.
type BlockEnd string

// The ends that can be asked for. ReviewDue means those that are to be looked
// at again.
const (
	AnyEnd      BlockEnd = ""
	NoEnd       BlockEnd = "none"
	EndsInADay  BlockEnd = "day"
	EndsInAWeek BlockEnd = "week"
	ReviewDue   BlockEnd = "review"
)

// BlockOrder says which of the blocked stand first.
type BlockOrder string

// The orders there are.
const (
	NewestBlock BlockOrder = ""
	ByName      BlockOrder = "name" // who has none stands last, by number
	EndsSoonest BlockOrder = "end"  // what has no end stands last
	MostHeld    BlockOrder = "held"
)

// BlockedQuery says which of those who are blocked now are meant, and in which
// order.
type BlockedQuery struct {
	Search   string // words that all must occur in the name, or digits of the phone
	Reason   string // empty for all
	NoReason bool   // only those blocked without a reason
	Agent    string // who blocked; empty for all
	End      BlockEnd
	Order    BlockOrder
}

// Narrow reports whether the query leaves some of the blocked out.
func (q BlockedQuery) Narrow() bool {
	q.Order = NewestBlock
	return q != BlockedQuery{}
}

// BlockedChoices are the reasons and agents of all blocks in force, in order.
type BlockedChoices struct {
	Reasons  []string
	NoReason bool // some were blocked without one
	Agents   []string
}

// BlockedCounts are the numbers on the lists of blocks.
type BlockedCounts struct {
	Now  int // blocks in force
	Past int // blocks that are over
	Due  int // blocks in force that are to be looked at again
}

// BlockedCustomer is a customer who is blocked, for the list of them.
type BlockedCustomer struct {
	Customer
	Chat bool // there is a chat to open
}

// PastBlock is a block that is over.
type PastBlock struct {
	Seq        int64 // of the event that ended it
	CustomerID int64
	Phone      Phone
	Name       string // that the customer has now
	Chat       bool   // there is a chat to open
	By         string // who blocked; empty where there is nobody to name
	At         Moment // zero where the beginning is not known
	Reason     string
	Ended      Moment
	How        EventKind // UnblockedEvent, BlockEndedEvent or UndoneEvent
	EndedBy    string    // empty where there is nobody to name
}

// ReviewPeriods are the days after which blocks are looked at again; none
// switches a period off.
type ReviewPeriods struct {
	Days int // what is suggested for a block's review
	Old  int // a block this old that has no review is to be looked at
}

// DefaultReview are the periods until the desk chooses others.
var DefaultReview = ReviewPeriods{Days: 30, Old: 90}

// MaxReviewDays bounds both periods.
const MaxReviewDays = 3650

// Before is the moment before which a block that has no review is old at now;
// zero where no block ever is.
func (p ReviewPeriods) Before(now Moment) Moment {
	if p.Old <= 0 {
		return 0
	}
	return now.Add(-time.Duration(p.Old) * 24 * time.Hour)
}

// Due reports whether the block is to be looked at again at now.
func (b Block) Due(now Moment, p ReviewPeriods) bool {
	if b.Review != 0 {
		return b.Review <= now
	}
	return b.At <= p.Before(now)
}

// BlockedKey is a customer's place among the blocked: the newest block first.
type BlockedKey struct {
	At Moment
	ID int64
}
