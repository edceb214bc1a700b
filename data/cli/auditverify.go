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
	File *nonEmpty `arg:"" optional:"" help:"An exported file, or - for standard input; if left out, the profile's own history."`
	Head *nonEmpty `help:"A checksum (head) noted earlier, which must still be in the history." placeholder:"HEX"`
	JSON bool      `name:"json" help:"Print JSON."`
}

// Validate is called by kong.
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
	progress := newProgressMeter(r.err, "events")
	head, err := c.verify(r, func(done, total int64) { progress.update(int(done), int(total)) })
	progress.finish()
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
		r.out.printLine("%s verified; checksum %s", data.Count(head.Count, "event"), formatHead(head))
	}
	return nil
}

func (c auditVerifyCmd) verify(r *run, onProgress audit.Progress) (data.Head, error) {
	expected, err := c.expectedHead()
	if err != nil {
		return data.Head{}, err
	}
	if c.File != nil {
		return verifyFile(r, string(*c.File), expected, onProgress)
	}
	if err := r.requireDatabase("prove"); err != nil {
		return data.Head{}, err
	}
	a, err := r.open()
	if err != nil {
		return data.Head{}, err
	}
	defer a.Close()
	return audit.Verify(r.ctx, a.Desk, expected, onProgress)
}

func verifyFile(r *run, file string, expected []byte, onProgress audit.Progress) (head data.Head, err error) {
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
	head, err = audit.VerifyFile(r.ctx, in, expected, onProgress)
	if errors.Is(err, audit.ErrNotHistory) {
		return head, data.UserErrorf("%s is not a history exported by Latchdesk.", file)
	}
	return head, app.FileError("read", file, err)
}

// flawError returns what is wrong with a history as an error for the user.
func flawError(flaw *data.Flaw) error {
	return data.UserErrorf("The history failed verification: %s.", flaw.Text)
}

// formatHead returns a head in the form in which people note it.
func formatHead(h data.Head) string {
	if h.Count == 0 {
		return "none yet"
	}
	return fmt.Sprintf("%x", h.Hash)
}

// verifyResult is the JSON of audit verify.
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
	v := verifyResult{Sound: flaw == nil, Events: head.Count, Head: data.NullIfEmpty(fmt.Sprintf("%x", head.Hash))}
	if flaw != nil {
		v.Problem = &problem{Event: flaw.Seq, Text: flaw.Text}
	}
	return v
}
