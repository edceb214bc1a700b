package desk

import (
	"cmp"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// echoAfter is how long after it was sent a text can come back as an echo.
const echoAfter = 24 * time.Hour

// isEcho reports whether what came in is what was sent, from here or elsewhere: it comes
// from a number of ours, and goes to one that is none. That customers wrote to a number
// makes it ours only where the delivery itself speaks of a user: a customer who is taken
// for the business would be shown while blocked.
func isEcho(tx *store.Tx, in data.Incoming) (bool, error) {
	if in.Echo || in.From.Phone == "" || in.AfterCustomer {
		return in.Echo, nil
	}
	from, err := isAccounts(tx, string(in.From.Phone))
	if err == nil && !from && in.AfterUser {
		from, err = tx.IsBusiness(string(in.From.Phone))
	}
	if err != nil || !from {
		return false, err
	}
	if in.From.Group != "" {
		return true, nil
	}
	to := in.Message.Business
	if data.Address(to).Phone() == "" {
		return false, nil
	}
	both, err := isAccounts(tx, to)
	if err == nil && !both {
		both, err = tx.IsBusiness(to)
	}
	return !both, err
}

// isAccounts reports whether a number is the account's.
func isAccounts(tx *store.Tx, number string) (bool, error) {
	account, err := tx.Account()
	if err != nil {
		return false, err
	}
	return account.Joined() && data.MatchKey(data.Address(account.Number)) == data.MatchKey(data.Address(number)), nil
}

// receiveEcho writes an echo into the chat that it was sent to. If it was sent from here,
// it is here already.
func (d *Desk) receiveEcho(tx *store.Tx, in data.Incoming, now data.Moment) (data.Received, error) {
	to := data.Sender{Group: in.From.Group, GroupName: in.From.GroupName}
	m := in.Message
	if to.Group == "" {
		to.Phone, m.Business = data.Phone(in.Message.Business), string(in.From.Phone)
	}
	m.Author, m.Status = "", data.Sent
	c, identity, isNew, err := findSender(tx, to, sighting{late: true}, now)
	if err != nil {
		return data.Received{}, err
	}
	if err := expireIfDue(tx, &c, now); err != nil {
		return data.Received{}, err
	}
	result := data.Received{CustomerID: c.ID, NewCustomer: isNew}
	out := hasMessage(m, now)
	out.IdentityID = identity
	if out.Kind == data.TextMessage {
		result.MessageID, err = tx.AdoptEcho(c.ID, out.Text, cmp.Or(out.WhatsAppID, out.RemoteID), now.Add(-echoAfter))
		if err != nil {
			return result, err
		}
		if result.Duplicate = result.MessageID != 0; result.Duplicate {
			return result, tx.Changed(data.MessageChanged, c.ID)
		}
	}
	if err := placeUntimed(tx, c.ID, &out); err != nil {
		return result, err
	}
	if result.MessageID, _, err = tx.AddHistory(&c, out); err != nil {
		return result, err
	}
	return result, tx.Changed(data.MessageChanged, c.ID)
}
