package desk

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// Add makes a customer without a chat, so that a number can be blocked before
// it ever writes. It returns a customer who exists already as they are, and a
// *data.SeveralError where several have the address by their match keys.
func (d *Desk) Add(ctx context.Context, a data.Address, name string) (data.Customer, error) {
	var c data.Customer
	err := d.write(ctx, func(tx *store.Tx) (err error) {
		if c, err = tx.FindCustomer(a); !errors.Is(err, data.ErrNotFound) {
			return err
		}
		if c, _, err = tx.AddCustomer(data.NewIdentity(a), data.CleanName(name)); err != nil {
			return err
		}
		return tx.Changed(data.CustomerChanged, c.ID)
	})
	return c, err
}

// Rename changes the customer's name. An empty name removes it, and the number is
// shown instead.
func (d *Desk) Rename(ctx context.Context, by data.Actor, customer int64, name string) error {
	name = data.CleanName(name)
	return d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil || c.Name == name {
			return err
		}
		now := d.Now()
		if err := expireIfDue(tx, &c, now); err != nil {
			return err
		}
		detail := data.Detail{From: c.Name, To: name}
		if err := tx.SetName(&c, name); err != nil {
			return err
		}
		if _, err := appendEvent(tx, c, data.RenamedEvent, by, now, now, detail); err != nil {
			return err
		}
		return tx.Changed(data.CustomerChanged, c.ID)
	})
}

// SetTags replaces the customer's tags. It returns data.ErrInvalid if there are
// more than data.MaxTags.
func (d *Desk) SetTags(ctx context.Context, customer int64, tags []string) error {
	clean := cleanTags(tags)
	if len(clean) > data.MaxTags {
		return fmt.Errorf("set the tags: %w: %d are the most", data.ErrInvalid, data.MaxTags)
	}
	return d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil || slices.Equal(c.Tags, clean) {
			return err
		}
		if err := expireIfDue(tx, &c, d.Now()); err != nil {
			return err
		}
		if err := tx.SetTags(&c, clean); err != nil {
			return err
		}
		return tx.Changed(data.CustomerChanged, c.ID)
	})
}

func cleanTags(tags []string) []string {
	var clean []string
	for _, tag := range tags {
		if tag = data.CleanLine(tag, data.MaxTag); tag != "" {
			clean = append(clean, tag)
		}
	}
	slices.Sort(clean)
	return slices.Compact(clean)
}

// Clear takes all messages of a chat out of sight, but not those that a block holds.
// Nothing is erased: the rows are marked as cleared, and the event that it returns says
// who did it, and is what UndoClear takes.
func (d *Desk) Clear(ctx context.Context, by data.Actor, customer int64) (cleared data.Event, err error) {
	err = d.write(ctx, func(tx *store.Tx) error {
		c, err := tx.Customer(customer)
		if err != nil {
			return err
		}
		now := d.Now()
		messages, unread, err := tx.Clear(c.ID, now)
		if err != nil {
			return err
		}
		// What a block that has ended held was never seen: it is not cleared.
		if err := expireIfDue(tx, &c, now); err != nil {
			return err
		}
		cleared, err = appendEvent(tx, c, data.ClearedEvent, by, now, now, data.Detail{Messages: messages, Unread: unread})
		if err != nil {
			return err
		}
		return tx.Changed(data.MessageChanged, c.ID)
	})
	return cleared, err
}

// UndoClear brings back what Clear took out of sight, whose event has the sequence event,
// as read or unread as it was. It returns data.ErrNotFound if there is no such event, and
// data.ErrChanged, and does nothing, if the chat was cleared, split, joined into another
// or an act on it undone since.
func (d *Desk) UndoClear(ctx context.Context, by data.Actor, event int64) error {
	return d.write(ctx, func(tx *store.Tx) error {
		cleared, err := tx.Event(event)
		if err != nil {
			return err
		}
		if cleared.Kind != data.ClearedEvent {
			return fmt.Errorf("event %d cleared no chat: %w", event, data.ErrNotFound)
		}
		c, err := tx.Customer(cleared.CustomerID)
		if err != nil {
			return err
		}
		changed, err := tx.HasEventSince(cleared, data.ClearedEvent, data.SplitEvent, data.UndoneEvent)
		if err != nil {
			return err
		}
		if changed || c.ID != cleared.CustomerID {
			return fmt.Errorf("the chat of customer %d: %w", cleared.CustomerID, data.ErrChanged)
		}
		now := d.Now()
		if err := expireIfDue(tx, &c, now); err != nil {
			return err
		}
		messages, err := tx.UndoClear(c.ID, cleared.At, cleared.Rest().Unread)
		if err != nil {
			return err
		}
		if messages > cleared.Rest().Messages { // of two clearings in one millisecond
			return fmt.Errorf("the chat of customer %d: %w", c.ID, data.ErrChanged)
		}
		detail := data.Detail{From: string(data.ClearedEvent), Messages: messages, Of: event}
		if _, err := appendEvent(tx, c, data.UndoneEvent, by, now, now, detail); err != nil {
			return err
		}
		return tx.Changed(data.MessageChanged, c.ID)
	})
}
