package blocklist

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestPhoneColumns_AreTwentyAtMost(t *testing.T) {
	var keys []string
	for i := range 25 {
		keys = append(keys, fmt.Sprintf("phone%dvalue", i+1))
	}
	if got, either := phoneColumns(keys); len(got) != maxPhoneColumns || got[maxPhoneColumns-1] != maxPhoneColumns-1 || either {
		t.Errorf("%v, %v", got, either)
	}
}

func TestLayout_CountsWhatItKnows(t *testing.T) {
	for names, want := range map[string]int{"phone": 1, "phone,name": 2, "name": 0, "phone,name,note,until,other": 4} {
		l, err := newLayout(strings.Split(names, ","), nil)
		if got := l.knownColumns(); got != want || err != nil {
			t.Errorf("%s: %d, %v", names, got, err)
		}
	}
}

func TestDetectLayout_OfWhatCannotBeRead(t *testing.T) {
	broken := errors.New("the stick was pulled out")
	if _, err := newCSVReader(failing{broken}).detectLayout("", nil); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if _, err := newCSVReader(strings.NewReader("")).detectLayout("", nil); err != errEmpty {
		t.Errorf("%v", err)
	}
}

func TestFirstLine(t *testing.T) {
	for text, want := range map[string]string{"": "", "a": "a", "a\nb": "a", "a\rb": "a", "\na": "", "\r\na": ""} {
		if got := string(firstLine([]byte(text))); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// Where several separators make a column of phone numbers, that counts which makes more
// columns, and of those alike the usual one.
func TestDetectLayout_ChoosesTheSeparator(t *testing.T) {
	for head, want := range map[string]string{
		"phone,a;phone;b":        "; [1]",
		"phone,a;phone":          ", [0]",
		"phone;name,x":           "; [0]",
		"phone,name,x;phone;b;c": ", [0]", // two columns are known
		"a,phone;name":           "; []",
	} {
		r := newCSVReader(strings.NewReader(head + "\n"))
		l, err := r.detectLayout("", nil)
		if want == "; []" {
			if unknown := (*ColumnsError)(nil); !errors.As(err, &unknown) {
				t.Errorf("%s: %v", head, err)
			}
			continue
		}
		if got := fmt.Sprintf("%c %v", r.separator, l.columns[phoneField]); got != want || err != nil {
			t.Errorf("%s: %s, want %s (%v)", head, got, want, err)
		}
	}
}

// A file without names of columns is taken if it is phone numbers and little else.
func TestDetectLayout_OfNumbersAlone(t *testing.T) {
	others := func(n int) string { return strings.Repeat("somebody\n", n) }
	for text, want := range map[string]string{
		"+447400123101,+46701740605":           "1: +447400123101\n2: +46701740605",
		"+447400123101,+46701740605\n":         "1: +447400123101\n2: +46701740605",
		"+447400123101;+46701740605\r\n \t\n":  "1: +447400123101\n2: +46701740605",
		"+447400123101,+46701740605\n \nx\n":   "this is not a list of customers",
		"Bo,+46701740605":                      "this is not a list of customers",
		others(9) + "0701740605\n":             strings.Repeat("*\n", 9) + "10: +46701740605",
		others(10) + "0701740605\n":            "this is not a list of customers",
		"Bo\r0701740605\r":                     "*\n2: +46701740605",
		"Bo\r\n0701740605":                     "*\n2: +46701740605",
		"Bo\n0701740605\nx,y\n":                "this is not a list of customers",
		"Bo\n0701740605\n" + others(9) + "x,y": "*\n2: +46701740605" + strings.Repeat("\n*", 10),
		"\"":                                   "this is not a list of customers",
		"\" \n":                                "this is not a list of customers",
	} {
		got := strings.Split(readLines(t, strings.NewReader(text), nil), "\n")
		wanted := strings.Split(want, "\n")
		if !slices.EqualFunc(got, wanted, func(line, want string) bool { return want == "*" || strings.HasPrefix(line, want) }) {
			t.Errorf("%.60q is read as\n%s\nwant\n%s", text, strings.Join(got, "\n"), want)
		}
	}
}

// A row with a number of five digits in the column that was chosen is no row of names.
func TestMapping_FirstRowWithFiveDigits(t *testing.T) {
	for list, want := range map[string]string{"12345;Bo\n": "1: \"12345\"", "1234;Bo\n+447400123101;Bo\n": "2: +447400123101"} {
		if got := readLines(t, strings.NewReader(list), Mapping{"phone": {"1"}, "name": nil}); !matches(got, want) {
			t.Errorf("%q is read as\n%s\nwant\n%s", list, got, want)
		}
	}
}
