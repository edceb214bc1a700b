package blocklist

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// An object may go over lines of its own, in an array or not; a broken one costs itself
// and no other.
func TestImport_PrettyJSON(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"an array", `[
  {
    "name": "Test One",
    "phone": "+447700900101",
    "tags": [
      {
        "a": "}"
      }
    ]
  },
  {
    "name": "{",
    "phone": "+447700900102"
  }
]
`, "2: +447700900101 Test One\n11: +447700900102 {"},
		{"one after another", "{\n\t\"phone\": \"+447700900101\"\n}\n{\n\t\"phone\": \"+447700900102\"}\n{\"phone\": \"+447700900103\"}\n", "1: +447700900101\n4: +447700900102\n6: +447700900103"},
		{"brackets beside braces", "[{\n\"phone\": \"+447700900101\"\n}, \n{\n\"phone\": \"+447700900102\"\n}]", "1: +447700900101\n4: +447700900102"},
		{"a broken one", "{\"phone\": \"+447700900101\"}\n{\n  \"phone\": \"+4477\n{\n  \"phone\": \"+447700900102\"\n}\n", "1: +447700900101\n2: it is not a JSON object\n4: +447700900102"},
		{"half of one at the end", "{\"phone\": \"+447700900101\"}\n{\n  \"phone\": \"+447700900102\",\n", "1: +447700900101\n2: it is not a JSON object"},
		{"a line that is broken", "{\"phone\": \"+447700900101\"}\n{\"phone\": \n{\"phone\": \"+447700900102\"}\n", "1: +447700900101\n2: it is not a JSON object\n3: +447700900102"},
	} {
		if got := readLines(t, strings.NewReader(c.in), nil); !matches(got, c.want) {
			t.Errorf("%s is read as\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

// The columns are the keys of the first hundred objects, or of the first megabyte.
func TestJSONReader_KnowsTheKeysOfTheBeginning(t *testing.T) {
	object := func(i int, more string) string { return fmt.Sprintf(`{"phone":"+4477009%05d"%s}`, i, more) + "\n" }
	names := func(list string) (all []string) {
		good, bad, err := readAll(strings.NewReader(list), "")
		if err != nil || len(bad) > 0 {
			t.Fatalf("%v, %v", bad, err)
		}
		for _, row := range good {
			if row.Name != "" {
				all = append(all, fmt.Sprint(row.Line, " ", row.Name))
			}
		}
		if len(good) != strings.Count(list, "\n") {
			t.Errorf("%d rows of %d lines", len(good), strings.Count(list, "\n"))
		}
		return all
	}
	var hundred, hundredAndOne, large strings.Builder
	for i := range 99 {
		hundred.WriteString(object(i, ""))
	}
	hundredAndOne.WriteString(hundred.String() + object(99, ""))
	for i := range 20 {
		large.WriteString(object(i, `,"x":"`+strings.Repeat("x", 60<<10)+`"`))
	}
	for name, c := range map[string]struct {
		list string
		want []string
	}{
		"in the hundredth": {hundred.String() + object(100, `,"name":"Bo"`) + object(101, `,"name":"Asa"`), []string{"100 Bo", "101 Asa"}},
		"behind it":        {hundredAndOne.String() + object(101, `,"name":"Bo"`), nil},
		"in a megabyte":    {object(50, `,"name":"Bo"`) + large.String(), []string{"1 Bo"}},
		"behind it again":  {large.String() + object(50, `,"name":"Bo"`), nil},
	} {
		if got := names(c.list); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	broken := errors.New("the stick was pulled out")
	if _, err := openList(io.MultiReader(strings.NewReader(object(1, "")), failing{broken}), "", nil); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

func TestJSONReader_HasAThousandColumns(t *testing.T) {
	keys := make(map[string]string, maxColumns+5)
	for i := range maxColumns + 5 {
		keys[fmt.Sprintf("key%05d", i)] = "x"
	}
	raw, err := json.Marshal(keys)
	if err != nil {
		t.Fatal(err)
	}
	r, err := newJSONReader(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil || len(r.columns) != maxColumns || r.columns[maxColumns-1] != fmt.Sprintf("key%05d", maxColumns-1) {
		t.Errorf("%d columns, %v", len(r.columns), err)
	}
}

func TestImport_JSONValues(t *testing.T) {
	longest := strings.Repeat("x", maxCell)
	for _, c := range []struct{ in, want string }{
		{`{"phone":["+447700900101","",null,{"a":1},"+447700900102"]}`, "1: +447700900101\n1: +447700900102"},
		{`{"phone":"+447700900101","name":"` + longest + `"}`, "1: +447700900101 " + longest},
		{`{"phone":"+447700900102"}` + "\n" + `{"phone":"+447700900101","name":"` + longest + `x"}`, "1: +447700900102\n2: " + errCellTooLong.Error()},
		{" {\n  \"tags\": [\n   {\"a\": 1}\n  ],\n  \"phone\": \"+447700900101\"\n }", "1: +447700900101"},
	} {
		if got := readLines(t, strings.NewReader(c.in), nil); !matches(got, c.want) {
			t.Errorf("%.80s is read as\n%.200s\nwant\n%.200s", c.in, got, c.want)
		}
	}
}

func TestIsArrayOfObjects(t *testing.T) {
	for start, want := range map[string]bool{"[": true, "[ \n": true, "[{": true, "[ {": true, "[1": false, "[[": false, "{": false, "": false, "[]": false} {
		if got := isArrayOfObjects([]byte(start)); got != want {
			t.Errorf("%q: %v", start, got)
		}
	}
}
