package data

import (
	"fmt"
	"slices"
	"strings"
)

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

// Pretty returns the address as people write it.
func (a Address) Pretty() string {
	if phone := a.Phone(); phone != "" {
		return phone.Pretty()
	}
	if id, ok := strings.CutSuffix(string(a), "@g.us"); ok {
		return "group " + id
	}
	return string(a)
}

// Bounds of Short, in characters.
const (
	maxShortAddress = 20
	shortHead       = 10
	shortTail       = 6
)

// Short returns the address as people write it, and cut in the middle where it is no
// number and long, so that it fits beside a name: IN.1349120…741918.
func (a Address) Short() string {
	text := []rune(a.Pretty())
	if a.Phone() != "" || len(text) <= maxShortAddress {
		return string(text)
	}
	return string(text[:shortHead]) + "…" + string(text[len(text)-shortTail:])
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

// AuthorIdentities returns the addresses of the member of a group who wrote a message,
// and none where it was written elsewhere.
func (s Sender) AuthorIdentities() []Identity {
	if s.Group == "" {
		return nil
	}
	s.Group = ""
	return s.Identities()
}

// CustomerName returns what the delivery calls the customer, cleaned: the group where
// there is one.
func (s Sender) CustomerName() string {
	if s.Group != "" {
		return CleanName(s.GroupName)
	}
	return CleanName(s.Name)
}

// IdentityChange is news that a customer is now known by another number or user id.
type IdentityChange struct {
	From Sender // as the customer was known
	To   Sender // as the customer is known from now on
	At   Moment // zero where unknown
}

// GroupAddress returns the address of the group with an id.
func GroupAddress(id string) Address { return Address(id + "@g.us") }

// NewIdentity returns the identity with an address that a person typed, or that a
// list brought: what it is shows in its form.
func NewIdentity(a Address) Identity {
	switch {
	case a.Phone() != "":
		return Identity{Kind: PhoneIdentity, Address: a}
	case strings.HasSuffix(string(a), "@g.us"):
		return Identity{Kind: GroupIdentity, Address: a}
	case strings.Contains(string(a), ":"):
		return Identity{Kind: HandleIdentity, Address: a}
	}
	return Identity{Kind: UserIdentity, Address: a}
}

// Match is a customer whom a look-up found, and the identity by which.
type Match struct {
	Customer Customer
	Identity Identity
}

// FindMatch returns the customer with an address among those who match it: the one
// that has it to the letter, or else the only one by match key. It returns
// ErrNotFound where nobody matches, and a *SeveralError where several do.
func FindMatch(a Address, matches []Match) (Match, error) {
	var customers []Customer
	for _, m := range matches {
		if m.Identity.Address == a {
			return m, nil
		}
		if !slices.ContainsFunc(customers, func(c Customer) bool { return c.ID == m.Customer.ID }) {
			customers = append(customers, m.Customer)
		}
	}
	switch len(customers) {
	case 0:
		return Match{}, fmt.Errorf("%s: %w", a, ErrNotFound)
	case 1:
		return matches[0], nil
	}
	return Match{}, &SeveralError{Address: a, Customers: customers}
}

// ChooseSender returns the match to whom belongs what a sender with the identities
// ids wrote; matches are those of all the identities. First comes the lasting user id,
// then the address to the letter. Of those who only have another spelling of it,
// whoever is blocked comes first, so that nothing is held where nobody sees it, then
// whoever was heard from last.
func ChooseSender(ids []Identity, matches []Match, now Moment) (Match, bool) {
	rank := func(m Match) int {
		exact := slices.ContainsFunc(ids, func(i Identity) bool { return i.Address == m.Identity.Address })
		switch {
		case m.Identity.Kind == UserIdentity:
			return 3
		case exact:
			return 2
		case m.Customer.Status(now) == Blocked:
			return 1
		}
		return 0
	}
	var best Match
	found := false
	for _, m := range matches {
		if !found || rank(m) > rank(best) || rank(m) == rank(best) && m.Identity.LastSeen > best.Identity.LastSeen {
			best, found = m, true
		}
	}
	return best, found
}

// HasPassedOn reports whether a number that one customer has came with another user
// id than that customer's: known are the identities of the customer, ids those of the
// sender. User ids of two portfolios can be one person's.
func HasPassedOn(ids, known []Identity) bool {
	for _, i := range ids {
		for _, k := range known {
			if i.Kind == UserIdentity && k.Kind == UserIdentity && i.Address != k.Address &&
				(i.Portfolio == k.Portfolio || i.Portfolio == "" || k.Portfolio == "") {
				return !slices.ContainsFunc(known, func(k Identity) bool { return k.Address == i.Address })
			}
		}
	}
	return false
}

// SeveralError says that an address, as it was written, is that of several
// customers. It is an ErrSeveral.
type SeveralError struct {
	Address   Address
	Customers []Customer // two or more
}

// Error returns the address and those of the customers.
func (e *SeveralError) Error() string {
	var all []string
	for _, c := range e.Customers {
		all = append(all, string(c.Address))
	}
	return fmt.Sprintf("%s: %v: %s", e.Address, ErrSeveral, strings.Join(all, ", "))
}

// Unwrap returns ErrSeveral.
func (e *SeveralError) Unwrap() error { return ErrSeveral }
