package data

import "errors"

// Bounds on what is set aside. Beyond them nothing more is taken that cannot be
// understood, and nothing that is kept is dropped for it.
const (
	MaxSetAsideRows  = 100_000
	MaxSetAsideBytes = 256 << 20
	MaxSetAsideRaw   = 2 << 20 // one delivery
)

var (
	// ErrSetAsideFull says that a delivery cannot be understood and that there is no
	// room left to set it aside.
	ErrSetAsideFull = errors.New("there is no room to set aside more deliveries")
	// ErrNotSetAside says that a delivery is not set aside, or not any more.
	ErrNotSetAside = errors.New("no such delivery is set aside")
)

// SetAside is a delivery that could not be understood when it came in. It is kept
// as it came until a later version of the program understands it, or an agent
// drops it.
type SetAside struct {
	ID     int64
	At     Moment  // when it first came in
	LastAt Moment  // when it last came in
	Count  int64   // how often it came in
	Reason string  // what is wrong with it
	From   Address // who wrote it; empty where that cannot be told
	Size   int64   // of Raw as it came in, in bytes
	Raw    []byte  // as it came in; nil in a list, and once it was taken or dropped
	Sum    []byte  // SHA-256 of Raw as it came in
	State  SetAsideState
	By     Actor  // who had it taken or dropped
	DoneAt Moment // when it was taken or dropped; zero while it is kept
}

// SetAsideState says what became of a delivery that was set aside. The words are
// stored.
type SetAsideState string

// The states of a delivery that was set aside.
const (
	SetAsideKept    SetAsideState = "kept"
	SetAsideTaken   SetAsideState = "taken"   // understood since, and written
	SetAsideDropped SetAsideState = "dropped" // by an agent; its text is gone
)

// SetAsideTotal is how much is set aside.
type SetAsideTotal struct {
	Rows  int64
	Bytes int64 // of all that was delivered, as it came in
}

// IsFull reports whether no more can be set aside: there might be no room for
// the longest delivery.
func (t SetAsideTotal) IsFull() bool {
	return t.Rows >= MaxSetAsideRows || t.Bytes > MaxSetAsideBytes-MaxSetAsideRaw
}

// Arrival is one thing that a delivery brought. Exactly one of its fields is set.
type Arrival struct {
	Incoming *Incoming
	SetAside *SetAside // what could not be understood: its Raw, Reason and From count
}

// Reading is what the present program makes of a delivery that was set aside.
type Reading struct {
	ID       int64 // of the delivery
	Messages []Incoming
	Changes  []IdentityChange
	Statuses []StatusUpdate
	Problem  string // why it is not, or not all of it, understood; empty where it is
}

// HoldAt returns what has become by now of the messages that came in from a
// customer at a moment, and the event that did it, zero for none: they were held
// if the customer was blocked then, and since then every unblock and its undo
// moved them as it moved all that was held. Events are all of the customer's, in
// the order in which they were written.
func HoldAt(events []Event, at Moment) (state HoldState, by int64) {
	for _, e := range events {
		if e.At <= at {
			state = holdAfter(e, state)
		}
	}
	if state != IsHeld {
		return NotHeld, 0
	}
	for _, e := range events {
		switch {
		case e.At <= at:
		case state == IsHeld && endsBlock(e):
			state, by = Released, e.Seq
			if e.Rest().Discarded > 0 {
				state = Discarded
			}
		case e.Kind == UndoneEvent && e.Rest().Of == by && by != 0:
			state, by = IsHeld, 0
		}
	}
	return state, by
}

// holdAfter returns what becomes of a message that comes in after an event.
func holdAfter(e Event, before HoldState) HoldState {
	switch {
	case e.Kind == BlockedEvent, e.Kind == UndoneEvent && e.Rest().From == string(UnblockedEvent):
		return IsHeld
	case endsBlock(e):
		return NotHeld
	}
	return before
}

// endsBlock reports whether a block ended with the event.
func endsBlock(e Event) bool {
	return e.Kind == UnblockedEvent || e.Kind == BlockEndedEvent || e.Kind == UndoneEvent && e.Rest().From == string(BlockedEvent)
}
