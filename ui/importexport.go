package ui

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"github.com/latchdesk/latchdesk/data/blocklist"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// showExportListDialog asks where the list of the blocked is written to.
func (w *Window) showExportListDialog() {
	path := widgets.NewEntry()
	path.SetText(filepath.Join(downloadsFolder(), "blocked-"+w.Desk.Now().Time().Format("20060102-150405")+".csv"))
	var d *widgets.Dialog
	d = widgets.NewDialog(w.win.Canvas(), "Export Blocked Customers",
		newForm(
			newCaption("A list of phone, name, reason, note, by whom, since when and until when, as any spreadsheet reads it."),
			newCaption("Save as"), path,
		),
		widgets.WithConfirm("Export", widgets.Primary, func() {
			file := path.Text
			var customers int
			w.runDialog(d, func(ctx context.Context) (err error) {
				customers, err = blocklist.Export(ctx, w.Desk, file)
				return exportError(file, err)
			}, func() {
				widgets.NewNotice(w.win.Canvas(), "List exported", fmt.Sprintf("%s written to %s", pluralize(customers, "customer"), file), "OK").Show()
			})
		}))
	d.Show()
}

// downloadsFolder is where people look for what a program wrote.
func downloadsFolder() string {
	home, err := os.UserHomeDir()
	if err != nil {
		return os.TempDir()
	}
	folder := filepath.Join(home, "Downloads")
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return home
	}
	return folder
}

// chooseListFile asks for the list to bring in.
func (w *Window) chooseListFile() {
	choose := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		switch {
		case err != nil:
			w.showError(err)
		case file != nil:
			path := file.URI().Path()
			file.Close()
			w.previewList(path)
		}
	}, w.win)
	choose.Show() // before Resize, which needs what Show makes
	choose.Resize(fyne.NewSize(720, 520))
}

// previewList says what a list would do, before it does it.
func (w *Window) previewList(path string) {
	async.Load(w.runner.NewSlot(), func(ctx context.Context) (listResult, error) {
		s, err := blocklist.Preview(ctx, w.Desk, path)
		return listResult{s, err}, nil
	}, func(l listResult) {
		if l.err != nil {
			w.showError(l.err)
			return
		}
		w.confirmImportList(path, l.summary)
	})
}

// listResult is what a list came to, or what went wrong with it.
type listResult struct {
	summary blocklist.Summary
	err     error
}

func (w *Window) confirmImportList(path string, s blocklist.Summary) {
	body := newForm(newBold(filepath.Base(path)))
	for _, line := range summaryLines(s, "would be blocked") {
		body.Add(widgets.NewBullet(line))
	}
	for _, bad := range s.FirstBad {
		body.Add(newCaption(bad.String()))
	}
	if s.Blocked == 0 {
		var d *widgets.Dialog
		d = widgets.NewDialog(w.win.Canvas(), "Import Blocked Customers", body, widgets.WithCancel("", nil),
			widgets.WithConfirm("Close", widgets.Primary, func() { d.Close() }))
		d.Show()
		return
	}
	var d *widgets.Dialog
	d = widgets.NewDialog(w.win.Canvas(), "Import Blocked Customers", body,
		widgets.WithConfirm("Block "+pluralize(s.Blocked, "customer"), widgets.Danger, func() {
			d.Close()
			w.importList(path)
		}))
	d.Show()
}

// progressInterval is how often a number that runs is shown.
const progressInterval = 100 * time.Millisecond

// importList brings a list in beside everything else that goes on, and can be
// stopped.
func (w *Window) importList(path string) {
	ctx, stop := context.WithCancel(w.runner.Context())
	text := widgets.NewEllipsisLabel(theme.Muted, 13)
	running := widgets.NewDialog(w.win.Canvas(), "Importing", newForm(text), widgets.WithCancel("Stop", stop))
	running.Show()
	var told time.Time
	async.Load(w.runner.NewSlot(), func(context.Context) (listResult, error) {
		s, err := blocklist.Import(ctx, w.Desk, path, func(done, total int) {
			if now := time.Now(); now.Sub(told) >= progressInterval {
				told = now
				w.runner.RunOnUI(func() { text.SetText(fmt.Sprintf("%d of %s", done, pluralize(total, "row"))) })
			}
		})
		return listResult{s, err}, nil
	}, func(l listResult) {
		running.Close()
		said := strings.Join(summaryLines(l.summary, "blocked"), "\n")
		if l.err != nil {
			said = blocklist.StoppedText(ctx, l.summary, l.err)
		}
		stop()
		widgets.NewNotice(w.win.Canvas(), "Import Blocked Customers", said, "OK").Show()
	})
}

// summaryLines say what became of a list, without what is nothing.
func summaryLines(s blocklist.Summary, blocked string) []string {
	lines := []string{pluralize(s.Blocked, "customer") + " " + blocked + newCustomersText(s.NewCustomers)}
	if s.AlreadyBlocked > 0 {
		lines = append(lines, fmt.Sprintf("%d blocked already", s.AlreadyBlocked))
	}
	if s.Duplicates > 0 {
		lines = append(lines, fmt.Sprintf("%d there more than once", s.Duplicates))
	}
	if s.BadRows > 0 {
		lines = append(lines, pluralize(s.BadRows, "row")+" that cannot be taken")
	}
	return lines
}

func newCustomersText(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(", %d of them not known here before", n)
}

func pluralize(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
