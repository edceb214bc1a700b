package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/audit"
)

type auditVerifyCmd struct {
	File *nonEmpty `arg:"" optional:"" help:"An exported file, or - for what comes in; the profile's own history where it is left out."`
	Head *nonEmpty `help:"A head that was noted earlier: it must still be in the history." placeholder:"HEX"`
	JSON bool      `name:"json" help:"Print JSON."`
}

// Validate is called by the parser.
func (c auditVerifyCmd) Validate() error {
	_, err := c.expectedHead()
	return err
}

func (c auditVerifyCmd) expectedHead() ([]byte, error) {
	if c.Head == nil {
		return nil, nil
	}
	return audit.ParseHead(string(*c.Head))
}

func (c auditVerifyCmd) Run(r *run) error {
	meter := newProgressMeter(r.err, "events")
	head, err := c.verify(r, func(done, total int64) { meter.update(int(done), int(total)) })
	meter.finish()
	flaw := (*data.Flaw)(nil)
	if err != nil && !errors.As(err, &flaw) {
		return err
	}
	if c.JSON {
		if err := r.out.printJSON(newVerifyResult(head, flaw)); err != nil {
			return err
		}
	}
	if flaw != nil {
		return flawError(flaw)
	}
	if !c.JSON {
		r.out.printLine("%s, sound; head %s", pluralize(head.Count, "event"), formatHead(head))
	}
	return nil
}

func (c auditVerifyCmd) verify(r *run, tell audit.Progress) (data.Head, error) {
	noted, err := c.expectedHead()
	if err != nil {
		return data.Head{}, err
	}
	if c.File != nil {
		return verifyFile(r, string(*c.File), noted, tell)
	}
	if err := r.requireDatabase("prove"); err != nil {
		return data.Head{}, err
	}
	s, err := r.open()
	if err != nil {
		return data.Head{}, err
	}
	defer s.Close()
	return audit.Verify(r.ctx, s.Desk, noted, tell)
}

func verifyFile(r *run, file string, noted []byte, tell audit.Progress) (head data.Head, err error) {
	in := r.in
	if file == "-" {
		file = "What came in"
	} else {
		f, err := os.Open(file)
		if err != nil {
			return head, fileError("read", file, err)
		}
		defer f.Close()
		in = f
	}
	head, err = audit.VerifyFile(r.ctx, in, noted, tell)
	if errors.Is(err, audit.ErrNotHistory) {
		return head, userErrorf("%s is no history that was exported by Latchdesk.", file)
	}
	return head, fileError("read", file, err)
}

// flawError says what is wrong with a history.
func flawError(flaw *data.Flaw) error { return userErrorf("The history is not sound: %s.", flaw.Text) }

// formatHead is a head as it is noted.
func formatHead(h data.Head) string {
	if h.Count == 0 {
		return "none yet"
	}
	return fmt.Sprintf("%x", h.Hash)
}

// verifyResult is what was found out about a history, as programs read it.
type verifyResult struct {
	Sound   bool     `json:"sound"`
	Events  int64    `json:"events"` // how many are sound, up to the first flaw
	Head    *string  `json:"head"`   // of those
	Problem *problem `json:"problem"`
}

type problem struct {
	Event int64  `json:"event"`
	Text  string `json:"text"`
}

func newVerifyResult(head data.Head, flaw *data.Flaw) verifyResult {
	v := verifyResult{Sound: flaw == nil, Events: head.Count, Head: nullIfEmpty(fmt.Sprintf("%x", head.Hash))}
	if flaw != nil {
		v.Problem = &problem{Event: flaw.Seq, Text: flaw.Text}
	}
	return v
}

type auditExportCmd struct {
	File   nonEmpty      `arg:"" help:"The file to write, which must not exist yet, or - for the output."`
	Format *audit.Format `help:"How it is written: csv or jsonl; by the file's ending where it is left out." placeholder:"FORMAT"`
}

// Validate is called by the parser.
func (c auditExportCmd) Validate() error {
	if c.Format != nil && *c.Format != audit.CSV && *c.Format != audit.JSONL {
		return fmt.Errorf("--format is %s or %s", audit.CSV, audit.JSONL)
	}
	return nil
}

func (c auditExportCmd) Run(r *run) error {
	if err := r.requireDatabase("export"); err != nil {
		return err
	}
	s, err := r.open()
	if err != nil {
		return err
	}
	defer s.Close()
	file := string(c.File)
	format := audit.FormatOf(file)
	if c.Format != nil {
		format = *c.Format
	}
	meter := newProgressMeter(r.err, "events")
	done, err := c.write(r.ctx, s, r.out, format, func(done, total int64) { meter.update(int(done), int(total)) })
	meter.finish()
	if err != nil {
		return fileError("write", file, err)
	}
	if file != "-" {
		r.out.printLine("%s written to %s; head %s", pluralize(done.Head.Count, "event"), file, formatHead(done.Head))
	}
	if done.Flaw != nil {
		return userErrorf("The history was written as it is, but it is not sound: %s.", done.Flaw.Text)
	}
	return nil
}

func (c auditExportCmd) write(ctx context.Context, s *App, out io.Writer, format audit.Format, tell audit.Progress) (audit.ExportResult, error) {
	if c.File == "-" {
		return audit.Write(ctx, s.Desk, out, format, tell)
	}
	return audit.Save(ctx, s.Desk, string(c.File), format, tell)
}
