package desk

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// farFuture is how far ahead of the desk's clock a network's clock is believed.
const farFuture = 24 * time.Hour

// Receive writes incoming messages, all or none. A message that is here already
// is reported as a duplicate, and one from a blocked customer is held.
func (d *Desk) Receive(ctx context.Context, messages []data.Incoming) ([]data.Received, error) {
	arrivals := make([]data.Arrival, len(messages))
	for i := range messages {
		arrivals[i].Incoming = &messages[i]
	}
	return d.Take(ctx, arrivals)
}

// Take writes what deliveries brought, all or nothing: messages as Receive does,
// and what could not be understood is set aside, the same delivery once. It
// returns data.ErrSetAsideFull where there is no room for that.
func (d *Desk) Take(ctx context.Context, arrivals []data.Arrival) ([]data.Received, error) {
	results := make([]data.Received, len(arrivals))
	err := d.write(ctx, func(tx *store.Tx) error {
		known, err := receivedIDs(tx, arrivals)
		if err != nil {
			return err
		}
		for i, a := range arrivals {
			switch {
			case a.SetAside != nil:
				err = setAside(tx, *a.SetAside, d.Now())
			case known.add(a.Incoming.Message):
				results[i], err = d.receive(tx, *a.Incoming, nil)
			default:
				results[i], err = d.receiveNew(tx, *a.Incoming, nil)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("receive: %w", err)
	}
	return results, nil
}

// messageIDs are ids of messages that are here, of either kind.
type messageIDs map[string]bool

// receivedIDs returns the ids of what arrives that are here already.
func receivedIDs(tx *store.Tx, arrivals []data.Arrival) (messageIDs, error) {
	var ids []string
	for _, a := range arrivals {
		if a.Incoming != nil {
			ids = append(ids, a.Incoming.Message.RemoteID, a.Incoming.Message.WhatsAppID)
		}
	}
	if len(ids) == 0 {
		return messageIDs{}, nil
	}
	return tx.ReceivedIDs(ids)
}

// add adds the ids of a message, and reports whether one of them may have been there.
// Ids that are not plain text do not come through the query as they are.
func (known messageIDs) add(m data.Message) (maybe bool) {
	for _, id := range []string{m.RemoteID, m.WhatsAppID} {
		if id != "" {
			maybe = maybe || known[id] || strings.ContainsFunc(id, func(r rune) bool { return r < ' ' || r > '~' })
			known[id] = true
		}
	}
	return maybe
}

// receive writes a message unless it is here already. Late is the delivery that it
// was read from, if that was set aside, and nil for a message that has just come in.
func (d *Desk) receive(tx *store.Tx, in data.Incoming, late *data.SetAside) (data.Received, error) {
	id, customer, err := tx.FindReceived(in.Message.RemoteID, in.Message.WhatsAppID)
	if err == nil && id == 0 {
		return d.receiveNew(tx, in, late)
	}
	if err == nil {
		customer, err = receiveAgain(tx, in.From, id, customer, d.Now())
	}
	return data.Received{CustomerID: customer, MessageID: id, Duplicate: true}, err
}

// receiveNew writes a message that is not here.
func (d *Desk) receiveNew(tx *store.Tx, in data.Incoming, late *data.SetAside) (data.Received, error) {
	now := d.Now()
	if echo, err := isEcho(tx, in); err != nil || echo {
		if err != nil {
			return data.Received{}, err
		}
		return d.receiveEcho(tx, in, now)
	}
	var result data.Received
	cameIn := now
	if late != nil {
		cameIn = late.At
	}
	m := incoming(in.Message, cameIn)
	c, identity, isNew, err := findSender(tx, in.From, sighting{m.At, m.Business, late != nil}, now)
	if err != nil {
		return result, err
	}
	result.NewCustomer = isNew
	if err := expireIfDue(tx, &c, now); err != nil {
		return result, err
	}
	if err := tx.AddBusiness(m.Business); err != nil {
		return result, err
	}
	if err := placeUntimed(tx, c.ID, &m); err != nil {
		return result, err
	}
	m.IdentityID = identity
	if in.From.Group != "" {
		m.Author = data.CleanName(in.Message.Author)
	}
	if late != nil {
		m, result.MessageID, err = addLate(tx, &c, in.From.AuthorIdentities(), m, *late, now)
	} else {
		m, result.MessageID, err = addIncoming(tx, &c, in.From.AuthorIdentities(), m, now)
	}
	if err != nil {
		return result, err
	}
	result.CustomerID, result.Held = c.ID, m.Hold == data.IsHeld
	if in.Raw != "" {
		if err := tx.AddRaw(result.MessageID, in.Raw); err != nil {
			return result, err
		}
	}
	if name := in.From.CustomerName(); c.Name == "" && name != "" {
		if err := tx.SetName(&c, name); err != nil {
			return result, err
		}
		if err := tx.Changed(data.CustomerChanged, c.ID); err != nil {
			return result, err
		}
	}
	if m.HeldFor != 0 {
		if err := tx.Changed(data.MessageChanged, m.HeldFor); err != nil {
			return result, err
		}
	}
	return result, tx.Changed(data.MessageChanged, c.ID)
}

// addIncoming adds a message that has just come in, and returns it as it is kept:
// it is held if the customer is blocked now, or the member of a group who wrote it.
func addIncoming(tx *store.Tx, c *data.Customer, author []data.Identity, m data.Message, now data.Moment) (_ data.Message, id int64, err error) {
	holds := func(c data.Customer) bool { return data.Decide(c, now, data.IncomingTraffic).Action == data.Hold }
	if err := holdInGroup(tx, *c, &m, author, holds); err != nil {
		return m, 0, err
	}
	if holds(*c) {
		m.Hold = data.IsHeld
	}
	id, _, err = tx.AddMessage(c, m)
	return m, id, err
}

// receiveAgain looks at who sent a message that is here already, as one of the customer,
// and returns the customer. A sender who is known here as another customer may be the
// same person. One who is not known stays so: a repetition makes nobody known.
func receiveAgain(tx *store.Tx, s data.Sender, message, customer int64, now data.Moment) (int64, error) {
	c, err := tx.Customer(customer)
	if err != nil || s.Group != "" || c.IsGroup() {
		return c.ID, err
	}
	ids := s.Identities()
	matches, err := matchesOf(tx, ids)
	if err != nil {
		return c.ID, err
	}
	for _, m := range matches {
		if m.Customer.ID == c.ID {
			return c.ID, nil
		}
	}
	m, found := data.ChooseSender(ids, matches, now)
	if !found {
		return c.ID, nil
	}
	if known, err := tx.Message(message); err != nil || known.Direction != data.In {
		return c.ID, err
	}
	return c.ID, beginPair(tx, &c, &m.Customer, data.SameMessage, now)
}

// incoming returns m with what its sender can say, and nothing that is the desk's
// to decide.
func incoming(m data.Message, now data.Moment) data.Message {
	if m.At <= 0 || m.At > now.Add(farFuture) {
		m.At, m.Untimed = now, true
	}
	if m.Kind.IsAct() && m.ReplyTo == "" { // to which message is not said
		m.Text, m.Kind = m.Preview(), data.TextMessage
	}
	return data.Message{
		Direction: data.In, At: m.At, Untimed: m.Untimed, RecordedAt: now, Kind: m.Kind, Text: data.Clean(m.Text), File: m.File, URL: m.URL,
		RemoteID: m.RemoteID, WhatsAppID: m.WhatsAppID, Business: m.Business, ReplyTo: m.ReplyTo,
	}
}

// SetRead marks a chat as read, or as unread.
func (d *Desk) SetRead(ctx context.Context, customer int64, read bool) error {
	return d.write(ctx, func(tx *store.Tx) error {
		changed, err := tx.SetRead(customer, read)
		if err != nil || !changed {
			return err
		}
		return tx.Changed(data.ReadChanged, customer)
	})
}

// SetReadTo marks a chat as read down to the last item that was on the screen.
func (d *Desk) SetReadTo(ctx context.Context, customer int64, last data.ItemKey) error {
	return d.write(ctx, func(tx *store.Tx) error {
		changed, err := tx.SetReadTo(customer, last)
		if err != nil || !changed {
			return err
		}
		return tx.Changed(data.ReadChanged, customer)
	})
}
