package data

// Account is the DoubleTick account that the desk is joined to. Its key is
// not here: it lies in the system's keyring, or in a file of its own.
type Account struct {
	Base     string // where its API is, like https://public.doubletick.io
	Number   Phone  // the business number, from which replies go out
	JoinedAt Moment // zero where the desk is joined to none
	Paused   bool   // the agent wants nothing sent or asked for now
}

// Joined tells whether there is an account.
func (a Account) Joined() bool { return a.JoinedAt != 0 }

// LinkState says how things stand between the desk and its account.
type LinkState string

// The states there are.
const (
	NoLink     LinkState = ""        // joined to none, or nobody has tried yet
	Online     LinkState = "online"  // the last thing asked was answered
	Offline    LinkState = "offline" // nothing answers
	Paused     LinkState = "paused"  // by the agent, or because DoubleTick asked for it
	KeyRefused LinkState = "refused" // DoubleTick does not take the key: nothing is sent until it is renewed
	Fetching   LinkState = "fetching"
)

// Link is how things stand between the desk and its account, told by whoever
// does the profile's work.
type Link struct {
	State LinkState
	Since Moment
	Why   string // in words for the agent; empty where all is well
	// Chats counts the chats fetched so far while State is Fetching, and Failed
	// the pages that could not be.
	Chats, Failed int
}

// ErrandAct is what DoubleTick is to be told.
type ErrandAct string

// The acts there are.
const (
	TellBlock   ErrandAct = "block"
	TellUnblock ErrandAct = "unblock"
	TellText    ErrandAct = "text"
)

// ErrandState is how far an errand has come.
type ErrandState string

// The states there are. Waiting and Asked errands are open: they are worked on,
// one after the other for each customer.
const (
	ErrandWaiting ErrandState = "waiting" // not asked yet, or surely not arrived
	ErrandAsked   ErrandState = "asked"   // on its way, or its answer was lost: it may have arrived
	ErrandDone    ErrandState = "done"    // answered
	ErrandRefused ErrandState = "refused" // answered with a no
	ErrandKept    ErrandState = "kept"    // the agent keeps it here only
	ErrandFolded  ErrandState = "folded"  // a later act took it back before it was told
)

// Errand is one thing that DoubleTick is to be told: a line of the outbox.
type Errand struct {
	ID         int64
	CustomerID int64
	Phone      Phone
	Act        ErrandAct
	EventSeq   int64 // of the block or unblock that it tells of; zero where it is told again
	MessageID  int64 // of the text that it carries
	At         Moment
	State      ErrandState
	Tries      int
	DueAt      Moment // not before then
	Code       int    // the HTTP status of the last answer; zero where none came
	Answer     string // the last answer or failure, in words for the agent
}

// Open tells whether the errand is still worked on.
func (e Errand) Open() bool { return e.State == ErrandWaiting || e.State == ErrandAsked }

// There is what DoubleTick knows of one customer's status.
type There struct {
	Joined bool    // the desk has an account
	Last   *Errand // the newest block or unblock that it was to be told of; nil where there is none
}

// OutboxCounts are the numbers of errands that are not done.
type OutboxCounts struct{ Waiting, Refused int }
