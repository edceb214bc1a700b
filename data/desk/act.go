package desk

import (
	"fmt"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/store"
)

// What the acts on one customer share.

// cleanNote returns the note as it is kept. It returns data.ErrInvalid if the
// note is longer than data.MaxNote.
func cleanNote(act, note string) (string, error) {
	note = data.Clean(note)
	if utf8.RuneCountInString(note) > data.MaxNote {
		return "", fmt.Errorf("%s: %w: the note is longer than %d characters", act, data.ErrInvalid, data.MaxNote)
	}
	return note, nil
}

// checkFuture returns data.ErrInvalid if at is past, or too far ahead. Zero, which is
// never, passes.
func (d *Desk) checkFuture(what string, at data.Moment) error {
	now := d.Now()
	switch {
	case at == 0:
		return nil
	case at <= now:
		return fmt.Errorf("%w: %s is in the past", data.ErrInvalid, what)
	case data.TooFar(at, now):
		return fmt.Errorf("%w: %s is more than a hundred years ahead", data.ErrInvalid, what)
	}
	return nil
}

// checkVersion returns data.ErrChanged if c is not the version that the caller
// saw. Zero stands for any version.
func checkVersion(c data.Customer, version int64) error {
	if version != 0 && version != c.Version {
		return fmt.Errorf("customer %d: %w", c.ID, data.ErrChanged)
	}
	return nil
}

// appendEvent appends an event to the chain and shows it in the chat's row.
func appendEvent(tx *store.Tx, c data.Customer, kind data.EventKind, by data.Actor, at, now data.Moment, detail data.Detail) (data.Event, error) {
	by.Name = data.CleanName(by.Name)
	e, err := tx.Append(data.Event{
		At: at, RecordedAt: now, Kind: kind, CustomerID: c.ID, Phone: data.Phone(c.Address), Actor: by, Detail: detail.Canonical(),
	})
	if err != nil {
		return e, err
	}
	return e, tx.ShowEvent(e)
}

// setChanged completes the outcome of an act whose first event is e; before is
// the block that was in force, and own are those that person.before returns.
func setChanged(out *data.Outcome, e data.Event, before *data.Block, own map[int64]*data.Block) {
	out.Changed = true
	out.Undo = data.Undo{CustomerID: out.Customer.ID, Version: out.Customer.Version, Event: e.Seq, Kind: e.Kind, Before: before, Own: own}
}
