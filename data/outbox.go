package data

// Op is what DoubleTick is to be told.
type Op string

// The acts there are.
const (
	OpBlock    Op = "block"
	OpUnblock  Op = "unblock"
	OpSendText Op = "text"
)

// EntryState is how far an outbox entry has come.
type EntryState string

// The states there are. Waiting and Asked entries are open: they are worked on,
// one after the other for each customer.
const (
	EntryWaiting    EntryState = "waiting" // not asked yet, or surely not arrived
	EntryInFlight   EntryState = "asked"   // on its way, or its answer was lost: it may have arrived
	EntryDone       EntryState = "done"    // answered
	EntryRejected   EntryState = "refused" // answered with a no
	EntryLocalOnly  EntryState = "kept"    // the agent keeps it here only
	EntrySuperseded EntryState = "folded"  // a later act took it back before it was told
)

// OutboxEntry is one thing that DoubleTick is to be told: a line of the outbox.
type OutboxEntry struct {
	ID             int64
	CustomerID     int64
	Phone          Phone
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
}

// Open reports whether the entry is still worked on.
func (e OutboxEntry) Open() bool { return e.State == EntryWaiting || e.State == EntryInFlight }

// CanRetry reports whether the same once more can end otherwise: what was
// refused for its own sake is refused again.
func (e OutboxEntry) CanRetry() bool { return e.State == EntryRejected && e.HTTPStatus != 422 }

// CanKeepLocal reports whether the agent can decide that DoubleTick is not told.
func (e OutboxEntry) CanKeepLocal() bool { return e.Open() || e.State == EntryRejected }

// Text is how far the entry has come, in words for the agent.
func (e OutboxEntry) Text() string {
	switch {
	case e.Open() && (e.HTTPStatus == 401 || e.HTTPStatus == 403):
		return "DoubleTick does not take the key"
	case e.Open():
		return "Waiting for DoubleTick"
	case e.State == EntryDone:
		return "Done there"
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
}

// Text is what the strip says of it; nothing where there is nothing to say.
func (t RemoteStatus) Text() string {
	if !t.Joined || t.Last == nil {
		return ""
	}
	return t.Last.Text()
}

// OutboxCounts are the numbers of entries that are not done.
type OutboxCounts struct{ Waiting, Refused int }

// ResultKind says what came of asking DoubleTick.
type ResultKind string

// What can come of it.
const (
	ResultOK         ResultKind = "answered" // it is done there
	ResultRejected   ResultKind = "no"       // and would say so again
	ResultRetryLater ResultKind = "later"    // it was surely not done, and can be asked again
	ResultNotSent    ResultKind = "unasked"  // it surely never reached DoubleTick
	ResultUnknown    ResultKind = "lost"     // it may have arrived
)

// OpResult is what came of one entry that was asked.
type OpResult struct {
	Kind          ResultKind
	HTTPStatus    int           // the HTTP status; zero where there was none
	Message       string        // for the agent
	NextAttemptAt Moment        // when it is asked again, where it is
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

// RemoteStateOf reads it from what DoubleTick was to be told since the desk joined,
// newest first; whole reports that nothing older is left out. Who was never
// blocked there is active.
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

func (a Op) remoteState() RemoteState {
	if a == OpBlock {
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

// PlanEntry decides that from the entries before, newest first. Whatever may have
// arrived is never taken back: what follows goes behind it.
func PlanEntry(act Op, before []OutboxEntry, joined Moment, whole bool) EntryPlan {
	for i, e := range before {
		if e.State == EntrySuperseded {
			continue
		}
		if e.CreatedAt < joined {
			break
		}
		if e.Op == act {
			return EntryPlan{Enqueue: !e.Open()}
		}
		if e.State != EntryWaiting && e.State != EntryRejected && e.State != EntryLocalOnly || e.OutcomeUnknown {
			break
		}
		return EntryPlan{Supersede: e.ID, Enqueue: RemoteStateOf(before[i+1:], joined, whole) != act.remoteState()}
	}
	return EntryPlan{Enqueue: true}
}
