package command

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/latchdesk/latchdesk/data/transfer"
)

type exportCmd struct {
	File nonEmpty `arg:"" help:"The CSV file to write, which must not exist yet; - writes to the terminal or a pipe."`
}

func (c exportCmd) Run(r *run) error {
	file, err := filepath.Abs(string(c.File))
	if err != nil {
		return err
	}
	if err := r.requireDatabase("export"); err != nil {
		return err
	}
	s, err := r.open()
	if err != nil {
		return err
	}
	defer s.Close()
	if c.File == "-" {
		_, err := transfer.Write(r.ctx, s.Desk, r.out)
		return err
	}
	n, err := transfer.Export(r.ctx, s.Desk, file)
	if err != nil {
		return fileRefusal("write", file, err)
	}
	r.out.say("%s in %s.", count(int64(n), "blocked customer"), file)
	return nil
}

type importCmd struct {
	File   nonEmpty `arg:"" help:"The CSV file to read; - reads what is piped in."`
	DryRun bool     `name:"dry-run" help:"Tell what would happen, and change nothing."`
	JSON   bool     `name:"json" help:"Print the summary as JSON."`
	actorFlags
}

func (c importCmd) Run(r *run) error {
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
	sum, failed := transfer.Take(r.ctx, s.Desk, in, transfer.Options{
		By: c.actorFlags.toActor().Name, DryRun: c.DryRun,
		Bad: func(bad transfer.Bad) { fmt.Fprintln(r.err, bad) },
	})
	if errors.Is(failed, transfer.ErrNoList) {
		return refuse("Cannot import %s: %v.", c.File, failed)
	}
	if failed != nil && sum.Blocked == 0 {
		return fileRefusal("read", string(c.File), failed)
	}
	if err := c.tell(r.out, sum); err != nil {
		return err
	}
	switch {
	case failed != nil && c.DryRun:
		return fileRefusal("read", string(c.File), failed)
	case failed != nil:
		return refuse("%s", transfer.Stopped(r.ctx, sum, failed))
	case sum.Bad > 0:
		return errSaid
	}
	return nil
}

func (c importCmd) tell(out *output, sum transfer.Summary) error {
	if c.JSON {
		return out.json(struct {
			transfer.Summary
			DryRun bool `json:"dryRun"`
		}{sum, c.DryRun})
	}
	if c.DryRun {
		out.say("Nothing was changed. The import would find:")
	}
	out.facts(
		fact{"Rows", number(int64(sum.Rows))},
		fact{"Blocked now", number(int64(sum.Blocked))},
		fact{"Of these new customers", number(int64(sum.NewCustomers))},
		fact{"Already blocked", number(int64(sum.Already))},
		fact{"Duplicates in the list", number(int64(sum.Duplicates))},
		fact{"Bad rows", number(int64(sum.Bad))},
	)
	return nil
}
