package cli

import (
	"errors"
	"fmt"
	"os"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/app"
	"github.com/latchdesk/latchdesk/data/blocklist"
)

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
			return app.FileError("read", string(c.File), err)
		}
		defer file.Close()
		in = file
	}
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	sum, failed := blocklist.ImportFrom(r.ctx, a.Desk, in, blocklist.Options{
		By: c.actorFlags.toActor().Name, DryRun: c.DryRun,
		OnBadRow: func(bad blocklist.BadRow) { fmt.Fprintln(r.err, bad) },
	})
	if errors.Is(failed, blocklist.ErrNotBlocklist) {
		return data.UserErrorf("Cannot import %s: %v.", c.File, failed)
	}
	if failed != nil && sum.Blocked == 0 {
		return app.FileError("read", string(c.File), failed)
	}
	if err := c.printSummary(r.out, sum); err != nil {
		return err
	}
	switch {
	case failed != nil && c.DryRun:
		return app.FileError("read", string(c.File), failed)
	case failed != nil:
		return data.UserErrorf("%s", blocklist.StoppedText(r.ctx, sum, failed))
	case sum.BadRows > 0:
		return errReported
	}
	return nil
}

func (c importCmd) printSummary(out *output, sum blocklist.Summary) error {
	if c.JSON {
		return out.printJSON(struct {
			blocklist.Summary
			DryRun bool `json:"dryRun"`
		}{sum, c.DryRun})
	}
	if c.DryRun {
		out.printLine("Nothing was changed. The import would find:")
	}
	out.printFields(
		field{"Rows", formatInt(int64(sum.Rows))},
		field{"Blocked now", formatInt(int64(sum.Blocked))},
		field{"Of these new customers", formatInt(int64(sum.NewCustomers))},
		field{"Already blocked", formatInt(int64(sum.AlreadyBlocked))},
		field{"Duplicates in the list", formatInt(int64(sum.Duplicates))},
		field{"Bad rows", formatInt(int64(sum.BadRows))},
	)
	return nil
}
