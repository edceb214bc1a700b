package blocklist

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

// part is a file in a spreadsheet's archive.
type part struct{ name, text string }

// workbook returns a spreadsheet with these sheets, whose rows are XML, and these
// shared strings.
func workbook(shared []string, sheets ...string) []byte {
	var list, relations, types strings.Builder
	parts := []part{{"xl/sharedStrings.xml", xmlHead + `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">` + sharedItems(shared) + `</sst>`}}
	for i, rows := range sheets {
		n := i + 1
		fmt.Fprintf(&list, `<sheet name="Sheet %d" sheetId="%d" r:id="rId%d"/>`, n, n, n)
		fmt.Fprintf(&relations, `<Relationship Id="rId%d" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet%d.xml"/>`, n, n)
		fmt.Fprintf(&types, `<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`, n)
		parts = append(parts, part{fmt.Sprintf("xl/worksheets/sheet%d.xml", n), xmlHead +
			`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows + `</sheetData></worksheet>`})
	}
	parts = append(parts,
		part{"[Content_Types].xml", xmlHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>` + types.String() + `</Types>`},
		part{"_rels/.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		part{"xl/workbook.xml", xmlHead + `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>` + list.String() + `</sheets></workbook>`},
		part{"xl/_rels/workbook.xml.rels", xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` + relations.String() + `</Relationships>`},
	)
	return archive(parts...)
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8"?>`

func sharedItems(texts []string) string {
	var b strings.Builder
	for _, text := range texts {
		b.WriteString("<si><t>" + text + "</t></si>")
	}
	return b.String()
}

func archive(parts ...part) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range parts {
		if out, err := w.Create(p.name); err == nil {
			_, _ = io.WriteString(out, p.text)
		}
	}
	_ = w.Close()
	return b.Bytes()
}

// row returns a row of cells with inline text; what begins with # is a number.
func row(n int, cells ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="%d">`, n)
	for i, text := range cells {
		name := fmt.Sprintf("%c%d", 'A'+i, n)
		if number, ok := strings.CutPrefix(text, "#"); ok {
			fmt.Fprintf(&b, `<c r="%s"><v>%s</v></c>`, name, number)
		} else if text != "" {
			fmt.Fprintf(&b, `<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, name, text)
		}
	}
	return b.String() + "</row>"
}

func TestImport_Spreadsheet(t *testing.T) {
	empty, other := "", row(1, "Product", "Price")+row(2, "Pen", "#1.5")
	customers := row(2, "Blocked customers") + row(4, "Kunde", "Telefon", "until") +
		row(5, "stored as a number", "#447400123101") + row(6, "as Google stores it", "#4.47400123102E11") + row(7, "with zeros at its end", "#4.47400123E11") +
		row(9, "text", "+447400123103", "2030-01-01") + row(10, "rounded", "4.41E+11") + row(11, "zero lost", "#701740605", "#47484") +
		row(12, "decimals", "#447400123104.0", "#47484.5") + row(13, "a word", "unlisted") + row(14, "", "") + row(15, "no number", "") +
		`<row r="16"><c r="A16" t="s"><v>1</v></c><c r="B16" t="s"><v>0</v></c></row>`
	const want = `5: +447400123101 stored as a number
6: +447400123102 as Google stores it
7: +447400123000 with zeros at its end
9: +447400123103 text
10: "4.41E+11": this is not a phone number any more
11: +46701740605 zero lost
12: +447400123104 decimals
13: "unlisted": this is not a phone number
15: the phone number is missing
16: +447400123105 shared`
	file := workbook([]string{"+447400123105", "shared"}, empty, other, customers)
	if got := readLines(t, bytes.NewReader(file), nil); !matches(got, want) {
		t.Errorf("it is read as\n%s", got)
	}
	good, _, err := readAll(bytes.NewReader(file), "SE")
	if err != nil || len(good) != 7 {
		t.Fatal(good, err)
	}
	for i, until := range map[int]string{3: "2030-01-02 00:00", 4: "2030-01-02 00:00", 5: "2030-01-01 12:00"} {
		if got := good[i].Until.Time().Format("2006-01-02 15:04"); got != until {
			t.Errorf("%s ends at %s, not %s", good[i].Name, got, until)
		}
	}
	chosen := Mapping{"phone": {"price"}, "name": {"Product"}}
	if got := readLines(t, bytes.NewReader(file), chosen); !matches(got, `2: "1.5": this is not a phone number`) {
		t.Errorf("chosen it is read as\n%s", got)
	}
	if got := readLines(t, bytes.NewReader(workbook(nil, row(1, "#447400123101")+row(2, "bob"))), nil); !matches(got, "1: +447400123101\n2: \"bob\"") {
		t.Errorf("numbers alone are read as\n%s", got)
	}
	if got := readLines(t, bytes.NewReader(workbook(nil, other)), nil); !strings.HasSuffix(got, "must be phone") {
		t.Errorf("a price list is read as\n%s", got)
	}
	if got := readLines(t, bytes.NewReader(workbook(nil, empty)), nil); !strings.HasSuffix(got, "it is empty") {
		t.Errorf("nothing is read as\n%s", got)
	}
}

// What is made to harm costs a bounded time and no memory, and says what it is.
func TestImport_HostileSpreadsheet(t *testing.T) {
	const head = `<row r="1"><c r="A1" t="inlineStr"><is><t>phone</t></is></c></row>`
	emptyRows := head + strings.Repeat(`<row/>`, 1_000_000-2) + row(1_000_000, "+447400123101")
	whole := workbook(nil, head+row(2, "+447400123101"))
	parts := make([]part, maxSheetParts+1)
	for i := range parts {
		parts[i].name = fmt.Sprint(i)
	}
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"a million empty rows":     {workbook(nil, emptyRows), "1000000: +447400123101"},
		"a row beyond all others":  {workbook(nil, head+row(2, "+447400123101")+row(2_000_000_000, "+447400123102")), "2: +447400123101\nthe spreadsheet is damaged"},
		"a bomb":                   {saySize(whole, maxSheetSize+1), "this is not a list of customers: it is too large"},
		"a bomb that lies":         {saySize(workbook(nil, strings.Repeat(" ", 1<<20)), 100), "this is not a list of customers: it is not an .xlsx spreadsheet"},
		"too many files":           {archive(parts...), "this is not a list of customers: it is too large"},
		"cut":                      {whole[:len(whole)-30], "this is not a list of customers: it is not an .xlsx spreadsheet"},
		"another byte":             {flip(whole), "this is not a list of customers: it is not an .xlsx spreadsheet"},
		"no workbook":              {archive(part{"word/document.xml", "<x/>"}), "this is not a list of customers: it is not an .xlsx spreadsheet"},
		"a string before all":      {workbook([]string{"x"}, head+`<row r="2"><c r="A2" t="s"><v>-1</v></c></row>`), "the spreadsheet is damaged"},
		"a string beyond all":      {workbook(nil, head+`<row r="2"><c r="A2" t="s"><v>7</v></c></row>`), `2: "7": this is not a phone number`},
		"a column beyond all":      {workbook(nil, head+`<row r="2"><c r="ZZZZ2"><v>1</v></c></row>`), "the spreadsheet is damaged"},
		"an older spreadsheet":     {[]byte("\xD0\xCF\x11\xE0rest"), "this is not a list of customers: it is an older spreadsheet"},
		"wide rows":                {workbook(nil, head+strings.Repeat(`<row><c r="XFD2"><v>1</v></c></row>`, 2000)), wideRows()},
		"a cell longer than a row": {workbook(nil, head+row(2, strings.Repeat("1", maxCell+1))+row(3, "+447400123101")), "2: a cell is longer than 64 KB\n3: +447400123101"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := readLines(t, bytes.NewReader(c.file), nil); !matches(got, c.want) {
				t.Errorf("it is read as\n%.300s", got)
			}
		})
	}
}

// wideRows is what is read of rows whose only cell is in the last column, up to the
// limit of all cells.
func wideRows() string {
	var b strings.Builder
	for i := range (maxSheetCells - 1) / 16384 {
		fmt.Fprintf(&b, "%d: the phone number is missing\n", i+2)
	}
	return b.String() + "the spreadsheet is damaged"
}

// saySize makes every file of an archive say that it unpacks to this many bytes.
func saySize(file []byte, size uint32) []byte {
	file = bytes.Clone(file)
	for i := 0; ; {
		at := bytes.Index(file[i:], []byte("PK\x01\x02"))
		if at < 0 {
			return file
		}
		i += at + 4
		binary.LittleEndian.PutUint32(file[i+20:], size)
	}
}

// flip changes a byte in the middle of a packed sheet.
func flip(file []byte) []byte {
	file = bytes.Clone(file)
	file[bytes.Index(file, []byte("sheet1.xml"))+60] ^= 0x55
	return file
}

// A large sheet is unpacked into a temporary file, which does not stay, whether the
// list is read to its end or not.
func TestImport_SpreadsheetLeavesNoFiles(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, folder)
	}
	file := workbook(nil, strings.Repeat("<row/>", 100)+strings.Repeat(" ", inMemory)+row(101, "phone")+row(102, "+447400123101"), row(1, "phone"))
	var during int
	l, err := openList(bytes.NewReader(file), "SE", nil)
	if err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(folder)
	if during = len(left); err != nil || during == 0 {
		t.Fatalf("%d files while it is read: %v", during, err)
	}
	l.close()
	if got := readLines(t, bytes.NewReader(file), nil); got != "102: +447400123101" {
		t.Errorf("it is read as %s", got)
	}
	if left, err = os.ReadDir(folder); err != nil || len(left) > 0 {
		t.Errorf("%v stayed: %v", left, err)
	}
}

// The names of the columns stand in one of the first ten rows, under titles of one cell.
func TestImport_SpreadsheetTitles(t *testing.T) {
	titled := func(n int) []byte {
		var rows strings.Builder
		for i := range n {
			rows.WriteString(row(i+1, "Our people"))
		}
		return workbook(nil, rows.String()+row(n+1, "phone", "name")+row(n+2, "+447400123101", "Bo"))
	}
	for name, c := range map[string]struct {
		file    []byte
		columns Mapping
		want    string
	}{
		"nine titles":        {titled(9), nil, "11: +447400123101 Bo"},
		"ten titles":         {titled(10), nil, "this is not a list of customers: its first line must name the columns"},
		"four digits":        {workbook(nil, row(1, "1234")+row(2, "phone", "name")+row(3, "+447400123101", "Bo")), nil, "3: +447400123101 Bo"},
		"five digits":        {workbook(nil, row(1, "12345")+row(2, "phone", "name")+row(3, "+447400123101", "Bo")), nil, "this is not a list of customers: its first line must name the columns"},
		"a column of words":  {workbook(nil, row(1, "Bo")+row(2, "Ada")), nil, "this is not a list of customers: its first line must name the columns"},
		"a column not there": {titled(0), Mapping{"phone": {"Ruf"}}, `this is not a list of customers: it has no column "Ruf"`},
	} {
		if got := readLines(t, bytes.NewReader(c.file), c.columns); !matches(got, c.want) {
			t.Errorf("%s: it is read as\n%s", name, got)
		}
	}
}

// Some spreadsheets count the days from 1904.
func TestImport_SpreadsheetOf1904(t *testing.T) {
	file := workbook(nil, row(1, "phone", "until")+row(2, "+447400123101", "#46022"))
	archived, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var parts []part
	for _, f := range archived.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, part{f.Name, strings.Replace(string(text), "<sheets>", `<workbookPr date1904="1"/><sheets>`, 1)})
	}
	for name, c := range map[string]struct {
		file []byte
		want string
	}{"1900": {file, "2026-01-01"}, "1904": {archive(parts...), "2030-01-02"}} {
		good, bad, err := readAll(bytes.NewReader(c.file), "")
		if err != nil || len(bad) != 0 || len(good) != 1 {
			t.Fatalf("%s: %v, %v, %v", name, good, bad, err)
		}
		if got := good[0].Until.Time().Format("2006-01-02"); got != c.want {
			t.Errorf("from %s the block ends on %s, want %s", name, got, c.want)
		}
	}
}

func TestStoredNumber_WritesWholeNumbersOut(t *testing.T) {
	for text, want := range map[string]string{"4.47400123101E11": "447400123101", "9.99E14": "999000000000000", "1.0E15": "1.0E15", "4.4E+11": "4.4E+11", "12": "12", "1.5E0": "1.5"} {
		if got := storedNumber(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestDateText_OfDaysUpTo2173(t *testing.T) {
	r := &sheetReader{}
	for text, want := range map[string]string{
		"47484": "2030-01-01", "47484.5": "2030-01-01 12:00:00", "1": "1899-12-31", "0.5": "0.5", "0": "0", "100000": "2173-10-14", "100001": "100001", "soon": "soon", "": "", "-1": "-1",
	} {
		if got := r.dateText(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestRowFault_FromTheLongestCellOn(t *testing.T) {
	longest := strings.Repeat("x", maxCell)
	if err := rowFault([]string{"", longest}); err != nil {
		t.Error(err)
	}
	if err := rowFault([]string{"", longest + "x"}); !errors.Is(err, errCellTooLong) {
		t.Errorf("a byte more: %v", err)
	}
}

func TestCheckArchive_CountsItsParts(t *testing.T) {
	parts := make([]part, maxSheetParts)
	for i := range parts {
		parts[i].name = fmt.Sprint(i)
	}
	if err := checkArchive(archive(parts...)); err != nil {
		t.Error(err)
	}
	if err := checkArchive(archive(append(parts, part{name: "more"})...)); !errors.Is(err, errSheetTooLarge) {
		t.Errorf("one more: %v", err)
	}
}

// noSpreadsheet reads as zeros for ever.
type noSpreadsheet struct{}

func (noSpreadsheet) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestOpenBook_ReadsUpToItsLimit(t *testing.T) {
	for size, want := range map[int64]error{maxSheetFile: errNotSpreadsheet, maxSheetFile + 1: errSheetTooLarge} {
		if _, err := openBook(io.LimitReader(noSpreadsheet{}, size)); !errors.Is(err, want) {
			t.Errorf("%d bytes: %v, want %v", size, err, want)
		}
	}
	if _, err := openBook(noSpreadsheet{}); !errors.Is(err, errSheetTooLarge) {
		t.Errorf("without an end: %v", err)
	}
}

// FuzzSheet: whatever stands in a sheet and among its strings, there is no panic and an
// end.
func FuzzSheet(f *testing.F) {
	for _, seed := range [][2]string{
		{row(1, "phone", "until") + row(2, "+447400123101", "#46000.5"), ""},
		{`<row r="1"><c r="A1" t="s"><v>0</v></c></row>`, "<si><t>phone</t></si>"},
		{`<row r="9"/><row r="2"><c t="s"><v>-1</v></c></row>`, ""},
		{`<row><c r="XFD1" t="b"><v>1</v></c></row>`, "<si/>"},
		{`<c t="d"><v>2026-01-01</v></c><row><c t="e"><f>1</f></c>`, "<si><r><t>a</t></r></si>"},
		{`<row r="-1"><c r="A0" s="99"><is/></c></row>`, ""},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, rows, shared string) {
		file := workbook([]string{shared}, rows, row(1, "phone")+row(2, "+447400123101"))
		l, err := openList(bytes.NewReader(file), "SE", nil)
		if err != nil {
			if l != nil {
				l.close()
			}
			if !errors.Is(err, ErrNotBlocklist) {
				t.Fatal(err)
			}
			return
		}
		for count, more := 0, true; more; count++ {
			var results []rowResult
			results, more = l.appendRow(nil, "SE")
			for _, next := range results {
				if more && (next.err == nil) != (next.row.Phone != data.Phone("")) {
					t.Fatalf("line %d has %q and the fault %v", next.row.Line, next.row.Phone, next.err)
				}
			}
			if count > maxSheetRows {
				t.Fatal("it does not end")
			}
		}
	})
}
