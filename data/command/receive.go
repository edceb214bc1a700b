package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/doubletick"
	"github.com/latchdesk/latchdesk/data/store"
)

type receiveCmd struct {
	File given `arg:"" help:"The file to read; - reads what is piped in."`
	JSON bool  `name:"json" help:"Print the summary as JSON."`
}

func (c receiveCmd) Run(r *run) error {
	in := r.in
	if c.File != "-" {
		file, err := os.Open(string(c.File))
		if err != nil {
			return fileRefusal("read", string(c.File), err)
		}
		defer file.Close()
		in = file
	}
	s, err := r.open()
	if err != nil {
		return err
	}
	defer s.Close()
	t := intake{s: s, err: r.err}
	failed := t.takeAll(r.ctx, in)
	if err := c.tell(r.out, t.sum); err != nil {
		return err
	}
	if failed != nil {
		return failed
	}
	if t.sum.Refused > 0 {
		return errSaid
	}
	return nil
}

func (c receiveCmd) tell(out *output, sum summary) error {
	if c.JSON {
		return out.json(sum)
	}
	out.facts(
		fact{"Messages taken", number(sum.Taken)},
		fact{"Of these held", number(sum.Held)},
		fact{"Already here", number(sum.AlreadyHere)},
		fact{"Status updates", number(sum.StatusUpdates)},
		fact{"Refused", number(sum.Refused)},
	)
	return nil
}

// summary is what became of all that was received.
type summary struct {
	Taken         int64 `json:"taken"`
	Held          int64 `json:"held"` // of those taken
	AlreadyHere   int64 `json:"alreadyHere"`
	StatusUpdates int64 `json:"statusUpdates"`
	Refused       int64 `json:"refused"`
}

// intake takes deliveries in their order.
type intake struct {
	s     *Session
	err   io.Writer
	sum   summary
	batch []doubletick.Delivery // messages that wait to be written together
}

// fullBatch is how many messages one transaction takes at most: enough to make
// the wait for the disk small, and few enough to keep no other writer waiting.
const fullBatch = 200

// takeAll reads ahead while it writes. It writes what it has as soon as no
// more is there to be read, so that a pipe that stays open is followed.
func (t *intake) takeAll(ctx context.Context, in io.Reader) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ahead := make(chan doubletick.Delivery, fullBatch)
	go func() {
		defer close(ahead)
		for d := range doubletick.Deliveries(in) {
			select {
			case ahead <- d:
			case <-ctx.Done():
				return
			}
		}
	}()
	for {
		var d doubletick.Delivery
		more := true
		select {
		case d, more = <-ahead:
		default:
			if err := t.flush(ctx); err != nil {
				return err
			}
			select {
			case d, more = <-ahead:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if !more {
			return errors.Join(t.flush(ctx), ctx.Err())
		}
		if err := t.take(ctx, d); err != nil {
			return err
		}
	}
}

func (t *intake) take(ctx context.Context, d doubletick.Delivery) error {
	switch {
	case d.Err != nil:
		t.refuse(d.Line, d.Err)
	case d.Incoming != nil:
		if t.batch = append(t.batch, d); len(t.batch) == fullBatch {
			return t.flush(ctx)
		}
	case d.Tick != nil:
		if err := t.flush(ctx); err != nil {
			return err
		}
		return t.moveTick(ctx, d)
	}
	return nil
}

func (t *intake) moveTick(ctx context.Context, d doubletick.Delivery) error {
	err := t.s.MoveTick(ctx, *d.Tick)
	switch {
	case err == nil:
		t.sum.StatusUpdates++
	case errors.Is(err, data.ErrNotFound):
		t.refuse(d.Line, fmt.Errorf("no message %s was sent from here", d.Tick.MessageID))
	case hopeless(ctx, err):
		return stopped(ctx, d.Line, err)
	default:
		t.refuse(d.Line, err)
	}
	return nil
}

// flush writes the messages that wait: together, or one by one where one of
// them cannot be written.
func (t *intake) flush(ctx context.Context) error {
	batch := t.batch
	t.batch = t.batch[:0]
	if len(batch) == 0 {
		return nil
	}
	err := t.write(ctx, batch)
	switch {
	case err == nil:
		return nil
	case hopeless(ctx, err):
		return stopped(ctx, batch[0].Line, err)
	}
	for _, d := range batch {
		err := t.write(ctx, []doubletick.Delivery{d})
		switch {
		case err == nil:
		case hopeless(ctx, err):
			return stopped(ctx, d.Line, err)
		default:
			t.refuse(d.Line, err)
		}
	}
	return nil
}

func (t *intake) write(ctx context.Context, batch []doubletick.Delivery) error {
	messages := make([]data.Incoming, len(batch))
	for i, d := range batch {
		messages[i] = *d.Incoming
	}
	results, err := t.s.Receive(ctx, messages)
	if err != nil {
		return err
	}
	for _, result := range results {
		switch {
		case result.Duplicate:
			t.sum.AlreadyHere++
		case result.Held:
			t.sum.Held++
			t.sum.Taken++
		default:
			t.sum.Taken++
		}
	}
	return nil
}

// refuse tells about a line that cannot be taken.
func (t *intake) refuse(line int, err error) {
	t.sum.Refused++
	fmt.Fprintf(t.err, "line %d: %s\n", line, data.OneLine(data.Clean(err.Error()), 300))
}

// hopeless tells whether what failed would fail for every other line, too.
func hopeless(ctx context.Context, err error) bool {
	if ctx.Err() != nil {
		return true
	}
	for _, cause := range []error{store.ErrFull, store.ErrBusy, store.ErrReadOnly, store.ErrDamaged, store.ErrNotDatabase} {
		if errors.Is(err, cause) {
			return true
		}
	}
	return false
}

// stopped says from where on nothing was taken. Delivered again, what came
// before is recognised, so nothing comes twice.
func stopped(ctx context.Context, line int, err error) error {
	return refuse("Stopped at line %d; what stands before it is kept. %s", line, sentence(ctx, err))
}
