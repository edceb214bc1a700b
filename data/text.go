package data

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"
)

// Clean makes text that came from outside safe to keep and to show: valid
// UTF-8, no control characters but line break and tab, no characters that
// reorder what stands around them, at most MaxTextBytes.
func Clean(text string) string {
	const cut = "\n[cut: the message was longer than 1 MB]"
	text = strings.ToValidUTF8(text, "\uFFFD")
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r' || r == '\u2028' || r == '\u2029':
			return '\n'
		case unicode.IsControl(r) || reorders(r):
			return -1
		}
		return r
	}, text)
	if len(text) > MaxTextBytes {
		text = cutBytes(text, MaxTextBytes-len(cut)) + cut
	}
	return text
}

// CleanLine is Clean for what must be one line: names, tags, reasons, file
// names. It cuts at limit characters without an ellipsis.
func CleanLine(text string, limit int) string {
	if len(text) > 64*limit {
		text = cutBytes(text, 64*limit)
	}
	text = strings.Join(strings.Fields(Clean(text)), " ")
	runes := []rune(text)
	if len(runes) > limit {
		runes = runes[:limit]
	}
	return strings.TrimSpace(string(runes))
}

// CleanName is CleanLine for the name of a person, of at most MaxName characters. A
// name of which nothing can be seen is none.
func CleanName(text string) string {
	if name := CleanLine(text, MaxName); IsVisible(name) {
		return name
	}
	return ""
}

// IsVisible reports whether anything of the text can be seen: it holds more than
// spaces and the letters and signs that are drawn as nothing.
func IsVisible(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.Mn, r) &&
			!unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r) && r != '\u2800' // a Braille cell without a dot
	})
}

// reorders reports whether r is one of Unicode's embedding, override or isolate
// characters, with which a text can be made to read as what it is not.
func reorders(r rune) bool {
	return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' || r == '\uFEFF'
}

// cutBytes cuts text to at most n bytes at a character's edge.
func cutBytes(text string, n int) string {
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// Fold returns the form in which names are searched: decomposed, without Latin
// accents, in lower case.
func Fold(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '\u0300' && r <= '\u036F' {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(strings.ToValidUTF8(text, "\ufffd"))) // what is not UTF-8 keeps what follows it from being decomposed
}

// Initials returns the one or two characters an avatar shows: of the first and
// the last word, as a reader counts characters; # for a number.
func Initials(name string) string {
	var letters []string
	for _, word := range strings.Fields(name) {
		first, _, _, _ := uniseg.FirstGraphemeClusterInString(word, -1)
		if r, _ := utf8.DecodeRuneInString(first); unicode.IsLetter(r) && IsVisible(first) {
			letters = append(letters, strings.ToUpper(first))
		}
	}
	switch len(letters) {
	case 0:
		return "#"
	case 1:
		return letters[0]
	}
	return letters[0] + letters[len(letters)-1]
}
