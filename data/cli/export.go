package cli

import (
	"path/filepath"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/app"
	"github.com/latchdesk/latchdesk/data/blocklist"
)

type exportCmd struct {
	File nonEmpty `arg:"" help:"The CSV file to write, which must not exist yet, or - for standard output."`
}

func (c exportCmd) Run(r *run) error {
	file, err := filepath.Abs(string(c.File))
	if err != nil {
		return err
	}
	if err := r.requireDatabase("export"); err != nil {
		return err
	}
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if c.File == "-" {
		_, err := blocklist.Write(r.ctx, a.Desk, r.out)
		return err
	}
	n, err := blocklist.Export(r.ctx, a.Desk, file)
	if err != nil {
		return app.FileError("write", file, err)
	}
	r.out.printLine("%s written to %s.", data.Count(n, "blocked customer"), file)
	return nil
}
