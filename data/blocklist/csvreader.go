package blocklist

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// The bounds within which a row is read. They bound the memory too: a reader
// holds one row.
const (
	maxRow  = 1 << 20  // bytes
	maxCell = 64 << 10 // bytes
)

// Why a row cannot be read.
var (
	errOpenQuote      = errors.New("a quotation mark opens a cell and nothing closes it")
	errTextAfterQuote = errors.New("something follows a quotation mark that closes a cell")
	errCellTooLong    = fmt.Errorf("a cell is longer than %d KB", maxCell>>10)
	errRowTooLong     = fmt.Errorf("the row is longer than %d KB", maxRow>>10)
)

// csvReader reads a CSV file row by row: cells in quotation marks may hold line
// breaks, a row ends with LF, CRLF or CR. A row that cannot be read is told
// with its reason, and the next one is read. encoding/csv knows no CR, no
// bounds, and no way on from a quotation mark that is never closed.
type csvReader struct {
	in        io.Reader
	err       error  // why no more can be read; io.EOF where all is read
	buf       []byte // what is read and not yet consumed, from start to end
	start     int
	end       int
	separator byte
	line      int // of the next row

	cells    []byte // the cells of the row, one after the other, without their quotes
	cellEnds []int  // where each cell ends
	rowErr   error  // the first thing wrong with the row
}

func newCSVReader(in io.Reader) *csvReader {
	return &csvReader{in: in, buf: make([]byte, 64<<10), separator: ',', line: 1}
}

// cell returns the ith cell of the row, empty where there is none. It holds until
// the next row is read.
func (t *csvReader) cell(i int) []byte {
	if i >= len(t.cellEnds) {
		return nil
	}
	from := 0
	if i > 0 {
		from = t.cellEnds[i-1]
	}
	return t.cells[from:t.cellEnds[i]]
}

// isBlank reports whether nothing is in the cells from the ith on.
func (t *csvReader) isBlank(i int) bool {
	for ; i < len(t.cellEnds); i++ {
		if len(bytes.TrimSpace(t.cell(i))) > 0 {
			return false
		}
	}
	return true
}

// peek returns the ith byte that is not yet consumed; ok is false where the file
// ends, or the row is too long.
func (t *csvReader) peek(i int) (c byte, ok bool) {
	if i >= maxRow {
		return 0, false
	}
	for t.start+i >= t.end {
		if t.err != nil {
			return 0, false
		}
		t.fill()
	}
	return t.buf[t.start+i], true
}

// fill reads on. The buffer grows to twice the longest row at most.
func (t *csvReader) fill() {
	if t.end == len(t.buf) {
		room := t.buf
		if t.start == 0 {
			room = make([]byte, 2*len(t.buf))
		}
		t.end = copy(room, t.buf[t.start:t.end])
		t.buf, t.start = room, 0
	}
	n, err := t.in.Read(t.buf[t.end:])
	t.end += n
	t.err = err
}

// next reads the next row that is not blank; line is where it begins. It returns
// io.EOF after the last one. Of a row with a fault only the line is right.
func (t *csvReader) next() (line int, err error) {
	for {
		size := t.parse()
		line = t.line
		switch {
		case t.err != nil && t.err != io.EOF && t.start+size == t.end: // half a row, perhaps
			return line, t.err
		case size > 0:
			t.consume(size)
		case t.rowErr != nil: // no way to tell where the row ends: the next line is the next row
			t.skipLine()
		default:
			return line, io.EOF
		}
		if t.rowErr != nil || !t.isBlank(0) {
			return line, nil
		}
	}
}

// parse reads one row without consuming it and gives its size, zero where its
// end is not found.
func (t *csvReader) parse() (size int) {
	t.cells, t.cellEnds, t.rowErr = t.cells[:0], t.cellEnds[:0], nil
	for i := 0; ; {
		begin := len(t.cells)
		c, ok := t.peek(i)
		if ok && c == '"' {
			if i, ok = t.readQuoted(i + 1); !ok {
				return 0
			}
		}
		i = t.readPlain(i)
		t.cellEnds = append(t.cellEnds, len(t.cells))
		if len(t.cells)-begin > maxCell {
			t.setRowErr(errCellTooLong)
		}
		c, ok = t.peek(i)
		switch {
		case !ok && i >= maxRow:
			t.setRowErr(errRowTooLong)
			return 0
		case !ok:
			return i
		case c == t.separator:
			i++
			continue
		case c == '\r':
			if c, ok := t.peek(i + 1); ok && c == '\n' {
				i++
			}
		}
		return i + 1
	}
}

func (t *csvReader) setRowErr(err error) {
	if t.rowErr == nil {
		t.rowErr = err
	}
}

// readQuoted reads a cell from behind its opening quotation mark to behind the one
// that closes it.
func (t *csvReader) readQuoted(i int) (next int, ok bool) {
	for {
		c, ok := t.peek(i)
		if !ok {
			t.rowErr = errOpenQuote
			return i, false
		}
		i++
		if c == '"' {
			if c, ok := t.peek(i); !ok || c != '"' {
				break
			}
			i++
		}
		t.cells = append(t.cells, c)
	}
	after := len(t.cells)
	next = t.readPlain(i)
	if len(bytes.TrimSpace(t.cells[after:])) > 0 {
		t.setRowErr(errTextAfterQuote)
	}
	t.cells = t.cells[:after]
	return next, true
}

// readPlain reads a cell, or what is left of it, up to what ends it.
func (t *csvReader) readPlain(i int) int {
	for {
		c, ok := t.peek(i)
		if !ok || c == t.separator || c == '\n' || c == '\r' {
			return i
		}
		t.cells = append(t.cells, c)
		i++
	}
}

// consume goes on behind what was parsed.
func (t *csvReader) consume(size int) {
	row := t.buf[t.start : t.start+size]
	t.line += bytes.Count(row, []byte("\n")) + bytes.Count(row, []byte("\r")) - bytes.Count(row, []byte("\r\n"))
	t.start += size
}

// skipLine goes on behind the next line end, however far that is.
func (t *csvReader) skipLine() {
	for {
		c, ok := t.peek(0)
		if !ok {
			return
		}
		size := 1
		if next, ok := t.peek(1); ok && c == '\r' && next == '\n' {
			size = 2
		}
		t.consume(size)
		if c == '\n' || c == '\r' {
			return
		}
	}
}
