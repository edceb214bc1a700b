package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/doubletick"
	"github.com/latchdesk/latchdesk/data/store"
)

type receiveCmd struct {
	File nonEmpty `arg:"" help:"The file to read; - reads what is piped in."`
	JSON bool     `name:"json" help:"Print the summary as JSON."`
}

func (c receiveCmd) Run(r *run) error {
	in := r.in
	if c.File != "-" {
		file, err := os.Open(string(c.File))
		if err != nil {
			return fileError("read", string(c.File), err)
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
	if err := c.printSummary(r.out, t.sum); err != nil {
		return err
	}
	if failed != nil {
		return failed
	}
	if t.sum.Refused > 0 {
		return errReported
	}
	return nil
}

func (c receiveCmd) printSummary(out *output, sum summary) error {
	if c.JSON {
		return out.printJSON(sum)
	}
	out.printFields(
		field{"Messages taken", formatInt(sum.Taken)},
		field{"Of these held", formatInt(sum.Held)},
		field{"Already here", formatInt(sum.AlreadyHere)},
		field{"Status updates", formatInt(sum.StatusUpdates)},
		field{"Refused", formatInt(sum.Refused)},
	)
	return nil
}

// mostComplaints is how many refused lines a window shows.
const mostComplaints = 10

// BringIn takes the deliveries in a file, as receive does, and says what became
// of them and which lines were refused.
func (s *App) BringIn(ctx context.Context, path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fileError("read", path, err)
	}
	defer file.Close()
	complaints := &firstLines{most: mostComplaints}
	t := intake{s: s, err: complaints}
	if err := t.takeAll(ctx, file); err != nil {
		return "", err
	}
	return t.sum.String() + complaints.String(), nil
}

// firstLines keeps the first lines that are written, one a call, and counts
// the others.
type firstLines struct {
	strings.Builder
	most, lines int
}

func (f *firstLines) Write(line []byte) (int, error) {
	if f.lines++; f.lines <= f.most {
		f.Builder.WriteString("\n")
		f.Builder.Write(bytes.TrimSuffix(line, []byte("\n")))
	}
	return len(line), nil
}

func (f *firstLines) String() string {
	if f.lines > f.most {
		return fmt.Sprintf("%s\n… and %s more", f.Builder.String(), pluralize(int64(f.lines-f.most), "line"))
	}
	return f.Builder.String()
}

// summary is what became of all that was received.
type summary struct {
	Taken         int64 `json:"taken"`
	Held          int64 `json:"held"` // of those taken
	AlreadyHere   int64 `json:"alreadyHere"`
	StatusUpdates int64 `json:"statusUpdates"`
	Refused       int64 `json:"refused"`
}

// String says a summary in one line; what is nothing is left out.
func (s summary) String() string {
	parts := []string{pluralize(s.Taken, "message") + " taken"}
	if s.Held > 0 {
		parts[0] += fmt.Sprintf(" (%d held)", s.Held)
	}
	if s.AlreadyHere > 0 {
		parts = append(parts, fmt.Sprintf("%d already here", s.AlreadyHere))
	}
	if s.StatusUpdates > 0 {
		parts = append(parts, pluralize(s.StatusUpdates, "status update"))
	}
	if s.Refused > 0 {
		parts = append(parts, fmt.Sprintf("%d refused", s.Refused))
	}
	return strings.Join(parts, ", ") + "."
}

// intake takes deliveries in their order.
type intake struct {
	s     *App
	err   io.Writer
	sum   summary
	batch []doubletick.Delivery // messages that wait to be written together
}

// fullBatch is how many messages one transaction takes at most: enough to make
// the wait for the disk small, and few enough to keep no other writer waiting.
const fullBatch = 200

// run reads ahead while it writes. It writes what it has as soon as no
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
	err := t.s.UpdateMessageStatus(ctx, *d.Tick)
	switch {
	case err == nil:
		t.sum.StatusUpdates++
	case errors.Is(err, data.ErrNotFound):
		t.refuse(d.Line, fmt.Errorf("no message %s was sent from here", d.Tick.MessageID))
	case isFatal(ctx, err):
		return stoppedError(ctx, d.Line, err)
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
	case isFatal(ctx, err):
		return stoppedError(ctx, batch[0].Line, err)
	}
	for _, d := range batch {
		err := t.write(ctx, []doubletick.Delivery{d})
		switch {
		case err == nil:
		case isFatal(ctx, err):
			return stoppedError(ctx, d.Line, err)
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

// isFatal reports whether what failed would fail for every other line, too.
func isFatal(ctx context.Context, err error) bool {
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

// stoppedError says from where on nothing was taken. Delivered again, what came
// before is recognised, so nothing comes twice.
func stoppedError(ctx context.Context, line int, err error) error {
	return userErrorf("From line %d on nothing was taken. %s", line, errorText(ctx, err))
}
