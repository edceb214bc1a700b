package cli

import (
	"os"

	"github.com/latchdesk/latchdesk/data/app"
	"github.com/latchdesk/latchdesk/data/receive"
)

type receiveCmd struct {
	File nonEmpty `arg:"" help:"The file to read, or - for standard input."`
	JSON bool     `name:"json" help:"Print the summary as JSON."`
}

func (c receiveCmd) Run(r *run) error {
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
	importer := receive.Importer{Desk: a.Desk, OnSkip: receive.PrintSkipped(r.err), OnSetAside: receive.PrintSetAside(r.err)}
	importErr := importer.ReadAll(r.ctx, in)
	summary := importer.Summary()
	if err := c.printSummary(r.out, summary); err != nil {
		return err
	}
	if summary.SetAside > 0 {
		r.explainSetAside(summary.SetAside)
	}
	if importErr != nil {
		return importErr
	}
	if summary.Refused > 0 || summary.SetAside > 0 {
		return errReported
	}
	return nil
}

func (c receiveCmd) printSummary(out *output, summary receive.Summary) error {
	if c.JSON {
		return out.printJSON(summary)
	}
	ignored := ""
	if summary.Ignored > 0 {
		ignored = formatInt(summary.Ignored)
	}
	out.printFields(
		field{"Messages taken", formatInt(summary.Taken)},
		field{"Of these held", formatInt(summary.Held)},
		field{"Already here", formatInt(summary.AlreadyHere)},
		field{"Status updates", formatInt(summary.StatusUpdates)},
		field{"Refused", formatInt(summary.Refused)},
		field{"Set aside", formatInt(summary.SetAside)},
		field{"Other events", ignored},
	)
	return nil
}
