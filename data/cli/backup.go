package cli

import (
	"path/filepath"

	"github.com/latchdesk/latchdesk/data/app"
)

type backupCmd struct {
	File nonEmpty `arg:"" help:"The file to write, which must not exist yet."`
}

func (c backupCmd) Run(r *run) error {
	file, err := filepath.Abs(string(c.File))
	if err != nil {
		return err
	}
	if err := r.requireDatabase("copy"); err != nil {
		return err
	}
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.Backup(r.ctx, file); err != nil {
		return app.FileError("write", file, err)
	}
	r.out.printLine("The copy is in %s.", file)
	return nil
}
