package blocklist

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

// Head is the beginning of a list, for a person to choose its columns by.
type Head struct {
	Columns []string   // titles, each different from the others
	Rows    [][]string // the first rows, at most 5, each with a cell for every column
	Phones  []int      // the columns recognised as those of the phone numbers
	Names   []int      // the columns recognised as those of the name
	Guess   int        // the column that looks most like phone numbers; -1 if none does

	names []string // what the file calls the columns
}

// Limits on what a Head shows.
const (
	headShown   = 5
	cellShown   = 60
	columnsHead = 100
)

// ReadHead reads the beginning of a list. It returns an error that wraps
// ErrNotBlocklist for what is no list at all, and none if only its columns are not
// recognised.
func ReadHead(ctx context.Context, d *desk.Desk, path string) (Head, error) {
	settings, err := d.Settings(ctx)
	if err != nil {
		return Head{}, err
	}
	file, err := os.Open(path)
	if err != nil {
		return Head{}, fmt.Errorf("import: %w", err)
	}
	defer file.Close()
	l, err := openList(file, settings.Country, nil)
	var unknown *ColumnsError
	if err != nil && !errors.As(err, &unknown) {
		return Head{}, err
	}
	defer l.close()
	h := Head{Phones: l.layout.columns[phoneField], Names: l.layout.columns[nameField], names: l.names}
	if unknown != nil {
		h.names = unknown.Columns
	}
	if err := h.readRows(l); err != nil {
		return Head{}, err
	}
	if unknown != nil && l.names == nil && len(h.Rows) > 0 { // the first row may name the columns
		if isData(h.names) {
			h.Columns = columnTitles(make([]string, len(h.names)))
		} else {
			h.Rows = h.Rows[1:]
		}
	}
	h.fill(settings.Country)
	return h, nil
}

// isData reports whether a first row has a phone number, so that it cannot be names of
// columns.
func isData(row []string) bool {
	return slices.ContainsFunc(row, func(cell string) bool { return countDigits(cell) >= minDigits })
}

// readRows reads one row more than is shown.
func (h *Head) readRows(l *list) error {
	for len(h.Rows) <= headShown {
		_, err := l.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("import: read the list: %w", err)
		}
		row := make([]string, min(l.width(), columnsHead))
		for i := range row {
			row[i] = data.OneLine(data.CleanLine(unescapeFormula(string(l.cell(i))), maxColumnName), cellShown)
		}
		h.Rows = append(h.Rows, row)
	}
	return nil
}

// fill sets a title for every column and all cells for every row, and guesses.
func (h *Head) fill(country string) {
	width := min(len(h.names), columnsHead)
	for _, row := range h.Rows {
		width = max(width, len(row))
	}
	if h.Columns == nil {
		h.Columns = columnTitles(append(slices.Clone(h.names), make([]string, max(0, width-len(h.names)))...))
	}
	h.Columns = distinct(h.Columns[:min(len(h.Columns), width)])
	h.Rows = h.Rows[:min(len(h.Rows), headShown)]
	h.Guess = -1
	most := 0
	for column := range h.Columns {
		phones := 0
		for i, row := range h.Rows {
			h.Rows[i] = append(row, make([]string, len(h.Columns)-len(row))...)
			if _, err := parsePhone(h.Rows[i][column], country); err == nil {
				phones++
			}
		}
		if phones > most {
			h.Guess, most = column, phones
		}
	}
}

// distinct adds its number to a title that has been before.
func distinct(titles []string) []string {
	seen := map[string]bool{}
	for i, title := range titles {
		if seen[title] {
			titles[i] = fmt.Sprintf("%s (%d)", title, i+1)
		}
		seen[titles[i]] = true
	}
	return titles
}

// Mapping returns the mapping that chooses a column for the phone numbers and one for
// the names, which may be -1 for none.
func (h Head) Mapping(phone, name int) Mapping {
	m := Mapping{header[phoneField]: {h.reference(phone)}, header[nameField]: nil}
	if name >= 0 {
		m[header[nameField]] = []string{h.reference(name)}
	}
	return m
}

// reference returns the number of a column, or its name if another column is called by
// that number.
func (h Head) reference(column int) string {
	number := strconv.Itoa(column + 1)
	if findColumn(h.names, number) == column || column >= len(h.names) {
		return number
	}
	return h.names[column]
}
