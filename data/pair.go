package data

// Pair is two customers who may be the same person.
type Pair struct {
	ID        int64
	First     int64 // the one who was here first; the other is joined into this one
	Second    int64
	Reason    PairReason
	At        Moment // when the question arose
	State     PairState
	DecidedAt Moment // zero while it is not decided
}

// Other returns the customer of the pair that id is not.
func (p Pair) Other(id int64) int64 {
	if id == p.First {
		return p.Second
	}
	return p.First
}

// PairState says what was decided of a pair.
type PairState string

// The states there are.
const (
	PairFound  PairState = "found" // by a migration; it is begun as soon as the desk works
	PairOpen   PairState = "open"
	PairApart  PairState = "apart" // two customers, and not asked again
	PairJoined PairState = "joined"
)

// PairAct is what can be done with a pair.
type PairAct string

// The acts there are.
const (
	JoinTwo   PairAct = "join"
	KeepApart PairAct = "keep-apart"
	SplitTwo  PairAct = "split"     // undoes JoinTwo
	AskAgain  PairAct = "ask-again" // undoes KeepApart
)

// PairRequest is a request to decide a pair, or to undo that.
type PairRequest struct {
	Act         PairAct
	Discard     bool // of KeepApart: what was held only for the other's sake stays out of sight
	Idempotency IdempotencyKey
}

// PairReason says why two customers may be the same person.
type PairReason string

// The reasons there are.
const (
	SameKey     PairReason = "key"     // their addresses are spellings of one line
	SameSender  PairReason = "sender"  // one delivery named an address of each
	SameMessage PairReason = "message" // one message came from each
	NumberMoved PairReason = "number"  // the number of one came with another user id
)

// Text returns the reason as a sentence.
func (r PairReason) Text() string {
	switch r {
	case SameKey:
		return "Their numbers are two spellings of one line."
	case SameSender:
		return "A message came in with the addresses of both."
	case SameMessage:
		return "The same message came from both."
	case NumberMoved:
		return "The number of one now comes with a different user id."
	}
	return ""
}

// PersonBlock returns the block that holds for all of the customers as long as they
// may be the same person: of the blocks in force at now the one that ends last, and
// of those the one that was made first. Whose it is comes with it. It returns nil
// where none of them is blocked.
func PersonBlock(customers []Customer, now Moment) (block *Block, owner int64) {
	for _, c := range customers {
		if c.Status(now) != Blocked {
			continue
		}
		if block == nil || stricter(*c.Block, c.ID, *block, owner) {
			block, owner = c.Block, c.ID
		}
	}
	if block != nil && block.Borrowed != 0 {
		owner = block.Borrowed
	}
	return block, owner
}

// OwnBlock returns the block that a customer has of their own: of the blocks of their
// rows the one that ends last; nil for none.
func OwnBlock(rows []int64, own map[int64]*Block) *Block {
	var all []Customer
	for _, row := range rows {
		all = append(all, Customer{ID: row, Block: own[row]})
	}
	b, _ := PersonBlock(all, 0)
	return b
}

// CountingBlocks returns what counts for each of the customers who may be the same
// person, who come with their own blocks: the own one with the end of the one that ends
// last, or else that one. It returns nil where nobody has one, and otherwise whose it is.
func CountingBlocks(customers []Customer) (blocks map[int64]*Block, owner int64) {
	last, owner := PersonBlock(customers, 0)
	if last == nil {
		return nil, 0
	}
	blocks = make(map[int64]*Block, len(customers))
	for _, c := range customers {
		blocks[c.ID] = last.Lend(owner, c.ID)
		if c.Block != nil {
			its := *c.Block
			its.Until = last.Until
			blocks[c.ID] = &its
		}
	}
	return blocks, owner
}

// stricter reports whether the block a of the customer idA counts before b of idB.
func stricter(a Block, idA int64, b Block, idB int64) bool {
	switch {
	case a.Until != b.Until:
		return LaterEnd(a.Until, b.Until)
	case (a.Borrowed == 0) != (b.Borrowed == 0):
		return a.Borrowed == 0
	case a.At != b.At:
		return a.At < b.At
	}
	return idA < idB
}

// Lend returns the block b of the customer owner as it stands with the customer to.
func (b Block) Lend(owner, to int64) *Block {
	b.Borrowed = owner
	if owner == to {
		b.Borrowed = 0
	}
	return &b
}
