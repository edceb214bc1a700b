package blocklist

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
)

var (
	errTooManyColumns = errors.New("it has more columns than the first line names")
	errEncoding       = errors.New("some of its characters cannot be read: save the file as UTF-8")
	errNoPhone        = errors.New("the phone number is missing")
)

// parseRow returns the row that was read, or why it cannot be imported.
func (r *csvReader) parseRow(l layout, country string) (row desk.ImportRow, err error) {
	if r.rowErr != nil {
		return row, r.rowErr
	}
	if !r.isBlank(l.width) {
		return row, errTooManyColumns
	}
	cells := make([]string, len(l.columns))
	for i, column := range l.columns {
		if column < 0 {
			continue
		}
		cell := r.cell(column)
		if !utf8.Valid(cell) || bytes.IndexByte(cell, 0) >= 0 {
			return row, errEncoding
		}
		cells[i] = unescapeFormula(string(cell))
	}
	row = desk.ImportRow{Name: cells[1], Reason: cells[2], Note: cells[3], By: cells[4]}
	if strings.TrimSpace(cells[0]) == "" {
		return row, errNoPhone
	}
	if row.Phone, err = data.ParsePhone(cells[0], country); err != nil {
		return row, err
	}
	if row.At, err = parseTime("at", cells[5], 0); err != nil {
		return row, err
	}
	row.Until, err = parseTime("until", cells[6], 1)
	return row, err
}

// timeLayouts are the layouts in which a moment may be written. Without an offset it
// is in the computer's own time zone.
var timeLayouts = []string{time.RFC3339, "2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05"}

// parseTime parses a moment; an empty text is 0. A date without a time stands for
// the beginning of the day that is later by so many days.
func parseTime(column, text string, laterDays int) (data.Moment, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return 0, nil
	}
	t, err := time.ParseInLocation("2006-01-02", text, time.Local)
	if err == nil {
		t = t.AddDate(0, 0, laterDays)
	}
	for i := 0; err != nil && i < len(timeLayouts); i++ {
		t, err = time.ParseInLocation(timeLayouts[i], text, time.Local)
	}
	// 0 means no moment, so that very millisecond is refused.
	if err != nil || data.MomentOf(t) == 0 {
		return 0, fmt.Errorf("%q under %s is no date: write it like 2026-11-29, or 2026-11-29 14:00", data.OneLine(data.Clean(text), 40), column)
	}
	return data.MomentOf(t), nil
}
