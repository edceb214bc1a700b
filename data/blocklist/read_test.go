package blocklist

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/latchdesk/latchdesk/data/desk"

	"github.com/latchdesk/latchdesk/data"
)

// readAll reads a list as an import does: the good rows and what is wrong with
// the others.
func readAll(in io.Reader, country string) (good []desk.ImportRow, bad []BadRow, err error) {
	l, err := openList(in, country, nil)
	if err != nil {
		return nil, nil, err
	}
	for more := true; more; {
		var results []rowResult
		results, more = l.appendRow(nil, country)
		for _, next := range results {
			switch {
			case errors.Is(next.readErr, io.EOF):
				return good, bad, nil
			case next.readErr != nil:
				return good, bad, next.readErr
			case next.err != nil:
				bad = append(bad, BadRow{Line: next.row.Line, Reason: next.err.Error()})
			default:
				good = append(good, next.row)
			}
		}
	}
	return good, bad, nil
}

func wideText(order binary.ByteOrder, text string) string {
	var b bytes.Buffer
	for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
		_ = binary.Write(&b, order, unit)
	}
	return b.String()
}

// Every spreadsheet's way of writing the same list reads the same.
func TestFlavours(t *testing.T) {
	const list = "phone,name,reason,note\n+46701234567,Åsa,Spam,\"two\nlines, one \"\"quoted\"\"\"\n'+46701234568,Bo 😀,,\n"
	want := []desk.ImportRow{
		{Line: 2, Phone: "+46701234567", Name: "Åsa", Reason: "Spam", Note: "two\nlines, one \"quoted\""},
		{Line: 4, Phone: "+46701234568", Name: "Bo 😀"},
	}
	swap := func(comma string) string {
		return strings.ReplaceAll(strings.ReplaceAll(list, ",", comma), "lines"+comma, "lines,")
	}
	shifted := func(lines int) []desk.ImportRow {
		moved := append([]desk.ImportRow{}, want...)
		for i := range moved {
			moved[i].Line += lines
		}
		return moved
	}
	for name, c := range map[string]struct {
		text string
		want []desk.ImportRow
	}{
		"as it is":            {list, want},
		"a mark":              {"\ufeff" + list, want},
		"semicolons":          {swap(";"), want},
		"tabs":                {swap("\t"), want},
		"bars":                {swap("|"), want},
		"UTF-16 LE":           {wideText(binary.LittleEndian, list), want},
		"UTF-16 BE":           {wideText(binary.BigEndian, list), want},
		"UTF-16 LE with tabs": {wideText(binary.LittleEndian, swap("\t")), want},
		"no line end":         {strings.TrimSuffix(list, "\n"), want},
		"CRLF":                {strings.ReplaceAll(list, "\n", "\r\n"), nil},
		"CR":                  {strings.ReplaceAll(list, "\n", "\r"), nil},
		"capitals":            {strings.Replace(list, "phone,name", "Phone, NAME ", 1), want},
		"quoted names":        {strings.Replace(list, "phone,name", `"phone","name"`, 1), want},
		"sep=":                {"sep=;\r\n" + swap(";"), shifted(1)},
		"blank lines":         {"\n,,,\n" + strings.ReplaceAll(list, "'+", "\n,,,\n'+"), []desk.ImportRow{shifted(2)[0], shifted(4)[1]}},
		"other columns": {
			"id,Note,extra,reason,name,phone,more\n1,\"two\nlines, one \"\"quoted\"\"\",x,Spam,Åsa,+46701234567,\xff\n2,,,,Bo 😀,+46701234568", want,
		},
		"empty columns at the end": {strings.ReplaceAll(list, "\n'+46701234568,Bo 😀,,", "\n'+46701234568,Bo 😀,,,,,"), want},
		"short rows":               {strings.Replace(list, "Bo 😀,,", "Bo 😀", 1), want},
		"spaces after a quote":     {strings.Replace(list, "\"\"\"\n", "\"\"\"  \n", 1), want},
		"a formula for the number": {strings.Replace(list, "'+46701234568", `="+46701234568"`, 1), want},
	} {
		good, bad, err := readAll(strings.NewReader(c.text), "SE")
		if err != nil || len(bad) > 0 {
			t.Errorf("%s: %v, %v", name, bad, err)
			continue
		}
		if c.want == nil { // the line breaks within the note are others, until the desk cleans them
			c.want = want
			good[0].Note = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(good[0].Note)
		}
		if fmt.Sprint(good) != fmt.Sprint(c.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", name, good, c.want)
		}
	}
}

func TestOnlyPhones(t *testing.T) {
	for _, text := range []string{
		"+46701234567\n0701234568\n", "phone\n+46701234567\n0701234568", "\ufeffPhone\r\n+46701234567\r\n\r\n0701234568\r\n",
		"\"+46701234567\"\n\"070-123 45 68\"", "+46701234567;;\n0701234568;;\n", "\n\n'+46701234567\n'0701234568",
	} {
		good, bad, err := readAll(strings.NewReader(text), "SE")
		if err != nil || len(bad) > 0 || len(good) != 2 || good[0].Phone != "+46701234567" || good[1].Phone != "+46701234568" {
			t.Errorf("%q: %v, %v, %v", text, good, bad, err)
		}
	}
}

func TestImport_NotBlocklist(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "it is empty",
		"\ufeff":                        "it is empty",
		"\n\n ,,\n":                     "must be phone",
		"PK\x03\x04rest":                "it is not an .xlsx spreadsheet, or it is damaged; save it as CSV",
		"\x7fELF\x00\x00":               "it is not a text",
		"name,reason\nRiya,Spam":        "must be phone",
		"Dear all,\nplease block them.": "must be phone",
		"+46701234567,Riya\n":           "must be phone", // names of columns are needed from two on
		"\"phone":                       "must be phone",
		strings.Repeat("x", 3<<20):      "must be phone",
	} {
		_, _, err := readAll(strings.NewReader(text), "SE")
		if !errors.Is(err, ErrNotBlocklist) || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %v", text, err)
		}
	}
}

// Each bad row is named with the line where it begins, and those after it are
// read.
func TestBadRows(t *testing.T) {
	const good = "+46701234567,fine,,\n"
	for _, c := range []struct{ row, want string }{
		{"bob,,,", `"bob": this is not a phone number`},
		{`4.67E+10,,,`, "this is not a phone number"},
		{",Riya,,", "the phone number is missing"},
		{"+46701234567,a,b,c,d", "more columns than the header"},
		{"+46701234567,\xe5sa,,", "save the file as UTF-8"},
		{"+46701234567,\x00,,", "save the file as UTF-8"},
		{`+46701234567,"a"b,,`, "follows a quotation mark"},
		{"+46701234567," + strings.Repeat("x", maxCell+1) + ",,", "longer than 64 KB"},
		{"+46701234567,\"" + strings.Repeat("x\n", maxCell) + "\",,", "longer than 64 KB"},
		{"+46701234567" + strings.Repeat(",", maxRow) + ",", "longer than 1024 KB"},
		{"+46701234567,,29/11/2026,", `"29/11/2026" under at is not a date`},
		{"+46701234567,,1970-01-01T00:00:00Z,", "under at is not a date"},
		{"+46701234567,,,soon", `"soon" under until is not a date`},
	} {
		text := "phone,name,at,until\n" + good + c.row + "\n" + good
		rows, bad, err := readAll(strings.NewReader(text), "")
		if err != nil || len(rows) != 2 || len(bad) != 1 || bad[0].Line != 3 || !strings.Contains(bad[0].Reason, c.want) {
			t.Errorf("%.60q: %d rows, %.200v, %v", c.row, len(rows), bad, err)
			continue
		}
		if line := 4 + strings.Count(c.row, "\n"); rows[1].Line != line {
			t.Errorf("%.60q: the row after it is on line %d, not %d", c.row, rows[1].Line, line)
		}
	}
}

// A quotation mark that nothing closes costs its own line only.
func TestOpenQuote(t *testing.T) {
	rows, bad, err := readAll(strings.NewReader("phone,name\n+46701234567,\"open\n+46701234568,fine\n"+strings.Repeat("\n", maxRow)+"+46701234569,fine"), "")
	if err != nil || len(bad) != 1 || bad[0].Line != 2 || len(rows) != 2 || rows[0].Line != 3 || rows[1].Line != 4+maxRow {
		t.Errorf("%v, %v, %v", rows, bad, err)
	}
}

func TestMoments(t *testing.T) {
	local := func(year int, month time.Month, day, hour, minute, second int) time.Time {
		return time.Date(year, month, day, hour, minute, second, 0, time.Local)
	}
	for text, want := range map[string]time.Time{
		"2026-11-29":                   local(2026, 11, 29, 0, 0, 0),
		" 2026-11-29 14:00 ":           local(2026, 11, 29, 14, 0, 0),
		"2026-11-29 14:00:05":          local(2026, 11, 29, 14, 0, 5),
		"2026-11-29T14:00":             local(2026, 11, 29, 14, 0, 0),
		"2026-11-29T14:00:00.123Z":     time.Date(2026, 11, 29, 14, 0, 0, 123e6, time.UTC),
		"2026-11-29T14:00:00+05:30":    time.Date(2026, 11, 29, 8, 30, 0, 0, time.UTC),
		"2026-11-29T14:00:00.1239999Z": time.Date(2026, 11, 29, 14, 0, 0, 123e6, time.UTC),
	} {
		if got, err := parseTime("at", text); err != nil || !got.Time().Equal(want) {
			t.Errorf("%q is %v, %v", text, got, err)
		}
	}
	// A day as an end ends as it is over, as everywhere else.
	if got, err := parseEnd("until", "2026-11-29", 0); err != nil || !got.Time().Equal(local(2026, 11, 30, 0, 0, 0)) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := parseEnd("until", "7d", 1000); err != nil || got != data.Moment(1000).Add(7*24*time.Hour) {
		t.Errorf("a span is %v, %v", got, err)
	}
	if got, err := parseEnd("until", " ", 0); got != 0 || err != nil {
		t.Errorf("%v, %v", got, err)
	}
}

// A file that cannot be read to its end gives no half row.
func TestReadFailure(t *testing.T) {
	broken := errors.New("the stick was pulled out")
	in := io.MultiReader(strings.NewReader("phone\n+46701234567\n+467012345"), failing{broken})
	rows, bad, err := readAll(in, "")
	if !errors.Is(err, broken) || len(rows) != 1 || len(bad) != 0 {
		t.Errorf("%v, %v, %v", rows, bad, err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// FuzzRead: whatever the file, there is no panic and no end of it, each row is
// good or has a reason, and what is held of it is bounded.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"", "phone", "phone,name\n+46701234567,Riya\n", "+46701234567\n0701234568\n", "sep=;\nphone;at\n1;2", "\ufeffphone\r\"\r\n\"\"",
		wideText(binary.LittleEndian, "phone\n+46701234567\n"), "\xff\xfe\x00", "\xfe\xff\xd8\x00", "phone\n\"open", "phone,name\n\"1\"2,\xff",
		"+46701234567,0701234568,SPAM*,", "pattern\n\\+44.*\n", "Name;Telefon\nBo;4.41E+11\n", "BEGIN:VCARD\nTEL;waid=1:2\nEND:VCARD",
		`{"original_number":"1","e164_number":null}`, "[\n{},", "Bo\n0701234567\n", "Phone 1 - Value,Phone 2 - Value\n1 ::: 2,3;4",
		"phone|until\n+46701234567|2026-11-29\n", "phone\tnote\n'+46701234567\t'=1;'=1",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		l, err := openList(bytes.NewReader(file), "SE", nil)
		if err != nil {
			if !errors.Is(err, ErrNotBlocklist) {
				t.Fatal(err)
			}
			return
		}
		checkList(t, l, len(file))
	})
}

// checkList reads a list of this many bytes to its end.
func checkList(t *testing.T, l *list, size int) {
	last, rows := 0, 0
	for more := true; more; {
		var results []rowResult
		results, more = l.appendRow(nil, "SE")
		for i, next := range results {
			if !more {
				if !errors.Is(next.readErr, io.EOF) || len(results) > 1 {
					t.Fatal(next.readErr)
				}
				break
			}
			if rows++; rows > size || next.row.Line < last || i == 0 && next.row.Line == last {
				t.Fatalf("row %d is on line %d, after %d", rows, next.row.Line, last)
			}
			last = next.row.Line
			if (next.err == nil) != (next.row.Phone != "") {
				t.Fatalf("line %d has %q and the fault %v", last, next.row.Phone, next.err)
			}
			if c, ok := l.table.(*csvReader); ok && (len(c.buf) > 2*maxRow || len(c.cells) > maxRow) {
				t.Fatalf("%d bytes are held", len(c.cells))
			}
			if next.err == nil && max(len(next.row.Name), len(next.row.Note), len(next.row.Reason), len(next.row.By)) > 2*maxCell+1 {
				t.Fatalf("line %d has a cell too long", last)
			}
		}
	}
}

// FuzzCards: whatever stands between the lines of a contact, it is a row or none.
func FuzzCards(f *testing.F) {
	for _, seed := range []string{
		"TEL;waid=447400123101:+44 7400 123101\r\nFN:Bo", "item1.TEL;type=\"a:b;c\":+46701234567\nitem1.X-ABLabel:x",
		"FN;ENCODING=QUOTED-PRINTABLE:=C3=\n=85\nTEL:1", "TEL:+467\n 0123\n\t4567\nPHOTO:AA\n BB", "BEGIN:VCARD\nN:a;b;c", "END:VCARD\nTEL:+46701234567",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, properties string) {
		text := beginCard + "\n" + properties + "\nEND:VCARD\n" + beginCard + "\nTEL:+46701234567\nFN:Last\nEND:VCARD\n"
		l, err := openList(strings.NewReader(text), "SE", nil)
		if err != nil {
			return // a zero byte makes it something else
		}
		checkList(t, l, len(text))
	})
}

// FuzzObjects: whatever an object in JSON has, it is a row or none, and those after it
// are read.
func FuzzObjects(f *testing.F) {
	for _, seed := range []string{
		`{"original_number":"070","e164_number":null}`, `{"phone":919137979401.0}`, `{"phone":["+46701234568",null,[{}]],"name":{"a":1}}`, `{`, `[{"phone":"+46701234568"},`,
		"]\n[\n,", `{"phone":"\ud800"}`, "null", "{}{}", `{"a":1,"a":2}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		text := `{"phone":"+46701234567"}` + "\n" + line + "\n" + `{"phone":"+46701234569"}`
		if strings.ContainsRune(line, 0) {
			return
		}
		good, _, err := readAll(strings.NewReader(text), "SE")
		if err != nil || len(good) < 2 || good[0].Phone != "+46701234567" || good[len(good)-1].Phone != "+46701234569" {
			t.Fatalf("%+v, %v", good, err)
		}
		l, err := openList(strings.NewReader(text), "SE", nil)
		if err != nil {
			t.Fatal(err)
		}
		checkList(t, l, len(text))
	})
}
