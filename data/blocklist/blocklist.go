// Package blocklist exports the list of blocked customers as CSV, and imports the
// lists that people bring.
//
// An export is RFC 4180 with LF, in UTF-8 without a byte order mark: the columns
// phone, name, reason, note, by, at and until, sorted by phone, moments in RFC 3339
// with milliseconds in UTC, an open end as an empty cell, and an apostrophe before
// everything that a spreadsheet would take for a formula.
//
// An import takes spreadsheets (.xlsx), CSV as any of them writes it, vCards, objects in
// JSON one a line or over several, and phone numbers alone, one a line or joined by
// commas. Columns are recognised by their names, or chosen by a Mapping. What cannot be
// read is refused row by row.
package blocklist

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Summary counts what became of the rows of a list, or what would in a dry run. A row
// with several phone numbers counts once for each of them, and a row that cannot be
// read counts once. Rows is always NewCustomers + Changed + Same + BadRows.
type Summary struct {
	Rows           int      `json:"rows"`
	Blocked        int      `json:"blocked"`
	NewCustomers   int      `json:"newCustomers"` // among those blocked
	ChangedBlocks  int      `json:"-"`            // of those who were blocked already
	AlreadyBlocked int      `json:"alreadyBlocked"`
	KeptBlocks     int      `json:"-"` // that end later than the list says
	Duplicates     int      `json:"duplicates"`
	BadRows        int      `json:"bad"`
	FirstBad       []BadRow `json:"-"` // at most 10
}

// Changed returns how many customers were known here and are blocked now, or have
// another block.
func (s Summary) Changed() int { return s.Blocked - s.NewCustomers + s.ChangedBlocks }

// Same returns how many rows change nothing: their customers were blocked already, as
// strictly or more so, or have been in the list before.
func (s Summary) Same() int { return s.AlreadyBlocked + s.KeptBlocks + s.Duplicates }

// BadRow is a row, or a phone number of it, that was not imported, and why.
type BadRow struct {
	Line   int
	Reason string

	text []string // what the row has for each field of header; nil if it cannot be read
}

func (b BadRow) String() string { return fmt.Sprintf("line %d: %s", b.Line, b.Reason) }

// maxShown is how many bad rows a Summary keeps.
const maxShown = 10

// Options is how a list is imported.
type Options struct {
	By         string        // the name of who imports; the desk's agent if empty
	Columns    Mapping       // where the fields are; recognised by the columns' names if empty
	DryRun     bool          // count only, change nothing
	OnBadRow   func(BadRow)  // called with each bad row; may be nil
	OnProgress func(Summary) // called after each transaction; may be nil
}

// Preview returns what an import of the file would do. Its errors are those of
// ImportFrom.
func Preview(ctx context.Context, d *desk.Desk, path string, columns Mapping) (Summary, error) {
	return importFile(ctx, d, path, Options{Columns: columns, DryRun: true})
}

// Import imports a file in the name of the desk's agent. Progress is reported in
// rows. If the import fails or ctx ends, the summary counts what was done until
// then, and StoppedText puts it in words. Its errors are those of ImportFrom.
func Import(ctx context.Context, d *desk.Desk, path string, columns Mapping, onProgress func(done, total int)) (Summary, error) {
	total, err := countRows(path, columns)
	if err != nil {
		return Summary{}, err
	}
	s, err := importFile(ctx, d, path, Options{Columns: columns, OnProgress: func(s Summary) { onProgress(min(s.Rows, total), total) }})
	if err == nil {
		onProgress(total, total)
	}
	return s, err
}

func importFile(ctx context.Context, d *desk.Desk, path string, o Options) (Summary, error) {
	file, err := os.Open(path)
	if err != nil {
		return Summary{}, fmt.Errorf("import: %w", err)
	}
	defer file.Close()
	return ImportFrom(ctx, d, file, o)
}

// countRows returns how many rows a file has.
func countRows(path string, columns Mapping) (rows int, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("import: %w", err)
	}
	defer file.Close()
	l, err := openList(file, "", columns)
	if l == nil {
		return 0, err
	}
	defer l.close()
	for ; ; rows++ {
		if _, err := l.next(); errors.Is(err, io.EOF) {
			return rows, nil
		} else if err != nil {
			return rows, fmt.Errorf("import: %w", err)
		}
	}
}

// ImportFrom blocks the customers of a list while it is read. It returns an error
// that wraps ErrNotBlocklist for what is no list of customers, a *ColumnsError if only
// the column of phone numbers was not recognised.
func ImportFrom(ctx context.Context, d *desk.Desk, in io.Reader, o Options) (Summary, error) {
	settings, err := d.Settings(ctx)
	if err != nil {
		return Summary{}, err
	}
	if o.By == "" {
		o.By = settings.Agent
	}
	l, err := openList(in, settings.Country, o.Columns)
	if err != nil {
		if l != nil {
			l.close()
		}
		return Summary{}, err
	}
	l.now = d.Now()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	i := &importer{batches: l.readAhead(ctx, settings.Country), options: o}
	sum, err := i.run(ctx, d)
	if _, ok := l.table.(*sheetReader); ok { // it waits for nobody, and has files to remove
		stop()
		for range i.batches {
		}
	}
	return sum, err
}

// readAhead returns the rows in batches that are read while others are written:
// parsing phone numbers takes about as long as writing them to the database.
func (l *list) readAhead(ctx context.Context, country string) <-chan []rowResult {
	const batchSize = 100
	out := make(chan []rowResult, 20)
	go func() {
		defer close(out)
		defer l.close()
		for more := true; more; {
			batch := make([]rowResult, 0, batchSize)
			for more && len(batch) < batchSize {
				batch, more = l.appendRow(batch, country)
			}
			select {
			case out <- batch:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// importer runs one import.
type importer struct {
	batches  <-chan []rowResult
	options  Options
	unparsed int      // bad rows that were never passed to the desk
	firstBad []BadRow // of all bad rows
	readErr  error    // why there are no more rows; nil at the end of the file
}

func (i *importer) run(ctx context.Context, d *desk.Desk) (Summary, error) {
	done, err := d.Import(ctx, desk.ImportRequest{
		By: i.options.By, Rows: i.rows(ctx), DryRun: i.options.DryRun,
		Refused: func(row desk.ImportRow, err error) {
			text := rowText(row)
			if fault := (*phoneFault)(nil); errors.As(row.Fault, &fault) {
				text = fault.text
			}
			i.reject(row.Line, err, text)
		},
		OnProgress: func(done desk.ImportResult) {
			if i.options.OnProgress != nil {
				i.options.OnProgress(i.summary(done))
			}
		},
	})
	if err == nil {
		err = ctx.Err()
	}
	if err == nil && i.readErr != nil {
		err = fmt.Errorf("import: read the list: %w", i.readErr)
	}
	return i.summary(done), err
}

// rows returns the rows that could be parsed.
func (i *importer) rows(ctx context.Context) iter.Seq[desk.ImportRow] {
	return func(yield func(desk.ImportRow) bool) {
		for {
			select {
			case <-ctx.Done():
				return
			case batch, more := <-i.batches:
				if !more || !i.yieldBatch(batch, yield) {
					return
				}
			}
		}
	}
}

func (i *importer) yieldBatch(batch []rowResult, yield func(desk.ImportRow) bool) bool {
	for _, next := range batch {
		switch {
		case next.readErr != nil:
			if !errors.Is(next.readErr, io.EOF) {
				i.readErr = next.readErr
			}
			return false
		case next.err != nil:
			i.unparsed++
			i.reject(next.row.Line, next.err, next.text)
		case !yield(next.row):
			return false
		}
	}
	return true
}

func (i *importer) reject(line int, err error, text []string) {
	b := BadRow{line, data.OneLine(data.Clean(err.Error()), 300), text}
	if len(i.firstBad) < maxShown {
		i.firstBad = append(i.firstBad, b)
	}
	if i.options.OnBadRow != nil {
		i.options.OnBadRow(b)
	}
}

// rowText returns the fields of header of a row.
func rowText(row desk.ImportRow) []string {
	return []string{string(row.Phone), row.Name, row.Reason, row.Note, row.By, row.At.String(), row.Until.String()}
}

func (i *importer) summary(done desk.ImportResult) Summary {
	return Summary{
		Rows: done.Rows() + i.unparsed, Blocked: done.Blocked, NewCustomers: done.NewCustomers, AlreadyBlocked: done.Already,
		ChangedBlocks: done.Changed, KeptBlocks: done.Kept,
		Duplicates: done.Duplicates, BadRows: done.Refused + i.unparsed, FirstBad: i.firstBad,
	}
}

// StoppedText returns why an import stopped halfway, and how to continue it, as a
// text for the user.
func StoppedText(ctx context.Context, s Summary, err error) string {
	why := "The import was stopped."
	if ctx.Err() == nil {
		why = strings.Replace(desk.Explain(err), ", so nothing was saved", "", 1) // some of it was saved
	}
	customers := "1 customer was"
	if s.Blocked != 1 {
		customers = fmt.Sprintf("%d customers were", s.Blocked)
	}
	return fmt.Sprintf("%s Before that, %s blocked. Import the same list again to do the rest; nothing is done twice.", why, customers)
}
