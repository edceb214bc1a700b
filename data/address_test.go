package data_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

func TestParseAddress_ReadsWhatIsTyped(t *testing.T) {
	long := strings.Repeat("a", 128)
	for _, c := range []struct {
		name, text, country string
		want                data.Address // empty: refused
	}{
		{"a number", "+46 70 123 45 67", "", "+46701234567"},
		{"a national number", "070-123 45 67", "SE", "+46701234567"},
		{"a chat's address", "919137979401@c.us", "IN", "+919137979401"},
		{"Mexico with the old 1", "5215512345678", "IN", "+5215512345678"},
		{"a user id", "IN.13491208655302741918", "SE", "IN.13491208655302741918"},
		{"a user id with letters of both cases", "MX.aBc123", "", "MX.aBc123"},
		{"a user id between blanks and marks", " \u202aIN.1349\u202c\n", "", "IN.1349"},
		{"a parent's user id", "IN.ENT.13491208655302741918", "", "IN.ENT.13491208655302741918"},
		{"the longest user id", "IN." + long, "", data.Address("IN." + long)},
		{"a group", "120363012345678901@g.us", "", "120363012345678901@g.us"},
		{"a group in capitals", "120363012345678901@G.US", "", "120363012345678901@g.us"},
		{"a group of an older kind", "919137979401-1580000000@g.us", "", "919137979401-1580000000@g.us"},
		{"a group of Meta's", "Y2FwaV9ncm91cDo=@g.us", "", "Y2FwaV9ncm91cDo=@g.us"},
		{"a handle", "instagram:ada.lovelace", "", "instagram:ada.lovelace"},
		{"a handle of digits", "instagram:919137979401", "", "instagram:919137979401"},
		{"a handle with its @", "Instagram:@Ada", "", "instagram:Ada"},
		{"a handle of another channel", "generic_channel:ada", "", "generic_channel:ada"},

		{"empty", "", "", ""},
		{"a username", "@ada", "", ""},
		{"a username that reads as a number", "@919137979401", "", ""},
		{"a user id in small letters", "in.13491208655302741918", "", ""},
		{"a user id with one small letter", "In.1349", "", ""},
		{"a user id with nothing behind its dot", "IN.", "", ""},
		{"a user id that is too long", "IN." + long + "a", "", ""},
		{"a user id of three letters", "IND.1349", "", ""},
		{"a user id with a sign", "IN.1349-1", "", ""},
		{"two user ids", "IN.1349 IN.1350", "", ""},
		{"a number and a user id", "+919137979401 IN.1349", "", ""},
		{"a group without its id", "@g.us", "", ""},
		{"a group whose id looks like a number's address", "+5215512345678@g.us", "", ""},
		{"a group whose id is too long", long + "a@g.us", "", ""},
		{"a handle that is missing", "instagram:", "", ""},
		{"a handle that is an @", "instagram:@", "", ""},
		{"a handle on two lines", "instagram:ada\nbob", "", ""},
		{"a handle that is too long", "instagram:" + long + "a", "", ""},
		{"a channel that is none", "fax:ada", "", ""},
		{"endless", strings.Repeat("IN.", 10_000), "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := data.ParseAddress(c.text, c.country)
			if got != c.want || (c.want == "") != errors.Is(err, data.ErrPhone) {
				t.Fatalf("got %q, %v, want %q", got, err, c.want)
			}
		})
	}
}

func TestParseAddress_SuggestsAnother(t *testing.T) {
	for text, want := range map[string]string{
		"@ada":        "search for it",
		"in.1349":     "two capital letters",
		"instagram:":  "handle",
		"91913797940": "some of its digits are missing",
	} {
		if _, err := data.ParseAddress(text, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func FuzzParseAddress(f *testing.F) {
	for _, text := range []string{
		"+46701234567", "IN.13491208655302741918", "in.1349", "IN.ENT.1349", "120363012345678901@g.us", "instagram:ada", "instagram:@",
		"@ada", "919137979401@c.us", "+5215512345678@g.us", "generic_channel:+5215512345678", "\u202aIN.1349\u202c", "",
	} {
		f.Add(text, "IN")
		f.Add(text, "")
	}
	f.Fuzz(func(t *testing.T, text, country string) {
		a, err := data.ParseAddress(text, country)
		if err != nil {
			if a != "" || !errors.Is(err, data.ErrPhone) {
				t.Fatalf("%q together with %v", a, err)
			}
			harmless(t, err.Error())
			return
		}
		harmless(t, string(a))
		if again, err := data.ParseAddress(string(a), ""); err != nil || again != a {
			t.Fatalf("%q gives %q, and that gives %q, %v", text, a, again, err)
		}
		if p := a.Phone(); p != "" {
			stable(t, p)
		} else if data.MatchKey(a) != string(a) {
			t.Fatalf("%q has the key %q", a, data.MatchKey(a))
		}
	})
}

func TestParseAddress_TakesTheLongestSpelling(t *testing.T) {
	const id = "IN.13491208655302741918"
	padded := id + strings.Repeat(" ", 1024-len(id))
	if got, err := data.ParseAddress(padded, ""); got != id || err != nil {
		t.Errorf("1024 bytes: %q, %v", got, err)
	}
	if got, err := data.ParseAddress(padded+" ", ""); got != "" || !errors.Is(err, data.ErrPhone) {
		t.Errorf("1025 bytes: %q, %v", got, err)
	}
}

func TestKnownAs_DigitsAreANumberToo(t *testing.T) {
	if got := data.KnownAs("919137979401"); !slices.Equal(got, []data.Address{"919137979401", "+919137979401"}) {
		t.Errorf("%q", got)
	}
	if got := data.KnownAs("IN.1349"); !slices.Equal(got, []data.Address{"IN.1349"}) {
		t.Errorf("%q", got)
	}
}
