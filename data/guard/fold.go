package guard

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/latchdesk/latchdesk/data"
)

// fold returns the form in which words are looked for: folded as names are for a
// search, addresses left out, each word between spaces, and " | " where a
// clause begins or ends. "Where's it? I paid!" becomes " | where s it | i paid | ".
func fold(text string) string {
	var b strings.Builder
	b.Grow(len(text) + len(text)/4 + 6)
	b.WriteString(" | ")
	last := clauseEdge
	for _, r := range data.Fold(withoutAddresses(text)) {
		if b.Len() > 2*oneText {
			break // some characters unfold to eighteen
		}
		switch kind := kindOf(r); {
		case kind == inWord:
			writeLetter(&b, r)
			last = inWord
		case kind == ignored, kind == last, kind == wordEdge && last == clauseEdge:
		case kind == wordEdge:
			b.WriteByte(' ')
			last = wordEdge
		default:
			if last == inWord {
				b.WriteByte(' ')
			}
			b.WriteString("| ")
			last = clauseEdge
		}
	}
	switch last {
	case inWord:
		b.WriteString(" | ")
	case wordEdge:
		b.WriteString("| ")
	}
	return b.String()
}

type runeKind int

const (
	inWord runeKind = iota
	wordEdge
	clauseEdge
	ignored
)

func kindOf(r rune) runeKind {
	switch {
	case r >= 'a' && r <= 'z':
		return inWord // most are, and the rest takes longer
	case unmarked(r) || unicode.Is(unicode.Cf, r):
		return ignored
	case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r):
		return inWord
	case unicode.IsSpace(r) && r != '\n':
		return wordEdge
	case strings.ContainsRune("'’‘ʼ`´\"“”„«»-‐‑_/\\&+*#@%|~", r):
		return wordEdge
	}
	return clauseEdge
}

// unmarked tells of signs that some write and some leave away: the vowels and
// hamzas of Arabic, the dot of Hindi's borrowed letters, an emoji's variant.
func unmarked(r rune) bool {
	return r >= '\u0610' && r <= '\u061A' || r == '\u0640' || r >= '\u064B' && r <= '\u065F' ||
		r == '\u0670' || r >= '\u06D6' && r <= '\u06ED' || r == '\u093C' || r >= '\uFE00' && r <= '\uFE0F'
}

// writeLetter writes letters that are typed one for the other as one.
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

// withoutAddresses leaves out links: their words and question marks are nobody's.
func withoutAddresses(text string) string {
	if !strings.Contains(text, "://") && !strings.Contains(text, "www.") {
		return text
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		for word := range strings.FieldsSeq(line) {
			if strings.Contains(word, "://") || strings.HasPrefix(word, "www.") {
				word = address(word)
			}
			b.WriteString(word)
			b.WriteByte(' ')
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// address is what remains of a link: the mark of a question it ends.
func address(word string) string {
	if strings.HasSuffix(word, "?") {
		return "?"
	}
	return ""
}

// clip cuts text to at most limit bytes at a character's edge.
func clip(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}
