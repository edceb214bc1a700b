package data

import "fmt"

// DoubleTick's form for a block takes a phone of so many characters, the plus sign
// included: its reference of POST /customer/block.
const (
	minToldLength = 10
	maxToldLength = 15
)

// CannotTell returns why DoubleTick cannot be told to block or unblock an address, in
// words for the agent; empty where it can.
func CannotTell(a Address) string {
	phone := string(a.Phone())
	switch {
	case Customer{Address: a}.IsGroup():
		return "DoubleTick blocks no groups"
	case phone == "":
		return "DoubleTick takes numbers only: it is told once one is known"
	case len(phone) < minToldLength || len(phone) > maxToldLength:
		return fmt.Sprintf("DoubleTick takes %d to %d digits, and this number has %d", minToldLength-1, maxToldLength-1, len(phone)-1)
	}
	return ""
}

// CannotTell returns why DoubleTick cannot be asked for what the entry is; empty
// where it can. It can, as far as is known, where the entry holds no address.
func (e OutboxEntry) CannotTell() string {
	if e.Address == "" {
		return ""
	}
	if e.Op != OpSendText {
		return CannotTell(e.Address)
	}
	if e.Address.Phone() == "" {
		return "DoubleTick writes to numbers only"
	}
	return ""
}
