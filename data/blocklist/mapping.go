package blocklist

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/latchdesk/latchdesk/data"
)

// ErrNotBlocklist is returned for a file that is not a list of customers.
var ErrNotBlocklist = errors.New("this is not a list of customers")

// ColumnsError is returned for a table in which no column is recognised as that of
// the phone numbers. It wraps ErrNotBlocklist.
type ColumnsError struct {
	Columns []string // the cells of the first line
}

func (*ColumnsError) Error() string {
	return ErrNotBlocklist.Error() + ": its first line must name the columns, and one of them must be phone"
}

func (*ColumnsError) Unwrap() error { return ErrNotBlocklist }

// Titles returns the columns' names for people.
func (e *ColumnsError) Titles() []string { return columnTitles(e.Columns) }

// columnTitles returns columns' names for people: each on one line and not empty.
func columnTitles(names []string) []string {
	titles := make([]string, len(names))
	for i, name := range names {
		titles[i] = data.OneLine(data.CleanLine(unescapeFormula(name), maxColumnName), 60)
		if titles[i] == "" {
			titles[i] = fmt.Sprintf("Column %d", i+1)
		}
	}
	return titles
}

// Mapping says in which columns of a list its fields are: by the name of a field
// (phone, name, reason, note, by, at, until) the names of columns in any case, or
// their numbers, from 1. Without an entry a field is recognised by the column's name;
// with an empty one the list does not have it. Phone numbers may be in several
// columns, and the parts of a name, too.
type Mapping map[string][]string

// ParseMapping returns the mapping that texts such as phone=Mobile describe: a field,
// an equals sign, and the name or the number of a column, which may be empty. A field
// that comes twice has two columns.
func ParseMapping(texts []string) (Mapping, error) {
	m := Mapping{}
	for _, text := range texts {
		field, column, ok := strings.Cut(text, "=")
		field = strings.ToLower(strings.TrimSpace(field))
		if !ok || !slices.Contains(header, field) {
			return nil, fmt.Errorf("%q: write it like phone=Mobile, with one of %s before the equals sign", data.OneLine(data.Clean(text), 60), strings.Join(header, ", "))
		}
		m[field] = append(m[field], column)
	}
	return m, nil
}

// find returns the columns of a field. ok is false where the mapping does not say.
func (m Mapping) find(field string, names []string) (columns []int, ok bool, err error) {
	chosen, ok := m[field]
	for _, name := range chosen {
		if strings.TrimSpace(name) == "" {
			continue
		}
		column := findColumn(names, name)
		if column < 0 {
			return nil, true, fmt.Errorf("%w: it has no column %q", ErrNotBlocklist, data.OneLine(data.Clean(name), 60))
		}
		columns = append(columns, column)
	}
	return columns, ok, nil
}

// findColumn returns the index of the column that has a name, or else the number that
// the name is; -1 if there is none.
func findColumn(names []string, name string) int {
	key := columnKey(name)
	for i, n := range names {
		if key != "" && columnKey(n) == key {
			return i
		}
	}
	if n, err := strconv.Atoi(strings.TrimSpace(name)); err == nil && n >= 1 && n <= len(names) {
		return n - 1
	}
	return -1
}
