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

// ErrNotBlocklist is returned for a file that holds no list of customers.
var ErrNotBlocklist = errors.New("this is no list of customers")

// header names the columns as they are written. On the way in they may stand in
// any order, some may be missing, and others are passed over.
var header = []string{"phone", "name", "reason", "note", "by", "at", "until"}

// layout is where the columns of a file are.
type layout struct {
	columns []int // of each column of header; -1 where it is missing
	width   int   // how many columns the first line names
}

// knownColumns is how many of the columns are there; none where no column is the phone.
func (l layout) knownColumns() int {
	if l.columns[0] < 0 {
		return 0
	}
	n := 0
	for _, place := range l.columns {
		if place >= 0 {
			n++
		}
	}
	return n
}

// separatorCandidates are what spreadsheets put between cells, the usual one first.
const separatorCandidates = ",;\t|"

// detectLayout reads the first line and finds out what stands between the cells and
// which columns there are. A file of nothing but phone numbers needs no names.
func (t *csvReader) detectLayout(country string) (layout, error) {
	if err := t.looksLikeText(); err != nil {
		return layout{}, err
	}
	t.skipBlank()
	choice := separatorCandidates
	if comma := t.declaredSeparator(); comma != 0 {
		choice = string(comma)
	}
	best := t.bestLayout(choice)
	if best.knownColumns() > 0 {
		_, err := t.next()
		return best, err
	}
	if t.isPhoneList(choice, country) {
		places := slices.Repeat([]int{-1}, len(header))
		places[0] = 0
		return layout{columns: places, width: 1}, nil
	}
	if t.err != nil && t.err != io.EOF {
		return layout{}, t.err
	}
	return layout{}, fmt.Errorf("%w: its first line must name the columns, and one of them must be phone", ErrNotBlocklist)
}

// looksLikeText refuses what is plainly another kind of file.
func (t *csvReader) looksLikeText() error {
	_, some := t.peek(0)
	head := t.buf[t.start:t.end]
	switch {
	case !some && t.err != io.EOF:
		return t.err
	case !some:
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

// skipBlank goes to the first line that holds something.
func (t *csvReader) skipBlank() {
	for size := t.parse(); size > 0 && len(bytes.Trim(t.cells, separatorCandidates+" ")) == 0; size = t.parse() {
		t.consume(size)
	}
}

// declaredSeparator returns what the line sep=; says, with which some files begin, and
// goes on behind that line; zero where there is none.
func (t *csvReader) declaredSeparator() byte {
	size := t.parse()
	line := strings.TrimRight(string(t.buf[t.start:t.start+size]), "\r\n")
	line = strings.ToLower(strings.Trim(line, `"`))
	comma, ok := strings.CutPrefix(line, "sep=")
	if !ok || len(comma) != 1 {
		return 0
	}
	t.consume(size)
	t.skipBlank()
	return comma[0]
}

// bestLayout finds the layout that knows the most columns, and leaves the reader with
// what stands between them.
func (t *csvReader) bestLayout(choice string) layout {
	best, comma := layout{columns: []int{-1}}, choice[0]
	for i := range len(choice) {
		t.separator = choice[i]
		if t.parse() == 0 {
			continue
		}
		if l := t.parseLayout(); l.knownColumns() > best.knownColumns() {
			best, comma = l, t.separator
		}
	}
	t.separator = comma
	return best
}

// parseLayout reads the row that was parsed as the names of columns.
func (t *csvReader) parseLayout() layout {
	l := layout{columns: slices.Repeat([]int{-1}, len(header)), width: len(t.cellEnds)}
	for i := range t.cellEnds {
		name := strings.ToLower(data.CleanLine(unescapeFormula(string(t.cell(i))), 40))
		if at := slices.Index(header, name); at >= 0 && l.columns[at] < 0 {
			l.columns[at] = i
		}
	}
	return l
}

// isPhoneList reports whether the first row holds one phone number and nothing
// else.
func (t *csvReader) isPhoneList(choice, country string) bool {
	for i := range len(choice) {
		t.separator = choice[i]
		if t.parse() == 0 || !t.isBlank(1) {
			continue
		}
		if _, err := data.ParsePhone(unescapeFormula(string(t.cell(0))), country); err == nil {
			return true
		}
	}
	return false
}
