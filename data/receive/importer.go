// Package receive writes DoubleTick's deliveries to the desk, whether they come
// one by one to a webhook or by the thousand in a file.
package receive

import (
	"context"
	"errors"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

// MaxBatch is how many messages one transaction takes unless an Importer says
// otherwise: enough to make the wait for the disk small, and few enough to keep
// no other writer waiting.
const MaxBatch = 200

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
// Messages that follow each other share a transaction.
type Importer struct {
	Desk     *desk.Desk
	Policy   ErrorPolicy
	MaxBatch int // messages in one transaction; 0 for the constant MaxBatch
	// OnSkip is called for each delivery that is passed over, under either
	// policy: one that could not be parsed, a status of a message that was never
	// sent from here (data.ErrNotFound), or one that could not be written.
	OnSkip func(d doubletick.Delivery, err error)

	summary Summary
	batch   []doubletick.Delivery // messages that wait to be written together
	line    int                   // where the delivery that is written begins
}

// Summary returns what has become of the deliveries so far.
func (i *Importer) Summary() Summary { return i.summary }

// Add takes one delivery. A message may wait for the others of its batch until
// Flush. It returns an error only where the import is at its end, by the policy
// or because ctx is.
func (i *Importer) Add(ctx context.Context, d doubletick.Delivery) error {
	switch {
	case d.Err != nil:
		i.skip(d, d.Err)
	case d.Incoming != nil:
		if i.batch = append(i.batch, d); len(i.batch) == i.maxBatch() {
			return i.Flush(ctx)
		}
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

// Flush writes the messages that wait: together, or one by one where one of them
// cannot be written and the policy is SkipBad. Its errors are those of Add.
func (i *Importer) Flush(ctx context.Context) error {
	batch := i.batch
	i.batch = i.batch[:0]
	if len(batch) == 0 {
		return nil
	}
	err := i.write(ctx, batch)
	if err == nil || i.isFatal(ctx, err) {
		return err
	}
	for n, d := range batch {
		err := i.write(ctx, batch[n:n+1])
		if err != nil && i.isFatal(ctx, err) {
			return err
		}
		if err != nil {
			i.skip(d, err)
		}
	}
	return nil
}

// write writes messages in one transaction.
func (i *Importer) write(ctx context.Context, batch []doubletick.Delivery) error {
	i.line = batch[0].Line
	messages := make([]data.Incoming, len(batch))
	for n, d := range batch {
		messages[n] = *d.Incoming
	}
	results, err := i.Desk.Receive(ctx, messages)
	if err != nil {
		return err
	}
	for _, result := range results {
		switch {
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
	case !errors.Is(err, data.ErrNotFound) && i.isFatal(ctx, err):
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
	case i.isFatal(ctx, err):
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

// isFatal reports whether an error of the desk ends the import.
func (i *Importer) isFatal(ctx context.Context, err error) bool {
	return i.Policy == StopAtFirst || ctx.Err() != nil || desk.IsStorageFault(err)
}

func (i *Importer) maxBatch() int {
	if i.MaxBatch > 0 {
		return i.MaxBatch
	}
	return MaxBatch
}
