package data

// BlockResult says what came of a request to block a customer.
type BlockResult string

// The results there are.
const (
	NewlyBlocked BlockResult = "blocked" // the customer was active
	BlockChanged BlockResult = "changed" // a block in force was given a later end, another reason, note or review
	BlockSame    BlockResult = "same"    // a block in force says all that was asked for
	BlockKept    BlockResult = "kept"    // a block in force ends later than was asked for, and stays as it is
)

// Reblock returns what a request to block a customer means for the block b that is in
// force. An end is never brought forward: a request with an earlier one changes nothing.
// No end is the latest, and a request without one asks for it. A reason, a note or a
// review that the request leaves out stays as it is.
func (b Block) Reblock(req BlockRequest) (AmendRequest, BlockResult) {
	var change AmendRequest
	if LaterEnd(b.Until, req.Until) {
		return change, BlockKept
	}
	result := BlockSame
	if req.Until != b.Until {
		change.Until, result = &req.Until, BlockChanged
	}
	if req.Reason != "" && req.Reason != b.Reason {
		change.Reason, result = &req.Reason, BlockChanged
	}
	if req.Note != "" && req.Note != b.Note {
		change.Note, result = &req.Note, BlockChanged
	}
	if req.Review != 0 && req.Review != b.Review {
		change.Review, result = &req.Review, BlockChanged
	}
	return change, result
}

// LaterEnd reports whether a block that ends at a ends later than one that ends at b.
// Zero, no end, is the latest.
func LaterEnd(a, b Moment) bool { return a != b && (a == 0 || b != 0 && a > b) }
