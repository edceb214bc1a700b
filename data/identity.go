package data

import "strings"

// Address is what a customer is written to at: a plus sign and digits for a phone
// number or WhatsApp id, a business-scoped user id such as IN.13491208655302741918,
// the id of a group followed by @g.us, or a channel, a colon and a handle. It is
// kept to the letter, never rewritten.
type Address string

// Phone returns the address as a number, empty where it is none.
func (a Address) Phone() Phone {
	if strings.HasPrefix(string(a), "+") {
		return Phone(a)
	}
	return ""
}

// IdentityKind says what an identity is.
type IdentityKind string

// The kinds of identity. A number that was typed or imported becomes a WhatsApp id
// when a message comes from it.
const (
	PhoneIdentity    IdentityKind = "phone"
	WhatsAppIdentity IdentityKind = "whatsapp" // the digits that WhatsApp delivers, which need not be a number that can be dialled
	UserIdentity     IdentityKind = "user"     // a business-scoped user id
	GroupIdentity    IdentityKind = "group"
	HandleIdentity   IdentityKind = "handle" // of another channel than WhatsApp
)

// Identity is one address of a customer.
type Identity struct {
	ID         int64
	CustomerID int64 // whom it is filed under
	Kind       IdentityKind
	Address    Address
	Portfolio  string // of a business-scoped user id: whose it is; empty where it was not delivered
	Business   string // the business number by which it was last seen, as delivered; empty where unknown
	FirstSeen  Moment // zero where unknown
	LastSeen   Moment // when a message last came from it; zero for never
}

// Key returns the match key of the identity's address.
func (i Identity) Key() string { return MatchKey(i.Address) }

// Sender is whom a delivery names as the customer. Each field is as it was
// delivered, and empty where it was not.
type Sender struct {
	Phone        Phone  // a plus sign and the digits of the WhatsApp id
	UserID       string // business-scoped; it changes with the phone number
	ParentUserID string
	Portfolio    string // the Meta business portfolio that the user ids belong to
	Username     string // without the @; shown, never a key, since it can pass to another person
	Name         string
	Group        string // the id of the group that a message was written in; the other fields are its author's
	GroupName    string
	Handle       string // on another channel: its name, a colon and the handle
}

// Identities returns the addresses that the sender is known by, the one to answer
// first. A message in a group has the group's alone.
func (s Sender) Identities() []Identity {
	if s.Group != "" {
		return []Identity{{Kind: GroupIdentity, Address: GroupAddress(s.Group)}}
	}
	var all []Identity
	if s.Phone != "" {
		all = append(all, Identity{Kind: WhatsAppIdentity, Address: Address(s.Phone)})
	}
	if s.UserID != "" {
		all = append(all, Identity{Kind: UserIdentity, Address: Address(s.UserID), Portfolio: s.Portfolio})
	}
	if s.Handle != "" {
		all = append(all, Identity{Kind: HandleIdentity, Address: Address(s.Handle)})
	}
	return all
}

// GroupAddress returns the address of the group with an id.
func GroupAddress(id string) Address { return Address(id + "@g.us") }
