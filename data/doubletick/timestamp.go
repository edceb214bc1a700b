package doubletick

import (
	"strconv"
	"strings"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

// WhatsApp began in 2009; nothing was received before, and a clock that shows
// the next century is wrong.
var (
	earliest = data.MomentOf(time.Date(2009, 1, 1, 0, 0, 0, 0, time.UTC))
	latest   = data.MomentOf(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC))
)

// maxTimestamp is how long the text of a moment can be, in bytes.
const maxTimestamp = 64

// parseTimestamp reads a moment in any of the forms that senders write: a number since
// 1970 in seconds, milliseconds, microseconds or nanoseconds, or a date with or
// without a time of day and a zone. What names no zone is in UTC, and a date alone is
// the beginning of its day. It returns zero where the text is none of them, or cannot
// be true.
func parseTimestamp(s string) data.Moment {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxTimestamp {
		return 0
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && !isBasicDate(s) {
		return sinceEpoch(n, 1)
	}
	if n, err := strconv.ParseFloat(s, 64); err == nil && !isBasicDate(s) && n > 0 && n < 1<<53/1e3 {
		return sinceEpoch(int64(n*1e3), 1e3)
	}
	t, err := time.Parse(time.RFC3339, s) // as most are
	if err != nil {
		t, err = parseDate(s)
	}
	if err != nil {
		return 0
	}
	return believable(data.MomentOf(t))
}

// believable returns a moment, or zero where nothing can have been written then.
func believable(m data.Moment) data.Moment {
	if m < earliest || m >= latest {
		return 0
	}
	return m
}

// sinceEpoch returns the moment that is n parts of a unit since 1970. The size tells the
// unit: the moments that are believed are below 1e11 in seconds, below 1e14 in
// milliseconds, and below 1e17 in microseconds.
func sinceEpoch(n, parts int64) data.Moment {
	switch {
	case n/parts < 1e11:
		return believable(data.Moment(n * 1e3 / parts))
	case n/parts < 1e14:
		return believable(data.Moment(n / parts))
	case n/parts < 1e17:
		return believable(data.Moment(n / 1e3 / parts))
	}
	return believable(data.Moment(n / 1e6 / parts))
}

// isBasicDate reports whether digits are a date, 20260720: as a number they would be
// in 1970.
func isBasicDate(s string) bool {
	return len(s) == len("20060102") && isDigits(s) && s >= "20090101" && s < "21000101"
}

// Forms of a moment. DoubleTick writes its dates with the day first where the year is
// last, and so do those who copy it; Go reads a fraction behind the seconds of any
// form.
var (
	dateForms = []string{"2006-01-02", "2006/01/02", "20060102", "02-01-2006", "02/01/2006", "02.01.2006", "2 Jan 2006", "2 January 2006", "Jan 2, 2006", "January 2, 2006"}
	hourForms = []string{"", "T15:04:05", "T15:04", "T150405", "T3:04:05PM", "T3:04PM"}
	zoneForms = []string{"", "Z07:00", "Z0700", "Z07"}
)

// parseDate reads a date with or without a time of day and a zone, in one of the forms.
func parseDate(s string) (time.Time, error) {
	s = onlyDate(s)
	var t time.Time
	var err error
	for _, date := range dateForms {
		for _, hour := range hourForms {
			for _, zone := range zoneForms {
				if hour == "" && zone != "" {
					continue
				}
				if t, err = time.Parse(date+hour+zone, s); err == nil {
					return t, nil
				}
			}
		}
	}
	return t, err
}

// onlyDate returns a moment without what is written in many ways and means nothing: a
// weekday before it, the blanks in it, and the names of UTC. Between date and time of day
// stands a T.
func onlyDate(s string) string {
	s = strings.ToUpper(strings.Join(strings.FieldsFunc(s, isBlank), " "))
	for _, day := range []string{"MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"} {
		if rest, ok := strings.CutPrefix(s, day); ok {
			if _, date, found := strings.Cut(rest, " "); found {
				s = date
			}
			break
		}
	}
	if i := strings.Index(s, "("); i > 0 { // GMT+0530 (India Standard Time)
		s = strings.TrimSpace(s[:i])
	}
	for _, name := range []string{"UTC", "GMT"} {
		s = strings.Replace(s, " "+name+"+", "+", 1)
		s = strings.Replace(s, " "+name+"-", "-", 1)
		if rest, ok := strings.CutSuffix(s, name); ok {
			s = strings.TrimSpace(rest) + "Z"
		}
	}
	if date, hour, ok := strings.Cut(s, "T"); ok && isDigits(date[:min(1, len(date))]) && !strings.Contains(date, " ") {
		return date + "T" + strings.ReplaceAll(hour, " ", "")
	}
	if i := strings.IndexByte(s, ':'); i > 0 {
		// The last blank before the hour parts it from the date.
		if at := strings.LastIndexByte(s[:i], ' '); at > 0 {
			s = strings.TrimSuffix(s[:at], ",") + "T" + strings.ReplaceAll(s[at+1:], " ", "")
		}
	}
	return s
}

func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\u00a0' || r == '\u202f' }
