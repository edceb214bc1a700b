package data_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
)

func TestParsePhone(t *testing.T) {
	for _, c := range []struct {
		name, text, country string
		want                data.Phone // empty: refused
	}{
		{"E.164", "+46701234567", "", "+46701234567"},
		{"spaces", " +46 70 123 45 67 ", "", "+46701234567"},
		{"space after the plus", "+ 46 70 1234567", "", "+46701234567"},
		{"dashes", "+46-70-123-45-67", "", "+46701234567"},
		{"dots and slash", "+46/70.123.45.67", "", "+46701234567"},
		{"hard spaces and long dashes", "+46\u00a070–123\u201145\u202f67", "", "+46701234567"},
		{"parentheses", "+1 (201) 555-0123", "", "+12015550123"},
		{"plus in parentheses", "(+46) 70 1234567", "SE", "+46701234567"},
		{"pasted with bidi marks", "\u202a+46 70 1234567\u202c", "IN", "+46701234567"},
		{"00", "0046701234567", "", "+46701234567"},
		{"00 with a country", "0046 70 123 45 67", "IN", "+46701234567"},
		{"011 in the US", "011 46 70 1234567", "US", "+46701234567"},
		{"(0)", "+46 (0)70 123 45 67", "", "+46701234567"},
		{"(0) in Britain", "+44 (0)20 7946 0018", "", "+442079460018"},
		{"a zero that belongs to the number", "+39 06 1234567", "", "+39061234567"},
		{"tel:", "tel:+46-70-1234567", "", "+46701234567"},
		{"TEL:", "TEL: +46701234567", "", "+46701234567"},
		{"full width", "＋４６７０１２３４５６７", "", "+46701234567"},
		{"Arabic-Indic", "+٤٦ ٧٠ ١٢٣ ٤٥ ٦٧", "", "+46701234567"},
		{"Arabic-Indic 00", "٠٠٤٦٧٠١٢٣٤٥٦٧", "", "+46701234567"},
		{"Persian", "+۴۶۷۰۱۲۳۴۵۶۷", "", "+46701234567"},
		{"Devanagari", "+९१ ९१३७९ ७९४०१", "", "+919137979401"},
		{"Bengali", "+৯১৯১৩৭৯৭৯৪০১", "", "+919137979401"},
		{"mathematical", "+𝟗𝟏𝟗𝟏𝟑𝟕𝟗𝟕𝟗𝟒𝟎𝟏", "", "+919137979401"},
		{"no plus, as DoubleTick writes", "919137979401", "", "+919137979401"},
		{"no plus, own country", "919137979401", "IN", "+919137979401"},
		{"no plus, another country", "919137979401", "SE", "+919137979401"},
		{"national", "070-123 45 67", "SE", "+46701234567"},
		{"national in small letters", "070-123 45 67", "se", "+46701234567"},
		{"national without its zero", "701234567", "SE", "+46701234567"},
		{"national, in Iran only possible", "98765 43210", "IN", "+919876543210"},
		{"national, beginning like its country", "9137979401", "IN", "+919137979401"},
		{"national, in Japan only possible", "8123456789", "IN", "+918123456789"},
		{"national, in Egypt only possible", "(201) 867-5309", "US", "+12018675309"},
		{"both in use: the international", "6591234567", "IN", "+6591234567"},
		{"kept free for films", "+44 7700 900123", "", "+447700900123"},
		{"kept free for films, national", "07700 900123", "GB", "+447700900123"},
		{"kept free for films, no plus, at home elsewhere", "447700900123", "IN", "+447700900123"},
		{"no country of its own", "+870 773 111 632", "", "+870773111632"},
		{"fifteen digits", "+491512345678901", "", "+491512345678901"},

		{"empty", "", "", ""},
		{"blank", " \t\n", "", ""},
		{"plus alone", "+", "", ""},
		{"tel alone", "tel:", "", ""},
		{"too short", "+123", "", ""},
		{"an emergency number", "112", "SE", ""},
		{"short within a town", "+1 555 0123", "", ""},
		{"short within a town, national", "555 0123", "US", ""},
		{"national without a country", "070-123 45 67", "", ""},
		{"plus and zeros", "+00 46 70 1234567", "", ""},
		{"zeros only", "000000000000", "SE", ""},
		{"two trunk zeros", "+46 (00)70 123 45 67", "", ""},
		{"no such country code", "+999 123 456 789", "", ""},
		{"sixteen digits", "+4915123456789012", "", ""},
		{"letters", "+46 70 CALL ME", "", ""},
		{"letters between digits", "+46x70x1234567", "", ""},
		{"a chat's address", "919137979401@c.us", "", ""},
		{"Hindi letters", "फ़ोन +919137979401", "", ""},
		{"ten thousand bytes", strings.Repeat("4", 10_000), "SE", ""},
		{"ten thousand spaces", strings.Repeat(" ", 10_000) + "+46701234567", "", ""},
		{"broken UTF-8", "\xff\xfe\xfd", "", ""},
		{"NUL", "\x00", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := data.ParsePhone(c.text, c.country)
			if got != c.want {
				t.Fatalf("got %q (%v), want %q", got, err, c.want)
			}
			if (c.want == "") != errors.Is(err, data.ErrPhone) {
				t.Errorf("error %v", err)
			}
			if err != nil && len(err.Error()) > 300 {
				t.Errorf("the error is %d bytes long", len(err.Error()))
			}
		})
	}
}

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{4,14}$`)

// stable fails the test where p, or p as people write it, reads as another
// number, whatever the country.
func stable(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, p data.Phone,
) {
	t.Helper()
	if !e164.MatchString(string(p)) {
		t.Fatalf("%q is no E.164", p)
	}
	for _, text := range []string{string(p), p.Pretty(), "00" + string(p[1:]), string(p[1:])} {
		for _, country := range []string{"", "IN", "US", "IT", "AR"} {
			if text == string(p[1:]) && country != "" {
				continue // without a plus the country may have its own reading
			}
			again, err := data.ParsePhone(text, country)
			if err != nil || again != p {
				t.Fatalf("%q read as %q in %q gives %q, %v", p, text, country, again, err)
			}
		}
	}
}

func examples(t *testing.T) []string {
	t.Helper()
	var all []string
	for region := range phonenumbers.GetSupportedRegions() {
		for _, kind := range []phonenumbers.PhoneNumberType{phonenumbers.MOBILE, phonenumbers.FIXED_LINE} {
			if n := phonenumbers.GetExampleNumberForType(region, kind); n != nil {
				all = append(all, phonenumbers.Format(n, phonenumbers.E164))
			}
		}
	}
	if len(all) < 400 {
		t.Fatalf("only %d example numbers", len(all))
	}
	return all
}

func TestParsePhoneTakesANumberOfEveryCountry(t *testing.T) {
	for _, number := range examples(t) {
		p, err := data.ParsePhone(number, "")
		if err != nil || string(p) != number {
			t.Errorf("%s reads as %q, %v", number, p, err)
			continue
		}
		stable(t, p)
	}
}

func TestParsePhoneReadsWhatItGaveAsTheSame(t *testing.T) {
	all := examples(t)
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.SampledFrom(all).Draw(t, "number")
		keep := rapid.IntRange(2, min(6, len(number))).Draw(t, "keep")
		text := number[:keep] + rapid.OneOf(
			rapid.StringMatching(`[0-9 ()-]{0,14}`),
			rapid.Just("00"+number[keep:]),
			rapid.Just("(0)"+number[keep:]),
		).Draw(t, "rest")
		p, err := data.ParsePhone(text, rapid.SampledFrom([]string{"", "IN", "US", "SE"}).Draw(t, "country"))
		if err != nil {
			if p != "" || !errors.Is(err, data.ErrPhone) {
				t.Fatalf("%q, %v", p, err)
			}
			return
		}
		stable(t, p)
	})
}

func TestParsePhoneSeesThroughSpelling(t *testing.T) {
	all := examples(t)
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.SampledFrom(all).Draw(t, "number")
		zero := rapid.SampledFrom([]rune("0٠۰०０")).Draw(t, "script")
		var text strings.Builder
		text.WriteString(rapid.SampledFrom([]string{"+", " +", "00", "＋", "tel:+", "(+"}).Draw(t, "prefix"))
		for _, digit := range number[1:] {
			text.WriteRune(digit - '0' + zero)
			text.WriteString(rapid.SampledFrom([]string{"", "", "", "", "", "", " ", "-", ")", "."}).Draw(t, "gap"))
		}
		if text.Len() > 64 {
			return // bounded on purpose; digits of other scripts take two or three bytes
		}
		p, err := data.ParsePhone(text.String(), rapid.SampledFrom([]string{"", "IN", "US"}).Draw(t, "country"))
		if err != nil || string(p) != number {
			t.Fatalf("%s written %q reads as %q, %v", number, text.String(), p, err)
		}
	})
}

func TestParsePhoneTakesAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, err := data.ParsePhone(nasty().Draw(t, "text"), nasty().Draw(t, "country"))
		if err == nil {
			stable(t, p)
			return
		}
		if p != "" {
			t.Fatalf("%q together with %v", p, err)
		}
		harmless(t, err.Error())
	})
}

func TestPrettyOfWhatIsNoNumber(t *testing.T) {
	for p, want := range map[data.Phone]string{"": "", "x": "x", "+46701234567": "+46 70 123 45 67"} {
		if got := p.Pretty(); got != want {
			t.Errorf("%q: got %q, want %q", p, got, want)
		}
	}
}
