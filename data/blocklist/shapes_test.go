package blocklist

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every kind of list that people bring, as other programs write it (the people and
// their numbers are made up), with what is read and what is refused of it. The desk is
// in Sweden.
func TestImport_Shapes(t *testing.T) {
	for file, want := range map[string]string{
		"doubletick.csv": `2: +919137979401 Asha Test
3: +919137979402 Rao, Test`,
		"chatwoot.csv": `2: +447400123101 Test One
3: the phone number is missing
4: +447400123103 Test Three`,
		"freepbx.csv": `2: +46701740605 (Telemarketer)
3: +46701740606
4: "anonymous": this is not a phone number`,
		"freepbx-empty.csv": ``,
		"google.csv": `2: +46701740605 Test Person
2: +447400123101 Test Person
2: +447400123102 Test Person
3: the phone number is missing
4: +46701740607 Local Number
4: "not a number": this is not a phone number`,
		"phone-blocker.txt": `1: +447400123101
2: +46701740605
3: "SPAM*": this is a pattern
4: +447400123102
5: "Casino Royal": this is not a phone number
6: "+4477009*": this is a pattern`,
		"sms-ie.ndjson": `1: +46701740605
2: +447400123101
3: "Bank": this is not a phone number
4: the phone number is missing`,
		"spamblocker.csv": `2: "\\+44.*": this is a pattern
3: "0900\\d+": this is a pattern
4: "^\\+?91[0-9]{10}$": this is a pattern
5: +447400123101
6: "9191379794": this is a pattern`,
		"contacts.vcf": `1: +573001234567 Test Shop
8: +447400123101 Test Person
8: +46701740605 Test Person
18: +46701740606 Åsa Öberg
24: the phone number is missing
29: +5215512345678 Older Account`,
		"spreadsheet.csv": damaged, "utf16.csv": damaged, "utf16-no-mark.csv": damaged,
	} {
		in, err := os.Open(filepath.Join("testdata", "lists", file))
		if err != nil {
			t.Fatal(err)
		}
		if got := readLines(t, in, nil); !matches(got, want) {
			t.Errorf("%s is read as\n%s\nwant\n%s", file, got, want)
		}
		in.Close()
	}
}

const damaged = `2: +447400123101 ganz
3: +447400123102 Null
4: +447400123103 Komma
5: "4.41E+11": this is not a phone number any more
6: +447400123104 exakt
7: +447400123105 Strich
8: +447400123106 Raum
9: +447400123107 Formel
10: +46701740605 führend
11: +447400123108 Gruppen`

// readLines returns what is read of a list, one phone number or fault a line.
func readLines(t *testing.T, in interface{ Read([]byte) (int, error) }, columns Mapping) string {
	t.Helper()
	l, err := openList(in, "SE", columns)
	if err != nil {
		return err.Error()
	}
	var lines []string
	for more := true; more; {
		var results []rowResult
		results, more = l.appendRow(nil, "SE")
		for _, next := range results {
			switch {
			case !more && !errors.Is(next.readErr, io.EOF):
				lines = append(lines, next.readErr.Error())
			case !more:
			case next.err != nil:
				lines = append(lines, fmt.Sprintf("%d: %v", next.row.Line, next.err))
			default:
				line := fmt.Sprintf("%d: %s %s", next.row.Line, next.row.Phone, next.row.Name)
				if next.row.Note != "" {
					line += "(" + next.row.Note + ")"
				}
				lines = append(lines, strings.TrimSpace(line))
			}
		}
	}
	return strings.Join(lines, "\n")
}

// matches reports whether each line begins as it should.
func matches(got, want string) bool {
	lines, wanted := strings.Split(got, "\n"), strings.Split(want, "\n")
	if len(lines) != len(wanted) || want == "" && got != "" {
		return false
	}
	for i := range lines {
		if !strings.HasPrefix(lines[i], wanted[i]) {
			return false
		}
	}
	return true
}

// Columns are recognised in any case and order, by the names that other programs and
// other languages have for them.
func TestLayout_RecognisesColumns(t *testing.T) {
	for names, want := range map[string]string{
		"phone,name":                         "[0] [1]",
		"NAME,Phone Number":                  "[1] [0]",
		"mobile,phone":                       "[1] []",
		"Teléfono;Nombre":                    "[0] [1]",
		"telefono|nombre":                    "[0] [1]",
		"Vorname;Nachname;HANDY-NUMMER":      "[2] [0 1]",
		"Prénom,Nom de famille,N°,Téléphone": "[3] [0 1]",
		"नाम,मोबाइल नंबर":                    "[1] [0]",
		"姓名,手机号码":                            "[1] [0]",
		"имя;Номер телефона":                 "[1] [0]",
		"Name,Phone 1 - Type,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value": "[2 4] [0]",
		"Name,Agent Phone":            "",
		"id,order number":             "",
		"phone_number,phone":          "[1] []",
		"original_number,e164_number": "[1 0] []",
		"number,description":          "[0] []",
	} {
		l, err := openList(strings.NewReader(names+"\n"), "SE", nil)
		got := ""
		if err == nil {
			got = fmt.Sprint(l.layout.columns[phoneField], l.layout.columns[nameField])
		}
		if got != want {
			t.Errorf("%s is read as %s, not %s (%v)", names, got, want, err)
		}
	}
}

// A mapping chooses columns by name or number, several of them, or none.
func TestMapping_ChoosesColumns(t *testing.T) {
	const list = "Name,Phone 1 - Value,Phone 2 - Value,Ruf\nBo,+447400123101,+447400123102,+447400123103\n"
	for choice, want := range map[string]string{
		"":                          "2: +447400123101 Bo\n2: +447400123102 Bo",
		"phone=phone 2 - value":     "2: +447400123102 Bo",
		"phone=Ruf":                 "2: +447400123103 Bo",
		"phone=ruf|phone=2":         "2: +447400123103 Bo\n2: +447400123101 Bo",
		"phone=4|name=":             "2: +447400123103",
		"PHONE=Ruf|note=Name|name=": "2: +447400123103 (Bo)",
		"phone=":                    "this is not a list of customers: its first line must name the columns",
		"phone=Mobile":              `this is not a list of customers: it has no column "Mobile"`,
		"phone=9":                   `this is not a list of customers: it has no column "9"`,
	} {
		var texts []string
		if choice != "" {
			texts = strings.Split(choice, "|")
		}
		columns, err := ParseMapping(texts)
		if err != nil {
			t.Fatal(err)
		}
		if got := readLines(t, strings.NewReader(list), columns); !matches(got, want) {
			t.Errorf("%s is read as\n%s\nwant\n%s", choice, got, want)
		}
	}
	for _, wrong := range []string{"", "phone", "=Ruf", "telephone=Ruf"} {
		if _, err := ParseMapping([]string{wrong}); err == nil {
			t.Errorf("%q is a mapping", wrong)
		}
	}
}

// A list without names of columns is read by their numbers, the first line included.
func TestMapping_NoHeader(t *testing.T) {
	const list = "Bo;+447400123101\nÅsa;+447400123102\n"
	if got := readLines(t, strings.NewReader(list), Mapping{"phone": {"2"}, "name": {"1"}}); got != "1: +447400123101 Bo\n2: +447400123102 Åsa" {
		t.Errorf("it is read as\n%s", got)
	}
	if got := readLines(t, strings.NewReader(list), nil); !strings.HasSuffix(got, "must be phone") {
		t.Errorf("it is read as\n%s", got)
	}
}

// What a file did to a number is undone only where no digit was lost.
func TestParsePhone_Damage(t *testing.T) {
	for text, want := range map[string]string{
		"447400123101.":             "+447400123101",
		"+447400123101.000":         "+447400123101",
		"4.47400123101E+11":         "+447400123101",
		"4,47400123101e11":          "+447400123101",
		"+4.47400123101000E+11":     "+447400123101",
		"\u202a+447400123101\u202c": "+447400123101",
		"\u00a0'+44 7400 123101' ":  "+447400123101",
		"4.474001231012E+11":        "", // half a digit
		"4.4740012310E+11":          "",
		"4.48E+11":                  "",
		"4E+11":                     "",
		"+44740012310?":             "",
		"+4474001231[0-9]":          "",
		"4474001231..":              "",
		"447400123.+":               "",
	} {
		got, err := parsePhone(text, "SE")
		if string(got) != want || (err == nil) != (want != "") {
			t.Errorf("%q is read as %q, %v", text, got, err)
		}
	}
}
