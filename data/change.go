package data

// ChangeKind says what a change touched.
type ChangeKind string

// The kinds of change.
const (
	CustomerChanged   ChangeKind = "customer" // name, tags, block
	MessageChanged    ChangeKind = "message"  // a message came, went or moved its status
	ReadChanged       ChangeKind = "read"     // read or marked as unread
	DraftChanged      ChangeKind = "draft"
	SettingsChanged   ChangeKind = "settings"
	AccountChanged    ChangeKind = "account" // the account, its connection, or an outbox entry
	SetAsideChanged   ChangeKind = "aside"   // the deliveries that are set aside
	WorldChanged      ChangeKind = "world"   // everything may be different
	ActivateRequested ChangeKind = "summon"  // somebody wants the window in front
)

// Change is one line of the changes table: that something changed, and where.
type Change struct {
	Seq        int64
	Kind       ChangeKind
	CustomerID int64 // zero where no one customer is meant
}
