// Package transfer carries the list of blocked customers in and out as CSV.
//
// What goes out is RFC 4180 with LF: UTF-8 without a mark, the columns phone,
// name, reason, note, by, at and until, sorted by phone, moments in RFC 3339
// with milliseconds in UTC, an open end as an empty cell, an apostrophe before
// everything that a spreadsheet would take for a formula. What comes in may be
// any usual spreadsheet's CSV.
package transfer

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
	Rows         int   `json:"rows"`
	Blocked      int   `json:"blocked"`
	NewCustomers int   `json:"newCustomers"` // of those blocked
	Already      int   `json:"alreadyBlocked"`
	Duplicates   int   `json:"duplicates"`
	Bad          int   `json:"bad"`
	First        []Bad `json:"-"` // the first of the bad rows
}

// Bad is a row that cannot be taken.
type Bad struct {
	Line   int
	Reason string
}

func (b Bad) String() string { return fmt.Sprintf("line %d: %s", b.Line, b.Reason) }

// mostShown is how many bad rows a summary keeps.
const mostShown = 10

// Options say how a list is brought in.
type Options struct {
	By       string        // who does it; the desk's agent where it is empty
	DryRun   bool          // count, and change nothing
	Bad      func(Bad)     // is told of each bad row; may be nil
	Progress func(Summary) // is told after each piece; may be nil
}

// Preview says what an import of the file would do.
func Preview(ctx context.Context, d *desk.Desk, path string) (Summary, error) {
	return takeFile(ctx, d, path, Options{DryRun: true})
}

// Import brings the file in, in the name of the desk's agent. Progress is told
// in rows. Where it fails or is stopped, the summary says what is in, and Stopped
// says that to a person.
func Import(ctx context.Context, d *desk.Desk, path string, progress func(done, total int)) (Summary, error) {
	total, err := countRows(path)
	if err != nil {
		return Summary{}, err
	}
	s, err := takeFile(ctx, d, path, Options{Progress: func(s Summary) { progress(min(s.Rows, total), total) }})
	if err == nil {
		progress(total, total)
	}
	return s, err
}

func takeFile(ctx context.Context, d *desk.Desk, path string, o Options) (Summary, error) {
	file, err := os.Open(path)
	if err != nil {
		return Summary{}, fmt.Errorf("import: %w", err)
	}
	defer file.Close()
	return Take(ctx, d, file, o)
}

// countRows is how many rows a file has, the first line among them.
func countRows(path string) (rows int, err error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, fmt.Errorf("import: %w", err)
	}
	defer file.Close()
	t := newTable(plain(file))
	for ; ; rows++ {
		if _, err := t.next(); errors.Is(err, io.EOF) {
			return rows, nil
		} else if err != nil {
			return rows, fmt.Errorf("import: %w", err)
		}
	}
}

// Take brings a list in as it is read.
func Take(ctx context.Context, d *desk.Desk, in io.Reader, o Options) (Summary, error) {
	settings, err := d.Settings(ctx)
	if err != nil {
		return Summary{}, err
	}
	if o.By == "" {
		o.By = settings.Agent
	}
	t := newTable(plain(in))
	l, err := t.begin(settings.Country)
	if err != nil {
		return Summary{}, err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	i := &importing{ahead: t.ahead(ctx, l, settings.Country), options: o}
	return i.take(ctx, d)
}

// item is one row that was read: what it says, or why it cannot be taken.
type item struct {
	row desk.ImportRow
	bad error
	end error // why nothing comes after it
}

// ahead reads on while others write: to understand phone numbers takes about as
// long as to write them down.
func (t *table) ahead(ctx context.Context, l layout, country string) <-chan []item {
	const some = 100
	out := make(chan []item, 20)
	go func() {
		defer close(out)
		for more := true; more; {
			batch := make([]item, 0, some)
			for more && len(batch) < some {
				var next item
				next, more = t.item(l, country)
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

func (t *table) item(l layout, country string) (next item, more bool) {
	line, err := t.next()
	if err != nil {
		return item{end: err}, false
	}
	next.row, next.bad = t.read(l, country)
	next.row.Line = line
	return next, true
}

// importing is one list being brought in.
type importing struct {
	ahead   <-chan []item
	options Options
	unread  int   // bad rows that could not be read; the desk refuses others
	first   []Bad // of all bad rows
	end     error // why there are no more rows, where that is not the end of the file
}

func (i *importing) take(ctx context.Context, d *desk.Desk) (Summary, error) {
	done, err := d.Import(ctx, desk.ImportRequest{
		By: i.options.By, Rows: i.rows(ctx), DryRun: i.options.DryRun,
		Refused: func(row desk.ImportRow, err error) { i.bad(row.Line, err) },
		OnProgress: func(done desk.ImportResult) {
			if i.options.Progress != nil {
				i.options.Progress(i.summary(done))
			}
		},
	})
	if err == nil {
		err = ctx.Err()
	}
	if err == nil && i.end != nil {
		err = fmt.Errorf("import: read the list: %w", i.end)
	}
	return i.summary(done), err
}

// rows returns the rows that could be read.
func (i *importing) rows(ctx context.Context) iter.Seq[desk.ImportRow] {
	return func(yield func(desk.ImportRow) bool) {
		for {
			select {
			case <-ctx.Done():
				return
			case batch, more := <-i.ahead:
				if !more || !i.pass(batch, yield) {
					return
				}
			}
		}
	}
}

func (i *importing) pass(batch []item, yield func(desk.ImportRow) bool) bool {
	for _, next := range batch {
		switch {
		case next.end != nil:
			if !errors.Is(next.end, io.EOF) {
				i.end = next.end
			}
			return false
		case next.bad != nil:
			i.unread++
			i.bad(next.row.Line, next.bad)
		case !yield(next.row):
			return false
		}
	}
	return true
}

func (i *importing) bad(line int, err error) {
	b := Bad{line, data.OneLine(data.Clean(err.Error()), 300)}
	if len(i.first) < mostShown {
		i.first = append(i.first, b)
	}
	if i.options.Bad != nil {
		i.options.Bad(b)
	}
}

func (i *importing) summary(done desk.ImportResult) Summary {
	return Summary{
		Rows: done.Rows() + i.unread, Blocked: done.Blocked, NewCustomers: done.NewCustomers, Already: done.Already,
		Duplicates: done.Duplicates, Bad: done.Refused + i.unread, First: i.first,
	}
}

// Stopped says to a person why an import stopped halfway, and that it can be
// gone on with.
func Stopped(ctx context.Context, s Summary, err error) string {
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
