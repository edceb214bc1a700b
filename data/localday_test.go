package data

import (
	"testing"
	"time"
	_ "time/tzdata" // the zones are the same on every machine

	"pgregory.net/rapid"
)

// The end of a day is the first moment of the next one, wherever summer time begins or
// ends at midnight.
func TestDayStart(t *testing.T) {
	for _, c := range []struct{ zone, day, want string }{
		{"America/Havana", "2027-03-14", "2027-03-14T01:00:00-04:00"}, // midnight is skipped
		{"America/Havana", "2027-03-13", "2027-03-13T00:00:00-05:00"},
		{"America/Havana", "2027-03-15", "2027-03-15T00:00:00-04:00"},
		{"America/Havana", "2026-11-01", "2026-11-01T00:00:00-04:00"}, // midnight comes twice
		{"America/Havana", "2026-11-02", "2026-11-02T00:00:00-05:00"},
		{"Africa/Cairo", "2027-04-30", "2027-04-30T01:00:00+03:00"},
		{"Africa/Cairo", "2027-05-01", "2027-05-01T00:00:00+03:00"},
		{"America/Asuncion", "2023-03-26", "2023-03-26T00:00:00-04:00"}, // 23:00 comes twice the day before
		{"Asia/Beirut", "2027-03-28", "2027-03-28T01:00:00+03:00"},
		{"America/Santiago", "2026-09-06", "2026-09-06T01:00:00-03:00"},
		{"Europe/Berlin", "2027-03-28", "2027-03-28T00:00:00+01:00"},
		{"Europe/Berlin", "2026-10-25", "2026-10-25T00:00:00+02:00"},
		{"Asia/Kolkata", "2027-01-01", "2027-01-01T00:00:00+05:30"},
		{"UTC", "2027-01-01", "2027-01-01T00:00:00Z"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		day, err := time.Parse("2006-01-02", c.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := dayStart(day, zone).Format(time.RFC3339); got != c.want {
			t.Errorf("%s in %s begins at %s, want %s", c.day, c.zone, got, c.want)
		}
	}
}

// The moment before a day begins is in the day before, and the day has begun then.
func TestDayStart_IsTheFirstMomentOfItsDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom([]string{
			"America/Havana", "Africa/Cairo", "Asia/Beirut", "America/Santiago", "America/Asuncion", "Atlantic/Azores", "America/Scoresbysund",
			"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Tehran", "UTC",
		}).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		day := time.Date(2012, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 9000).Draw(t, "day"))
		start := dayStart(day, zone)
		date := func(at time.Time) string { return at.In(zone).Format("2006-01-02") }
		if want := day.Format("2006-01-02"); date(start) != want || date(start.Add(-time.Millisecond)) >= want {
			t.Fatalf("%s begins at %s; a moment before it is %s", want, start, date(start.Add(-time.Millisecond)))
		}
	})
}
