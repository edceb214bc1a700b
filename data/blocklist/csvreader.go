package blocklist

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// Limits on a row. They also limit the memory: a reader holds one row.
const (
	maxRow  = 1 << 20
	maxCell = 64 << 10
)

// The reasons why a row cannot be read, for the user.
var (
	errOpenQuote      = errors.New("a cell is opened by a quotation mark and never closed")
	errTextAfterQuote = errors.New("something follows a quotation mark that closes a cell")
	errCellTooLong    = fmt.Errorf("a cell is longer than %d KB", maxCell>>10)
	errRowTooLong     = fmt.Errorf("the row is longer than %d KB", maxRow>>10)
)

// csvReader reads a CSV file row by row. Quoted cells may contain line breaks; a row
// ends with LF, CRLF or CR. A row that cannot be read has its error in rowErr, and
// reading goes on with the next one: encoding/csv knows neither CR, nor limits, nor
// a way on from a quotation mark that is never closed.
type csvReader struct {
	in        io.Reader
	err       error  // why no more can be read; io.EOF at the end
	buf       []byte // buf[start:end] is read and not yet consumed
	start     int
	end       int
	separator byte
	line      int      // of the next row
	names     []string // of the columns, if the first row has them

	cells    []byte // the cells of the row, one after the other, unquoted
	cellEnds []int  // where each cell ends
	rowErr   error  // the first fault of the row
}

func newCSVReader(in io.Reader) *csvReader {
	return &csvReader{in: in, buf: make([]byte, 64<<10), separator: ',', line: 1}
}

// cell returns the ith cell of the row, nil if there is none. It is valid until the
// next row is read.
func (r *csvReader) cell(i int) []byte {
	if i >= len(r.cellEnds) {
		return nil
	}
	from := 0
	if i > 0 {
		from = r.cellEnds[i-1]
	}
	return r.cells[from:r.cellEnds[i]]
}

func (r *csvReader) width() int { return len(r.cellEnds) }

func (r *csvReader) fault() error { return r.rowErr }

// isBlank reports whether the cells from the ith on are blank.
func (r *csvReader) isBlank(i int) bool {
	for ; i < len(r.cellEnds); i++ {
		if len(bytes.TrimSpace(r.cell(i))) > 0 {
			return false
		}
	}
	return true
}

// peek returns the ith byte that is not yet consumed; ok is false where the file
// ends, or the row is too long.
func (r *csvReader) peek(i int) (c byte, ok bool) {
	if i >= maxRow {
		return 0, false
	}
	for r.start+i >= r.end {
		if r.err != nil {
			return 0, false
		}
		r.fill()
	}
	return r.buf[r.start+i], true
}

// fill reads more. The buffer grows to twice the longest row at most.
func (r *csvReader) fill() {
	if r.end == len(r.buf) {
		room := r.buf
		if r.start == 0 {
			room = make([]byte, 2*len(r.buf))
		}
		r.end = copy(room, r.buf[r.start:r.end])
		r.buf, r.start = room, 0
	}
	n, err := r.in.Read(r.buf[r.end:])
	r.end += n
	r.err = err
}

// next reads the next row that is not blank and returns the line where it begins. It
// returns io.EOF after the last one. Of a row with a rowErr only the line is valid.
func (r *csvReader) next() (line int, err error) {
	for {
		size := r.parse()
		line = r.line
		switch {
		case r.err != nil && r.err != io.EOF && r.start+size == r.end: // the row may be incomplete
			return line, r.err
		case size > 0:
			r.consume(size)
		case r.rowErr != nil: // there is no telling where the row ends: go on with the next line
			r.skipLine()
		default:
			return line, io.EOF
		}
		if r.rowErr != nil || !r.isBlank(0) {
			return line, nil
		}
	}
}

// parse parses one row without consuming it and returns its size in bytes, 0 if its
// end is not found.
func (r *csvReader) parse() (size int) {
	r.cells, r.cellEnds, r.rowErr = r.cells[:0], r.cellEnds[:0], nil
	for i := 0; ; {
		begin := len(r.cells)
		c, ok := r.peek(i)
		if ok && c == '"' {
			if i, ok = r.readQuoted(i + 1); !ok {
				return 0
			}
		}
		i = r.readPlain(i)
		r.cellEnds = append(r.cellEnds, len(r.cells))
		if len(r.cells)-begin > maxCell {
			r.setRowErr(errCellTooLong)
		}
		c, ok = r.peek(i)
		switch {
		case !ok && i >= maxRow:
			r.setRowErr(errRowTooLong)
			return 0
		case !ok:
			return i
		case c == r.separator:
			i++
			continue
		case c == '\r':
			if c, ok := r.peek(i + 1); ok && c == '\n' {
				i++
			}
		}
		return i + 1
	}
}

func (r *csvReader) setRowErr(err error) {
	if r.rowErr == nil {
		r.rowErr = err
	}
}

// readQuoted reads a quoted cell from after its opening quotation mark to the end of
// the cell. ok is false if the closing mark is missing.
func (r *csvReader) readQuoted(i int) (next int, ok bool) {
	for {
		c, ok := r.peek(i)
		if !ok {
			r.rowErr = errOpenQuote
			return i, false
		}
		i++
		if c == '"' {
			if c, ok := r.peek(i); !ok || c != '"' {
				break
			}
			i++
		}
		r.cells = append(r.cells, c)
	}
	after := len(r.cells)
	next = r.readPlain(i)
	if len(bytes.TrimSpace(r.cells[after:])) > 0 {
		r.setRowErr(errTextAfterQuote)
	}
	r.cells = r.cells[:after]
	return next, true
}

// readPlain reads a cell, or the rest of one, up to the separator or line end.
func (r *csvReader) readPlain(i int) int {
	for {
		c, ok := r.peek(i)
		if !ok || c == r.separator || c == '\n' || c == '\r' {
			return i
		}
		r.cells = append(r.cells, c)
		i++
	}
}

// consume moves past a row of this size.
func (r *csvReader) consume(size int) {
	row := r.buf[r.start : r.start+size]
	r.line += bytes.Count(row, []byte("\n")) + bytes.Count(row, []byte("\r")) - bytes.Count(row, []byte("\r\n"))
	r.start += size
}

// skipLine moves past the next line end, however far away it is.
func (r *csvReader) skipLine() {
	for {
		c, ok := r.peek(0)
		if !ok {
			return
		}
		size := 1
		if next, ok := r.peek(1); ok && c == '\r' && next == '\n' {
			size = 2
		}
		r.consume(size)
		if c == '\n' || c == '\r' {
			return
		}
	}
}
