package receive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/doubletick"
)

// ReadAll adds all deliveries in r. It reads ahead while it writes, and writes
// what it has as soon as there is no more to be read, so that a pipe that stays
// open is followed.
//
// Where the import ends early the error is a data.UserError that names the line
// from which on nothing was taken, or the error of ctx. Delivered again, what
// came before that line is recognised, so nothing comes twice.
func (i *Importer) ReadAll(ctx context.Context, r io.Reader) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ahead := readAhead(ctx, r)
	for {
		var d doubletick.Delivery
		more := true
		select {
		case d, more = <-ahead:
		default:
			if err := i.Flush(ctx); err != nil {
				return i.stoppedError(ctx, err)
			}
			select {
			case d, more = <-ahead:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if !more {
			if err := i.Flush(ctx); err != nil {
				return errors.Join(i.stoppedError(ctx, err), ctx.Err())
			}
			return ctx.Err()
		}
		if err := i.Add(ctx, d); err != nil {
			return i.stoppedError(ctx, err)
		}
	}
}

// readAhead reads deliveries until r or ctx is at its end. It stays at most a
// batch ahead of whoever receives them.
func readAhead(ctx context.Context, r io.Reader) <-chan doubletick.Delivery {
	ahead := make(chan doubletick.Delivery, MaxBatch)
	go func() {
		defer close(ahead)
		var aside firstOdd
		for d := range doubletick.Deliveries(r) {
			switch isFirst := aside.is(d); {
			case isFirst:
				d.Raw = bytes.Clone(d.Raw) // which the next one is read over
			case problem(d) == nil:
				d.Raw = nil
			default:
				continue
			}
			select {
			case ahead <- d:
			case <-ctx.Done():
				return
			}
		}
	}()
	return ahead
}

func (i *Importer) stoppedError(ctx context.Context, err error) error {
	text := desk.Explain(err)
	if ctx.Err() != nil {
		text = "Interrupted. What was finished before is kept."
	}
	return data.UserErrorf("Nothing from line %d on was taken in. %s", i.line, text)
}

// PrintSetAside returns an OnSetAside that writes a line to w for each delivery that
// is set aside, as PrintSkipped does.
func PrintSetAside(w io.Writer) func(doubletick.Delivery) {
	return func(d doubletick.Delivery) {
		fmt.Fprintf(w, "line %d: set aside: %s\n", d.Line, data.OneLine(data.Clean(reasonOf(d.Err)), 300))
	}
}

// PrintSkipped returns an OnSkip that writes a line to w for each delivery that
// is skipped, each in one call of Write: where it begins in the input, and what
// is wrong with it.
func PrintSkipped(w io.Writer) func(doubletick.Delivery, error) {
	return func(d doubletick.Delivery, err error) {
		if d.Status != nil && errors.Is(err, data.ErrNotFound) {
			err = fmt.Errorf("no message %s was sent from here", d.Status.MessageID)
		}
		fmt.Fprintf(w, "line %d: %s\n", d.Line, data.OneLine(data.Clean(desk.Explain(err)), 300))
	}
}
