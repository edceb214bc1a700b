package blocklist

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestImport_Cards(t *testing.T) {
	card := func(lines ...string) string {
		return "BEGIN:VCARD\n" + strings.Join(lines, "\n") + "\nEND:VCARD\n"
	}
	x := func(n int) string { return strings.Repeat("x", n) }
	numbers := func(n int) (tels, rows []string) {
		for i := range n {
			tels = append(tels, fmt.Sprintf("TEL:+4474001%05d", i))
			rows = append(rows, fmt.Sprintf("1: +4474001%05d", i))
		}
		return tels, rows
	}
	hundred, rows := numbers(100)
	more, _ := numbers(101)
	for name, c := range map[string]struct{ list, want string }{
		"WhatsApp's id before the number": {card("TEL;waid=447400123101:+44 1", "FN:Bo"), "1: +447400123101 Bo"},
		"an id that is none":              {card("TEL;waid=abc:+447400123101", "FN:Bo"), "1: +447400123101 Bo"},
		"an empty id":                     {card("TEL;waid=:+447400123101", "FN:Bo"), "1: +447400123101 Bo"},
		"another parameter":               {card("TEL;type=123456789012:+447400123101", "FN:Bo"), "1: +447400123101 Bo"},
		"a name in two parts":             {card("N:Berg;Anna", "TEL:+447400123101"), "1: +447400123101 Anna Berg"},
		"a name in five parts":            {card("N:Berg;Anna;M;Dr;", "TEL:+447400123101"), "1: +447400123101 Anna Berg"},
		"a name in one part":              {card("N:Berg", "TEL:+447400123101"), "1: +447400123101 Berg"},
		"a blank line":                    {card("FN:Bo", "", "TEL:+447400123101"), "1: +447400123101 Bo"},
		"a number over two lines":         {card("FN:Bo", "TEL:+4474", " 00123101"), "1: +447400123101 Bo"},
		"a hundred numbers":               {card(hundred...), strings.Join(rows, "\n")},
		"one too many":                    {card(more...) + card("TEL:+447400123101"), "1: the contact has too many phone numbers\n104: +447400123101"},
		"a number too long":               {card("TEL:"+x(maxCell)) + card("TEL:+447400123101"), "1: a cell is longer than 64 KB\n4: +447400123101"},
		"a number too long over lines":    {card("TEL:1", " "+x(maxCell)) + card("TEL:+447400123101"), "1: a cell is longer than 64 KB\n5: +447400123101"},
		"a picture too long":              {card("PHOTO:"+x(maxCell), "TEL:+447400123101"), "1: +447400123101"},
		"the beginning alone":             {"BEGIN:VCARD", "1: the phone number is missing"},
	} {
		if got := readLines(t, strings.NewReader(c.list), nil); !matches(got, c.want) {
			t.Errorf("%s is read as\n%.300s\nwant\n%.300s", name, got, c.want)
		}
	}
}

// A property is as long as a cell may be, on one line and over several.
func TestCardReader_PropertyIsCut(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		size int
		cut  bool
	}{
		"the longest line":   {strings.Repeat("x", maxCell) + "\n", maxCell, false},
		"a line too long":    {strings.Repeat("x", maxCell+1) + "\n", maxCell, true},
		"the longest folded": {"x\n " + strings.Repeat("x", maxCell-1) + "\n", maxCell, false},
		"too long folded":    {"x\n " + strings.Repeat("x", maxCell) + "\n", maxCell, true},
	} {
		r := newCardReader(bufio.NewReader(strings.NewReader(c.text)))
		if got, err := r.property(); len(got) != c.size || r.cut != c.cut || err != nil {
			t.Errorf("%s: %d bytes, cut %v, %v", name, len(got), r.cut, err)
		}
	}
}

// With its end a line may be as long as a row.
func TestLineReader_CutsAtTheLongestRow(t *testing.T) {
	for length, cut := range map[int]bool{maxRow - 1: false, maxRow: true, 3 * maxRow: true} {
		r := lineReader{in: bufio.NewReaderSize(strings.NewReader(strings.Repeat("x", length)+"\nnext\r\n"), 64<<10)}
		text, was, err := r.read()
		if len(text) != min(length, maxRow) || was != cut || r.line != 1 || err != nil {
			t.Errorf("%d bytes: %d of them, cut %v, line %d, %v", length, len(text), was, r.line, err)
		}
		if text, was, err = r.read(); string(text) != "next" || was || r.line != 2 || err != nil {
			t.Errorf("behind %d bytes: %q, cut %v, line %d, %v", length, text, was, r.line, err)
		}
		if _, _, err = r.read(); err != io.EOF {
			t.Errorf("at the end: %v", err)
		}
	}
}

func TestOpenText_TellsWhatItIs(t *testing.T) {
	for text, want := range map[string]string{"\x00phone\n": "it is not a text", "phone\x00\n": "it is not a text", `{"who":"Bo"}`: "must be phone", "BEGIN:VCAR": "must be phone"} {
		if got := readLines(t, strings.NewReader(text), nil); !strings.HasSuffix(got, want) {
			t.Errorf("%q is read as %s", text, got)
		}
	}
}
