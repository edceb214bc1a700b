package desk

import (
	"fmt"
	"slices"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// seenEvery is how much newer a message must be before it is recorded that its
// sender was heard from: most messages write nothing there.
const seenEvery = time.Hour

// sighting is when and by which business number a sender was heard from; the zero
// value says that nobody was.
type sighting struct {
	at       data.Moment
	business string
	late     bool // others may have been heard from since: it says nothing of where to write
}

// findSender returns the customer to whom what s wrote belongs, and the id of the
// identity by which it came. Whoever is not known here is added; an address that is
// new is filed under the customer, with an event. Where the delivery shows that two
// customers may be one, that is asked.
func findSender(tx *store.Tx, s data.Sender, seen sighting, now data.Moment) (c data.Customer, identity int64, isNew bool, err error) {
	ids := s.Identities()
	if len(ids) == 0 {
		return c, 0, false, fmt.Errorf("%w: it names nobody who wrote it", data.ErrInvalid)
	}
	for i := range ids {
		ids[i].FirstSeen, ids[i].LastSeen, ids[i].Business = seen.at, seen.at, seen.business
	}
	matches, err := matchesOf(tx, ids)
	if err != nil {
		return c, 0, false, err
	}
	m, found := data.ChooseSender(ids, matches, now)
	passed := false // the number, to whoever has another user id
	if found && s.UserID != "" && m.Identity.Kind != data.UserIdentity {
		known, err := tx.Identities(m.Customer.ID)
		if err != nil {
			return c, 0, false, err
		}
		if passed = data.HasPassedOn(ids, known); passed {
			found = false
		}
	}
	if c = m.Customer; !found {
		isNew = true
		first := ids[0]
		if passed {
			first = ids[slices.IndexFunc(ids, func(i data.Identity) bool { return i.Kind == data.UserIdentity })]
		}
		if c, m.Identity, err = tx.AddCustomer(first, s.CustomerName()); err != nil {
			return c, 0, false, err
		}
		matches = append(matches, data.Match{Customer: c, Identity: m.Identity})
	}
	for _, other := range matches {
		if matches, err = meetOther(tx, &c, other, ids, matches, seen, now); err != nil {
			return c, 0, isNew, err
		}
	}
	for _, i := range ids {
		filed, err := fileIdentity(tx, &c, i, matches, isNew, now)
		if err != nil {
			return c, 0, isNew, err
		}
		if identity == 0 && filed.CustomerID == c.ID {
			identity = filed.ID
		}
	}
	if !seen.late || isNew || c.Phone == "" {
		err = refreshSender(tx, &c, s, ids[0], now)
	}
	return c, identity, isNew, err
}

// matchesOf returns who has any of the identities, or another spelling of one.
func matchesOf(tx *store.Tx, ids []data.Identity) ([]data.Match, error) {
	var matches []data.Match
	for _, i := range ids {
		found, err := tx.Matches(i.Address)
		if err != nil {
			return nil, err
		}
		matches = append(matches, found...)
	}
	return matches, nil
}

// meetOther asks whether c, who sent a delivery with the identities ids, is the same
// person as another customer whom it matches. A number that came with another user id
// than the other's is filed under c from now on, unless that was long ago. It returns the
// matches as they are then.
func meetOther(tx *store.Tx, c *data.Customer, other data.Match, ids []data.Identity, matches []data.Match, seen sighting, now data.Moment) ([]data.Match, error) {
	if other.Customer.ID == c.ID {
		return matches, nil
	}
	known, err := tx.Identities(other.Customer.ID)
	if err != nil {
		return matches, err
	}
	reason := data.SameKey
	exact := slices.ContainsFunc(ids, func(i data.Identity) bool { return i.Address == other.Identity.Address })
	if exact {
		reason = data.SameSender
	}
	if exact && !seen.late && other.Identity.Kind != data.UserIdentity && data.HasPassedOn(ids, known) {
		reason = data.NumberMoved
		if other.Customer, err = tx.Customer(other.Customer.ID); err != nil {
			return matches, err
		}
		moved, err := passOn(tx, other, known, c, now)
		if err != nil {
			return matches, err
		}
		matches = slices.Clone(matches)
		for i := range matches {
			if matches[i].Identity.ID == other.Identity.ID {
				matches[i] = data.Match{Customer: *c, Identity: moved}
			}
		}
	}
	return matches, beginPair(tx, c, &other.Customer, reason, now)
}

// passOn files an identity of a customer, who has others, under c, with events.
func passOn(tx *store.Tx, from data.Match, known []data.Identity, c *data.Customer, now data.Moment) (data.Identity, error) {
	i := from.Identity
	if from.Customer.Address == i.Address {
		next := slices.IndexFunc(known, func(k data.Identity) bool { return k.Address != i.Address })
		if err := setAddress(tx, &from.Customer, known[next].Address, now); err != nil {
			return i, err
		}
	}
	moved, err := tx.MoveIdentity(i, c, now)
	if err != nil {
		return moved, err
	}
	if _, err := appendEvent(tx, from.Customer, data.IdentityRemovedEvent, scheduleActor, now, now, data.Detail{From: string(i.Address)}); err != nil {
		return moved, err
	}
	if _, err := appendEvent(tx, *c, data.IdentityAddedEvent, scheduleActor, now, now, data.Detail{To: string(i.Address)}); err != nil {
		return moved, err
	}
	return moved, tx.Changed(data.CustomerChanged, from.Customer.ID)
}

// fileIdentity files i under c, unless somebody has it, and records that a message
// came from it. It returns the identity as it is filed.
func fileIdentity(tx *store.Tx, c *data.Customer, i data.Identity, matches []data.Match, isNew bool, now data.Moment) (data.Identity, error) {
	at := slices.IndexFunc(matches, func(m data.Match) bool { return m.Identity.Address == i.Address })
	if at < 0 {
		filed, err := tx.AddIdentity(c, i)
		if err != nil || isNew {
			return filed, err
		}
		return filed, recordIdentity(tx, *c, data.Detail{To: string(i.Address)}, now)
	}
	filed := matches[at].Identity
	if i.LastSeen == 0 || filed.Kind == i.Kind && i.LastSeen < filed.LastSeen.Add(seenEvery) {
		return filed, nil
	}
	filed.Kind, filed.Business, filed.LastSeen = i.Kind, i.Business, max(filed.LastSeen, i.LastSeen)
	if filed.FirstSeen == 0 {
		filed.FirstSeen = i.FirstSeen
	}
	if i.Portfolio != "" {
		filed.Portfolio = i.Portfolio
	}
	return filed, tx.SeeIdentity(filed)
}

// recordIdentity appends an event that says which address c has now. The chat's row
// keeps what was written last.
func recordIdentity(tx *store.Tx, c data.Customer, detail data.Detail, now data.Moment) error {
	_, err := tx.Append(data.Event{
		At: now, RecordedAt: now, Kind: data.IdentityAddedEvent, CustomerID: c.ID, Phone: data.Phone(c.Address),
		Actor: scheduleActor, Detail: detail.Canonical(),
	})
	return err
}

// refreshSender makes the address by which s wrote the one that is written to, unless
// it is none that DoubleTick writes to and the customer has one, and keeps the
// user name.
func refreshSender(tx *store.Tx, c *data.Customer, s data.Sender, by data.Identity, now data.Moment) error {
	if c.Address != by.Address && (by.Address.Phone() != "" || c.Phone == "") {
		ids, err := tx.Identities(c.ID)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(ids, func(i data.Identity) bool { return i.Address == by.Address }) {
			if err := setAddress(tx, c, by.Address, now); err != nil {
				return err
			}
		}
	}
	name := data.CleanLine(s.Username, data.MaxUsername)
	if s.Group != "" || name == "" || name == c.Username {
		return nil
	}
	if err := tx.SetUsername(c, name); err != nil {
		return err
	}
	return tx.Changed(data.CustomerChanged, c.ID)
}
