package chatexport

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// shape is how the head of an entry is written. A file keeps to one.
type shape byte

const (
	noShape  shape = 0
	brackets shape = '[' // [20/07/2026, 11:39:47] Name: text
	dash     shape = '-' // 20/07/2026, 11:39 - Name: text
	colon    shape = ':' // 20/07/2026 11:39:47: Name: text
)

// head is the beginning of an entry: its shape, and date and time as they stand.
type head struct {
	shape                shape
	date                 [3]int
	yearFirst            bool
	hour, minute, second int
}

// parseHead parses the head of a line and returns what follows it. ok is false
// where a line has none, so that it goes on with the entry before.
func parseHead(line string) (h head, body string, ok bool) {
	s := &scanner{rest: line}
	s.skipSpaces()
	bracket := s.take("[")
	if bracket {
		s.skipSpaces()
	}
	if !s.date(&h) || !s.time(&h) {
		return h, "", false
	}
	s.skipSpaces()
	switch {
	case bracket && s.take("]"):
		h.shape = brackets
	case bracket:
		return h, "", false
	case s.take("-") || s.take("–") || s.take("—"):
		h.shape = dash
	case s.take(":"):
		h.shape = colon
	default:
		return h, "", false
	}
	if s.rest != "" && !bracket && !s.atSpace() {
		return h, "", false
	}
	// One space belongs to the head, and what marks stand before it. The rest is text.
	return h, strings.TrimPrefix(s.rest, " "), true
}

// scanner reads a head from its beginning to its end.
type scanner struct{ rest string }

func (s *scanner) take(text string) bool {
	rest, ok := strings.CutPrefix(s.rest, text)
	s.rest = rest
	return ok
}

func (s *scanner) atSpace() bool {
	r, _ := utf8.DecodeRuneInString(s.rest)
	return isSpace(r)
}

// skipSpaces skips spaces of any width, and marks of direction. It reports whether
// there were any.
func (s *scanner) skipSpaces() bool {
	rest := strings.TrimLeftFunc(s.rest, func(r rune) bool { return isSpace(r) || isMark(r) })
	skipped := len(rest) < len(s.rest)
	s.rest = rest
	return skipped
}

// date scans three numbers, such as 20/07/2026, 2026-07-20 or 13. 6. 2018.
func (s *scanner) date(h *head) bool {
	var digits [3]int
	for i := range h.date {
		if i > 0 && !s.dateSeparator() {
			return false
		}
		if h.date[i], digits[i] = s.number(); digits[i] == 0 {
			return false
		}
	}
	h.yearFirst = digits[0] == 4
	year, day := digits[2], digits[0]
	if h.yearFirst {
		year, day = digits[0], digits[2]
	}
	if digits[1] > 2 || day > 2 || year != 2 && year != 4 {
		return false
	}
	_ = s.take(".")
	s.skipSpaces()
	for _, word := range dateWords {
		if s.take(word) {
			break
		}
	}
	s.skipSpaces()
	_ = s.take(",") || s.take("،") || s.take("、")
	s.skipSpaces()
	return true
}

func (s *scanner) dateSeparator() bool {
	s.skipSpaces()
	if !s.take("/") && !s.take(".") && !s.take("-") {
		return false
	}
	s.skipSpaces()
	return true
}

// time scans the time of day, with a part of the day before or after it.
func (s *scanner) time(h *head) bool {
	for _, word := range timeWords {
		if s.take(word) {
			break
		}
	}
	s.skipSpaces()
	part := s.dayPart()
	s.skipSpaces()
	var digits int
	if h.hour, digits = s.number(); digits == 0 || digits > 2 {
		return false
	}
	if !s.take(":") && !s.take(".") {
		return false
	}
	if h.minute, digits = s.number(); digits != 2 {
		return false
	}
	h.second = s.seconds()
	s.skipSpaces()
	if part == noPart {
		part = s.dayPart()
	}
	return h.setHour(part) && h.minute < 60 && h.second < 60
}

// seconds scans the seconds where there are any. What follows a colon without a
// number is no part of the time.
func (s *scanner) seconds() int {
	before := s.rest
	if s.take(":") || s.take(".") {
		if n, digits := s.number(); digits == 2 {
			return n
		}
	}
	s.rest = before
	return 0
}

func (h *head) setHour(part dayPart) bool {
	switch {
	case h.hour > 24:
		return false
	case part == noPart || h.hour > 12:
		h.hour %= 24
	case part == morning || part == noon && h.hour < 12:
		if part == morning {
			h.hour %= 12
		}
	default:
		h.hour = h.hour%12 + 12
	}
	return true
}

// number scans at most four digits of any script. digits is how many there were.
func (s *scanner) number() (n, digits int) {
	for i, r := range s.rest {
		d := digit(r)
		if d < 0 {
			s.rest = s.rest[i:]
			return n, digits
		}
		if digits++; digits > 4 {
			return 0, 0
		}
		n = 10*n + d
	}
	s.rest = ""
	return n, digits
}

// digit returns the value of a decimal digit, -1 for anything else. The digits of a
// script follow each other from a code point that ends in 0 or 6.
func digit(r rune) int {
	if r >= '0' && r <= '9' {
		return int(r - '0')
	}
	if r < 0x80 || !unicode.IsDigit(r) {
		return -1
	}
	for _, zero := range []rune{0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x1040, 0xFF10} {
		if r >= zero && r <= zero+9 {
			return int(r - zero)
		}
	}
	return -1
}

// isSpace reports whether r is a space of any width, U+202F, U+00A0 and U+2009 among
// them, but no line break.
func isSpace(r rune) bool { return r == '\t' || unicode.Is(unicode.Zs, r) }

// isMark reports whether r only sets a direction and is not seen. U+200D, which joins
// emoji and letters, is none of them.
func isMark(r rune) bool {
	return r == '\u200E' || r == '\u200F' || r == '\u061C' || r == '\uFEFF' ||
		r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069'
}

// dayPart is a part of the day by which hours up to 12 are counted.
type dayPart int

const (
	noPart dayPart = iota
	morning
	noon
	afternoon
)

// dayPart scans the word for a part of the day, such as PM, p. m. or 午後.
func (s *scanner) dayPart() dayPart {
	if part := s.latinDayPart(); part != noPart {
		return part
	}
	for _, w := range dayParts {
		if s.take(w.word) {
			return w.part
		}
	}
	return noPart
}

// latinDayPart scans am and pm in every spelling: AM, p.m., p. m.
func (s *scanner) latinDayPart() dayPart {
	before, part := s.rest, noPart
	switch {
	case s.take("a") || s.take("A"):
		part = morning
	case s.take("p") || s.take("P"):
		part = afternoon
	default:
		return noPart
	}
	_ = s.take(".")
	s.skipSpaces()
	if s.take("m") || s.take("M") {
		_ = s.take(".")
		if r, _ := utf8.DecodeRuneInString(s.rest); !unicode.IsLetter(r) {
			return part
		}
	}
	s.rest = before
	return noPart
}

// The words of dates and times in the languages that have any. dateWords stand after
// a date, timeWords before a time.
var (
	dateWords = []string{"г."}
	timeWords = []string{"klo", "kl.", "um", "at", "à", "às", "om"}
	dayParts  = []struct {
		word string
		part dayPart
	}{
		{"午前", morning},
		{"午後", afternoon},
		{"凌晨", morning},
		{"清晨", morning},
		{"早上", morning},
		{"上午", morning},
		{"中午", noon},
		{"下午", afternoon},
		{"傍晚", afternoon},
		{"晚上", afternoon},
		{"오전", morning},
		{"오후", afternoon},
		{"ص", morning},
		{"م", afternoon},
		{"ق.ظ.", morning},
		{"ب.ظ.", afternoon},
		{"π.μ.", morning},
		{"μ.μ.", afternoon},
		{"πμ", morning},
		{"μμ", afternoon},
		{"पूर्वाह्न", morning},
		{"अपराह्न", afternoon},
		{"ÖÖ", morning},
		{"ÖS", afternoon},
		{"SA", morning},
		{"CH", afternoon},
		{"PG", morning},
		{"PTG", afternoon},
		{"de.", morning},
		{"du.", afternoon},
	}
)
