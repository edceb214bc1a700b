package data

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// farthest is how far ahead a block may end; beyond, it is for good.
const farthest = 100 * 365 * 24 * time.Hour

// units are the letters of a span of time.
var units = map[byte]time.Duration{
	'm': time.Minute,
	'h': time.Hour,
	'd': 24 * time.Hour,
	'w': 7 * 24 * time.Hour,
}

// ParseTerm reads when something ends: a span from now such as 90m, 8h, 7d or
// 2w, or a day or moment such as 2026-11-29, 2026-11-29 14:00 or RFC 3339. A
// day ends as it is over. What is not ahead of now is refused.
func ParseTerm(text string, now Moment) (Moment, error) {
	at, ok := ParseEnd(text, now)
	if !ok {
		return 0, fmt.Errorf("%q is neither a span of time (90m, 8h, 7d, 2w) nor a date (2026-11-29, 2026-11-29 14:00): %w", OneLine(text, 40), ErrInvalid)
	}
	if at <= now {
		return 0, fmt.Errorf("%q is in the past: %w", OneLine(text, 40), ErrInvalid)
	}
	if TooFar(at, now) {
		return 0, fmt.Errorf("%q is more than a hundred years ahead: %w", OneLine(text, 40), ErrInvalid)
	}
	return at, nil
}

// ParseEnd reads what ParseTerm does, and leaves it to others whether it is ahead.
func ParseEnd(text string, now Moment) (Moment, bool) {
	text = strings.TrimSpace(text)
	if at, ok := readSpan(text, now); ok {
		return at, true
	}
	return ParseLocal(text, 1)
}

// TooFar reports whether an end is more than a hundred years ahead of now, so that it is
// none that anybody means.
func TooFar(at, now Moment) bool { return at > now.Add(farthest) }

func readSpan(text string, now Moment) (Moment, bool) {
	if len(text) < 2 {
		return 0, false
	}
	unit, ok := units[text[len(text)-1]|0x20]
	n, err := strconv.ParseInt(strings.TrimSpace(text[:len(text)-1]), 10, 32)
	if !ok || err != nil || n <= 0 {
		return 0, false
	}
	return now + Moment(n)*Moment(unit.Milliseconds()), true
}

// Remaining says how long it is from now until m, in one unit, rounded.
func (m Moment) Remaining(now Moment) string {
	left := time.Duration(m-now) * time.Millisecond
	minutes, hours := left.Round(time.Minute), left.Round(time.Hour)
	switch {
	case left < time.Minute:
		return "less than a minute"
	case minutes == time.Minute:
		return "1 minute"
	case minutes < time.Hour:
		return fmt.Sprintf("%d minutes", minutes/time.Minute)
	case minutes == time.Hour:
		return "1 hour"
	case minutes < 2*time.Hour:
		return fmt.Sprintf("1 hour %d min", (minutes-time.Hour)/time.Minute)
	case hours < 48*time.Hour:
		return fmt.Sprintf("%d hours", hours/time.Hour)
	}
	return fmt.Sprintf("%d days", (left+12*time.Hour)/(24*time.Hour))
}
