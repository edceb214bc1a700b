package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/app"
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
		r.out.printLine("%s, sound; head %s", data.Count(head.Count, "event"), formatHead(head))
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
	a, err := r.open()
	if err != nil {
		return data.Head{}, err
	}
	defer a.Close()
	return audit.Verify(r.ctx, a.Desk, noted, tell)
}

func verifyFile(r *run, file string, noted []byte, tell audit.Progress) (head data.Head, err error) {
	in := r.in
	if file == "-" {
		file = "What came in"
	} else {
		f, err := os.Open(file)
		if err != nil {
			return head, app.FileError("read", file, err)
		}
		defer f.Close()
		in = f
	}
	head, err = audit.VerifyFile(r.ctx, in, noted, tell)
	if errors.Is(err, audit.ErrNotHistory) {
		return head, data.UserErrorf("%s is no history that was exported by Latchdesk.", file)
	}
	return head, app.FileError("read", file, err)
}

// flawError says what is wrong with a history.
func flawError(flaw *data.Flaw) error {
	return data.UserErrorf("The history is not sound: %s.", flaw.Text)
}

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
