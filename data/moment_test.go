package data_test

import (
	"encoding/json"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the tests, on every machine

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
)

// in lets the test run as if the computer stood in the zone.
func in(t *testing.T, zone string) {
	t.Helper()
	there, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	here := time.Local
	time.Local = there
	t.Cleanup(func() { time.Local = here })
}

func at(t *testing.T, local string) data.Moment {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04:05.000", local, time.Local)
	if err != nil {
		t.Fatal(err)
	}
	return data.MomentOf(when)
}

func TestMomentInWords(t *testing.T) {
	for _, c := range []struct {
		name, zone, moment, now string
		short, day, phrase      string
	}{
		{"now", "Asia/Kolkata", "2026-07-20 17:09:47.443", "2026-07-20 17:09:47.443", "17:09", "Today", "today at 17:09"},
		{"first of the day", "Asia/Kolkata", "2026-07-20 00:00:00.000", "2026-07-20 23:59:59.999", "00:00", "Today", "today at 00:00"},
		{"a millisecond before midnight", "Asia/Kolkata", "2026-07-19 23:59:59.999", "2026-07-20 00:00:00.000", "Yesterday", "Yesterday", "yesterday at 23:59"},
		{"almost two days", "Asia/Kolkata", "2026-07-19 00:00:00.000", "2026-07-20 23:59:59.999", "Yesterday", "Yesterday", "yesterday at 00:00"},
		{"a day and a millisecond", "Asia/Kolkata", "2026-07-18 23:59:59.999", "2026-07-20 00:00:00.000", "18/07/2026", "Saturday, 18 July", "on 18 Jul at 23:59"},
		{"later today", "Asia/Kolkata", "2026-07-20 23:59:00.000", "2026-07-20 00:01:00.000", "23:59", "Today", "today at 23:59"},
		{"tomorrow", "Asia/Kolkata", "2026-07-21 00:00:00.000", "2026-07-20 23:59:59.999", "21/07/2026", "Tuesday, 21 July", "on 21 Jul at 00:00"},
		{"New Year's Eve", "Asia/Kolkata", "2025-12-31 23:59:00.000", "2026-01-01 00:01:00.000", "Yesterday", "Yesterday", "yesterday at 23:59"},
		{"last year", "Asia/Kolkata", "2025-12-30 08:05:00.000", "2026-01-01 00:01:00.000", "30/12/2025", "30 December 2025", "on 30 Dec 2025 at 08:05"},
		{"next year", "Asia/Kolkata", "2027-01-02 08:05:00.000", "2026-12-31 12:00:00.000", "02/01/2027", "2 January 2027", "on 2 Jan 2027 at 08:05"},
		{"one day of the year, another year", "Asia/Kolkata", "2025-07-20 12:00:00.000", "2026-07-20 12:00:00.000", "20/07/2025", "20 July 2025", "on 20 Jul 2025 at 12:00"},
		{"leap day", "Asia/Kolkata", "2028-02-29 12:00:00.000", "2028-03-01 12:00:00.000", "Yesterday", "Yesterday", "yesterday at 12:00"},
		{"clocks forward, 23 hours", "Europe/Berlin", "2026-03-29 00:30:00.000", "2026-03-30 00:00:00.000", "Yesterday", "Yesterday", "yesterday at 00:30"},
		{"clocks forward, the same day", "Europe/Berlin", "2026-03-29 01:59:59.000", "2026-03-29 03:00:00.000", "01:59", "Today", "today at 01:59"},
		{"clocks forward, from the day before", "Europe/Berlin", "2026-03-28 23:59:59.999", "2026-03-30 00:00:00.000", "28/03/2026", "Saturday, 28 March", "on 28 Mar at 23:59"},
		{"clocks back, 25 hours", "Europe/Berlin", "2026-10-25 00:00:00.000", "2026-10-25 23:59:59.999", "00:00", "Today", "today at 00:00"},
		{"clocks back, the day after", "Europe/Berlin", "2026-10-25 00:00:00.000", "2026-10-26 00:00:00.000", "Yesterday", "Yesterday", "yesterday at 00:00"},
		{"a day that begins at one", "America/Sao_Paulo", "2018-11-04 01:00:00.000", "2018-11-04 12:00:00.000", "01:00", "Today", "today at 01:00"},
		{"before a day that begins at one", "America/Sao_Paulo", "2018-11-03 23:59:59.999", "2018-11-04 01:00:00.000", "Yesterday", "Yesterday", "yesterday at 23:59"},
		{"a day that never was", "Pacific/Apia", "2011-12-29 12:00:00.000", "2011-12-31 12:00:00.000", "29/12/2011", "Thursday, 29 December", "on 29 Dec at 12:00"},
		{"before 1970", "Europe/Berlin", "1969-12-31 23:59:59.999", "1970-01-01 00:00:00.000", "Yesterday", "Yesterday", "yesterday at 23:59"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in(t, c.zone)
			m, now := at(t, c.moment), at(t, c.now)
			if got := m.Short(now); got != c.short {
				t.Errorf("Short: got %q, want %q", got, c.short)
			}
			if got := m.Day(now); got != c.day {
				t.Errorf("Day: got %q, want %q", got, c.day)
			}
			if got := m.Relative(now); got != c.phrase {
				t.Errorf("Phrase: got %q, want %q", got, c.phrase)
			}
			if got, want := m.SameDay(now), c.day == "Today"; got != want || now.SameDay(m) != want {
				t.Errorf("SameDay: got %v", got)
			}
		})
	}
}

func TestMomentIsTheSameInEveryZone(t *testing.T) {
	const m = data.Moment(1_784_547_587_443)
	for zone, clock := range map[string]string{"UTC": "11:39", "Asia/Kolkata": "17:09", "America/New_York": "07:39", "Pacific/Kiritimati": "01:39"} {
		t.Run(zone, func(t *testing.T) {
			in(t, zone)
			if got := m.String(); got != "2026-07-20T11:39:47.443Z" {
				t.Errorf("String: %s", got)
			}
			if got := m.TimeOfDay(); got != clock {
				t.Errorf("Clock: got %s, want %s", got, clock)
			}
			if got := data.MomentOf(m.Time()); got != m {
				t.Errorf("there and back: %d", got)
			}
		})
	}
}

func TestMomentAsJSON(t *testing.T) {
	for m, want := range map[data.Moment]string{
		0:                 `null`,
		1:                 `"1970-01-01T00:00:00.001Z"`,
		-1:                `"1969-12-31T23:59:59.999Z"`,
		1_784_547_587_000: `"2026-07-20T11:39:47.000Z"`,
	} {
		got, err := json.Marshal(m)
		if err != nil || string(got) != want {
			t.Errorf("%d: got %s, %v, want %s", m, got, err, want)
		}
	}
	if got := data.Moment(0).String(); got != "" {
		t.Errorf("no moment is written %q", got)
	}
}

func TestMomentKeepsItsMillisecond(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := data.Moment(rapid.Int64Range(1, 4_102_444_800_000).Draw(t, "m"))
		again, err := time.Parse(time.RFC3339, m.String())
		if err != nil || data.MomentOf(again) != m {
			t.Fatalf("%d is written %s, %v", m, m, err)
		}
		d := rapid.Int64Range(-1e12, 1e12).Draw(t, "d")
		if got := m.Add(time.Duration(d) * time.Millisecond); got != m+data.Moment(d) {
			t.Fatalf("%d + %d ms = %d", m, d, got)
		}
	})
}
