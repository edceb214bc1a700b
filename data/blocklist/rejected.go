package blocklist

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/latchdesk/latchdesk/data/desk"
)

// RejectedFile is a CSV file of the rows that were not imported: the line, why, and
// what the row has for phone, name and so on, so that it can be corrected there and
// imported. Only its owner can read it, and it appears under its name only when it is
// complete.
type RejectedFile struct {
	path   string
	file   *desk.NewFile
	buffer *bufio.Writer
	out    *csv.Writer
	rows   int
}

// CreateRejected begins a file of rejected rows. It returns an error that wraps
// os.ErrExist if there is a file of this name.
func CreateRejected(d *desk.Desk, path string) (*RejectedFile, error) {
	file, err := d.CreateFile(path)
	if err != nil {
		return nil, rejectedError(path, err)
	}
	buffer := bufio.NewWriterSize(file, 1<<16)
	f := &RejectedFile{path: path, file: file, buffer: buffer, out: csv.NewWriter(buffer)}
	_ = f.out.Write(append([]string{"line", "why"}, header...)) // Close returns the error
	return f, nil
}

// Add writes a row.
func (f *RejectedFile) Add(b BadRow) {
	f.rows++
	row := append([]string{strconv.Itoa(b.Line), b.Reason}, b.text...)
	row = append(row, make([]string, max(0, 2+fieldCount-len(row)))...)
	for i := range row {
		row[i] = escapeFormula(strings.ToValidUTF8(row[i], "\uFFFD"))
	}
	_ = f.out.Write(row) // Close returns the error
}

// Close ends the file and returns how many rows it has. Without any there will be no
// file.
func (f *RejectedFile) Close() (rows int, err error) {
	defer f.file.Discard()
	f.out.Flush()
	err = errors.Join(f.out.Error(), f.buffer.Flush())
	if err == nil && f.rows > 0 {
		err = f.file.Publish()
	}
	if err != nil {
		return 0, rejectedError(f.path, err)
	}
	return f.rows, nil
}

func rejectedError(path string, err error) error {
	return fmt.Errorf("write the rejected rows to %s: %w", path, err)
}

// SaveRejected writes the rows of a list that an import rejects to a new file, changes
// nothing, and returns how many there are. Its errors are those of ImportFrom and of
// CreateRejected.
func SaveRejected(ctx context.Context, d *desk.Desk, path string, columns Mapping, to string) (rows int, err error) {
	f, err := CreateRejected(d, to)
	if err != nil {
		return 0, err
	}
	_, err = importFile(ctx, d, path, Options{Columns: columns, DryRun: true, OnBadRow: f.Add})
	if err != nil {
		f.rows = 0 // half of them would be taken for all
	}
	rows, closeErr := f.Close()
	return rows, errors.Join(err, closeErr)
}
