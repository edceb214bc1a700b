package data

import "strings"

// Typed is a block or unblock that was typed into the composer.
type Typed struct {
	Want   Status
	Until  string // as typed; empty for good
	Reason string
	Note   string
}

// ParseTyped reads /block and /unblock with what may follow: a term such as 7d,
// a reason, and any other words as a note. It reports whether text is such a
// command at all.
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
	default:
		return Typed{}, false
	}
	words = words[1:]
	var note []string
	for len(words) > 0 {
		if n := typed.take(words, reasons, now); n > 0 {
			words = words[n:]
			continue
		}
		note = append(note, words[0])
		words = words[1:]
	}
	typed.Note = strings.Join(note, " ")
	return typed, true
}

// take reads a term or a reason at the beginning of words and gives how many
// of them it is; an unblock knows neither.
func (t *Typed) take(words, reasons []string, now Moment) int {
	if t.Want == Active {
		return 0
	}
	if _, err := ParseTerm(words[0], now); err == nil && t.Until == "" {
		t.Until = words[0]
		return 1
	}
	for n := min(4, len(words)); n > 0 && t.Reason == ""; n-- {
		if reason, err := FindReason(reasons, strings.Join(words[:n], " ")); err == nil {
			t.Reason = reason
			return n
		}
	}
	return 0
}
