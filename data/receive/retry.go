package receive

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

// Retried counts what became of deliveries that were set aside and read anew.
type Retried struct {
	Tried int `json:"tried"`
	Taken int `json:"taken"` // understood, and written
}

// String returns a sentence about the deliveries.
func (r Retried) String() string {
	left := r.Tried - r.Taken
	switch {
	case r.Tried == 0:
		return "Nothing is set aside."
	case left == 0:
		return fmt.Sprintf("Understood and taken in: %d.", r.Taken)
	case r.Taken == 0:
		return fmt.Sprintf("Nothing was understood. Still set aside: %d.", left)
	}
	return fmt.Sprintf("Understood and taken in: %d. Still set aside: %d.", r.Taken, left)
}

// Retry reads deliveries that are set aside anew, or all of them where none are
// named, and writes what the present program understands, as Desk.Reread does. One
// that cannot be written stays set aside; the first such error is returned at the
// end. It returns data.ErrNotSetAside if one that is named is not set aside.
func Retry(ctx context.Context, d *desk.Desk, by data.Actor, ids ...int64) (sum Retried, err error) {
	named := len(ids) > 0
	if !named {
		if ids, err = d.SetAsideIDs(ctx); err != nil {
			return sum, err
		}
		slices.Reverse(ids) // in the order in which they came
	}
	var batch []data.Reading
	var bytes int64
	var failed error
	flush := func() error {
		taken, err := reread(ctx, d, by, batch)
		sum.Tried, sum.Taken = sum.Tried+len(batch), sum.Taken+taken
		batch, bytes = batch[:0], 0
		if err != nil && isFatal(ctx, err) {
			return err
		}
		failed = cmp.Or(failed, err)
		return nil
	}
	for _, id := range ids {
		kept, err := d.FindSetAside(ctx, id)
		if err != nil {
			return sum, err
		}
		if kept.State != data.SetAsideKept {
			if named {
				return sum, fmt.Errorf("delivery %d was %s: %w", id, kept.State, data.ErrNotSetAside)
			}
			continue // by somebody else, meanwhile
		}
		batch = append(batch, readingOf(kept))
		if bytes += kept.Size; len(batch) == MaxBatch || bytes > maxBatchBytes {
			if err := flush(); err != nil {
				return sum, err
			}
		}
	}
	if err := flush(); err != nil {
		return sum, err
	}
	return sum, failed
}

// reread writes readings together, or one by one where one of them cannot be
// written. It returns the first error.
func reread(ctx context.Context, d *desk.Desk, by data.Actor, batch []data.Reading) (taken int, failed error) {
	taken, err := d.Reread(ctx, by, batch)
	if err == nil || isFatal(ctx, err) {
		return taken, err
	}
	taken = 0
	for n := range batch {
		done, err := d.Reread(ctx, by, batch[n:n+1])
		if err != nil && isFatal(ctx, err) {
			return taken, err
		}
		taken, failed = taken+done, cmp.Or(failed, err)
	}
	return taken, failed
}

// readingOf returns what the present program makes of a delivery.
func readingOf(kept data.SetAside) data.Reading {
	r := data.Reading{ID: kept.ID}
	for _, d := range parse(kept.Raw) {
		err := problem(d)
		switch {
		case err != nil:
			r.Problem = cmp.Or(r.Problem, reasonOf(err))
		case d.Incoming != nil:
			r.Messages = append(r.Messages, *d.Incoming)
		case d.Change != nil:
			r.Changes = append(r.Changes, *d.Change)
		case d.Status != nil:
			r.Statuses = append(r.Statuses, *d.Status)
		}
	}
	return r
}

// parse reads a delivery that was set aside: an object, or else the fields of a form
// that no object could be made of.
func parse(raw []byte) []doubletick.Delivery {
	if !json.Valid(raw) {
		if form, err := url.ParseQuery(string(raw)); err == nil {
			return doubletick.ParseForm(form)
		}
	}
	return doubletick.Parse(raw)
}
