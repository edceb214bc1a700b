package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/app"
	"github.com/latchdesk/latchdesk/data/audit"
)

type auditExportCmd struct {
	File   nonEmpty      `arg:"" help:"The file to write, which must not exist yet, or - for standard output."`
	Format *audit.Format `help:"The format, csv or jsonl; if left out, the file's extension decides." placeholder:"FORMAT"`
}

// Validate is called by kong.
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
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	file := string(c.File)
	format := audit.FormatOf(file)
	if c.Format != nil {
		format = *c.Format
	}
	progress := newProgressMeter(r.err, "events")
	result, err := c.write(r.ctx, a, r.out, format, func(done, total int64) { progress.update(int(done), int(total)) })
	progress.finish()
	if err != nil {
		return app.FileError("write", file, err)
	}
	if file != "-" {
		r.out.printLine("%s written to %s; checksum %s", data.Count(result.Head.Count, "event"), file, formatHead(result.Head))
	}
	if result.Flaw != nil {
		return data.UserErrorf("The history was exported as it is, but it failed verification: %s.", result.Flaw.Text)
	}
	return nil
}

func (c auditExportCmd) write(ctx context.Context, a *app.App, out io.Writer, format audit.Format, onProgress audit.Progress) (audit.ExportResult, error) {
	if c.File == "-" {
		return audit.Write(ctx, a.Desk, out, format, onProgress)
	}
	return audit.Save(ctx, a.Desk, string(c.File), format, onProgress)
}
