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
// new is filed under the customer, with an event.
func findSender(tx *store.Tx, s data.Sender, seen sighting, now data.Moment) (c data.Customer, identity int64, isNew bool, err error) {
	ids := s.Identities()
	if len(ids) == 0 {
		return c, 0, false, fmt.Errorf("%w: it names nobody who wrote it", data.ErrInvalid)
	}
	for i := range ids {
		ids[i].FirstSeen, ids[i].LastSeen, ids[i].Business = seen.at, seen.at, seen.business
	}
	var matches []data.Match
	for _, i := range ids {
		found, err := tx.Matches(i.Address)
		if err != nil {
			return c, 0, false, err
		}
		matches = append(matches, found...)
	}
	m, found := data.ChooseSender(ids, matches, now)
	if c = m.Customer; !found {
		isNew = true
		if c, m.Identity, err = tx.AddCustomer(ids[0], s.CustomerName()); err != nil {
			return c, 0, false, err
		}
		matches = append(matches, data.Match{Customer: c, Identity: m.Identity})
	}
	for n, i := range ids {
		filed, err := fileIdentity(tx, &c, i, matches, isNew, now)
		if err != nil {
			return c, 0, isNew, err
		}
		if n == 0 {
			identity = filed.ID
		}
	}
	if !seen.late || isNew {
		err = refreshSender(tx, &c, s, ids[0], now)
	}
	return c, identity, isNew, err
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

// blockedMember returns the customer who wrote in a group and is blocked, or zero.
func blockedMember(tx *store.Tx, s data.Sender, now data.Moment) (int64, error) {
	members, err := membersOf(tx, s)
	for _, c := range members {
		if c.Status(now) == data.Blocked {
			return c.ID, err
		}
	}
	return 0, err
}

// membersOf returns the customers who can be the one who wrote in a group; none
// where it was written elsewhere.
func membersOf(tx *store.Tx, s data.Sender) (members []data.Customer, err error) {
	if s.Group == "" {
		return nil, nil
	}
	s.Group = ""
	for _, i := range s.Identities() {
		matches, err := tx.Matches(i.Address)
		if err != nil {
			return nil, err
		}
		for _, m := range matches {
			members = append(members, m.Customer)
		}
	}
	return members, nil
}
