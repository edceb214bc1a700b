package data

// EventQuery asks for a part of the history, newest first.
type EventQuery struct {
	Customer int64     // zero for all
	Agent    string    // who did it; empty for all
	Kind     EventKind // empty for all
	Before   int64     // only events with a lower number; zero for the newest
	Limit    int
}

// Narrow reports whether the query leaves events out.
func (q EventQuery) Narrow() bool { return q.Customer != 0 || q.Agent != "" || q.Kind != "" }

// Record is an event with the name that its customer has now.
type Record struct {
	Event
	Name string
}
