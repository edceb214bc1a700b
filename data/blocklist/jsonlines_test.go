package blocklist

import (
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
