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
	t := deliveryImporter{app: s, err: r.err}
	failed := t.run(r.ctx, in)
	if err := c.printSummary(r.out, t.summary); err != nil {
		return err
	}
	if failed != nil {
		return failed
	}
	if t.summary.Refused > 0 {
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

// maxShownErrors is how many refused lines a window shows.
const maxShownErrors = 10

// ImportMessages takes the deliveries in a file, as receive does, and says what became
// of them and which lines were refused.
func (s *App) ImportMessages(ctx context.Context, path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", fileError("read", path, err)
	}
	defer file.Close()
	complaints := &cappedLines{limit: maxShownErrors}
	t := deliveryImporter{app: s, err: complaints}
	if err := t.run(ctx, file); err != nil {
		return "", err
	}
	return t.summary.String() + complaints.String(), nil
}

// cappedLines keeps the first lines that are written, one a call, and counts
// the others.
type cappedLines struct {
	strings.Builder
	limit, lines int
}

func (f *cappedLines) Write(line []byte) (int, error) {
	if f.lines++; f.lines <= f.limit {
		f.Builder.WriteString("\n")
		f.Builder.Write(bytes.TrimSuffix(line, []byte("\n")))
	}
	return len(line), nil
}

func (f *cappedLines) String() string {
	if f.lines > f.limit {
		return fmt.Sprintf("%s\n… and %s more", f.Builder.String(), pluralize(int64(f.lines-f.limit), "line"))
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

// deliveryImporter takes deliveries in their order.
type deliveryImporter struct {
	app     *App
	err     io.Writer
	summary summary
	batch   []doubletick.Delivery // messages that wait to be written together
}

// maxBatch is how many messages one transaction takes at most: enough to make
// the wait for the disk small, and few enough to keep no other writer waiting.
const maxBatch = 200

// run reads ahead while it writes. It writes what it has as soon as no
// more is there to be read, so that a pipe that stays open is followed.
func (t *deliveryImporter) run(ctx context.Context, in io.Reader) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ahead := make(chan doubletick.Delivery, maxBatch)
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
		if err := t.process(ctx, d); err != nil {
			return err
		}
	}
}

func (t *deliveryImporter) process(ctx context.Context, d doubletick.Delivery) error {
	switch {
	case d.Err != nil:
		t.reject(d.Line, d.Err)
	case d.Incoming != nil:
		if t.batch = append(t.batch, d); len(t.batch) == maxBatch {
			return t.flush(ctx)
		}
	case d.Status != nil:
		if err := t.flush(ctx); err != nil {
			return err
		}
		return t.updateStatus(ctx, d)
	}
	return nil
}

func (t *deliveryImporter) updateStatus(ctx context.Context, d doubletick.Delivery) error {
	err := t.app.UpdateMessageStatus(ctx, *d.Status)
	switch {
	case err == nil:
		t.summary.StatusUpdates++
	case errors.Is(err, data.ErrNotFound):
		t.reject(d.Line, fmt.Errorf("no message %s was sent from here", d.Status.MessageID))
	case isFatal(ctx, err):
		return stoppedError(ctx, d.Line, err)
	default:
		t.reject(d.Line, err)
	}
	return nil
}

// flush writes the messages that wait: together, or one by one where one of
// them cannot be written.
func (t *deliveryImporter) flush(ctx context.Context) error {
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
			t.reject(d.Line, err)
		}
	}
	return nil
}

func (t *deliveryImporter) write(ctx context.Context, batch []doubletick.Delivery) error {
	messages := make([]data.Incoming, len(batch))
	for i, d := range batch {
		messages[i] = *d.Incoming
	}
	results, err := t.app.Receive(ctx, messages)
	if err != nil {
		return err
	}
	for _, result := range results {
		switch {
		case result.Duplicate:
			t.summary.AlreadyHere++
		case result.Held:
			t.summary.Held++
			t.summary.Taken++
		default:
			t.summary.Taken++
		}
	}
	return nil
}

// reject tells about a line that cannot be taken.
func (t *deliveryImporter) reject(line int, err error) {
	t.summary.Refused++
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
