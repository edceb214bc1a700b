package data

import (
	"cmp"
	"fmt"
)

// State is what the history says of a customer's block.
type State struct {
	Block *Block // nil where there is none
	// Shared says that the customer was or is one of a pair. Their own history says
	// whether such a customer is blocked; who did it, why and until when may stand in
	// that of the other.
	Shared bool
}

// StateDifference is a customer whose row does not say what follows from the events and
// messages.
type StateDifference struct {
	CustomerID int64
	Address    Address
	Text       string // what differs
}

// String returns the difference as a sentence.
func (d StateDifference) String() string { return d.Address.Pretty() + ": " + d.Text + "." }

// StateOf returns the state that follows from all events of one row of a customer, in
// the order of their numbers. A block that has ended and whose end nobody recorded is
// still there: what counts is Customer.Status.
func StateOf(events []Event) State {
	var s State
	before := map[int64]*Block{} // by event
	for _, e := range events {
		before[e.Seq] = s.Block
		s.follow(e, before)
	}
	return s
}

// DecidesState reports whether an event of this kind says anything of a state.
func (k EventKind) DecidesState() bool {
	switch k {
	case BlockedEvent, UnblockedEvent, BlockEndedEvent, UndoneEvent,
		PairBegunEvent, PairReopenedEvent, KeptApartEvent, JoinedEvent, SplitEvent:
		return true
	}
	return k.ChangesBlock()
}

// follow makes s the state after e. Before are the blocks that were there before each
// event: an undo brings one back.
func (s *State) follow(e Event, before map[int64]*Block) {
	d := e.Rest()
	if d.With != "" && e.Kind.DecidesState() {
		s.Shared = true
	}
	switch {
	case e.Kind == BlockedEvent:
		b := blockBy(e, d)
		s.Block = &b
	case e.Kind == UnblockedEvent, e.Kind == BlockEndedEvent:
		s.Block = nil
	case e.Kind == JoinedEvent:
		// Who was joined has no block that counts; a split begins with an event.
	case e.Kind == UndoneEvent && (d.From == string(BlockedEvent) || d.From == ""): // the demo's stories say no more
		s.Block = nil
	case e.Kind == UndoneEvent && (d.From == string(UnblockedEvent) || EventKind(d.From).ChangesBlock()):
		if b, known := before[d.Of]; known {
			s.Block = b
		}
	case e.Kind.ChangesBlock() && s.Block != nil:
		b := *s.Block
		switch e.Kind {
		case ExtendedEvent, ShortenedEvent:
			b.Until = Moment(d.Until)
		case ReviewEvent:
			b.Review = Moment(d.Review)
		case NoteEvent:
			b.Note = d.Note
		case ReasonEvent:
			b.Reason = d.Reason
		case UnblockRequestedEvent:
			b.UnblockRequestedAt = e.At
		}
		s.Block = &b
	}
}

// blockBy returns the block that an event made. A list says itself who blocked and when.
func blockBy(e Event, d Detail) Block {
	b := Block{By: e.Actor, At: e.At, Reason: d.Reason, Note: d.Note, Until: Moment(d.Until), Review: Moment(d.Review)}
	if e.Actor.Channel == ViaImport {
		b.By.Name = cmp.Or(d.ImportedBy, b.By.Name)
		b.At = cmp.Or(Moment(d.ImportedAt), b.At)
	}
	return b
}

// Difference returns what differs between the block that a customer's row has and
// the state, in a sentence; empty where nothing does.
func (s State) Difference(row *Block) string {
	switch {
	case row == nil && s.Block == nil:
		return ""
	case row == nil:
		return "the history says blocked by " + describeBy(s.Block.By) + ", the customer's row says not blocked"
	case s.Block == nil:
		return "the history says not blocked, the customer's row says blocked by " + describeBy(row.By)
	}
	is, want := *row, *s.Block
	differ := func(what, history, row string) string {
		return fmt.Sprintf("the history says %s %s, the customer's row says %s", what, history, row)
	}
	switch {
	case s.Shared:
		return ""
	case is.Until != want.Until:
		return differ("blocked", untilWords(int64(want.Until)), untilWords(int64(is.Until)))
	case is.By != want.By:
		return differ("blocked by", describeBy(want.By), describeBy(is.By))
	case is.At != want.At:
		return differ("blocked on", momentWords(want.At), momentWords(is.At))
	case is.Reason != want.Reason:
		return differ("the reason is", orNothing(want.Reason), orNothing(is.Reason))
	case is.Note != want.Note:
		return "the note of the block is not the one in the history"
	case is.Review != want.Review:
		return differ("the review is due on", momentWords(want.Review), momentWords(is.Review))
	case is.UnblockRequestedAt != want.UnblockRequestedAt:
		return differ("the customer asked to be unblocked on", momentWords(want.UnblockRequestedAt), momentWords(is.UnblockRequestedAt))
	case is.Borrowed != 0:
		return "the customer's row says that the block is another customer's, the history does not"
	}
	return ""
}

func describeBy(a Actor) string {
	if a.Name == "" {
		return "the " + string(a.Kind) + " by " + string(a.Channel)
	}
	return a.Name + " (" + string(a.Kind) + ", by " + string(a.Channel) + ")"
}

func momentWords(m Moment) string {
	if m == 0 {
		return "no day"
	}
	return m.Time().Format("2 Jan 2006 15:04:05.000")
}

func orNothing(text string) string {
	if text == "" {
		return "none"
	}
	return text
}
