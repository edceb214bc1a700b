package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/app"
	"github.com/latchdesk/latchdesk/data/blocklist"
)

type importCmd struct {
	File     nonEmpty  `arg:"" help:"The list to read: a spreadsheet, CSV, vCards, JSON lines, or just numbers; - reads standard input."`
	DryRun   bool      `name:"dry-run" help:"Show what would happen, and change nothing."`
	Map      []string  `sep:"none" help:"Which column contains a field, by name or number, such as phone=\"Phone 1 - Value\"; can be repeated." placeholder:"FIELD=COLUMN"`
	Rejected *nonEmpty `help:"Write the refused rows to a new CSV file, with line and reason." placeholder:"FILE"`
	JSON     bool      `name:"json" help:"Print the summary as JSON."`
	actorFlags

	columns blocklist.Mapping
}

// AfterApply is called by kong when the flags have been read.
func (c *importCmd) AfterApply() (err error) {
	c.columns, err = blocklist.ParseMapping(c.Map)
	return err
}

func (c *importCmd) Run(r *run) error {
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
	report := func(bad blocklist.BadRow) { fmt.Fprintln(r.err, bad) }
	var rejected *blocklist.RejectedFile
	if c.Rejected != nil {
		if rejected, err = blocklist.CreateRejected(a.Desk, string(*c.Rejected)); err != nil {
			return app.FileError("write", string(*c.Rejected), err)
		}
		report = func(bad blocklist.BadRow) {
			fmt.Fprintln(r.err, bad)
			rejected.Add(bad)
		}
	}
	sum, failed := blocklist.ImportFrom(r.ctx, a.Desk, in, blocklist.Options{
		By: c.actorFlags.toActor().Name, Columns: c.columns, DryRun: c.DryRun, OnBadRow: report,
	})
	saved := 0
	if rejected != nil {
		saved, err = rejected.Close()
	}
	if errors.Is(failed, blocklist.ErrNotBlocklist) {
		return c.notBlocklist(failed)
	}
	if failed != nil && sum.Blocked == 0 {
		return app.FileError("read", string(c.File), failed)
	}
	if err := c.printSummary(r.out, sum, saved); err != nil {
		return err
	}
	switch {
	case failed != nil && c.DryRun:
		return app.FileError("read", string(c.File), failed)
	case failed != nil:
		return data.UserErrorf("%s", blocklist.StoppedText(r.ctx, sum, failed))
	case err != nil:
		return app.FileError("write", string(*c.Rejected), err)
	case sum.BadRows > 0:
		return errReported
	}
	return nil
}

// notBlocklist returns why a file cannot be imported, and how to choose its columns if
// that is all that is missing.
func (c *importCmd) notBlocklist(err error) error {
	var unknown *blocklist.ColumnsError
	if !errors.As(err, &unknown) || len(unknown.Columns) < 2 {
		return data.UserErrorf("Cannot import %s: %v.", c.File, err)
	}
	const most = 30
	names := unknown.Titles()
	list := strings.Join(names[:min(len(names), most)], ", ")
	if len(names) > most {
		list += " …"
	}
	return data.UserErrorf("Cannot import %s: %v.\nIts columns are: %s. Choose the one with the phone numbers by name, with --map phone=NAME, or by position, with --map phone=1.", c.File, err, list)
}

// printSummary prints what became of the rows, and how many refused ones were saved.
func (c *importCmd) printSummary(out *output, sum blocklist.Summary, saved int) error {
	if c.JSON {
		return out.printJSON(struct {
			blocklist.Summary
			New     int  `json:"new"`
			Changed int  `json:"changed"`
			Same    int  `json:"same"`
			Refused int  `json:"refused"`
			DryRun  bool `json:"dryRun"`
			Amended int  `json:"changedBlocks"` // of those changed: were blocked already
			Kept    int  `json:"keptBlocks"`    // of those the same: blocked for longer
		}{sum, sum.NewCustomers, sum.Changed(), sum.Same(), sum.BadRows, c.DryRun, sum.ChangedBlocks, sum.KeptBlocks})
	}
	blocked := "blocked now"
	if c.DryRun {
		out.printLine("Nothing was changed. The import would find:")
		blocked = "would be blocked"
	}
	count := func(n int, what string) string { return formatInt(int64(n)) + what }
	out.printFields(
		field{"Rows", count(sum.Rows, "")},
		field{"New", count(sum.NewCustomers, "  not known here before, "+blocked)},
		field{"Changed", count(sum.Changed(), "  known here and active, "+blocked+changedText(sum))},
		field{"Same", count(sum.Same(), fmt.Sprintf("  %d blocked already, %d in the list twice%s", sum.AlreadyBlocked, sum.Duplicates, keptText(sum)))},
		field{"Refused", count(sum.BadRows, "")},
	)
	if saved > 0 {
		out.printLine("The refused rows are in %s.", string(*c.Rejected))
	}
	return nil
}

// changedText returns how many of those who changed were blocked already.
func changedText(sum blocklist.Summary) string {
	if sum.ChangedBlocks == 0 {
		return ""
	}
	return fmt.Sprintf("; of those %d blocked already, with a later end or a different reason or note in the list", sum.ChangedBlocks)
}

// keptText returns how many blocks end later than the list says.
func keptText(sum blocklist.Summary) string {
	if sum.KeptBlocks == 0 {
		return ""
	}
	return fmt.Sprintf(", %d blocked for longer than the list says", sum.KeptBlocks)
}
