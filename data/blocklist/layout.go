package blocklist

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// ErrNotBlocklist is returned for a file that is not a list of customers.
var ErrNotBlocklist = errors.New("this is no list of customers")

// header is the names of the columns, in the order in which they are written. In a
// file that is read they may be in any order, all but phone may be missing, and
// others are ignored.
var header = []string{"phone", "name", "reason", "note", "by", "at", "until"}

// layout is where the columns of a file are.
type layout struct {
	columns []int // index of each column of header in the file; -1 if it is missing
	width   int   // how many columns the first line names
}

// knownColumns returns how many columns of header the file has; 0 if phone is not
// among them.
func (l layout) knownColumns() int {
	if l.columns[0] < 0 {
		return 0
	}
	n := 0
	for _, column := range l.columns {
		if column >= 0 {
			n++
		}
	}
	return n
}

// separatorCandidates are the separators that spreadsheets use, the usual one first.
const separatorCandidates = ",;\t|"

// detectLayout reads the first line and finds out the separator and the columns. A
// file of nothing but phone numbers needs no names of columns.
func (r *csvReader) detectLayout(country string) (layout, error) {
	if err := r.looksLikeText(); err != nil {
		return layout{}, err
	}
	r.skipBlank()
	candidates := separatorCandidates
	if comma := r.declaredSeparator(); comma != 0 {
		candidates = string(comma)
	}
	best := r.bestLayout(candidates)
	if best.knownColumns() > 0 {
		_, err := r.next()
		return best, err
	}
	if r.isPhoneList(candidates, country) {
		columns := slices.Repeat([]int{-1}, len(header))
		columns[0] = 0
		return layout{columns: columns, width: 1}, nil
	}
	if r.err != nil && r.err != io.EOF {
		return layout{}, r.err
	}
	return layout{}, fmt.Errorf("%w: its first line must name the columns, and one of them must be phone", ErrNotBlocklist)
}

// looksLikeText returns an error for what is plainly another kind of file.
func (r *csvReader) looksLikeText() error {
	_, ok := r.peek(0)
	head := r.buf[r.start:r.end]
	switch {
	case !ok && r.err != io.EOF:
		return r.err
	case !ok:
		return fmt.Errorf("%w: it is empty", ErrNotBlocklist)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("\xD0\xCF\x11\xE0")):
		return fmt.Errorf("%w: it is a spreadsheet's own file; save it there as CSV", ErrNotBlocklist)
	case bytes.Contains(firstLine(head), []byte{0}):
		return fmt.Errorf("%w: it is not a text", ErrNotBlocklist)
	}
	return nil
}

func firstLine(text []byte) []byte {
	if end := bytes.IndexAny(text, "\r\n"); end >= 0 {
		return text[:end]
	}
	return text
}

// skipBlank moves to the first line that is not blank.
func (r *csvReader) skipBlank() {
	for size := r.parse(); size > 0 && len(bytes.Trim(r.cells, separatorCandidates+" ")) == 0; size = r.parse() {
		r.consume(size)
	}
}

// declaredSeparator returns the separator that a first line such as sep=; declares,
// and consumes that line. It returns 0 if there is none.
func (r *csvReader) declaredSeparator() byte {
	size := r.parse()
	line := strings.TrimRight(string(r.buf[r.start:r.start+size]), "\r\n")
	line = strings.ToLower(strings.Trim(line, `"`))
	comma, ok := strings.CutPrefix(line, "sep=")
	if !ok || len(comma) != 1 {
		return 0
	}
	r.consume(size)
	r.skipBlank()
	return comma[0]
}

// bestLayout returns the layout with the most known columns, and sets the reader to
// its separator.
func (r *csvReader) bestLayout(candidates string) layout {
	best, comma := layout{columns: []int{-1}}, candidates[0]
	for i := range len(candidates) {
		r.separator = candidates[i]
		if r.parse() == 0 {
			continue
		}
		if l := r.parseLayout(); l.knownColumns() > best.knownColumns() {
			best, comma = l, r.separator
		}
	}
	r.separator = comma
	return best
}

// parseLayout returns the layout of a file whose first row was parsed.
func (r *csvReader) parseLayout() layout {
	l := layout{columns: slices.Repeat([]int{-1}, len(header)), width: len(r.cellEnds)}
	for i := range r.cellEnds {
		name := strings.ToLower(data.CleanLine(unescapeFormula(string(r.cell(i))), 40))
		if known := slices.Index(header, name); known >= 0 && l.columns[known] < 0 {
			l.columns[known] = i
		}
	}
	return l
}

// isPhoneList reports whether the first row is one phone number and nothing else. If
// so, it sets the reader to the separator.
func (r *csvReader) isPhoneList(candidates, country string) bool {
	for i := range len(candidates) {
		r.separator = candidates[i]
		if r.parse() == 0 || !r.isBlank(1) {
			continue
		}
		if _, err := data.ParsePhone(unescapeFormula(string(r.cell(0))), country); err == nil {
			return true
		}
	}
	return false
}
