package audit

import (
	"encoding/hex"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
)

// csvHeader names the columns.
var csvHeader = strings.Join(fieldNames, ",")

// headKind stands where events have their kind, in the last record: its number
// is the count, its hash the head.
const headKind = "head"

func appendCSVEvent(line []byte, e data.Event) []byte {
	cells := eventFields(e)
	for i, cell := range cells[numericFields:] {
		cells[numericFields+i] = escapeFormula(cell)
	}
	return appendRecord(line, cells...)
}

func appendCSVHead(line []byte, h data.Head) []byte {
	return appendRecord(line, strconv.FormatInt(h.Count, 10), "", "", headKind, "", "", "", "", "", "", hex.EncodeToString(h.Hash))
}

func appendRecord(line []byte, cells ...string) []byte {
	for i, cell := range cells {
		if i > 0 {
			line = append(line, ',')
		}
		if !strings.ContainsAny(cell, "\",\r\n") && !strings.HasPrefix(cell, " ") {
			line = append(line, cell...)
			continue
		}
		line = append(line, '"')
		line = append(line, strings.ReplaceAll(cell, `"`, `""`)...)
		line = append(line, '"')
	}
	return line
}

// formulaStarters are the characters at which a spreadsheet runs a cell as a
// formula, also in full width, and the apostrophe that escapes them.
const formulaStarters = "=+-@\t\r\n|%'＝＋－＠"

// escapeFormula puts an apostrophe before what a spreadsheet would run. One that stood
// there already gets another, so that unescapeFormula removes what escapeFormula put in.
func escapeFormula(text string) string {
	first, _ := utf8.DecodeRuneInString(text)
	if text != "" && strings.ContainsRune(formulaStarters, first) {
		return "'" + text
	}
	return text
}

func unescapeFormula(cell string) string { return strings.TrimPrefix(cell, "'") }

func parseCSV(line []byte) (record, error) {
	cells := splitRecord(string(line))
	if len(cells) != len(fieldNames) {
		return record{}, errMalformed
	}
	if cells[1] == "" && cells[3] == headKind {
		return parseHead(cells[0], cells[10])
	}
	for i, cell := range cells[numericFields:] {
		cells[numericFields+i] = unescapeFormula(cell)
	}
	return parseEvent(cells)
}

// splitRecord reads the cells of a record. It takes more than appendRecord writes:
// whoever reads compares with what would have been written.
func splitRecord(line string) []string {
	var cells []string
	for len(cells) <= len(fieldNames) {
		var cell strings.Builder
		for strings.HasPrefix(line, `"`) {
			end := strings.IndexByte(line[1:], '"')
			if end < 0 {
				return nil
			}
			cell.WriteString(line[1 : 1+end])
			if line = line[end+2:]; strings.HasPrefix(line, `"`) {
				cell.WriteByte('"')
			}
		}
		plain, rest, more := strings.Cut(line, ",")
		cell.WriteString(plain)
		cells = append(cells, cell.String())
		if !more {
			break
		}
		line = rest
	}
	return cells
}
