package data

// Op is the operation that DoubleTick is asked for.
type Op string

// The operations there are.
const (
	OpBlock    Op = "block"
	OpUnblock  Op = "unblock"
	OpSendText Op = "text"
)

// EntryState is how far an outbox entry has come.
type EntryState string

// The states there are. EntryWaiting and EntryInFlight are open: such entries are
// sent, one after the other for each customer, until their state is another. No
// number of attempts ends them.
const (
	EntryWaiting    EntryState = "waiting" // not sent yet, or surely not arrived
	EntryInFlight   EntryState = "asked"   // on its way, or its answer was lost: it may have arrived
	EntryDone       EntryState = "done"    // answered with a yes
	EntryRejected   EntryState = "refused" // answered with a no
	EntryLocalOnly  EntryState = "kept"    // the agent keeps it here only
	EntrySuperseded EntryState = "folded"  // a later act took it back before it was told
)

// OutboxEntry is one thing that DoubleTick is to be told: a line of the outbox.
type OutboxEntry struct {
	ID             int64
	CustomerID     int64
	Address        Address // at which DoubleTick is asked to block, unblock or write
	Phone          Phone   // the same, where it is a number; otherwise empty
	Op             Op
	EventSeq       int64 // of the block or unblock that it tells of; zero where it is told again
	MessageID      int64 // of the text that it carries
	CreatedAt      Moment
	State          EntryState
	Attempts       int
	OutcomeUnknown bool   // it was sent and no answer came, so it may have arrived
	NextAttemptAt  Moment // not before then
	HTTPStatus     int    // the HTTP status of the last answer; zero where none came
	LastMessage    string // the last answer or failure, in words for the agent
	AcceptedAt     Moment // when it was answered with a yes; zero where it was not, or where that is not known
}

// Open reports whether the entry is still worked on.
func (e OutboxEntry) Open() bool { return e.State == EntryWaiting || e.State == EntryInFlight }

// CanRetry reports whether a rejected entry may be accepted at another attempt. One
// that was rejected with 422, for what it says, is rejected again, and so is one that
// DoubleTick cannot be asked for.
func (e OutboxEntry) CanRetry() bool {
	return e.State == EntryRejected && e.HTTPStatus != 422 && e.CannotTell() == ""
}

// CanKeepLocal reports whether the agent can decide that DoubleTick is not told.
func (e OutboxEntry) CanKeepLocal() bool { return e.Open() || e.State == EntryRejected }

// Text returns how far the entry has come, in words for the agent.
func (e OutboxEntry) Text() string {
	switch {
	case e.Open() && e.HTTPStatus == 401:
		return "DoubleTick does not accept the key"
	case e.State == EntryInFlight && e.Op != OpSendText:
		return "Told DoubleTick, not accepted yet"
	case e.Open():
		return "Waiting for DoubleTick"
	case e.State == EntryDone:
		return "Accepted by DoubleTick"
	case e.State == EntryRejected && e.LastMessage != "":
		return e.LastMessage
	case e.State == EntryRejected:
		return "DoubleTick refused it"
	case e.State == EntryLocalOnly:
		return "Kept here only"
	}
	return ""
}

// RemoteStatus is what DoubleTick knows of one customer's status.
type RemoteStatus struct {
	Joined bool         // the desk has an account
	Last   *OutboxEntry // the newest block or unblock that it was to be told of and that still counts; nil where there is none
	// CameAfter is when a message last came in that was written after DoubleTick had
	// accepted the block in Last; zero where none came.
	CameAfter Moment
}

// Holds reports whether nothing says that a block accepted by DoubleTick does not hold
// there. An answer is no proof that it does; a message that comes after it is one
// that it does not.
func (s RemoteStatus) Holds() bool { return s.CameAfter == 0 }

// Text returns what the strip says of it, empty if that is nothing.
func (s RemoteStatus) Text() string {
	if !s.Joined || s.Last == nil {
		return ""
	}
	if !s.Holds() {
		return "Does not hold there: a message came after"
	}
	return s.Last.Text()
}

// OutboxCounts are the numbers of entries that are not done.
type OutboxCounts struct{ Waiting, Refused int }

// ResultKind is the kind of result that a request to DoubleTick had.
type ResultKind string

// The kinds of result.
const (
	ResultOK         ResultKind = "answered" // it is done there
	ResultRejected   ResultKind = "no"       // DoubleTick refused it, and would do so again
	ResultRetryLater ResultKind = "later"    // it was surely not done, and is sent again
	ResultNotSent    ResultKind = "unasked"  // it surely never reached DoubleTick
	ResultUnknown    ResultKind = "lost"     // it may have arrived
)

// OpResult is the result of sending one entry.
type OpResult struct {
	Kind          ResultKind
	HTTPStatus    int           // the HTTP status; zero where there was none
	Message       string        // for the agent
	NextAttemptAt Moment        // when it is sent again; not used where it is not
	NotKnownThere bool          // with ResultNotSent: DoubleTick was asked and does not know it
	Status        MessageStatus // of a text; Sent where nothing else is known
	RemoteID      string        // what DoubleTick calls a text, where that is not our own id
}

// RemoteState is what DoubleTick takes a customer to be, after all it was told.
type RemoteState string

// What it can be.
const (
	RemoteActive  RemoteState = "active"
	RemoteBlocked RemoteState = "blocked"
	RemoteUnknown RemoteState = "unknown"
)

// RemoteStateOf returns the state that follows from the entries written since the
// desk joined, newest first; whole says that none older is left out. A customer who
// was never blocked there is active.
func RemoteStateOf(entries []OutboxEntry, joined Moment, whole bool) RemoteState {
	for _, e := range entries {
		switch {
		case e.State == EntrySuperseded:
			continue
		case e.CreatedAt < joined:
			return RemoteUnknown
		case e.State == EntryDone || e.Open():
			return e.Op.remoteState()
		case e.OutcomeUnknown:
			return RemoteUnknown
		}
	}
	if !whole {
		return RemoteUnknown
	}
	return RemoteActive
}

func (op Op) remoteState() RemoteState {
	if op == OpBlock {
		return RemoteBlocked
	}
	return RemoteActive
}

// EntryPlan is what becomes of a block or unblock that DoubleTick is to be told
// of: an earlier one may be taken back, and a new one may not be needed.
type EntryPlan struct {
	Supersede int64 // the entry that is taken back; zero for none
	Enqueue   bool
}

// PlanEntry returns the plan for op after the entries before, newest first. An entry
// that may have arrived is never superseded: the new one is sent after it.
func PlanEntry(op Op, before []OutboxEntry, joined Moment, whole bool) EntryPlan {
	for i, e := range before {
		if e.State == EntrySuperseded {
			continue
		}
		if e.CreatedAt < joined {
			break
		}
		if e.Op == op {
			return EntryPlan{Enqueue: !e.Open()}
		}
		if e.State != EntryWaiting && e.State != EntryRejected && e.State != EntryLocalOnly || e.OutcomeUnknown {
			break
		}
		return EntryPlan{Supersede: e.ID, Enqueue: RemoteStateOf(before[i+1:], joined, whole) != op.remoteState()}
	}
	return EntryPlan{Enqueue: true}
}
