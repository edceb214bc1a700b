package data

// Traffic is one kind of thing that passes between customer and desk.
type Traffic string

// All the traffic there is. Decide says what becomes of each.
const (
	IncomingTraffic  Traffic = "incoming"
	OutgoingTraffic  Traffic = "outgoing"
	NotifyingTraffic Traffic = "notification"
	BroadcastTraffic Traffic = "broadcast"
	BotTraffic       Traffic = "bot"
)

// Action is what happens to a piece of traffic.
type Action string

// The actions there are.
const (
	Deliver Action = "deliver" // it passes as if there were no block
	Hold    Action = "hold"    // it is kept, unseen, until the customer is unblocked
	Refuse  Action = "refuse"  // it does not happen
)

// Decision is what becomes of a piece of traffic, and why.
type Decision struct {
	Action Action
	Reason string
}

// Decide decides what a block stops. Every path that can send or show anything
// asks here; none decides for itself.
func Decide(c Customer, now Moment, t Traffic) Decision {
	if c.Status(now) == Active {
		return Decision{Deliver, "the customer is active"}
	}
	if t == IncomingTraffic {
		return Decision{Hold, "the customer is blocked: the message is held"}
	}
	return Decision{Refuse, "the customer is blocked"}
}
