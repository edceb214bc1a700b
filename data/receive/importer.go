// Package receive writes DoubleTick's deliveries to the desk, whether they come
// one by one to a webhook or by the thousand in a file.
package receive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

// Bounds on one transaction.
const (
	// MaxBatch is how many deliveries one takes unless an Importer says otherwise:
	// enough to make the wait for the disk small, and few enough to keep no other
	// writer waiting.
	MaxBatch      = 200
	maxBatchBytes = 4 << 20 // of deliveries that are set aside
)

// ErrorPolicy is what an Importer does about a delivery that cannot be written.
type ErrorPolicy int

const (
	// SkipBad passes it over and goes on with the next, unless the database
	// takes no writes at all. The good messages of its batch are written.
	SkipBad ErrorPolicy = iota
	// StopAtFirst writes nothing of its batch and ends the import with the
	// error: the sender is expected to deliver all of it again.
	StopAtFirst
)

// Importer writes deliveries to the desk in the order in which they came.
// Those that follow each other share a transaction. Under either policy a
// delivery that cannot be understood is set aside, which ends the import where
// there is no room for it.
type Importer struct {
	Desk     *desk.Desk
	Policy   ErrorPolicy
	MaxBatch int // deliveries in one transaction; 0 for the constant MaxBatch
	// OnSkip is called for each delivery that is passed over, under either
	// policy: one that is no delivery at all, a status of a message that was never
	// sent from here (data.ErrNotFound), or one that could not be written.
	OnSkip func(d doubletick.Delivery, err error)
	// OnSetAside is called for each delivery that was set aside; its Err says why.
	// Of several in one object it is the first. It may be nil.
	OnSetAside func(d doubletick.Delivery)

	summary Summary
	batch   []doubletick.Delivery // what waits to be written together
	bytes   int                   // of those that are set aside
	line    int                   // where the delivery that is written begins
	aside   firstOdd
}

// Summary returns what has become of the deliveries so far.
func (i *Importer) Summary() Summary { return i.summary }

// Add takes one delivery. A message may wait for the others of its batch until
// Flush. It returns an error only where the import is at its end, by the policy,
// because there is no room to set it aside (data.ErrSetAsideFull), or because ctx
// is.
func (i *Importer) Add(ctx context.Context, d doubletick.Delivery) error {
	isFirst, err := i.aside.is(d), problem(d)
	switch {
	case err != nil && len(d.Raw) == 0:
		i.skip(d, err)
	case isFirst:
		d.Raw, d.Err = bytes.Clone(d.Raw), err // the reader reads the next one over it
		i.bytes += len(d.Raw)
		return i.enqueue(ctx, d)
	case err != nil: // its object is set aside with the first
	case d.Incoming != nil:
		d.Raw = nil
		return i.enqueue(ctx, d)
	case d.Ignored != "":
		i.summary.Ignored++
	case d.Change != nil:
		if err := i.Flush(ctx); err != nil {
			return err
		}
		return i.changeIdentity(ctx, d)
	case d.Status != nil:
		if err := i.Flush(ctx); err != nil {
			return err
		}
		return i.updateStatus(ctx, d)
	}
	return nil
}

func (i *Importer) enqueue(ctx context.Context, d doubletick.Delivery) error {
	i.batch = append(i.batch, d)
	if len(i.batch) == i.maxBatch() || i.bytes > maxBatchBytes {
		return i.Flush(ctx)
	}
	return nil
}

// Flush writes what waits: together, or one by one where one of them cannot be
// written and the policy is SkipBad. Its errors are those of Add.
func (i *Importer) Flush(ctx context.Context) error {
	batch := i.batch
	i.batch, i.bytes = i.batch[:0], 0
	if len(batch) == 0 {
		return nil
	}
	defer clear(batch) // they can be large
	err := i.write(ctx, batch)
	if err == nil || i.Policy == StopAtFirst || isFatal(ctx, err) && !errors.Is(err, data.ErrSetAsideFull) {
		return err
	}
	for n, d := range batch {
		err := i.write(ctx, batch[n:n+1])
		if err != nil && i.endsWith(ctx, err) {
			return err
		}
		if err != nil {
			i.skip(d, err)
		}
	}
	return nil
}

// write writes deliveries in one transaction.
func (i *Importer) write(ctx context.Context, batch []doubletick.Delivery) error {
	i.line = batch[0].Line
	arrivals := make([]data.Arrival, len(batch))
	for n, d := range batch {
		arrivals[n].Incoming = d.Incoming
		if d.Err != nil {
			arrivals[n].SetAside = &data.SetAside{Raw: d.Raw, Reason: reasonOf(d.Err), From: doubletick.AddressIn(d.Raw)}
		}
	}
	results, err := i.Desk.Take(ctx, arrivals)
	if err != nil {
		return err
	}
	for n, result := range results {
		switch {
		case batch[n].Err != nil:
			i.summary.SetAside++
			if i.OnSetAside != nil {
				i.OnSetAside(batch[n])
			}
		case result.Duplicate:
			i.summary.AlreadyHere++
		case result.Held:
			i.summary.Held++
			i.summary.Taken++
		default:
			i.summary.Taken++
		}
	}
	return nil
}

func (i *Importer) updateStatus(ctx context.Context, d doubletick.Delivery) error {
	i.line = d.Line
	err := i.Desk.UpdateMessageStatus(ctx, *d.Status)
	switch {
	case err == nil:
		i.summary.StatusUpdates++
	case !errors.Is(err, data.ErrNotFound) && i.endsWith(ctx, err):
		return err
	default:
		i.skip(d, err)
	}
	return nil
}

// changeIdentity takes news of another number or user id. Of somebody who is not
// known here it is no news.
func (i *Importer) changeIdentity(ctx context.Context, d doubletick.Delivery) error {
	i.line = d.Line
	err := i.Desk.ChangeIdentity(ctx, *d.Change)
	switch {
	case err == nil:
		i.summary.IdentityChanges++
	case errors.Is(err, data.ErrNotFound):
		i.summary.Ignored++
	case i.endsWith(ctx, err):
		return err
	default:
		i.skip(d, err)
	}
	return nil
}

func (i *Importer) skip(d doubletick.Delivery, err error) {
	i.summary.Refused++
	i.OnSkip(d, err)
}

// endsWith reports whether an error of the desk ends the import.
func (i *Importer) endsWith(ctx context.Context, err error) bool {
	return i.Policy == StopAtFirst || isFatal(ctx, err)
}

// isFatal reports whether what comes after an error of the desk would fail like it.
func isFatal(ctx context.Context, err error) bool {
	return ctx.Err() != nil || desk.IsStorageFault(err) || errors.Is(err, data.ErrSetAsideFull)
}

// errNamesNobody says that news of another number or user id names none.
var errNamesNobody = fmt.Errorf("%w: it names no old or no new number or user id", data.ErrInvalid)

// problem returns why a delivery cannot be taken, nil where it can.
func problem(d doubletick.Delivery) error {
	if c := d.Change; c != nil && (len(c.From.Identities()) == 0 || len(c.To.Identities()) == 0) {
		return errNamesNobody
	}
	return d.Err
}

// firstOdd finds the first of the deliveries of one object that cannot be taken: with
// it the object is set aside whole.
type firstOdd struct{ found bool }

// is reports whether d is that. It wants to be asked for all, in their order.
func (f *firstOdd) is(d doubletick.Delivery) bool {
	if d.Part == 0 {
		f.found = false
	}
	if f.found || problem(d) == nil {
		return false
	}
	f.found = true
	return true
}

// reasonOf returns why a delivery cannot be understood.
func reasonOf(err error) string {
	return strings.ReplaceAll(err.Error(), data.ErrInvalid.Error()+": ", "")
}

func (i *Importer) maxBatch() int {
	if i.MaxBatch > 0 {
		return i.MaxBatch
	}
	return MaxBatch
}
