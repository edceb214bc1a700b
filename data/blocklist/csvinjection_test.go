package blocklist

import (
	"encoding/csv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEscapeFormula(t *testing.T) {
	for _, c := range []struct{ plain, cell string }{
		{"", ""},
		{"Riya", "Riya"},
		{"'quoted'", "'quoted'"},
		{"O'Hara, 5-6 = -1", "O'Hara, 5-6 = -1"},
		{"+46701234567", "'+46701234567"},
		{"=1+1", "'=1+1"},
		{"-1", "'-1"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\ttab", "'\ttab"},
		{"\rreturn", "'\rreturn"},
		{"\nline", "'\nline"},
		{"＝1", "'＝1"},
		{"'=1", "''=1"},
		{"  =1", "'  =1"},
		{`"=1"`, `'"=1"`},
		{"a;=1", "a;'=1"},
		{"a\n=1\n@b", "a\n'=1\n'@b"},
		{`;"=1`, `;'"=1`},
	} {
		if got := escapeFormula(c.plain); got != c.cell {
			t.Errorf("%q goes out as %q, not %q", c.plain, got, c.cell)
		}
		if got := unescapeFormula(c.cell); got != c.plain {
			t.Errorf("%q comes in as %q, not %q", c.cell, got, c.plain)
		}
	}
}

// nasty draws what is hard to carry in a cell.
func nasty() *rapid.Generator[string] {
	pieces := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"=", "+", "-", "@", "'", "''", `"`, `""`, ",", ";", "\t", "|", "\n", "\r\n", "\r", " ", "＝", "=1+1", "cmd", "Riya",
		"हिन्दी", "مرحبا", "👩‍👩‍👧‍👦", "❤️", "\ufeff", "\u2028", "\u00a0", `\.`,
	}))
	return rapid.Map(rapid.SliceOfN(pieces, 0, 8), func(all []string) string { return strings.Join(all, "") })
}

func TestEscapeFormula_RoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := nasty().Draw(t, "text")
		if got := unescapeFormula(escapeFormula(text)); got != text {
			t.Fatalf("%q came back as %q", text, got)
		}
	})
}

// Whatever a spreadsheet takes for the separator, no cell begins a formula.
func TestEscapeFormula_AnySeparator(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		row := []string{"'+46701234567", escapeFormula(nasty().Draw(t, "name")), escapeFormula(nasty().Draw(t, "note"))}
		var b strings.Builder
		out := csv.NewWriter(&b)
		if err := out.Write(row); err != nil {
			t.Fatal(err)
		}
		out.Flush()
		for _, separator := range ",;\t|" {
			for _, cell := range strings.FieldsFunc(b.String(), func(r rune) bool { return r == separator || r == '\n' || r == '\r' }) {
				if cell = strings.Trim(cell, `" `); cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
					t.Fatalf("split at %q, %q has the formula %q", separator, b.String(), cell)
				}
			}
		}
	})
}
