package blocklist

import "strings"

// CSV injection: a spreadsheet takes a cell that begins with = + - or @ for a formula, and who
// writes to the desk chooses the name that comes to stand there. So an
// apostrophe goes before every such beginning: of the cell, and of whatever a
// spreadsheet that splits at another separator would take for a cell. On the
// way in that one apostrophe goes again.

const (
	separators      = ",;\t\n\r|"
	formulaStarters = "=+-@＝＋－＠" // the wide ones count in East Asian spreadsheets
	skippable       = "'\" "     // may stand before a formula, and hide it from a reader only
)

// escapeFormula returns cell with an apostrophe before every formula.
func escapeFormula(cell string) string { return mapFormulas(cell, "'", "") }

// unescapeFormula removes what escapeFormula put there, and nothing else.
func unescapeFormula(cell string) string { return mapFormulas(cell, "", "'") }

// mapFormulas puts text before everything in a cell that could be taken for a
// formula, or takes it away.
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

// startsFormula reports whether a formula begins here. Tab and line break count only
// where the cell starts: some spreadsheets drop them and look at what follows.
func startsFormula(text string, start bool) bool {
	text = strings.TrimLeft(text, skippable)
	for _, r := range text {
		return strings.ContainsRune(formulaStarters, r) || start && strings.ContainsRune("\t\n\r", r)
	}
	return false
}
