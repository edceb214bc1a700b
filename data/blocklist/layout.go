package blocklist

import (
	"bytes"
	"io"
	"slices"
	"strings"
)

// header is the names of the columns, in the order in which they are written. In a
// file that is read they may be in any order, all but phone may be missing, and
// others are ignored.
var header = []string{"phone", "name", "reason", "note", "by", "at", "until"}

// The fields of header, by index.
const (
	phoneField = iota
	nameField
	reasonField
	noteField
	byField
	atField
	untilField
	fieldCount
)

// layout is where the columns of a file are.
type layout struct {
	columns  [fieldCount][]int // the columns of each field of header
	either   bool              // of the phone columns the first that is not blank counts
	patterns bool              // the phone column holds regular expressions
	width    int               // how many columns the first line names; 0 if it does not matter
}

// newLayout returns the layout of a file whose columns have these names. It returns
// an error if it has not the columns that are asked for.
func newLayout(names []string, columns Mapping) (l layout, err error) {
	keys := make([]string, len(names))
	for i, name := range names {
		keys[i] = columnKey(name)
	}
	for field, name := range header {
		chosen, ok, err := columns.find(name, names)
		if err != nil {
			return layout{}, err
		}
		if l.columns[field] = chosen; !ok {
			l.recognise(field, keys)
		}
	}
	phones := l.columns[phoneField]
	l.patterns = len(phones) > 0 && slices.Contains(patternNames, keys[phones[0]])
	return l, nil
}

// recognise finds the columns of a field by their names.
func (l *layout) recognise(field int, keys []string) {
	switch field {
	case phoneField:
		l.columns[field], l.either = phoneColumns(keys)
	case nameField:
		if l.columns[field] = firstNamed(keys, customerNames); l.columns[field] == nil {
			l.columns[field] = append(firstNamed(keys, givenNames), firstNamed(keys, familyNames)...)
		}
	case noteField:
		l.columns[field] = firstNamed(keys, noteNames)
	default:
		l.columns[field] = firstNamed(keys, header[field:field+1])
	}
}

// maxPhoneColumns is how many columns of phone numbers a list may have.
const maxPhoneColumns = 20

// phoneColumns returns the columns of phone numbers, and whether a number is in the
// first of them that is not blank.
func phoneColumns(keys []string) (columns []int, oneOf bool) {
	if columns = firstNamed(keys, phoneNames[:2]); columns != nil {
		return columns, false
	}
	for _, key := range either {
		columns = append(columns, firstNamed(keys, []string{key})...)
	}
	if columns != nil {
		return columns, true
	}
	for i, key := range keys {
		if numberedPhone.MatchString(key) && len(columns) < maxPhoneColumns {
			columns = append(columns, i)
		}
	}
	if columns != nil {
		return columns, false
	}
	return firstNamed(keys, phoneNames), false
}

// firstNamed returns the column that has the first of these names that any has, or
// nil.
func firstNamed(keys, names []string) []int {
	for _, name := range names {
		if i := slices.Index(keys, name); i >= 0 {
			return []int{i}
		}
	}
	return nil
}

func (l layout) hasPhone() bool { return len(l.columns[phoneField]) > 0 }

// knownColumns returns how many fields of header the file has; 0 if phone is not
// among them.
func (l layout) knownColumns() int {
	if !l.hasPhone() {
		return 0
	}
	n := 0
	for _, columns := range l.columns {
		if len(columns) > 0 {
			n++
		}
	}
	return n
}

// onlyPhones is the layout of a file of phone numbers and nothing else.
func onlyPhones() layout {
	l := layout{width: 1}
	l.columns[phoneField] = []int{0}
	return l
}

// separatorCandidates are the separators that spreadsheets use, the usual one first.
const separatorCandidates = ",;\t|"

// detectLayout reads the first line and finds out the separator and the columns. A
// file of nothing but phone numbers needs no names of columns. If there is no column
// of phone numbers, it returns a *ColumnsError.
func (r *csvReader) detectLayout(country string, columns Mapping) (layout, error) {
	if _, ok := r.peek(0); !ok && r.err != io.EOF {
		return layout{}, r.err
	} else if !ok {
		return layout{}, errEmpty
	}
	r.skipBlank()
	candidates := separatorCandidates
	if comma := r.declaredSeparator(); comma != 0 {
		candidates = string(comma)
	}
	best, err := r.bestLayout(candidates, columns)
	switch {
	case err != nil:
		return layout{}, err
	case best.knownColumns() > 0 && r.isHeader(best, columns):
		r.names = r.rowText()
		_, err := r.next()
		return best, err
	case best.knownColumns() > 0:
		return best, nil
	case len(columns[header[phoneField]]) == 0 && r.isPhoneList(candidates, country):
		return onlyPhones(), nil
	case r.err != nil && r.err != io.EOF:
		return layout{}, r.err
	}
	return layout{}, &ColumnsError{Columns: r.widestRow(candidates)}
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
// its separator. It returns an error if no separator makes the columns that are asked
// for.
func (r *csvReader) bestLayout(candidates string, columns Mapping) (best layout, err error) {
	comma, found := candidates[0], false
	for i := range len(candidates) {
		r.separator = candidates[i]
		if r.parse() == 0 {
			continue
		}
		l, missing := newLayout(r.rowText(), columns)
		if missing != nil {
			err = missing
			continue
		}
		found = true
		l.width = len(r.cellEnds)
		known, most := l.knownColumns(), best.knownColumns()
		if known > most || known == most && known > 0 && l.width > best.width {
			best, comma = l, r.separator
		}
	}
	r.separator = comma
	if found {
		err = nil
	}
	return best, err
}

// rowText returns the cells of the row.
func (r *csvReader) rowText() []string {
	row := make([]string, len(r.cellEnds))
	for i := range row {
		row[i] = string(r.cell(i))
	}
	return row
}

// isHeader reports whether the first row names the columns: always if that of the
// phone numbers was recognised by its name, and if it was chosen, unless there is a
// number in it.
func (r *csvReader) isHeader(l layout, columns Mapping) bool {
	r.parse()
	return rowIsHeader(r.rowText(), l, columns)
}

func rowIsHeader(row []string, l layout, columns Mapping) bool {
	chosen := columns[header[phoneField]]
	if len(chosen) == 0 {
		return true
	}
	for _, column := range l.columns[phoneField] {
		if column < len(row) && countDigits(row[column]) >= minDigits {
			return false
		}
	}
	return true
}

// isPhoneList reports whether the file has phone numbers and nothing else: one on
// each line, or all on one line. If so, it sets the reader to the separator.
func (r *csvReader) isPhoneList(candidates, country string) bool {
	for i := range len(candidates) {
		r.separator = candidates[i]
		if r.parse() == 0 || !r.isBlank(1) {
			continue
		}
		if _, err := parsePhone(string(r.cell(0)), country); err == nil {
			return true
		}
	}
	return r.isJoinedList(country) || r.isColumn(country)
}

// isJoinedList reports whether the file is a single line with at least two phone
// numbers, as phone blockers write it. If so, it makes a line of each entry.
func (r *csvReader) isJoinedList(country string) bool {
	end := 0
	for c, ok := r.peek(end); ok && c != '\n' && c != '\r'; c, ok = r.peek(end) {
		end++
	}
	for i := end; ; i++ {
		if c, ok := r.peek(i); !ok {
			break
		} else if c > ' ' {
			return false
		}
	}
	text := string(r.buf[r.start : r.start+end])
	for _, comma := range ",;" {
		numbers := 0
		for entry := range strings.SplitSeq(text, string(comma)) {
			if _, err := parsePhone(entry, country); err != nil {
				continue
			}
			if numbers++; numbers == 2 {
				r.splitLines(byte(comma))
				return true
			}
		}
	}
	return false
}

// splitLines makes a line of whatever stands between two commas.
func (r *csvReader) splitLines(comma byte) {
	r.in = &lineSplitter{r.in, comma}
	splitLines(r.buf[r.start:r.end], comma)
	r.separator = 0
}

type lineSplitter struct {
	in    io.Reader
	comma byte
}

func (s *lineSplitter) Read(p []byte) (int, error) {
	n, err := s.in.Read(p)
	splitLines(p[:n], s.comma)
	return n, err
}

func splitLines(text []byte, comma byte) {
	for i, c := range text {
		if c == comma {
			text[i] = '\n'
		}
	}
}

// isColumn reports whether the file has one column, with a phone number in one of its
// first lines.
func (r *csvReader) isColumn(country string) bool {
	const lines = 10
	r.separator = 0
	found := false
	for i, n := 0, 0; n < lines; n++ {
		begin := i
		for c, ok := r.peek(i); ok && c != '\n' && c != '\r'; c, ok = r.peek(i) {
			i++
		}
		line := r.buf[r.start+begin : r.start+i]
		if bytes.ContainsAny(line, separatorCandidates) {
			return false
		}
		if _, err := parsePhone(string(line), country); err == nil {
			found = true
		}
		if _, ok := r.peek(i); !ok {
			break
		}
		i++
	}
	return found
}

// widestRow sets the reader to the separator that makes the most columns of the first
// row, and returns their cells.
func (r *csvReader) widestRow(candidates string) (row []string) {
	comma := candidates[0]
	for i := range len(candidates) {
		r.separator = candidates[i]
		if r.parse() > 0 && len(r.cellEnds) > len(row) {
			row, comma = r.rowText(), r.separator
		}
	}
	r.separator = comma
	return row
}
