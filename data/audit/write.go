package audit

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// ExportResult is what came of a history that was written down. One that is not
// sound is written as it is, so that it can be looked into.
type ExportResult struct {
	Head data.Head
	Flaw *data.Flaw
}

// Write writes the whole history, event by event and then the head.
func Write(ctx context.Context, d *desk.Desk, w io.Writer, format Format, onProgress Progress) (ExportResult, error) {
	f, ok := codecs[format]
	if !ok {
		return ExportResult{}, fmt.Errorf("export the history: %w: the formats are %s and %s", data.ErrInvalid, JSONL, CSV)
	}
	out := bufio.NewWriter(w)
	if f.header != "" {
		out.WriteString(f.header + "\n")
	}
	var chain data.Chain
	var line []byte
	written := int64(0)
	head, err := d.WalkEvents(ctx, func(e data.Event, filed bool, head data.Head) error {
		chain.AddKept(e, filed)
		line = append(f.appendEvent(line[:0], e), '\n')
		if written++; written%progressInterval == 0 && onProgress != nil {
			onProgress(written, head.Count)
		}
		_, err := out.Write(line)
		return err
	})
	if err != nil {
		return ExportResult{}, fmt.Errorf("export the history: %w", err)
	}
	chain.End(head)
	out.Write(append(f.appendHead(line[:0], head), '\n'))
	if err := out.Flush(); err != nil {
		return ExportResult{}, fmt.Errorf("export the history: %w", err)
	}
	return ExportResult{Head: head, Flaw: chain.Flaw()}, nil
}

// Save writes the history to a file, which must not exist and is there only
// once it is whole.
func Save(ctx context.Context, d *desk.Desk, file string, format Format, onProgress Progress) (done ExportResult, err error) {
	to, err := d.CreateFile(file)
	if err != nil {
		return done, fmt.Errorf("export the history: %w", err)
	}
	defer to.Discard()
	if done, err = Write(ctx, d, to, format, onProgress); err != nil {
		return done, err
	}
	if err := to.Publish(); err != nil {
		return done, fmt.Errorf("export the history: %w", err)
	}
	return done, nil
}
