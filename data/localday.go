package data

import "time"

// localLayouts are the layouts in which a moment may be written. Without an offset it is
// in the computer's own time zone.
var localLayouts = []string{time.RFC3339, "2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04", "2006-01-02T15:04:05"}

// ParseLocal reads a day such as 2026-11-29, or a moment such as 2026-11-29 14:00,
// 2026-11-29T14:00:05 or RFC 3339. A day stands for the moment at which the day begins
// that is later by so many days.
func ParseLocal(text string, laterDays int) (Moment, bool) {
	if t, err := time.Parse("2006-01-02", text); err == nil {
		return MomentOf(dayStart(t.AddDate(0, 0, laterDays), time.Local)), true
	}
	for _, layout := range localLayouts {
		if t, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			return MomentOf(t), true
		}
	}
	return 0, false
}

// dayStart returns the first moment of the date of day in a time zone. That is not always
// midnight: where summer time begins at midnight, the day begins at one, and time.Date
// gives 23:00 of the day before west of Greenwich.
func dayStart(day time.Time, zone *time.Location) time.Time {
	year, month, date := day.Date()
	noon := time.Date(year, month, date, 12, 0, 0, 0, zone)
	first := time.Date(year, month, date, 0, 0, 0, 0, zone)
	changed, _ := noon.ZoneBounds()
	if changed.IsZero() || changed.Before(first.Add(-24*time.Hour)) {
		return first
	}
	// The clock changed on this day before noon, or shortly before the day.
	_, before := changed.Add(-time.Second).Zone()
	_, after := changed.Zone()
	sinceMidnight := func(offset int) time.Time { // what 0:00 is by an offset
		return time.Date(year, month, date, 0, 0, 0, 0, time.FixedZone("", offset)).In(zone)
	}
	if t := sinceMidnight(before); t.Before(changed) {
		return t
	}
	if t := sinceMidnight(after); t.After(changed) {
		return t
	}
	return changed.In(zone)
}
