// Package blocklist imports and exports the list of blocked customers as CSV.
//
// What goes out is RFC 4180 with LF: UTF-8 without a mark, the columns phone,
// name, reason, note, by, at and until, sorted by phone, moments in RFC 3339
// with milliseconds in UTC, an open end as an empty cell, an apostrophe before
// everything that a spreadsheet would take for a formula. What comes in may be
// any usual spreadsheet's CSV.
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

// Summary is what became of the rows of a list, or would become of them.
type Summary struct {
	Rows           int      `json:"rows"`
	Blocked        int      `json:"blocked"`
	NewCustomers   int      `json:"newCustomers"` // of those blocked
	AlreadyBlocked int      `json:"alreadyBlocked"`
	Duplicates     int      `json:"duplicates"`
	BadRows        int      `json:"bad"`
	FirstBad       []BadRow `json:"-"` // the first of the bad rows
}

// BadRow is a row that was not imported, and why.
type BadRow struct {
	Line   int
	Reason string
}

func (b BadRow) String() string { return fmt.Sprintf("line %d: %s", b.Line, b.Reason) }

// maxShown is how many bad rows a summary keeps.
const maxShown = 10

// Options say how a list is imported.
type Options struct {
	By         string        // who does it; the desk's agent where it is empty
	DryRun     bool          // count, and change nothing
	OnBadRow   func(BadRow)  // called with each bad row; may be nil
	OnProgress func(Summary) // called after each transaction; may be nil
}

// Preview says what an import of the file would do.
func Preview(ctx context.Context, d *desk.Desk, path string) (Summary, error) {
	return importFile(ctx, d, path, Options{DryRun: true})
}

// Import brings the file in, in the name of the desk's agent. Progress is told
// in rows. Where it fails or is stopped, the summary says what is in, and StoppedText
// says that to a person.
func Import(ctx context.Context, d *desk.Desk, path string, progress func(done, total int)) (Summary, error) {
	total, err := countRows(path)
	if err != nil {
		return Summary{}, err
	}
	s, err := importFile(ctx, d, path, Options{OnProgress: func(s Summary) { progress(min(s.Rows, total), total) }})
	if err == nil {
		progress(total, total)
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

// countRows is how many rows a file has, the first line among them.
func countRows(path string) (rows int, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("import: %w", err)
	}
	defer file.Close()
	t := newCSVReader(utf8Reader(file))
	for ; ; rows++ {
		if _, err := t.next(); errors.Is(err, io.EOF) {
			return rows, nil
		} else if err != nil {
			return rows, fmt.Errorf("import: %w", err)
		}
	}
}

// ImportFrom blocks the customers of a list as it is read.
func ImportFrom(ctx context.Context, d *desk.Desk, in io.Reader, o Options) (Summary, error) {
	settings, err := d.Settings(ctx)
	if err != nil {
		return Summary{}, err
	}
	if o.By == "" {
		o.By = settings.Agent
	}
	t := newCSVReader(utf8Reader(in))
	l, err := t.detectLayout(settings.Country)
	if err != nil {
		return Summary{}, err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	i := &importer{batches: t.readAhead(ctx, l, settings.Country), options: o}
	return i.run(ctx, d)
}

// rowResult is one row that was read: what it says, or why it cannot be taken.
type rowResult struct {
	row     desk.ImportRow
	err     error
	readErr error // why nothing comes after it
}

// readAhead reads on while others write: to understand phone numbers takes about as
// long as to write them down.
func (t *csvReader) readAhead(ctx context.Context, l layout, country string) <-chan []rowResult {
	const some = 100
	out := make(chan []rowResult, 20)
	go func() {
		defer close(out)
		for more := true; more; {
			batch := make([]rowResult, 0, some)
			for more && len(batch) < some {
				var next rowResult
				next, more = t.readItem(l, country)
				batch = append(batch, next)
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

func (t *csvReader) readItem(l layout, country string) (next rowResult, more bool) {
	line, err := t.next()
	if err != nil {
		return rowResult{readErr: err}, false
	}
	next.row, next.err = t.parseRow(l, country)
	next.row.Line = line
	return next, true
}

// importer runs one import.
type importer struct {
	batches  <-chan []rowResult
	options  Options
	unparsed int      // bad rows that could not be read; the desk refuses others
	firstBad []BadRow // of all bad rows
	readErr  error    // why there are no more rows, where that is not the end of the file
}

func (i *importer) run(ctx context.Context, d *desk.Desk) (Summary, error) {
	done, err := d.Import(ctx, desk.ImportRequest{
		By: i.options.By, Rows: i.rows(ctx), DryRun: i.options.DryRun,
		Refused: func(row desk.ImportRow, err error) { i.reject(row.Line, err) },
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

// rows returns the rows that could be read.
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
			i.reject(next.row.Line, next.err)
		case !yield(next.row):
			return false
		}
	}
	return true
}

func (i *importer) reject(line int, err error) {
	b := BadRow{line, data.OneLine(data.Clean(err.Error()), 300)}
	if len(i.firstBad) < maxShown {
		i.firstBad = append(i.firstBad, b)
	}
	if i.options.OnBadRow != nil {
		i.options.OnBadRow(b)
	}
}

func (i *importer) summary(done desk.ImportResult) Summary {
	return Summary{
		Rows: done.Rows() + i.unparsed, Blocked: done.Blocked, NewCustomers: done.NewCustomers, AlreadyBlocked: done.Already,
		Duplicates: done.Duplicates, BadRows: done.Refused + i.unparsed, FirstBad: i.firstBad,
	}
}

// StoppedText says to a person why an import stopped halfway, and that it can be
// gone on with.
func StoppedText(ctx context.Context, s Summary, err error) string {
	why := "The import was stopped."
	if ctx.Err() == nil {
		why = strings.Replace(desk.Explain(err), ", so nothing was saved", "", 1) // some of it was
	}
	customers := "1 customer was"
	if s.Blocked != 1 {
		customers = fmt.Sprintf("%d customers were", s.Blocked)
	}
	return fmt.Sprintf("%s Until then %s blocked, each of them whole. Import the same list again for the rest: nothing is done twice.", why, customers)
}
