package desk

import (
	"slices"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// member is a customer who can be the one who wrote in a group.
type member struct {
	data.Customer
	as data.Address // by which the member wrote, to the letter
}

// membersOf returns the customers who can be the one with the addresses who wrote in a
// group: whoever has one to the letter, or else in another spelling.
func membersOf(tx *store.Tx, addresses []data.Identity) (members []member, err error) {
	for _, i := range addresses {
		matches, err := tx.Matches(i.Address)
		if err != nil {
			return nil, err
		}
		members = append(members, toMembers(i.Address, matches)...)
	}
	return members, nil
}

// toMembers returns the customers of the matches of an address.
func toMembers(a data.Address, matches []data.Match) (members []member) {
	exact := slices.IndexFunc(matches, func(m data.Match) bool { return m.Identity.Address == a })
	if exact >= 0 {
		matches = matches[exact : exact+1]
	}
	for _, m := range matches {
		members = append(members, member{m.Customer, a})
	}
	return members
}

// holdingMember returns the one of the members whose block is one that blocks, without
// an id where none is. A block of one's own outlasts one that is shared until a pair is
// decided, so it comes first.
func holdingMember(members []member, blocks func(data.Customer) bool) member {
	for _, own := range []bool{true, false} {
		for _, one := range members {
			if blocks(one.Customer) && (one.Block.Borrowed == 0) == own {
				return one
			}
		}
	}
	return member{}
}

// holdInGroup sets of a message that was written in the chat of c, if that is a group,
// who wrote it, and that it is held where the block of a member is one that blocks.
// Of a member who has several addresses, the one that holds it is kept.
func holdInGroup(tx *store.Tx, c data.Customer, m *data.Message, author []data.Identity, blocks func(data.Customer) bool) error {
	if !c.IsGroup() || len(author) == 0 {
		return nil
	}
	m.AuthorAddress = author[0].Address
	members, err := membersOf(tx, author)
	if err != nil {
		return err
	}
	if one := holdingMember(members, blocks); one.ID != 0 {
		m.Hold, m.HeldFor, m.AuthorAddress = data.IsHeld, one.ID, one.as
	}
	return nil
}

// authorOf returns the address of the author of a fetched or exported message as
// AuthorIdentities does those of a delivered one.
func authorOf(m data.Message) []data.Identity {
	if m.AuthorAddress == "" {
		return nil
	}
	return []data.Identity{data.NewIdentity(m.AuthorAddress)}
}
