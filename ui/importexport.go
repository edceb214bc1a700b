package ui

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/blocklist"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// importExport writes the list of blocked customers to a file and imports one.
type importExport struct {
	dialogs *dialogs.Presenter
	desk    *desk.Desk
	win     fyne.Window
}

func (ie *importExport) exportList() {
	path := widgets.NewEntry()
	path.SetText(filepath.Join(downloadsFolder(), "blocked-"+ie.desk.Now().Time().Format("20060102-150405")+".csv"))
	ie.dialogs.Ask("Export Blocked Customers",
		dialogs.Form(
			dialogs.Caption("A list of phone, name, reason, note, by whom, since when and until when, as any spreadsheet reads it."),
			dialogs.Caption("Save as"), path,
		),
		"Export", widgets.Primary, func(d *widgets.Dialog) {
			file := path.Text
			var customers int
			ie.dialogs.Run(d, func(ctx context.Context) (err error) {
				customers, err = blocklist.Export(ctx, ie.desk, file)
				return exportError(file, err)
			}, func() {
				ie.dialogs.Notify("List exported", fmt.Sprintf("%s written to %s", data.Count(customers, "customer"), file))
			})
		})
}

func (ie *importExport) chooseList() { ie.dialogs.ChooseFile(ie.win, ie.previewList) }

// importResult is what became of a list, or would, with the error that stopped it.
type importResult struct {
	summary blocklist.Summary
	err     error
}

// previewList says what a list would do, before it does it.
func (ie *importExport) previewList(path string) {
	async.Load(ie.dialogs.Runner.NewSlot(), func(ctx context.Context) (importResult, error) {
		s, err := blocklist.Preview(ctx, ie.desk, path, nil)
		return importResult{s, err}, nil
	}, func(r importResult) {
		if r.err != nil {
			ie.dialogs.NotifyError(r.err)
			return
		}
		ie.confirmImport(path, r.summary)
	})
}

func (ie *importExport) confirmImport(path string, s blocklist.Summary) {
	body := dialogs.Form(dialogs.Bold(filepath.Base(path)))
	for _, line := range summaryLines(s, "would be blocked") {
		body.Add(widgets.NewBullet(line))
	}
	for _, bad := range s.FirstBad {
		body.Add(dialogs.Caption(bad.String()))
	}
	if s.Blocked == 0 {
		ie.dialogs.Show("Import Blocked Customers", body)
		return
	}
	ie.dialogs.Ask("Import Blocked Customers", body, "Block "+data.Count(s.Blocked, "customer"), widgets.Danger, func(d *widgets.Dialog) {
		d.Close()
		ie.importList(path)
	})
}

// importList imports a list, and can be stopped.
func (ie *importExport) importList(path string) {
	progress := ie.dialogs.ShowProgress("Importing", "")
	async.Load(ie.dialogs.Runner.NewSlot(), func(context.Context) (importResult, error) {
		s, err := blocklist.Import(progress.Context, ie.desk, path, nil, func(done, total int) {
			progress.Report(fmt.Sprintf("%d of %s", done, data.Count(total, "row")))
		})
		return importResult{s, err}, nil
	}, func(r importResult) {
		text := strings.Join(summaryLines(r.summary, "blocked"), "\n")
		if r.err != nil {
			text = blocklist.StoppedText(progress.Context, r.summary, r.err)
		}
		progress.Close()
		ie.dialogs.Notify("Import Blocked Customers", text)
	})
}

// summaryLines says what became of the rows of a list, leaving out what is zero.
func summaryLines(s blocklist.Summary, blocked string) []string {
	lines := []string{data.Count(s.Blocked, "customer") + " " + blocked + newCustomersText(s.NewCustomers)}
	if s.AlreadyBlocked > 0 {
		lines = append(lines, fmt.Sprintf("%d blocked already", s.AlreadyBlocked))
	}
	if s.Duplicates > 0 {
		lines = append(lines, fmt.Sprintf("%d there more than once", s.Duplicates))
	}
	if s.BadRows > 0 {
		lines = append(lines, data.Count(s.BadRows, "row")+" that cannot be taken")
	}
	return lines
}

func newCustomersText(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %d of them not known here before", n)
}
