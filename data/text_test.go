package data_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
)

// whole are texts that must come through untouched.
var whole = map[string]string{
	"plain":              "How to proceed with that?",
	"lines and tabs":     "one\n\ttwo\n",
	"Hindi":              "नमस्ते, क्षत्रिय ज़िंदगी",
	"Arabic":             "مرحبا، كيف الحال؟",
	"Hebrew":             "שלום",
	"Persian non-joiner": "می\u200cخواهم",
	"Malayalam joiner":   "ന\u200d",
	"family":             "👩\u200d👩\u200d👧\u200d👦",
	"heart":              "❤\ufe0f",
	"keycap":             "1\ufe0f\u20e3",
	"flag":               "🇮🇳",
	"skin":               "👍🏽",
	"flag of tags":       "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
	"direction marks":    "\u200eabc\u200f",
	"combining":          "e\u0301",
	"replacement":        "\ufffd",
	"last of Unicode":    "\U0010ffff",
}

func TestCleanKeeps(t *testing.T) {
	for name, text := range whole {
		if got := data.Clean(text); got != text {
			t.Errorf("%s: %+q became %+q", name, text, got)
		}
	}
}

func TestCleanTakesAway(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", ""},
		{"NUL", "a\x00b", "ab"},
		{"escape sequence", "\x1b[31mred\x1b[0m", "[31mred[0m"},
		{"delete", "a\x7fb", "ab"},
		{"C1 control", "a\u009bb", "ab"},
		{"vertical tab and form feed", "a\v\fb", "ab"},
		{"Windows line", "a\r\nb\r\n", "a\nb\n"},
		{"old Macintosh line", "a\rb", "a\nb"},
		{"line and paragraph separator", "a\u2028b\u2029c", "a\nb\nc"},
		{"overrides", "invoice\u202efdp.exe\u202c", "invoicefdp.exe"},
		{"all that reorder", "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069x\ufeff", "x"},
		{"broken UTF-8", "a\xffb\xc3", "a\ufffdb\ufffd"},
		{"half a surrogate", "\xed\xa0\xbd", "\ufffd"},
	} {
		if got := data.Clean(c.text); got != c.want {
			t.Errorf("%s: got %+q, want %+q", c.name, got, c.want)
		}
	}
}

func TestCleanCutsAtAMegabyte(t *testing.T) {
	const note = "[cut: the message was longer than 1 MB]"
	for _, c := range []struct {
		name, text string
		cut        bool
	}{
		{"exactly a megabyte", strings.Repeat("x", data.MaxTextBytes), false},
		{"one more", strings.Repeat("x", data.MaxTextBytes+1), true},
		{"ten megabytes", strings.Repeat("क", 10*data.MaxTextBytes/3), true},
		{"characters of four bytes", strings.Repeat("😀", data.MaxTextBytes), true},
		{"broken UTF-8 that grows when mended", strings.Repeat("a\xff", data.MaxTextBytes/2), true},
		{"broken UTF-8 only", strings.Repeat("\x80", 2*data.MaxTextBytes), false},
		{"a megabyte of controls before a word", strings.Repeat("\x00", 2*data.MaxTextBytes) + "x", false},
	} {
		got := data.Clean(c.text)
		if len(got) > data.MaxTextBytes {
			t.Errorf("%s: %d bytes are kept", c.name, len(got))
		}
		if strings.HasSuffix(got, "\n"+note) != c.cut {
			t.Errorf("%s: ends in %+q", c.name, got[max(0, len(got)-60):])
		}
		if c.cut && len(got) < data.MaxTextBytes-4 {
			t.Errorf("%s: only %d bytes are kept", c.name, len(got))
		}
		if !utf8.ValidString(got) {
			t.Errorf("%s: no UTF-8", c.name)
		}
	}
}

func TestCleanGivesHarmlessText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := nasty().Draw(t, "text")
		got := data.Clean(text)
		harmless(t, got)
		if again := data.Clean(got); again != got {
			t.Fatalf("cleaned twice, %+q becomes %+q", got, again)
		}
		for _, r := range got {
			if r != '\n' && r != utf8.RuneError && !strings.ContainsRune(text, r) {
				t.Fatalf("%U came from nowhere", r)
			}
		}
	})
}

func TestCleanLine(t *testing.T) {
	for _, c := range []struct {
		name, text string
		limit      int
		want       string
	}{
		{"empty", "", 10, ""},
		{"trimmed", "  Riya \t D\n", 10, "Riya D"},
		{"lines", "a\r\nb\u2028c", 10, "a b c"},
		{"hard spaces", "a\u00a0\u3000b", 10, "a b"},
		{"exactly", "abcde", 5, "abcde"},
		{"cut", "abcdef", 5, "abcde"},
		{"cut counts characters", "नमस्ते दुनिया", 6, "नमस्ते"},
		{"no blank where it was cut", "abcd efgh", 5, "abcd"},
		{"NUL and override", "a\x00\u202eb", 10, "ab"},
		{"family", "👩\u200d👩\u200d👧", 10, "👩\u200d👩\u200d👧"},
		{"a megabyte", strings.Repeat("x", 1<<20), 5, "xxxxx"},
		{"a limit beyond a megabyte", "a\nb", data.MaxTextBytes, "a b"},
	} {
		if got := data.CleanLine(c.text, c.limit); got != c.want {
			t.Errorf("%s: got %+q, want %+q", c.name, got, c.want)
		}
	}
}

func TestCleanLineIsOneShortLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := nasty().Draw(t, "text")
		limit := rapid.IntRange(1, 30).Draw(t, "limit")
		got := data.CleanLine(text, limit)
		harmless(t, got)
		if n := utf8.RuneCountInString(got); n > limit {
			t.Fatalf("%d characters, at most %d", n, limit)
		}
		if strings.Join(strings.Fields(got), " ") != got {
			t.Fatalf("%+q has blanks to spare", got)
		}
		if again := data.CleanLine(got, limit); again != got {
			t.Fatalf("cleaned twice, %+q becomes %+q", got, again)
		}
	})
}

func TestFold(t *testing.T) {
	for text, want := range map[string]string{
		"":                     "",
		"Riya D":               "riya d",
		"ÅNGSTRÖM":             "angstrom",
		"A\u030angstro\u0308m": "angstrom",
		"İstanbul":             "istanbul",
		"Ｒｉｙａ":                 "riya",
		"ﬁn":                   "fin",
		"Tiếng Việt":           "tieng viet",
		"ΑΘΉΝΑ":                "αθηνα",
		"हिन्दी":               "हिन्दी",
		"\u0958":               "\u0915\u093c", // a letter with its dot, in one piece and in two
		"مرحبا":                "مرحبا",
		"👩\u200d👩\u200d👧":      "👩\u200d👩\u200d👧",
		"STRASSE ß":            "strasse ß",
	} {
		if got := data.Fold(text); got != want {
			t.Errorf("%+q: got %+q, want %+q", text, got, want)
		}
	}
}

func TestFoldFindsWhateverTheSpelling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := data.Clean(nasty().Draw(t, "text"))
		got := data.Fold(text)
		if !utf8.ValidString(got) {
			t.Fatalf("%+q is no UTF-8", got)
		}
		if again := data.Fold(got); again != got {
			t.Fatalf("folded twice, %+q becomes %+q", got, again)
		}
		if strings.ContainsFunc(got, func(r rune) bool { return r >= 0x300 && r <= 0x36F }) {
			t.Fatalf("%+q keeps an accent", got)
		}
	})
}

func TestOneLine(t *testing.T) {
	for _, c := range []struct {
		name, text string
		limit      int
		want       string
	}{
		{"empty", "", 10, ""},
		{"blank", " \n\t ", 10, ""},
		{"lines", " a\n\n b\tc ", 10, "a b c"},
		{"exactly", "abcde", 5, "abcde"},
		{"cut", "abcdef", 5, "abcd…"},
		{"no blank before the ellipsis", "abc defg", 5, "abc…"},
		{"characters, not bytes", "नमस्ते", 6, "नमस्ते"},
		{"one", "ab", 1, "…"},
		{"a long way to the first word", strings.Repeat("\n", 100_000) + "word", 10, "word"},
		{"a long way to the second word", "one" + strings.Repeat(" ", 100_000) + "two", 10, "one two"},
		{"a megabyte", strings.Repeat("ab ", 1<<19), 6, "ab ab…"},
		{"broken UTF-8", "\xff\xff", 5, "\ufffd\ufffd"},
	} {
		if got := data.OneLine(c.text, c.limit); got != c.want {
			t.Errorf("%s: got %+q, want %+q", c.name, got, c.want)
		}
	}
}

func TestOneLineSaysWhereItCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.ToValidUTF8(nasty().Draw(t, "text"), "?")
		limit := rapid.IntRange(1, 30).Draw(t, "limit")
		got := data.OneLine(text, limit)
		all := strings.Join(strings.Fields(text), " ")
		if utf8.RuneCountInString(all) <= limit {
			if got != all {
				t.Fatalf("%+q became %+q", all, got)
			}
			return
		}
		head, cut := strings.CutSuffix(got, "…")
		if !cut || !strings.HasPrefix(all, head) || utf8.RuneCountInString(got) > limit {
			t.Fatalf("%+q cut at %d became %+q", all, limit, got)
		}
	})
}

func TestInitials(t *testing.T) {
	for name, want := range map[string]string{
		"":                            "#",
		"Riya":                        "R",
		"riya d":                      "RD",
		"Riya van der Berg":           "RB",
		"  Riya   D  ":                "RD",
		"+46 70 123 45 67":            "#",
		"007":                         "#",
		"Riya 2":                      "R",
		"🦊":                           "#",
		"🦊 Fox 🦊":                     "F",
		"👩\u200d👩\u200d👧 Das":         "D",
		"रिया शर्मा":                  "रिश",
		"محمد علي":                    "مع",
		"e\u0301mile zola":            "E\u0301Z",
		"王小明":                         "王",
		"\xff":                        "#",
		"Dr. Anna Berg (After-Sales)": "DB",
		"\u202e":                      "#",
		"a\u200db":                    "A\u200d",
	} {
		if got := data.Initials(name); got != want {
			t.Errorf("%+q: got %+q, want %+q", name, got, want)
		}
	}
	if got := data.Initials(strings.Repeat("x ", 1<<19)); got != "XX" {
		t.Errorf("of a megabyte: %q", got)
	}
}

func TestInitialsAreOneOrTwoCharacters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := data.CleanLine(nasty().Draw(t, "name"), data.MaxName)
		got := data.Initials(name)
		if n := uniseg.GraphemeClusterCount(got); n < 1 || n > 2 {
			t.Fatalf("%+q has %d characters", got, n)
		}
		if r, _ := utf8.DecodeRuneInString(got); got != "#" && !unicode.IsLetter(r) {
			t.Fatalf("%+q begins with no letter", got)
		}
	})
}

func TestIsVisible(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, " \t\u00a0\u3000": false, "\u200b": false, "\u3164": false, "\u2800": false, "\u115f\u1160": false,
		"\uffa0": false, "\u00ad": false, "\u034f": false, "\u180e": false, "\ufe0f": false, "\u0301": false,
		"\u2800\u3164 \u200b": false, "\u061c": false,
		"a": true, "\u3164a": true, "王": true, "अ": true, "❤\ufe0f": true, "·": true, "⠃": true, "1": true, "한": true,
	} {
		if got := data.IsVisible(text); got != want {
			t.Errorf("IsVisible(%+q) = %t, want %t", text, got, want)
		}
		if got := data.CleanName(text) != ""; got != want {
			t.Errorf("CleanName(%+q) is kept: %t, want %t", text, got, want)
		}
		c := data.Customer{Name: text, Phone: "+46701234567", Address: "+46701234567"}
		if got := c.Title() == text; got != want {
			t.Errorf("a customer with the name %+q is called %q", text, c.Title())
		}
	}
}

// What is longer than any line is cut before it is looked at, between characters.
func TestCleanLine_LooksAtSixtyFourBytesACharacter(t *testing.T) {
	blank := strings.Repeat(" ", 3*64-3)
	for _, c := range []struct{ text, want string }{
		{blank + "abc", "abc"},
		{blank + "abcd", "abc"},
		{blank + " abcd", "ab"},
		{blank + " aéb", "a"}, // the é would be cut in two
	} {
		if got := data.CleanLine(c.text, 3); got != c.want {
			t.Errorf("%q of %d bytes is %q, want %q", strings.TrimSpace(c.text), len(c.text), got, c.want)
		}
	}
}

func TestFold_DropsLatinAccentsAlone(t *testing.T) {
	if got := data.Fold("A\u0300\u036F\u02FF\u0370"); got != "a\u02FF\u0371" {
		t.Errorf("%+q", got)
	}
}
