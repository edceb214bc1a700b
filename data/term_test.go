package data_test

import (
	"errors"
	"slices"
	"strings"
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
		60 * time.Minute:   "1 hour",
		61 * time.Minute:   "1 hour 1 min",
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
		"/block 2026-12-24 14:00":        {Want: data.Blocked, Until: "2026-12-24 14:00"},
		"/block for 7d spam":             {Want: data.Blocked, Until: "7d", Reason: "Spam"},
		"/block rude, until 7d":          {Want: data.Blocked, Until: "7d", Note: "rude,"},
		// What stands for an end and is none is not silently no end.
		"/block 7x":                             {Want: data.Blocked, Until: "7x"},
		"/block 7x spam all day":                {Want: data.Blocked, Until: "7x", Reason: "Spam", Note: "all day"},
		"/block spam 7x":                        {Want: data.Blocked, Until: "7x", Reason: "Spam"},
		"/block spam rude 7x again":             {Want: data.Blocked, Until: "7x", Reason: "Spam", Note: "rude again"},
		"/block 7":                              {Want: data.Blocked, Until: "7"},
		"/block 7 days spam":                    {Want: data.Blocked, Until: "7 days", Reason: "Spam"},
		"/block spam for 7 days rude":           {Want: data.Blocked, Until: "7 days", Reason: "Spam", Note: "rude"},
		"/block tomorrow":                       {Want: data.Blocked, Until: "tomorrow"},
		"/block spam until next week":           {Want: data.Blocked, Until: "next week", Reason: "Spam"},
		"/block rude until Friday please":       {Want: data.Blocked, Until: "Friday", Note: "rude please"},
		"/block 2020-01-01 spam":                {Want: data.Blocked, Until: "2020-01-01", Reason: "Spam"},
		"/block 24.12.":                         {Want: data.Blocked, Until: "24.12."},
		"/block 0d":                             {Want: data.Blocked, Until: "0d"},
		"/block -7d":                            {Want: data.Blocked, Until: "-7d"},
		"/block called me 3 times, for no good": {Want: data.Blocked, Note: "called me 3 times, for no good"},
		"/block waited for a refund":            {Want: data.Blocked, Note: "waited for a refund"},
		"/block for a week spam":                {Want: data.Blocked, Until: "a week", Reason: "Spam"},
		"/block rude till the end of the month": {Want: data.Blocked, Until: "the end of the month", Note: "rude"},
		"/block the end of patience":            {Want: data.Blocked, Note: "the end of patience"},
		"/block until":                          {Want: data.Blocked, Note: "until"},
		"/unblock he said sorry 7d":             {Want: data.Active, Note: "he said sorry 7d"},
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

// A day that is skipped by summer time at its end or beginning is over when the next begins.
func TestParseTerm_DayWithoutMidnight(t *testing.T) {
	was := time.Local
	defer func() { time.Local = was }()
	now := data.MomentOf(time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC))
	for _, c := range []struct{ zone, text, want string }{
		{"America/Havana", "2027-03-13", "2027-03-14T05:00:00.000Z"},
		{"Africa/Cairo", "2027-04-30", "2027-04-30T21:00:00.000Z"},
		{"Africa/Cairo", "2027-04-29", "2027-04-29T22:00:00.000Z"},
	} {
		var err error
		if time.Local, err = time.LoadLocation(c.zone); err != nil {
			t.Fatal(err)
		}
		if got, err := data.ParseTerm(c.text, now); err != nil || got.String() != c.want {
			t.Errorf("%s in %s: %s, %v, want %s", c.text, c.zone, got, err, c.want)
		}
	}
}

func TestMistypedCommand(t *testing.T) {
	for text, want := range map[string]string{
		"/blok 7d spam": "/blok: /block", "/BLOKC": "/BLOKC: /block", " \n/unblok": "/unblok: /unblock", "/bl": "/bl: /block", "/unb": "/unb: /unblock",
		"/nblock": "/nblock: /block /unblock", "/": "/: ", "/ block": "/: ", "/etc/hosts is missing": "/etc/hosts: ", "/help": "/help: ", "/block, please": "/block,: /block",
		"/" + strings.Repeat("b", 100_000): "/" + strings.Repeat("b", 100_000) + ": ",
	} {
		word, near, mistyped := data.MistypedCommand(text)
		if got := word + ": " + strings.Join(near, " "); !mistyped || got != want {
			t.Errorf("%.40q: %.80q, %v, want %.80q", text, got, mistyped, want)
		}
	}
	for _, text := range []string{"", " ", "/block", "/Unblock now", "//blok", "//", "hello /blok", "1/2"} {
		if word, near, mistyped := data.MistypedCommand(text); mistyped {
			t.Errorf("%q: %q, %q", text, word, near)
		}
	}
}

func TestTypedText(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "hello": "hello", "//block": "/block", "//": "/", "///": "//", " //etc": "/etc", "a // b": "a // b", "/block": "/block", "http://x": "http://x",
	} {
		if got := data.TypedText(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// No command is sent, and what is understood of one is either an end that holds or one
// that is refused, wherever it stood.
func FuzzParseTyped(f *testing.F) {
	for _, text := range []string{"/block 7x spam", "/block for 7 days", "/unblock 7d", "//block", "/blok", "/block until", "/block 2026-12-24 14:00 x", "/block spam 7d\n8d"} {
		f.Add(text)
	}
	now := data.MomentOf(time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC))
	f.Fuzz(func(t *testing.T, text string) {
		if data.Clean(text) != text {
			return
		}
		typed, command := data.ParseTyped(text, data.DefaultReasons, now)
		_, _, mistyped := data.MistypedCommand(text)
		if command && mistyped {
			t.Fatalf("%q is a command and none", text)
		}
		if slashed := strings.HasPrefix(strings.TrimSpace(text), "/") && !strings.HasPrefix(strings.TrimSpace(text), "//"); slashed != (command || mistyped) {
			t.Fatalf("%q: a command %v, mistyped %v", text, command, mistyped)
		}
		if !command {
			return
		}
		words := len(strings.Fields(typed.Until)) + len(strings.Fields(typed.Note)) + len(strings.Fields(typed.Reason))
		if all := len(strings.Fields(text)) - 1; words > all || words < all-1 { // for and until go with the end
			t.Fatalf("%q: %d words of %d are in %+v", text, words, all, typed)
		}
	})
}

func TestParseTerm_EndsAhead(t *testing.T) {
	now := data.MomentOf(time.Date(2026, 11, 20, 15, 0, 0, 0, time.Local))
	for text, want := range map[string]string{
		"2026-11-20 15:00": "is in the past",
		"2026-11-20 14:59": "is in the past",
		"0d":               "is neither a span of time",
		"-1d":              "is neither a span of time",
	} {
		if at, err := data.ParseTerm(text, now); at != 0 || !errors.Is(err, data.ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v", text, at, err)
		}
	}
	const century = 100 * 365 * 24 * time.Hour
	if data.TooFar(now.Add(century), now) || !data.TooFar(now.Add(century)+1, now) {
		t.Error("a hundred years are not too far, and a millisecond more is")
	}
	if got := now.Add(time.Minute).Remaining(now); got != "1 minute" {
		t.Errorf("a minute is %q", got)
	}
	for hours, want := range map[time.Duration]string{48: "2 days", 59: "2 days", 60: "3 days", 83: "3 days", 84: "4 days"} {
		if got := now.Add(hours * time.Hour).Remaining(now); got != want {
			t.Errorf("%d hours are %q, want %q", hours, got, want)
		}
	}
}

// Two letters too few or too many are near enough, and nines are digits as well.
func TestMistypedCommand_WithinTwoLetters(t *testing.T) {
	for text, want := range map[string][]string{
		"/blk":        {"/block"},
		"/blockkk":    {"/block"},
		"/blockkkk":   nil,
		"/bl0kc":      {"/block"},
		"/unblockk x": {"/unblock"},
		"/unblo":      {"/unblock"},
		"/unb":        {"/unblock"},
		"/":           nil,
	} {
		if _, near, mistyped := data.MistypedCommand(text); !mistyped || !slices.Equal(near, want) {
			t.Errorf("%s is near %q, want %q (%v)", text, near, want, mistyped)
		}
	}
	if typed, ok := data.ParseTyped("/block 9x spam", nil, 0); !ok || typed.Until != "9x" || typed.Note != "spam" {
		t.Errorf("%+v, %v", typed, ok)
	}
}
