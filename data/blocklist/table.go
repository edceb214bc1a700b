package blocklist

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/latchdesk/latchdesk/data"
)

// table is a list that is read row by row, whatever kind of file it is.
type table interface {
	// next reads the next row that is not blank and returns the line where it
	// begins. It returns io.EOF after the last one.
	next() (line int, err error)
	// fault returns why the row cannot be read, nil if it can.
	fault() error
	// width returns how many cells the row has.
	width() int
	// cell returns the ith cell of the row, nil if there is none. It is valid
	// until the next row is read.
	cell(i int) []byte
}

// list is a table whose columns are known.
type list struct {
	table
	layout layout
	names  []string    // of the columns; nil if the file does not have them
	now    data.Moment // from which spans such as 7d count
}

// close lets go of what the table holds outside of memory. A list that was read to its
// end holds nothing.
func (l *list) close() {
	if sheet, ok := l.table.(*sheetReader); ok {
		sheet.close()
	}
}

// openList finds out what kind of file in is and which columns it has. It returns an
// error that wraps ErrNotBlocklist for what is no list of customers: a *ColumnsError
// if it is a table without a column of phone numbers. That comes with a list that has
// no layout, to look at.
func openList(in io.Reader, country string, columns Mapping) (*list, error) {
	b := bufio.NewReaderSize(in, 64<<10)
	head, err := peekArrived(b)
	switch {
	case err != nil && err != io.EOF:
		return nil, err
	case len(head) == 0:
		return nil, errEmpty
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		return openSheet(b, country, columns)
	case bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0")):
		return nil, errOldSpreadsheet
	}
	return openText(utf8Reader(b), country, columns)
}

var errEmpty = fmt.Errorf("%w: it is empty", ErrNotBlocklist)

// peekArrived returns what can be read without waiting for more of it.
func peekArrived(b *bufio.Reader) ([]byte, error) {
	if _, err := b.Peek(1); err != nil {
		return nil, err
	}
	return b.Peek(b.Buffered())
}

func openText(text io.Reader, country string, columns Mapping) (*list, error) {
	b := bufio.NewReaderSize(text, 64<<10)
	head, err := peekArrived(b)
	if err != nil && err != io.EOF {
		return nil, err
	}
	switch start := bytes.TrimSpace(head); {
	case bytes.IndexByte(firstLine(head), 0) >= 0:
		return nil, fmt.Errorf("%w: it is not a text", ErrNotBlocklist)
	case len(start) >= len(beginCard) && bytes.EqualFold(start[:len(beginCard)], []byte(beginCard)):
		return openNamed(newCardReader(b), cardColumns, columns)
	case bytes.HasPrefix(start, []byte("{")), isArrayOfObjects(start):
		r, err := newJSONReader(b)
		if err != nil {
			return nil, err
		}
		return openNamed(r, r.columns, columns)
	}
	r := newCSVReader(b)
	l, err := r.detectLayout(country, columns)
	var unknown *ColumnsError
	if err != nil && !errors.As(err, &unknown) {
		return nil, err
	}
	return &list{table: r, layout: l, names: r.names}, err
}

// openNamed returns the list of a table all of whose rows are customers and whose
// columns have these names.
func openNamed(t table, names []string, columns Mapping) (*list, error) {
	l, err := newLayout(names, columns)
	if err == nil && !l.hasPhone() {
		err = &ColumnsError{Columns: names}
	}
	return &list{table: t, layout: l, names: names}, err
}

// cells is a row of a table that is not CSV.
type cells struct {
	text   []string
	rowErr error
}

func (c *cells) fault() error { return c.rowErr }

func (c *cells) width() int { return len(c.text) }

func (c *cells) cell(i int) []byte {
	if i >= len(c.text) {
		return nil
	}
	return []byte(c.text[i])
}

// lineReader reads the lines of a text, which end with LF or CRLF.
type lineReader struct {
	in   *bufio.Reader
	line int // of the line that was read last, from 1
}

// read returns the next line without its end. Of a line longer than maxRow it
// returns the beginning, and that it is cut. It returns io.EOF after the last one.
func (r *lineReader) read() (text []byte, cut bool, err error) {
	for {
		part, err := r.in.ReadSlice('\n')
		if room := maxRow - len(text); len(part) > room {
			part, cut = part[:room], true
		}
		text = append(text, part...)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == io.EOF && len(text) > 0:
		case err != nil:
			return nil, false, err
		}
		r.line++
		return bytes.TrimRight(text, "\r\n"), cut, nil
	}
}
