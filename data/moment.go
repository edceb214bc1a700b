package data

import (
	"encoding/json"
	"fmt"
	"time"
)

// Moment is a point in time in Unix milliseconds, UTC. Zero means none.
type Moment int64

// MomentOf returns the moment of t, cut to the millisecond.
func MomentOf(t time.Time) Moment { return Moment(t.UnixMilli()) }

// Time returns m in the computer's own time zone.
func (m Moment) Time() time.Time { return time.UnixMilli(int64(m)) }

// Add returns the moment d after m.
func (m Moment) Add(d time.Duration) Moment { return m + Moment(d.Milliseconds()) }

// String is RFC 3339 in UTC with milliseconds, or nothing for no moment.
func (m Moment) String() string {
	if m == 0 {
		return ""
	}
	return m.Time().UTC().Format("2006-01-02T15:04:05.000Z07:00")
}

// MarshalJSON writes RFC 3339, or null for no moment.
func (m Moment) MarshalJSON() ([]byte, error) {
	if m == 0 {
		return []byte("null"), nil
	}
	return json.Marshal(m.String())
}

// TimeOfDay is the time of day, as a bubble shows it.
func (m Moment) TimeOfDay() string { return m.Time().Format("15:04") }

// Short is how the chat list shows a moment: the time today, then Yesterday,
// then the date.
func (m Moment) Short(now Moment) string {
	switch daysBetween(m, now) {
	case 0:
		return m.TimeOfDay()
	case 1:
		return "Yesterday"
	}
	return m.Time().Format("02/01/2006")
}

// Day is how the timeline names the day of a moment.
func (m Moment) Day(now Moment) string {
	switch daysBetween(m, now) {
	case 0:
		return "Today"
	case 1:
		return "Yesterday"
	}
	t := m.Time()
	if t.Year() == now.Time().Year() {
		return t.Format("Monday, 2 January")
	}
	return t.Format("2 January 2006")
}

// Relative says a moment within a sentence: "today at 14:05".
func (m Moment) Relative(now Moment) string {
	switch daysBetween(m, now) {
	case 0:
		return "today at " + m.TimeOfDay()
	case 1:
		return "yesterday at " + m.TimeOfDay()
	}
	t := m.Time()
	if t.Year() == now.Time().Year() {
		return fmt.Sprintf("on %s at %s", t.Format("2 Jan"), m.TimeOfDay())
	}
	return fmt.Sprintf("on %s at %s", t.Format("2 Jan 2006"), m.TimeOfDay())
}

// SameDay reports whether both moments fall on one day of the local calendar.
func (m Moment) SameDay(other Moment) bool { return daysBetween(m, other) == 0 }

func daysBetween(from, to Moment) int {
	return calendarDay(to.Time()) - calendarDay(from.Time())
}

// calendarDay numbers the days of the local calendar, so that a day of 23 or
// 25 hours is one day.
func calendarDay(t time.Time) int {
	y, m, d := t.Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}
