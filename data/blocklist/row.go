package blocklist

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

var (
	errTooManyColumns = errors.New("it has more columns than the header")
	errEncoding       = errors.New("some of its characters cannot be read: save the file as UTF-8")
	errNoPhone        = errors.New("the phone number is missing")
)

// rowResult is a phone number that was read with its row, or why it cannot be
// imported.
type rowResult struct {
	row     desk.ImportRow
	text    []string // the fields of header as they are in the file, if err is set
	err     error
	readErr error // why no rows follow
}

// appendRow appends a result for each phone number of the next row; more is false if
// there is no next row.
func (l *list) appendRow(results []rowResult, country string) (all []rowResult, more bool) {
	line, err := l.next()
	if err != nil {
		return append(results, rowResult{readErr: err}), false
	}
	first := len(results)
	results = l.appendNumbers(results, country)
	for i := range results[first:] {
		results[first+i].row.Line = line
	}
	return results, true
}

// appendNumbers appends a result for each phone number of the row, and at least one.
func (l *list) appendNumbers(results []rowResult, country string) []rowResult {
	if err := l.fault(); err != nil {
		return append(results, rowResult{err: err})
	}
	if l.layout.width > 0 && !isBlankFrom(l.table, l.layout.width) {
		return append(results, rowResult{err: errTooManyColumns, text: l.fields(l.firstPhone())})
	}
	row, err := l.parseRow()
	if err != nil {
		return append(results, rowResult{err: err, text: l.fields(l.firstPhone())})
	}
	before := len(results)
	for _, column := range l.layout.columns[phoneField] {
		cell, err := l.text(column)
		if err != nil {
			return append(results, rowResult{err: err, text: l.fields(l.firstPhone())})
		}
		if strings.TrimSpace(cell) == "" {
			continue
		}
		results = l.appendCell(results, cell, row, country)
		if l.layout.either {
			break
		}
	}
	if len(results) == before {
		return append(results, rowResult{err: errNoPhone, text: l.fields("")})
	}
	return results
}

// appendCell appends a result for each phone number of a cell.
func (l *list) appendCell(results []rowResult, cell string, row desk.ImportRow, country string) []rowResult {
	if isPlain(cell) && !l.layout.patterns {
		return l.appendNumber(results, cell, row, country)
	}
	if l.layout.patterns && !(strings.HasPrefix(cell, "+") && isPlain(cell)) {
		err := fmt.Errorf("%q: %w", data.OneLine(data.Clean(cell), 32), errPattern)
		return append(results, rowResult{err: err, text: l.fields(cell)})
	}
	for _, number := range splitNumbers(cell) {
		results = l.appendNumber(results, number, row, country)
	}
	return results
}

func (l *list) appendNumber(results []rowResult, number string, row desk.ImportRow, country string) []rowResult {
	var err error
	if row.Phone, err = parsePhone(number, country); err == nil {
		return append(results, rowResult{row: row})
	}
	text := l.fields(number)
	if row.Phone = deliveredPhone(number); row.Phone == "" {
		return append(results, rowResult{err: err, text: text})
	}
	row.Fault = &phoneFault{err, text}
	return append(results, rowResult{row: row})
}

// phoneFault is why a number is none, with the fields of its row as they are in the
// file.
type phoneFault struct {
	error
	text []string
}

// Unwrap returns the reason.
func (f *phoneFault) Unwrap() error { return f.error }

// parseRow returns what the row says of all its phone numbers.
func (l *list) parseRow() (row desk.ImportRow, err error) {
	var text [fieldCount]string
	for field := nameField; field < fieldCount; field++ {
		for _, column := range l.layout.columns[field] {
			cell, err := l.text(column)
			if err != nil {
				return row, err
			}
			if text[field] != "" && cell != "" {
				text[field] += " "
			}
			text[field] += cell
		}
	}
	if sheet, ok := l.table.(*sheetReader); ok {
		text[atField], text[untilField] = sheet.dateText(text[atField]), sheet.dateText(text[untilField])
	}
	row = desk.ImportRow{Name: text[nameField], Reason: text[reasonField], Note: text[noteField], By: text[byField]}
	if row.At, err = parseTime("at", text[atField]); err != nil {
		return row, err
	}
	row.Until, err = parseEnd("until", text[untilField], l.now)
	return row, err
}

// text returns a cell of the row without what CSV put into it.
func (l *list) text(column int) (string, error) {
	cell := l.cell(column)
	if !utf8.Valid(cell) || bytes.IndexByte(cell, 0) >= 0 {
		return "", errEncoding
	}
	return unescapeFormula(string(cell)), nil
}

// firstPhone returns the first cell of phone numbers, as it is.
func (l *list) firstPhone() string {
	for _, column := range l.layout.columns[phoneField] {
		if cell := l.cell(column); len(cell) > 0 {
			return string(cell)
		}
	}
	return ""
}

// fields returns the fields of header of the row, as they are in the file, with this
// text for the phone number.
func (l *list) fields(phone string) []string {
	fields := make([]string, fieldCount)
	fields[phoneField] = phone
	for field := nameField; field < fieldCount; field++ {
		var parts []string
		for _, column := range l.layout.columns[field] {
			parts = append(parts, string(l.cell(column)))
		}
		fields[field] = strings.TrimSpace(strings.Join(parts, " "))
	}
	return fields
}

func isBlankFrom(t table, i int) bool {
	for ; i < t.width(); i++ {
		if len(bytes.TrimSpace(t.cell(i))) > 0 {
			return false
		}
	}
	return true
}

// parseTime parses a moment; an empty text is 0. A date without a time stands for the
// beginning of the day.
func parseTime(column, text string) (data.Moment, error) {
	return checkTime(column, text, func(text string) (data.Moment, bool) { return data.ParseLocal(text, 0) })
}

// parseEnd parses when a block ends, as the command line and HTTP do; an empty text is 0.
// Whether that is ahead is checked when the row is imported.
func parseEnd(column, text string, now data.Moment) (data.Moment, error) {
	return checkTime(column, text, func(text string) (data.Moment, bool) { return data.ParseEnd(text, now) })
}

func checkTime(column, text string, parse func(string) (data.Moment, bool)) (data.Moment, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, nil
	}
	at, ok := parse(text)
	if !ok || at == 0 { // 0 means no moment, so that very millisecond is refused
		return 0, fmt.Errorf("%q under %s is not a date: write it like 2026-11-29, or 2026-11-29 14:00", data.OneLine(data.Clean(text), 40), column)
	}
	return at, nil
}
