package blocklist

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
)

// Limits on a spreadsheet, which is a zip archive of XML. A list of a million phone
// numbers stays below all of them.
const (
	maxSheetFile  = 64 << 20  // bytes, packed
	maxSheetSize  = 256 << 20 // bytes, unpacked
	maxSheetParts = 10_000    // files in the archive
	maxSheetRows  = 1 << 20   // what a spreadsheet program can have
	maxSheetCells = 10 << 20
	maxSheets     = 50
	inMemory      = 16 << 20 // what is larger is unpacked into a temporary file
)

var (
	errNotSpreadsheet = fmt.Errorf("%w: it is not an .xlsx spreadsheet, or it is damaged; save it as CSV", ErrNotBlocklist)
	errOldSpreadsheet = fmt.Errorf("%w: it is an older spreadsheet, or one with a password; save it there as .xlsx without one, or as CSV", ErrNotBlocklist)
	errSheetTooLarge  = fmt.Errorf("%w: it is too large for a list of customers, or made to look harmless; save it as CSV", ErrNotBlocklist)
	errSheetBroken    = errors.New("the spreadsheet is damaged or too large from here on: save it as CSV")
)

// sheetReader reads one sheet of a spreadsheet of the kind .xlsx, row by row. Numbers
// are read as they are stored, so that how they are displayed takes no digit away.
type sheetReader struct {
	cells
	book   *excelize.File
	rows   *excelize.Rows
	line   int
	read   int // cells so far
	date04 bool
	kept   []sheetRow // rows that are read again
	err    error
}

type sheetRow struct {
	line int
	text []string
}

// openSheet opens the first sheet in which a column of phone numbers is recognised, or
// else the first that is not empty.
func openSheet(in io.Reader, country string, columns Mapping) (l *list, err error) {
	book, err := openBook(in)
	if err != nil {
		return nil, err
	}
	defer func() {
		if recover() != nil {
			l, err = nil, errNotSpreadsheet
		}
		if l == nil {
			closeBook(book)
		}
	}()
	for _, name := range firstSheets(book) {
		other, otherErr := openNamedSheet(book, name, country, columns)
		switch {
		case other == nil:
			continue
		case l != nil && otherErr != nil && !errors.Is(err, errEmpty):
			closeRows(other)
			continue
		case l != nil:
			closeRows(l)
		}
		if l, err = other, otherErr; err == nil {
			return l, nil
		}
	}
	if l == nil {
		return nil, errNotSpreadsheet
	}
	return l, err
}

func firstSheets(book *excelize.File) []string {
	names := book.GetSheetList()
	return names[:min(maxSheets, len(names))]
}

func closeRows(l *list) {
	if err := l.table.(*sheetReader).rows.Close(); err != nil {
		slog.Warn("close a sheet", "error", err)
	}
}

// closeBook removes what a spreadsheet was unpacked into.
func closeBook(book *excelize.File) {
	if err := book.Close(); err != nil {
		slog.Warn("remove what a spreadsheet was unpacked into", "error", err)
	}
}

// openBook opens a spreadsheet that keeps to the limits.
func openBook(in io.Reader) (book *excelize.File, err error) {
	defer func() {
		if recover() != nil {
			book, err = nil, errNotSpreadsheet
		}
	}()
	file, err := io.ReadAll(io.LimitReader(in, maxSheetFile+1))
	if err != nil {
		return nil, err
	}
	if len(file) > maxSheetFile {
		return nil, errSheetTooLarge
	}
	if err := checkArchive(file); err != nil {
		return nil, err
	}
	book, err = excelize.OpenReader(bytes.NewReader(file), excelize.Options{RawCellValue: true, UnzipSizeLimit: maxSheetSize, UnzipXMLSizeLimit: inMemory})
	if err != nil {
		if book != nil {
			closeBook(book)
		}
		return nil, errNotSpreadsheet
	}
	return book, nil
}

// checkArchive returns an error for an archive that unpacks to too much or has other
// contents than it says: excelize would take the part of them that it can read for the
// whole.
func checkArchive(file []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		return errNotSpreadsheet
	}
	if len(archive.File) > maxSheetParts {
		return errSheetTooLarge
	}
	left := int64(maxSheetSize)
	for _, part := range archive.File {
		if part.UncompressedSize64 > uint64(left) {
			return errSheetTooLarge
		}
		r, err := part.Open()
		if err != nil {
			return errNotSpreadsheet
		}
		n, err := io.Copy(io.Discard, io.LimitReader(r, left+1))
		r.Close()
		if left -= n; left < 0 {
			return errSheetTooLarge
		}
		if err != nil {
			return errNotSpreadsheet
		}
	}
	return nil
}

// headRows is how many rows may stand above the names of the columns, and one more.
const headRows = 10

// openNamedSheet opens a sheet. Rows of a single cell, such as a title, may stand above
// the names of its columns.
func openNamedSheet(book *excelize.File, name, country string, columns Mapping) (*list, error) {
	rows, err := book.Rows(name)
	if err != nil {
		return nil, err
	}
	props, err := book.GetWorkbookProps()
	r := &sheetReader{book: book, rows: rows, date04: err == nil && props.Date1904 != nil && *props.Date1904}
	head := r.readHead()
	switch {
	case len(head) == 0 && r.err == io.EOF:
		return &list{table: r}, errEmpty
	case len(head) == 0:
		return nil, r.err
	}
	var missing error
	for i, row := range head {
		l, err := newLayout(row.text, columns)
		if err != nil {
			missing = err
		}
		if l.hasPhone() && rowIsHeader(row.text, l, columns) {
			r.kept = head[i+1:]
			return &list{table: r, layout: l, names: row.text}, nil
		}
		if l.hasPhone() {
			r.kept = head[i:]
			return &list{table: r, layout: l}, nil
		}
		if !isTitle(row.text) {
			break
		}
	}
	r.kept = head
	if missing != nil {
		return &list{table: r}, missing
	}
	if len(columns[header[phoneField]]) == 0 && isPhoneColumn(head, country) {
		return &list{table: r, layout: onlyPhones()}, nil
	}
	first := max(0, slices.IndexFunc(head, func(row sheetRow) bool { return !isTitle(row.text) }))
	r.kept = head[first:]
	return &list{table: r}, &ColumnsError{Columns: head[first].text}
}

// readHead reads the first rows.
func (r *sheetReader) readHead() (head []sheetRow) {
	for len(head) < headRows && r.err == nil {
		if r.err = r.readRow(); r.err == nil {
			head = append(head, sheetRow{r.line, r.text})
		}
	}
	return head
}

// isTitle reports whether a row has a single cell that is no phone number.
func isTitle(row []string) bool {
	filled := 0
	for _, text := range row {
		if strings.TrimSpace(text) == "" {
			continue
		}
		if filled++; filled > 1 || countDigits(text) >= minDigits {
			return false
		}
	}
	return true
}

// isPhoneColumn reports whether the first rows have one column, with a phone number in
// one of them.
func isPhoneColumn(head []sheetRow, country string) bool {
	found := false
	for _, row := range head {
		if len(row.text) > 1 {
			return false
		}
		if _, err := parsePhone(row.text[0], country); err == nil {
			found = true
		}
	}
	return found
}

// next reads the next row with a cell that is not blank. Its line is the row's number.
func (r *sheetReader) next() (line int, err error) {
	if len(r.kept) > 0 {
		row := r.kept[0]
		r.kept, r.text, r.rowErr = r.kept[1:], row.text, rowFault(row.text)
		return row.line, nil
	}
	if r.err == nil {
		r.err = r.readRow()
	}
	if r.err != nil {
		r.close()
		return r.line, r.err
	}
	return r.line, nil
}

// readRow reads the next row from the file. A fault in the library that reads it ends
// the list.
func (r *sheetReader) readRow() (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = errSheetBroken
		}
	}()
	for r.rows.Next() {
		if r.line++; r.line > maxSheetRows {
			return errSheetBroken
		}
		row, err := r.rows.Columns()
		if err != nil {
			return errSheetBroken
		}
		if r.read += len(row); r.read > maxSheetCells {
			return errSheetBroken
		}
		if isBlankRow(row) {
			continue
		}
		for i := range row {
			row[i] = storedNumber(row[i])
		}
		r.text, r.rowErr = row, rowFault(row)
		return nil
	}
	if r.rows.Error() != nil {
		return errSheetBroken
	}
	return io.EOF
}

func isBlankRow(row []string) bool {
	for _, text := range row {
		if strings.TrimSpace(text) != "" {
			return false
		}
	}
	return true
}

// rowFault returns why a row cannot be read.
func rowFault(row []string) error {
	for _, text := range row {
		if len(text) > maxCell {
			return errCellTooLong
		}
	}
	return nil
}

// close removes the temporary files.
func (r *sheetReader) close() {
	if r.book == nil {
		return
	}
	closeRows(&list{table: r})
	closeBook(r.book)
	r.book = nil
}

// exact is a number as some programs store it, Google's among them: with an exponent,
// and nevertheless whole. What people see has a sign in its exponent.
var exact = regexp.MustCompile(`^[0-9]\.[0-9]{1,15}E[0-9]{1,2}$`)

// storedNumber returns a number that is stored with an exponent without it.
func storedNumber(text string) string {
	if !exact.MatchString(text) {
		return text
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n >= 1e15 {
		return text
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// dateText returns a date that is stored as a number of days as text, and any other
// text as it is.
func (r *sheetReader) dateText(text string) string {
	const lastDay = 100_000 // in 2173
	days, err := strconv.ParseFloat(text, 64)
	if err != nil || days < 1 || days > lastDay {
		return text
	}
	t, err := excelize.ExcelDateToTime(days, r.date04)
	if err != nil {
		return text
	}
	if days == float64(int(days)) {
		return t.Format(time.DateOnly)
	}
	return t.Round(time.Second).Format(time.DateTime)
}
