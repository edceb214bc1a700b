package data

import (
	"slices"
	"strings"
)

// Typed is a block or unblock that was typed into the composer.
type Typed struct {
	Want   Status
	Until  string // as typed, even where it is no end that ParseTerm reads; empty for none
	Reason string
	Note   string
}

// Commands are what can be typed into the composer instead of a message.
var Commands = []string{"/block", "/unblock"}

// ParseTyped reads /block and /unblock with what may follow: a term such as 7d,
// a reason, and any other words as a note. It reports whether text is such a
// command at all. Words that stand for an end and are none that ParseTerm reads are
// kept as the end, so that whoever confirms is told, and does not block for good.
func ParseTyped(text string, reasons []string, now Moment) (Typed, bool) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return Typed{}, false
	}
	var typed Typed
	switch strings.ToLower(words[0]) {
	case "/block":
		typed.Want = Blocked
	case "/unblock":
		typed.Want = Active
		typed.Note = strings.Join(words[1:], " ")
		return typed, true
	default:
		return Typed{}, false
	}
	words = words[1:]
	var note []string
	for len(words) > 0 {
		n := typed.take(words, reasons, now)
		if n == 0 {
			note = append(note, words[0])
			n = 1
		}
		words = words[n:]
	}
	if typed.Until == "" {
		note = typed.takeUnclear(note)
	}
	typed.Note = strings.Join(note, " ")
	return typed, true
}

// take reads a term or a reason at the beginning of words and returns how many of them
// it is.
func (t *Typed) take(words, reasons []string, now Moment) int {
	if t.Until == "" {
		if n := t.takeTerm(words, now); n > 0 {
			return n
		}
	}
	for n := min(4, len(words)); n > 0 && t.Reason == ""; n-- {
		if reason, err := FindReason(reasons, strings.Join(words[:n], " ")); err == nil {
			t.Reason = reason
			return n
		}
	}
	return 0
}

// takeTerm reads a term of one word or of two, such as 2026-12-24 14:00, with or without
// for or until before it.
func (t *Typed) takeTerm(words []string, now Moment) int {
	before := 0
	if leadsToEnd(words[0]) {
		before = 1
	}
	for _, n := range []int{2, 1} {
		if before+n > len(words) {
			continue
		}
		term := strings.Join(words[before:before+n], " ")
		if _, err := ParseTerm(term, now); err == nil {
			t.Until = term
			return before + n
		}
	}
	return 0
}

// takeUnclear takes out of a note the first words that stand for an end and are none,
// and returns the rest. Words such as tomorrow count where the note begins with them.
func (t *Typed) takeUnclear(note []string) []string {
	for i := range note {
		at := i
		if leadsToEnd(note[i]) {
			at++
		}
		if at == len(note) {
			break
		}
		n := endWords(note[at:])
		if expected := at > i || i == 0; n == 0 || !expected && !likeEnd(note[at]) {
			continue
		}
		end := at + n
		t.Until = strings.Join(note[at:end], " ")
		return slices.Concat(note[:i], note[end:])
	}
	return note
}

// leadsToEnd reports whether an end follows the word, if anything does.
func leadsToEnd(word string) bool {
	return slices.Contains([]string{"for", "until", "till"}, strings.ToLower(word))
}

// likeEnd reports whether a word looks like an end wherever it stands: a number with
// something behind it, as in 7x, 7days or 24.12.
func likeEnd(word string) bool {
	return startsWithDigit(word) && strings.Trim(word, "0123456789") != "" && strings.TrimRight(word, ".,;:!?)") == word
}

func startsWithDigit(word string) bool {
	word = strings.TrimLeft(word, "+-~")
	return word != "" && word[0] >= '0' && word[0] <= '9'
}

// timeWords are words that stand for an end and that ParseTerm does not read, and
// timeFillers are words that may stand before them.
var (
	timeWords = []string{
		"minute", "minutes", "min", "mins", "hour", "hours", "hrs", "day", "days", "week", "weeks", "month", "months", "year", "years",
		"today", "tonight", "tomorrow", "noon", "midnight",
		"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
	}
	timeFillers = []string{"a", "an", "one", "two", "three", "another", "next", "the", "end", "of"}
)

// endWords returns how many of the first words stand for an end, as 7 days or the end of
// the week do.
func endWords(words []string) (n int) {
	for i, word := range words {
		switch word = strings.ToLower(word); {
		case startsWithDigit(word), slices.Contains(timeWords, word):
			n = i + 1
		case !slices.Contains(timeFillers, word):
			return n
		}
	}
	return n
}

// MistypedCommand reports whether text begins with a slash and is no command, so that it
// is not sent before somebody has looked at it. It returns the word that was typed, and
// the commands that may have been meant, the nearest first.
func MistypedCommand(text string) (word string, near []string, mistyped bool) {
	words := strings.Fields(text)
	if len(words) == 0 || !strings.HasPrefix(words[0], "/") || strings.HasPrefix(words[0], "//") {
		return "", nil, false
	}
	word = strings.ToLower(words[0])
	if slices.Contains(Commands, word) {
		return "", nil, false
	}
	for distance := 1; distance <= 2; distance++ {
		for _, command := range Commands {
			if !slices.Contains(near, command) && editDistance(word, command) <= distance {
				near = append(near, command)
			}
		}
	}
	for _, command := range Commands {
		if len(word) > 1 && strings.HasPrefix(command, word) && !slices.Contains(near, command) {
			near = append(near, command)
		}
	}
	return words[0], near, true
}

// TypedText returns the message that was typed: two slashes at its beginning stand for
// one that is sent.
func TypedText(text string) string {
	if trimmed := strings.TrimLeft(text, " \t\n"); strings.HasPrefix(trimmed, "//") {
		return trimmed[1:]
	}
	return text
}

// editDistance returns how many letters are to be put in, left out, changed or swapped
// with the next to make b of a. Words longer than 32 bytes are far from everything.
func editDistance(a, b string) int {
	const far = 32
	if len(a) > far || len(b) > far {
		return far
	}
	var rows [far + 1][far + 1]int
	for i := range len(a) + 1 {
		for j := range len(b) + 1 {
			switch {
			case i == 0 || j == 0:
				rows[i][j] = i + j
				continue
			case a[i-1] == b[j-1]:
				rows[i][j] = rows[i-1][j-1]
			default:
				rows[i][j] = 1 + min(rows[i-1][j-1], rows[i-1][j], rows[i][j-1])
			}
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], 1+rows[i-2][j-2])
			}
		}
	}
	return rows[len(a)][len(b)]
}
