package transfer

import "strings"

// A spreadsheet takes a cell that begins with = + - or @ for a formula, and who
// writes to the desk chooses the name that comes to stand there. So an
// apostrophe goes before every such beginning: of the cell, and of whatever a
// spreadsheet that splits at another separator would take for a cell. On the
// way in that one apostrophe goes again.

const (
	separators = ",;\t\n\r|"
	starters   = "=+-@＝＋－＠" // the wide ones count in East Asian spreadsheets
	skipped    = "'\" "     // may stand before a formula, and hide it from a reader only
)

// defuse makes every formula in a cell plain text.
func defuse(cell string) string { return eachStart(cell, "'", "") }

// arm is the way back: it takes away what defuse put there, and nothing else.
func arm(cell string) string { return eachStart(cell, "", "'") }

// eachStart puts text before everything in a cell that could be taken for a
// formula, or takes it away.
func eachStart(cell, put, take string) string {
	if !strings.ContainsAny(cell, starters+"\t\n\r") {
		return cell
	}
	var b strings.Builder
	for start := true; cell != ""; start = false {
		if dangerous(cell, start) && strings.HasPrefix(cell, take) {
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

// dangerous reports whether a formula begins here. Tab and line break count only
// where the cell starts: some spreadsheets drop them and look at what follows.
func dangerous(text string, start bool) bool {
	text = strings.TrimLeft(text, skipped)
	for _, r := range text {
		return strings.ContainsRune(starters, r) || start && strings.ContainsRune("\t\n\r", r)
	}
	return false
}
