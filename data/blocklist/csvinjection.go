package blocklist

import "strings"

// CSV injection: a spreadsheet takes a cell that begins with = + - or @ for a
// formula, and customers choose the names in the list. So an apostrophe is put
// before every such beginning, of a cell and of whatever a spreadsheet would take
// for one if it splits at another separator. The import removes it again.

const (
	separators      = ",;\t\n\r|"
	formulaStarters = "=+-@＝＋－＠" // the full-width forms count in East Asian spreadsheets
	skippable       = "'\" "     // before a formula they hide it from people, not from spreadsheets
)

// escapeFormula returns cell with an apostrophe before every formula.
func escapeFormula(cell string) string { return mapFormulas(cell, "'", "") }

// unescapeFormula is the inverse of escapeFormula.
func unescapeFormula(cell string) string { return mapFormulas(cell, "", "'") }

// mapFormulas replaces the prefix take by put before everything in a cell that could
// be taken for a formula.
func mapFormulas(cell, put, take string) string {
	if !strings.ContainsAny(cell, formulaStarters+"\t\n\r") {
		return cell
	}
	var b strings.Builder
	for start := true; cell != ""; start = false {
		if startsFormula(cell, start) && strings.HasPrefix(cell, take) {
			b.WriteString(put)
			cell = cell[len(take):]
		}
		end := strings.IndexAny(cell, separators) + 1
		if end == 0 {
			end = len(cell)
		}
		b.WriteString(cell[:end])
		cell = cell[end:]
	}
	return b.String()
}

// startsFormula reports whether text begins like a formula. Tabs and line breaks
// count only at the start of a cell: some spreadsheets drop them there and look at
// what follows.
func startsFormula(text string, start bool) bool {
	text = strings.TrimLeft(text, skippable)
	for _, r := range text {
		return strings.ContainsRune(formulaStarters, r) || start && strings.ContainsRune("\t\n\r", r)
	}
	return false
}
