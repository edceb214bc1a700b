package data_test

import (
	"errors"
	"regexp"
	"slices"
	"strconv"
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
		{"kept free for films, no plus, at home elsewhere", "447700900123", "IN", ""},
		{"a number of India that begins like one of Singapore", "6512345678", "", ""},
		{"a number of India that begins like one of India", "9137979401", "", ""},
		{"no country of its own", "+870 773 111 632", "", "+870773111632"},
		{"fifteen digits", "+491512345678901", "", "+491512345678901"},

		{"a chat's address", "919137979401@c.us", "", "+919137979401"},
		{"a chat's address at home elsewhere", "919137979401@c.us", "US", "+919137979401"},
		{"a chat's newer address", "919137979401@s.whatsapp.net", "", "+919137979401"},
		{"a chat's address with a device", "919137979401:12@s.whatsapp.net", "", "+919137979401"},
		{"a chat's address with an agent and a device", "919137979401.0:12@S.WhatsApp.net", "", "+919137979401"},
		{"whatsapp:", "whatsapp:+919137979401", "", "+919137979401"},
		{"whatsapp: without a plus", "whatsapp:919137979401", "DE", "+919137979401"},
		{"tel: with an extension", "tel:+919137979401;ext=5", "", "+919137979401"},
		{"tel: with parameters", "tel:+91-9137-979401;phone-context=+91;ext=12", "", "+919137979401"},
		{"tel: of the country", "tel:070-1234567;ext=5", "SE", "+46701234567"},
		{"waid", "waid=573001234567", "", "+573001234567"},
		{"waid with its number", "waid=573001234567:+57 300 1234567", "", "+573001234567"},
		{"a vCard's line", "TEL;type=CELL;waid=573001234567:+57 300 1234567", "", "+573001234567"},
		{"a vCard's grouped line", "item1.TEL;waid=5215512345678:+52 55 1234 5678", "", "+5215512345678"},
		{"wa.me", "https://wa.me/919137979401", "", "+919137979401"},
		{"wa.me with a text", "https://wa.me/919137979401?text=" + strings.Repeat("Hello%20", 30), "", "+919137979401"},
		{"wa.me as it is said", "wa.me/+919137979401/", "IN", "+919137979401"},
		{"the API's link", "https://api.whatsapp.com/send?phone=919137979401&text=Hi%2046", "", "+919137979401"},
		{"the API's link with its phone behind", "https://api.whatsapp.com/send/?text=46&phone=%2B919137979401", "", "+919137979401"},
		{"the web's link", "https://web.whatsapp.com/send?phone=919137979401#x", "", "+919137979401"},
		{"the program's link", "whatsapp://send?phone=919137979401", "", "+919137979401"},
		{"a spreadsheet's text", "'919137979401", "IN", "+919137979401"},
		{"a spreadsheet's formula", `="919137979401"`, "IN", "+919137979401"},
		{"a spreadsheet's fraction", "919137979401.0", "", "+919137979401"},
		{"a spreadsheet's fraction at home", "919137979401.0", "IN", "+919137979401"},
		{"a spreadsheet's fraction in Germany, where a digit more would do", "919137979401.0", "DE", "+919137979401"},
		{"a spreadsheet's two places", "919137979401.00", "IN", "+919137979401"},
		{"a spreadsheet's fraction with a comma", "919137979401,0", "IN", "+919137979401"},
		{"a spreadsheet's thousands", "919,137,979,401", "IN", "+919137979401"},
		{"a spreadsheet's thousands and fraction", "919,137,979,401.00", "DE", "+919137979401"},
		{"a national number's fraction", "9137979401.0", "IN", "+919137979401"},
		{"a fraction behind a plus", "+919137979401.0", "IN", "+919137979401"},
		{"a last digit of its own behind a plus", "+4670123456.0", "", "+46701234560"},
		{"a slash behind the area", "0351/1234567", "DE", "+493511234567"},

		{"Mexico with the old 1", "+5215512345678", "", "+5215512345678"},
		{"Mexico with the old 1, as digits", "5215512345678", "", "+5215512345678"},
		{"Mexico with the old 1, at home in India", "5215512345678", "IN", "+5215512345678"},
		{"Mexico with the old 1, at home in Germany", "5215512345678", "DE", "+5215512345678"},
		{"Mexico", "525512345678", "IN", "+525512345678"},
		{"Ivory Coast with eight digits", "+22507123456", "", "+22507123456"},
		{"Ivory Coast with eight digits, as digits", "22507123456", "IN", "+22507123456"},
		{"Ivory Coast with eight digits, at home in Germany", "22507123456", "DE", "+22507123456"},
		{"Ivory Coast with eight digits, at home there", "07 12 34 56", "CI", "+22507123456"},
		{"Ivory Coast with ten digits", "2250707123456", "IN", "+2250707123456"},
		{"Ivory Coast, a landline with eight digits", "22520312345", "IN", "+22520312345"},
		{"Benin with eight digits", "+22997123456", "", "+22997123456"},
		{"Benin with eight digits, as digits", "22997123456", "IN", "+22997123456"},
		{"Benin with ten digits", "2290197123456", "IN", "+2290197123456"},
		{"Brazil without the 9", "553188887777", "IN", "+553188887777"},
		{"Brazil without the 9, at home in Germany", "553188887777", "DE", "+553188887777"},
		{"Brazil with the 9", "5531988887777", "IN", "+5531988887777"},
		{"Argentina with the 9", "5491123456789", "IN", "+5491123456789"},
		{"Argentina without the 9", "541123456789", "IN", "+541123456789"},
		{"Argentina with 15", "+54 11 15 2345 6789", "", "+5491123456789"},
		{"Argentina with 9 and 15", "+54 9 11 15 2345 6789", "", "+5491123456789"},
		{"Argentina with 15, at home there", "011 15 2345-6789", "AR", "+5491123456789"},

		{"a digit lost, in Iran possible", "987654321", "IN", ""},
		{"a digit lost, in Iran possible, at home in Sweden", "987654321", "SE", "+46987654321"},
		{"a digit lost behind the country code", "91913797940", "IN", ""},
		{"a digit lost behind plus and country code", "+91913797940", "IN", ""},
		{"a plus without the country code", "+9137979401", "IN", ""},
		{"a digit too many", "98765432101", "IN", ""},
		{"a digit too many in Mexico", "+52155123456789", "", ""},
		{"a digit lost in Ivory Coast", "+2250712345", "", ""},
		{"thirteen digits, of which India has none", "9191379794010", "IN", ""},
		{"a spreadsheet's fraction of what is too short", "987654321.0", "IN", ""},
		{"a fraction that is not zero", "919137979401.5", "DE", ""},
		{"rounded", "9.19138E+11", "IN", ""},
		{"rounded with a comma", "9,19138e+11", "IN", ""},
		{"two numbers, a comma between", "+46701234567, +46701234568", "", ""},
		{"two short numbers that make one", "0301234567/0301234568", "DE", ""},
		{"two short numbers, a space between", "0301234 0301235", "DE", ""},
		{"two numbers, as Google's contacts join them", "+46 70 1234567 ::: +46 70 1234568", "", ""},
		{"two numbers and nothing between", "+46701234567+46701234568", "", ""},
		{"digits to dial later", "+46701234,567", "", ""},
		{"an alternative ending", "030 1234567/68", "DE", ""},
		{"a plus in the middle", "46+701234567", "", ""},
		{"tel: of a place", "tel:863-1234;phone-context=+1-914", "US", ""},
		{"a group", "120363012345678901@g.us", "", ""},
		{"an id that hides the number", "919137979401@lid", "", ""},
		{"an e-mail address", "919137979401@example.com", "", ""},
		{"a link without a number", "https://wa.me/message/ABCDEFGHIJ", "", ""},
		{"a link to elsewhere", "https://example.com/919137979401", "", ""},
		{"a chat's address of no number", "1234567@c.us", "IN", ""},
		{"a user id", "IN.13491208655302741918", "IN", ""},

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

func TestParsePhone_SaysWhatIsMissing(t *testing.T) {
	for _, c := range []struct{ text, country, want string }{
		{"", "IN", "write it with its country code"},
		{"hello", "IN", "write it with its country code"},
		{"+46 70 CALL ME", "", "letters"},
		{"987654321", "IN", "1 digit too short, since 10 digits follow +91"},
		{"91913797940", "IN", "1 digit too short, since 10 digits follow +91"},
		{"+919137979", "", "3 digits too short, since 10 digits follow +91"},
		{"98765432101", "IN", "1 digit too long, since 10 digits follow +91"},
		{"98765432101", "IN", "a number of another country begins with +"},
		{"+52155123456789", "", "2 digits too long, since 10 digits follow +52"},
		{"+98 7654 3211", "", "8 digits, but 6, 7 or 10 digits follow +98"},
		{"+46 70 123", "", "2 digits too short, since 7 to 9 digits follow +46"},
		{"070-123 45 67", "", "country code or some of its digits are missing"},
		{"+999 123 456 789", "", "no country has the code +999"},
		{"+00 46 70 1234567", "", "no country code begins with 0"},
		{"9.19138E+11", "", "spreadsheet has rounded it"},
		{"919137979401.5", "", "fraction"},
		{"+46701234567, +46701234568", "", "two numbers"},
		{"0301234567 0301234568", "DE", "two numbers"},
		{"030 1234567/68", "DE", "digits after the number"},
		{"46+701234567", "", "plus sign belongs in front"},
		{"120363012345678901@g.us", "", "a group"},
		{"919137979401@lid", "", "hides the number"},
		{"tel:863-1234;phone-context=+1-914", "US", "country code is missing"},
		{strings.Repeat("4", 10_000), "SE", "longer than any number"},
	} {
		_, err := data.ParsePhone(c.text, c.country)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s in %q: %v, want %q", data.OneLine(c.text, 40), c.country, err, c.want)
		}
	}
}

func FuzzParsePhone(f *testing.F) {
	for _, text := range []string{
		"+46701234567", "919137979401@c.us", "919137979401:12@s.whatsapp.net", "whatsapp:+919137979401", "tel:+919137979401;ext=5",
		"TEL;waid=573001234567:+57 300 1234567", "https://wa.me/919137979401?text=1", "https://api.whatsapp.com/send?phone=919137979401",
		"919137979401.0", "919,137,979,401.00", "9.19E+11", "5215512345678", "22507123456", "+54 9 11 15 2345 6789", "0301234567/0301234568",
		"\u202a+46 70 1234567\u202c", "+٤٦ ٧٠ ١٢٣ ٤٥ ٦٧", "+", "tel:;", "@c.us", "",
	} {
		for _, country := range []string{"", "IN", "DE", "MX", "xx"} {
			f.Add(text, country)
		}
	}
	f.Fuzz(func(t *testing.T, text, country string) {
		p, err := data.ParsePhone(text, country)
		if err == nil {
			stable(t, p)
			return
		}
		if p != "" || !errors.Is(err, data.ErrPhone) {
			t.Fatalf("%q together with %v", p, err)
		}
		harmless(t, err.Error())
	})
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
			if text == string(p[1:]) && errors.Is(err, data.ErrPhone) {
				continue // without a plus it must be in use
			}
			if err != nil || again != p {
				t.Fatalf("%q read as %q in %q gives %q, %v", p, text, country, again, err)
			}
		}
	}
}

// Digits without a plus are taken for a number of the country whose code they begin with
// only where that number is in use.
func TestParsePhone_WithoutPlusIsInUse(t *testing.T) {
	codes := phonenumbers.GetSupportedCallingCodes()
	rapid.Check(t, func(t *rapid.T) {
		var all []int
		for code := range codes {
			all = append(all, code)
		}
		slices.Sort(all)
		text := strconv.Itoa(rapid.SampledFrom(all).Draw(t, "code")) + rapid.StringMatching(`[0-9]{4,12}`).Draw(t, "rest")
		p, err := data.ParsePhone(text, "")
		if err != nil {
			if !errors.Is(err, data.ErrPhone) {
				t.Fatal(err)
			}
			return
		}
		n, err := phonenumbers.Parse(string(p), "")
		if err != nil || !phonenumbers.IsValidNumber(n) && data.MatchKey(data.Address(p)) == string(p) {
			t.Fatalf("%s is %s, which is not in use", text, p)
		}
	})
	if _, err := data.ParsePhone("6512345678", ""); err == nil || !strings.Contains(err.Error(), "as +65 12345678 no such number is in use: write it with + and its country code") {
		t.Errorf("it says %v", err)
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
