package data_test

import (
	"errors"
	"testing"
	"time"

	"github.com/latchdesk/latchdesk/data"
)

func TestParseTerm(t *testing.T) {
	now := data.MomentOf(time.Date(2026, 11, 22, 14, 0, 0, 0, time.Local))
	local := func(year int, month time.Month, day, hour, minute int) data.Moment {
		return data.MomentOf(time.Date(year, month, day, hour, minute, 0, 0, time.Local))
	}
	good := map[string]data.Moment{
		"90m":                  now.Add(90 * time.Minute),
		"8h":                   now.Add(8 * time.Hour),
		" 7d ":                 now.Add(7 * 24 * time.Hour),
		"2W":                   now.Add(14 * 24 * time.Hour),
		"2026-11-22":           local(2026, 11, 23, 0, 0),
		"2026-11-29":           local(2026, 11, 30, 0, 0),
		"2026-11-29 14:00":     local(2026, 11, 29, 14, 0),
		"2026-11-29T14:00":     local(2026, 11, 29, 14, 0),
		"2126-01-02T03:04:05Z": data.MomentOf(time.Date(2126, 1, 2, 3, 4, 5, 0, time.UTC)),
	}
	for text, want := range good {
		if got, err := data.ParseTerm(text, now); err != nil || got != want {
			t.Errorf("%q: %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "7", "d", "0h", "-3h", "1.5h", "99999999999h", "6000w", "7x", "soon", "2026-11-21", "2026-11-22 13:59", "2026-13-01", "2226-01-01", "١٢h"} {
		if got, err := data.ParseTerm(text, now); !errors.Is(err, data.ErrInvalid) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}

func TestMoment_Remaining(t *testing.T) {
	for d, want := range map[time.Duration]string{
		-time.Hour:         "less than a minute",
		59 * time.Second:   "less than a minute",
		time.Minute:        "1 minute",
		2 * time.Minute:    "2 minutes",
		59 * time.Minute:   "59 minutes",
		119 * time.Minute:  "1 hour 59 min",
		2 * time.Hour:      "2 hours",
		47 * time.Hour:     "47 hours",
		48 * time.Hour:     "2 days",
		7 * 24 * time.Hour: "7 days",
	} {
		now := data.Moment(1_000_000)
		if got := now.Add(d).Remaining(now); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
}

func TestParseTyped(t *testing.T) {
	now := data.MomentOf(time.Date(2026, 11, 22, 14, 0, 0, 0, time.Local))
	for text, want := range map[string]data.Typed{
		"/block":                         {Want: data.Blocked},
		"/Block 7d spam":                 {Want: data.Blocked, Until: "7d", Reason: "Spam"},
		"/block spam 7d":                 {Want: data.Blocked, Until: "7d", Reason: "Spam"},
		"/block wrong number 2026-12-24": {Want: data.Blocked, Until: "2026-12-24", Reason: "Wrong number"},
		"/block abuse called me names":   {Want: data.Blocked, Reason: "Abuse", Note: "called me names"},
		"/block 1d 2d":                   {Want: data.Blocked, Until: "1d", Note: "2d"},
		"/unblock he said sorry 7d":      {Want: data.Active, Note: "he said sorry 7d"},
	} {
		if got, ok := data.ParseTyped(text, data.DefaultReasons, now); !ok || got != want {
			t.Errorf("%q: %+v, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "block", "/blocks 7d", "please /block", "/ block"} {
		if got, ok := data.ParseTyped(text, data.DefaultReasons, now); ok {
			t.Errorf("%q is none: %+v", text, got)
		}
	}
}
