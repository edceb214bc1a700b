package data

import (
	"strings"
	"testing"
)

func TestParseSpelling_TakesTheLongest(t *testing.T) {
	const digits = "46701234567"
	for name, c := range map[string]struct{ text, problem string }{
		"a link of 1024 bytes": {"https://wa.me/" + digits + "?text=" + strings.Repeat("a", maxSpelling-len("https://wa.me/"+digits+"?text=")), ""},
		"a link of 1025 bytes": {"https://wa.me/" + digits + "?text=" + strings.Repeat("a", maxSpelling+1-len("https://wa.me/"+digits+"?text=")), lengthProblem},
		"a number of 64 bytes": {"+46" + strings.Repeat(" ", maxNumber-len("+"+digits)) + digits[2:], ""},
		"a number of 65 bytes": {"+46" + strings.Repeat(" ", maxNumber+1-len("+"+digits)) + digits[2:], lengthProblem},
	} {
		n, problem := parseSpelling(c.text)
		if problem != c.problem || problem == "" && n != (typedNumber{digits, true}) {
			t.Errorf("%s: %+v, %s", name, n, problem)
		}
	}
}

// Seven digits are enough for a number.
func TestBehind_TellsNumbersFromExtensions(t *testing.T) {
	for text, want := range map[string]string{
		"1234567":          "",
		"1234567,1234567":  severalProblem,
		"1234567,123456":   behindProblem,
		"1234567;1":        behindProblem,
		"123456,1":         "",
		"123456,1234567":   "",
		"123+4567890":      plusProblem,
		"1234567 1234567":  severalProblem,
		"123456 1234567":   "",
		"001234567 123456": "",
	} {
		if got := behind(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestDigit_OfAnyScript(t *testing.T) {
	for text, want := range map[rune]rune{'0': 0, '9': 9, '\u0660': 0, '\u0669': 9, '\uFF19': 9, '\U000104A0': 0, '\U000104A9': 9, '\U0001D7D7': 9, '\U0001D7D8': 0, '\U0001D7FF': 9} {
		if got, ok := digit(text); !ok || got != want {
			t.Errorf("%U is %d, %v", text, got, ok)
		}
	}
	for _, r := range "/:\u065F\u066A\U0001049F\U000104AA\U0001D7CD\U0001D800\U0010FFFF" {
		if _, ok := digit(r); ok {
			t.Errorf("%U is a digit", r)
		}
	}
}

func TestCutPrefixFold_TakesThePrefixAlone(t *testing.T) {
	for text, want := range map[string]string{"TEL:": "", "tel:1": "1", "tel": "tel", "x": "x"} {
		if rest, ok := cutPrefixFold(text, "tel:"); rest != want || ok != (len(text) >= len("tel:")) {
			t.Errorf("%q: %q, %v", text, rest, ok)
		}
	}
	if !hasSuffixFold("@G.US", "@g.us") || hasSuffixFold("g.us", "@g.us") || !hasSuffixFold("1@g.us", "@g.us") {
		t.Error("a suffix is found in capitals, and alone")
	}
}

func TestPlainCharacters_DropsWhatCannotBeSeen(t *testing.T) {
	if got := plainCharacters("\u202a\uFF0B46\u00a0\u200b\u0667\u0660\u202c\n"); got != "+46 70" {
		t.Errorf("%q", got)
	}
}
