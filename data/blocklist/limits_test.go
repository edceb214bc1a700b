package blocklist

import (
	"bufio"
	"encoding/binary"
	"strings"
	"testing"
)

// Rows and cells are read up to their limits and not beyond.
func TestCSVReader_ReadsUpToItsLimits(t *testing.T) {
	const phone = "+46701234567"
	x := func(n int) string { return strings.Repeat("x", n) }
	for name, c := range map[string]struct{ row, want string }{
		"the longest cell":        {phone + "," + x(maxCell) + ",", ""},
		"a cell too long":         {phone + "," + x(maxCell+1) + ",", errCellTooLong.Error()},
		"two cells of 40 KB":      {phone + "," + x(40<<10) + "," + x(40<<10), ""},
		"the longest quoted cell": {phone + `,"` + x(maxCell) + `",`, ""},
		"a quoted cell too long":  {phone + `,"` + x(maxCell+1) + `",`, errCellTooLong.Error()},
		"the longest row":         {phone + strings.Repeat(",", maxRow-1-len(phone)), ""},
		"a row too long":          {phone + strings.Repeat(",", maxRow-len(phone)), errRowTooLong.Error()},
	} {
		good, bad, err := readAll(strings.NewReader("phone,name,note\n"+c.row+"\n+46701234568,fine,\n"), "")
		switch {
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case c.want == "" && (len(good) != 2 || len(bad) != 0):
			t.Errorf("%s: %d rows, %.200v", name, len(good), bad)
		case c.want != "" && (len(good) != 1 || len(bad) != 1 || bad[0].Reason != c.want || bad[0].Line != 2 || good[0].Line != 3):
			t.Errorf("%s: %d rows, %.200v", name, len(good), bad)
		}
	}
}

// Behind a quotation mark that nothing closes the next line is found, whatever ends a line.
func TestCSVReader_SkipsALine(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", "\r"} {
		lines := []string{"phone,name", `+46701234567,"open`, "+46701234568,fine", "+46701234569,fine"}
		good, bad, err := readAll(strings.NewReader(strings.Join(lines, end)), "")
		if err != nil || len(bad) != 1 || bad[0].Line != 2 || len(good) != 2 || good[0].Line != 3 || good[1].Line != 4 || good[0].Phone != "+46701234568" {
			t.Errorf("%q: %v, %v, %v", end, good, bad, err)
		}
	}
}

func TestUnmarkedUTF16_ByItsZeros(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want binary.ByteOrder
	}{
		"little end first":  {"p\x00h\x00", binary.LittleEndian},
		"big end first":     {"\x00p\x00h", binary.BigEndian},
		"UTF-8":             {"phone", nil},
		"one zero, at odd":  {"p\x00hone", nil},
		"one zero, at even": {"ph\x00one", nil},
		"zeros everywhere":  {"\x00\x00\x00\x00", nil},
		"nothing":           {"", nil},
	} {
		b := bufio.NewReader(strings.NewReader(c.text))
		_, _ = b.Peek(1)
		if got := unmarkedUTF16(b); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		text := wideText(order, "phone,name\n+46701234567,Åsa\n")[2:] // without its mark
		good, bad, err := readAll(strings.NewReader(text), "")
		if err != nil || len(bad) != 0 || len(good) != 1 || good[0].Name != "Åsa" {
			t.Errorf("%v: %v, %v, %v", order, good, bad, err)
		}
	}
}
