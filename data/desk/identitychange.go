package desk

import (
	"context"
	"fmt"
	"slices"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// ChangeIdentity files the number or user id that a customer has now, or had before and
// has again, and writes to it from now on; the old one stays known. One that is another
// customer's already stays there, and the two are a pair. It returns data.ErrNotFound if nobody here has the old one, and
// data.ErrInvalid if the news names none.
func (d *Desk) ChangeIdentity(ctx context.Context, change data.IdentityChange) error {
	if err := d.write(ctx, func(tx *store.Tx) error { return d.changeIdentity(tx, change) }); err != nil {
		return fmt.Errorf("take a new number or user id: %w", err)
	}
	return nil
}

func (d *Desk) changeIdentity(tx *store.Tx, change data.IdentityChange) error {
	was, is := change.From.Identities(), change.To.Identities()
	if len(was) == 0 || len(is) == 0 {
		return fmt.Errorf("%w: it names no old or no new number or user id", data.ErrInvalid)
	}
	now := d.Now()
	var matches []data.Match
	for _, i := range was {
		found, err := tx.Matches(i.Address)
		if err != nil {
			return err
		}
		matches = append(matches, found...)
	}
	m, ok := data.ChooseSender(was, matches, now)
	if !ok {
		return fmt.Errorf("%s: %w", was[0].Address, data.ErrNotFound)
	}
	c, err := tx.Customer(m.Customer.ID)
	if err != nil {
		return err
	}
	changed := false
	for _, i := range is {
		filed, err := fileChanged(tx, &c, was, i, now)
		if err != nil {
			return err
		}
		changed = changed || filed
	}
	if !changed {
		return nil
	}
	return tx.Changed(data.CustomerChanged, c.ID)
}

// fileChanged files i under c in the place of the one of its kind among was. It
// reports whether it did.
func fileChanged(tx *store.Tx, c *data.Customer, was []data.Identity, i data.Identity, now data.Moment) (bool, error) {
	others, err := tx.Matches(i.Address)
	if err != nil {
		return false, err
	}
	main := i.Address.Phone() != "" || c.Phone == "" // it is written to from now on
	n := slices.IndexFunc(others, func(m data.Match) bool { return m.Identity.Address == i.Address })
	switch {
	case n < 0:
		if _, err := tx.AddIdentity(c, i); err != nil {
			return false, err
		}
	case others[n].Customer.ID != c.ID:
		other, err := tx.Customer(others[n].Customer.ID)
		if err != nil {
			return false, err
		}
		return false, beginPair(tx, c, &other, data.SameSender, now)
	case !main || c.Address == i.Address:
		return false, nil
	}
	detail := data.Detail{To: string(i.Address)}
	if n := slices.IndexFunc(was, func(old data.Identity) bool { return old.Kind == i.Kind }); n >= 0 {
		detail.From = string(was[n].Address)
	}
	if main {
		if err := setAddress(tx, c, i.Address, now); err != nil {
			return false, err
		}
	}
	return true, recordIdentity(tx, *c, detail, now)
}
