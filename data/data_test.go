package data_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// constants returns the values of all string constants of a type, read from the
// source, so that a table in a test notices the one that was added later.
func constants(t *testing.T, file, typeName string) []string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var values []string
	ast.Inspect(tree, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if name, ok := spec.Type.(*ast.Ident); !ok || name.Name != typeName {
			return true
		}
		for _, v := range spec.Values {
			literal, ok := v.(*ast.BasicLit)
			if !ok {
				t.Fatalf("a %s in %s has no plain value", typeName, file)
			}
			value, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			values = append(values, value)
		}
		return true
	})
	if len(values) == 0 {
		t.Fatalf("no %s in %s", typeName, file)
	}
	slices.Sort(values)
	return values
}

// nasty draws text as the world sends it: words of many scripts, joined emoji,
// control and reordering characters, broken UTF-8.
func nasty() *rapid.Generator[string] {
	pieces := rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom([]string{
			"Riya", " ", "\n", "\r\n", "\r", "\t", "\x00", "\x1b[31m", "\x7f", "\u0085", "\u2028", "\u2029",
			"\u202a", "\u202e", "\u202c", "\u2066", "\u2069", "\ufeff", "\u200d", "\u200e", "\ufe0f", "\u00a0", "\u3000",
			"\xff", "\xc3", "\xed\xa0\x80", "\xf0\x9f", "\x80",
			"हिन्दी", "क्षत्रिय", "مرحبا", "שלום", "👩‍👩‍👧‍👦", "❤️", "🇮🇳", "1️⃣", "e\u0301", "É", "Ω", "ǅ", "İ", "ﬁ", "가",
		}),
		rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 8), func(b []byte) string { return string(b) }),
	)
	return rapid.Map(rapid.SliceOfN(pieces, 0, 12), func(all []string) string {
		text := ""
		for _, piece := range all {
			text += piece
		}
		return text
	})
}

// harmless fails the test where text holds what Clean must take away.
func harmless(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, text string,
) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Fatalf("%+q is no UTF-8", text)
	}
	for _, r := range text {
		control := r < ' ' && r != '\n' && r != '\t' || r >= 0x7F && r <= 0x9F
		reorders := r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
		if control || reorders || r == 0xFEFF || r == 0x2028 || r == 0x2029 {
			t.Fatalf("%+q holds %U", text, r)
		}
	}
}
