package data

// Traffic is one kind of thing that passes between customer and desk.
type Traffic string

// All the traffic there is. Whoever adds one decides it in Judge.
const (
	IncomingTraffic  Traffic = "incoming"
	OutgoingTraffic  Traffic = "outgoing"
	NotifyingTraffic Traffic = "notification"
	BroadcastTraffic Traffic = "broadcast"
	BotTraffic       Traffic = "bot"
)

// Action is what happens to a piece of traffic.
type Action string

// What Judge can decide.
const (
	Deliver Action = "deliver" // it passes as if there were no block
	Hold    Action = "hold"    // it is kept, unseen, until the customer is unblocked
	Refuse  Action = "refuse"  // it does not happen
)

// Verdict is what Judge decides, and why.
type Verdict struct {
	Action Action
	Reason string
}

// Judge decides what a block stops. Every path that can send or show anything
// asks here; none decides for itself.
func Judge(c Customer, now Moment, t Traffic) Verdict {
	if c.Status(now) == Active {
		return Verdict{Deliver, "the customer is active"}
	}
	if t == IncomingTraffic {
		return Verdict{Hold, "the customer is blocked: the message is held"}
	}
	return Verdict{Refuse, "the customer is blocked"}
}
