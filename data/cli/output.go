package cli

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/rivo/uniseg"

	"github.com/latchdesk/latchdesk/data"
)

// output writes what a command answers, for people or as JSON.
type output struct{ *bufio.Writer }

func newOutput(w io.Writer) *output { return &output{bufio.NewWriter(w)} }

// printLine writes a formatted line.
func (o *output) printLine(format string, args ...any) { fmt.Fprintf(o, format+"\n", args...) }

// printJSON writes a value as JSON on one line.
func (o *output) printJSON(value any) error {
	text, err := data.EncodeJSON(value)
	if err != nil {
		return err
	}
	_, err = o.Write(append(text, '\n'))
	return err
}

// startList begins a JSON array that is written while it grows, one element a line.
func (o *output) startList() *jsonList { return &jsonList{out: o} }

type jsonList struct {
	out     *output
	started bool
}

func (l *jsonList) add(value any) error {
	between := ",\n"
	if !l.started {
		between, l.started = "[\n", true
	}
	l.out.WriteString(between)
	text, err := data.EncodeJSON(value)
	l.out.Write(text)
	return err
}

func (l *jsonList) end() {
	if !l.started {
		l.out.WriteString("[")
	} else {
		l.out.WriteString("\n")
	}
	l.out.WriteString("]\n")
}

// field is a name with its value, printed on a line.
type field struct{ name, value string }

// printFields writes fields one a line, their values aligned. Fields without a value
// are left out.
func (o *output) printFields(fields ...field) {
	width := 0
	for _, f := range fields {
		if f.value != "" {
			width = max(width, uniseg.StringWidth(f.name))
		}
	}
	for _, f := range fields {
		if f.value != "" {
			o.printLine("%s  %s", pad(f.name, width), indent(f.value, width+2))
		}
	}
}

// printTable writes rows with their columns aligned.
func (o *output) printTable(rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], uniseg.StringWidth(cell))
		}
	}
	for _, row := range rows {
		for i, cell := range row {
			row[i] = pad(cell, widths[i])
		}
		o.printLine("%s", strings.TrimRight(strings.Join(row, "  "), " "))
	}
}

// pad returns text with spaces appended up to a width in columns of a terminal.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(0, width-uniseg.StringWidth(text)))
}

// indent returns text with all lines but the first indented by n spaces. It cleans
// the text once more, so that what customers wrote cannot control the terminal.
func indent(text string, n int) string {
	return strings.ReplaceAll(data.Clean(text), "\n", "\n"+strings.Repeat(" ", n))
}

// formatTime returns a moment in the computer's own time zone, "" for 0. The offset
// tells apart the two hours that have one name when summer time ends.
func formatTime(m data.Moment) string {
	if m == 0 {
		return ""
	}
	return m.Time().Format("2006-01-02 15:04 -07:00")
}

// formatEnd returns when a block ends, or that it is for good.
func formatEnd(until data.Moment) string {
	if until == 0 {
		return "for good"
	}
	return formatTime(until)
}
