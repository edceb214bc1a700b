package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/blocklist"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const importTitle = "Import blocked customers"

func (ie *importExport) chooseList() { ie.files.Open(importTitle, ie.previewList) }

// list is a list that is being imported.
type list struct {
	path    string
	columns blocklist.Mapping // nil if they are recognised
	phones  []int             // the columns of the phone numbers
	head    blocklist.Head
}

// listResult is what became of a list, or would, with the error that stopped it.
type listResult struct {
	list    list
	summary blocklist.Summary
	err     error
}

func (ie *importExport) previewList(path string) { ie.preview(list{path: path}) }

// preview says what a list would do, before it does it. If its columns are not
// recognised, it asks for them.
func (ie *importExport) preview(l list) {
	ctx, done := ie.showReading(l)
	async.Load(ie.dialogs.Runner.NewSlot(), func(context.Context) (listResult, error) {
		head, err := blocklist.ReadHead(ctx, ie.desk, l.path)
		l.head = head
		if l.columns == nil {
			l.phones = head.Phones
		}
		if err != nil {
			return listResult{l, blocklist.Summary{}, err}, nil
		}
		s, err := blocklist.Preview(ctx, ie.desk, l.path, l.columns)
		return listResult{l, s, err}, nil
	}, func(r listResult) {
		stopped := ctx.Err() != nil
		done()
		var unknown *blocklist.ColumnsError
		switch {
		case stopped:
		case errors.As(r.err, &unknown):
			ie.chooseColumns(r.list, nil)
		case r.err != nil:
			ie.dialogs.NotifyError(r.err)
		default:
			ie.confirmImport(r.list, r.summary)
		}
	})
}

// longList is how large a file is, in bytes, that takes so long to read that the window
// says so.
const longList = 256 << 10

// showReading shows that a long list is being read, and lets it be stopped. What it
// returns ends it.
func (ie *importExport) showReading(l list) (ctx context.Context, done func()) {
	if info, err := os.Stat(l.path); err != nil || info.Size() < longList {
		return context.WithCancel(ie.dialogs.Runner.Context())
	}
	progress := ie.dialogs.ShowProgress("Reading", l.name())
	return progress.Context, progress.Close
}

func (l list) name() string { return data.OneLine(data.CleanLine(filepath.Base(l.path), 200), 60) }

func (ie *importExport) confirmImport(l list, s blocklist.Summary) {
	body := dialogs.Form(dialogs.Bold(l.name()))
	if len(l.head.Columns) > 1 {
		body.Add(dialogs.Caption("Phone numbers from " + l.phoneColumns()))
	}
	addSummary(body, s, "would be blocked")
	for _, bad := range s.FirstBad {
		body.Add(dialogs.Caption(bad.String()))
	}
	if more := s.BadRows - len(s.FirstBad); more > 0 && len(s.FirstBad) > 0 {
		body.Add(dialogs.Caption(fmt.Sprintf("and %d more", more)))
	}
	var d *widgets.Dialog
	var links []fyne.CanvasObject
	if s.BadRows > 0 {
		links = append(links, widgets.NewLink("Save refused rows…", func() { ie.saveRefused(l) }))
	}
	if len(l.head.Columns) > 1 {
		links = append(links, widgets.NewLink("Choose columns…", func() { ie.chooseColumns(l, d) }))
	}
	if len(links) > 0 {
		body.Add(dialogs.LinkRow(links...))
	}
	if s.Blocked == 0 {
		d = ie.dialogs.Ask(importTitle, body, "Close", widgets.Primary, (*widgets.Dialog).Cancel, widgets.WithCancel("", nil))
		return
	}
	d = ie.dialogs.Ask(importTitle, body, "Block "+data.Count(s.Blocked, "customer"), widgets.Danger, func(d *widgets.Dialog) {
		d.Close()
		ie.importList(l)
	})
}

// phoneColumns returns which columns the phone numbers are read from.
func (l list) phoneColumns() string {
	titles := l.titles(l.phones)
	if len(titles) == 0 {
		return "the first column"
	}
	return strings.Join(titles, ", ")
}

func (l list) titles(columns []int) (titles []string) {
	for _, column := range columns {
		if column >= 0 && column < len(l.head.Columns) {
			titles = append(titles, l.head.Columns[column])
		}
	}
	return titles
}

// importList imports a list, and can be stopped.
func (ie *importExport) importList(l list) {
	progress := ie.dialogs.ShowProgress("Importing", "")
	async.Load(ie.dialogs.Runner.NewSlot(), func(context.Context) (listResult, error) {
		s, err := blocklist.Import(progress.Context, ie.desk, l.path, l.columns, func(done, total int) {
			progress.Report(fmt.Sprintf("%d of %s", done, data.Count(total, "row")))
		})
		return listResult{l, s, err}, nil
	}, func(r listResult) {
		var stopped string
		if r.err != nil {
			stopped = blocklist.StoppedText(progress.Context, r.summary, r.err)
		}
		progress.Close()
		if stopped != "" {
			ie.dialogs.Notify(importTitle, stopped)
			return
		}
		ie.showResult(l, r.summary)
	})
}

// showResult says what became of the rows of a list.
func (ie *importExport) showResult(l list, s blocklist.Summary) {
	body := dialogs.Form(dialogs.Bold(l.name()))
	addSummary(body, s, "blocked")
	if s.BadRows > 0 {
		body.Add(container.NewHBox(widgets.NewButton("Save refused rows…", widgets.Outline, func() { ie.saveRefused(l) })))
	}
	ie.dialogs.Show(importTitle, body)
}

// addSummary says what became of the rows of a list, leaving out what is zero.
func addSummary(body *fyne.Container, s blocklist.Summary, blocked string) {
	body.Add(dialogs.Paragraph(data.Count(s.Rows, "row")))
	for _, line := range summaryLines(s, blocked) {
		body.Add(widgets.NewBullet(line))
	}
}

func summaryLines(s blocklist.Summary, blocked string) (lines []string) {
	for _, part := range []struct {
		rows int
		text string
	}{
		{s.NewCustomers, "new: not known here before, " + blocked},
		{s.Blocked - s.NewCustomers, "changed: known here and active, " + blocked},
		{s.ChangedBlocks, "changed: already blocked, with a later end or a different reason or note in the list"},
		{s.Same(), "the same: " + sameText(s)},
		{s.BadRows, "refused"},
	} {
		if part.rows > 0 {
			lines = append(lines, fmt.Sprintf("%d %s", part.rows, part.text))
		}
	}
	return lines
}

func sameText(s blocklist.Summary) string {
	var texts []string
	for _, part := range []struct {
		rows int
		text string
	}{
		{s.AlreadyBlocked, "blocked already"},
		{s.KeptBlocks, "blocked for longer than the list says"},
		{s.Duplicates, "in the list before"},
	} {
		switch {
		case part.rows == s.Same():
			return part.text
		case part.rows > 0:
			texts = append(texts, fmt.Sprintf("%d %s", part.rows, part.text))
		}
	}
	return strings.Join(texts, ", ")
}

// saveRefused writes the rows that were refused to a file. Corrected there, it can be
// imported.
func (ie *importExport) saveRefused(l list) {
	path := filepath.Join(downloadsFolder(), "refused-"+ie.desk.Now().Time().Format("20060102-150405")+".csv")
	ie.files.Save("Save refused rows", path, func(file string, replace bool) {
		var rows int
		ie.dialogs.Runner.Go(func(ctx context.Context) error {
			return saveFile(file, replace, func(path string) (err error) {
				rows, err = blocklist.SaveRejected(ctx, ie.desk, l.path, l.columns, path)
				return err
			})
		}, func(err error) {
			if err != nil {
				ie.dialogs.NotifyError(err)
				return
			}
			ie.dialogs.Notify("Refused rows saved", fmt.Sprintf("%s written to %s. Each has its line and why it was refused.", data.Count(rows, "row"), file))
		})
	})
}
