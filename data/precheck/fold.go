package precheck

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
)

// fold returns text in the form in which words are looked for: folded as names are
// for a search, without links, each word between spaces, and " | " where a clause
// begins or ends. "Where's it? I paid!" becomes " | where s it | i paid | ".
func fold(text string) string {
	var b strings.Builder
	b.Grow(len(text) + len(text)/4 + 6)
	b.WriteString(" | ")
	last := clauseBreak
	for _, r := range data.Fold(stripLinks(text)) {
		if b.Len() > 2*maxTextBytes {
			break // a character may unfold to as many as eighteen
		}
		switch kind := classify(r); {
		case kind == wordRune:
			writeLetter(&b, r)
			last = wordRune
		case kind == ignoredRune, kind == last, kind == wordBreak && last == clauseBreak:
		case kind == wordBreak:
			b.WriteByte(' ')
			last = wordBreak
		default:
			if last == wordRune {
				b.WriteByte(' ')
			}
			b.WriteString("| ")
			last = clauseBreak
		}
	}
	switch last {
	case wordRune:
		b.WriteString(" | ")
	case wordBreak:
		b.WriteString("| ")
	}
	return b.String()
}

type runeClass int

const (
	wordRune runeClass = iota
	wordBreak
	clauseBreak
	ignoredRune
)

func classify(r rune) runeClass {
	switch {
	case r >= 'a' && r <= 'z':
		return wordRune // the most common, and the other checks are slower
	case isOptionalMark(r) || unicode.Is(unicode.Cf, r):
		return ignoredRune
	case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r):
		return wordRune
	case unicode.IsSpace(r) && r != '\n':
		return wordBreak
	case strings.ContainsRune("'’‘ʼ`´\"“”„«»-‐‑_/\\&+*#@%|~", r):
		return wordBreak
	}
	return clauseBreak
}

// isOptionalMark reports whether r is a sign that some people write and others omit:
// vowel signs and hamzas in Arabic, the nukta in Hindi, variation selectors of
// emoji.
func isOptionalMark(r rune) bool {
	return r >= '\u0610' && r <= '\u061A' || r == '\u0640' || r >= '\u064B' && r <= '\u065F' ||
		r == '\u0670' || r >= '\u06D6' && r <= '\u06ED' || r == '\u093C' || r >= '\uFE00' && r <= '\uFE0F'
}

// writeLetter writes r, or the letter that stands for all those which are typed in
// place of each other.
func writeLetter(b *strings.Builder, r rune) {
	switch r {
	case 'ß':
		b.WriteString("ss")
	case 'ı':
		b.WriteByte('i')
	case '\u0901':
		b.WriteRune('\u0902')
	case 'ة':
		b.WriteRune('ه')
	case 'ى', 'ی':
		b.WriteRune('ي')
	case 'ک':
		b.WriteRune('ك')
	default:
		b.WriteRune(r)
	}
}

// stripLinks removes links from a text: their words and question marks are not the
// customer's.
func stripLinks(text string) string {
	if !strings.Contains(text, "://") && !strings.Contains(text, "www.") {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		for word := range strings.FieldsSeq(line) {
			if strings.Contains(word, "://") || strings.HasPrefix(word, "www.") {
				word = linkRemainder(word)
			}
			b.WriteString(word)
			b.WriteByte(' ')
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// linkRemainder returns what remains of a link: the question mark of a sentence that
// it ends.
func linkRemainder(word string) string {
	if strings.HasSuffix(word, "?") {
		return "?"
	}
	return ""
}

// truncate returns at most the first limit bytes of text, and no part of a
// character.
func truncate(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}
