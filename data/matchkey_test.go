package data_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
)

// oneLine are addresses that are one line in two spellings.
var oneLine = []struct {
	name string
	a, b data.Address
}{
	{"Mexico with the old 1", "+5215512345678", "+525512345678"},
	{"Mexico, a number that begins with 1", "+5211234567890", "+521234567890"},

	{"Argentina with the 9", "+5491123456789", "+541123456789"},
	{"Argentina, area code of three digits", "+5493515551234", "+543515551234"},
	{"Argentina with 15 behind two digits", "+54111523456789", "+541123456789"},
	{"Argentina with 15 behind three digits", "+54351155512345", "+543515512345"},
	{"Argentina with 15 behind four digits", "+54290115512345", "+542901512345"},
	{"Argentina with 9 and 15", "+549111523456789", "+5491123456789"},

	{"Brazil, a mobile below 31", "+5511988887777", "+551188887777"},
	{"Brazil, a mobile from 31", "+5531988887777", "+553188887777"},
	{"Brazil, first of the eight 6", "+5531968887777", "+553168887777"},
	{"Brazil, first of the eight 9", "+5531998887777", "+553198887777"},

	{"Ivory Coast, Moov, second digit 0", "+22540123456", "+2250140123456"},
	{"Ivory Coast, Moov, second digit 3", "+22503123456", "+2250103123456"},
	{"Ivory Coast, MTN, second digit 4", "+22504123456", "+2250504123456"},
	{"Ivory Coast, MTN, second digit 6", "+22546123456", "+2250546123456"},
	{"Ivory Coast, Orange, second digit 7", "+22507123456", "+2250707123456"},
	{"Ivory Coast, Orange, second digit 9", "+22599123456", "+2250799123456"},
	{"Ivory Coast, a landline, third digit 8", "+22520812345", "+2252120812345"},
	{"Ivory Coast, a landline, third digit 0", "+22520012345", "+2252520012345"},
	{"Ivory Coast, a landline, third digit 7", "+22520712345", "+2252720712345"},
	{"Ivory Coast, a landline, third digit 9", "+22530912345", "+2252730912345"},
	{"Ivory Coast, a landline, third digit 1", "+22530112345", "+2252730112345"},

	{"Benin", "+2290197123456", "+22997123456"},
	{"Benin, a number that begins with 01", "+2290101123456", "+22901123456"},
}

// twoLines are addresses that look alike and are two lines, or are nothing that a
// rule is made for.
var twoLines = []struct {
	name string
	a, b data.Address
}{
	{"Mexico, 1 and nine digits", "+521551234567", "+52551234567"},
	{"Mexico, 1 and eleven digits", "+52155123456789", "+5255123456789"},
	{"Mexico, another digit than 1", "+5225512345678", "+525512345678"},

	{"Argentina, 9 and nine digits", "+549112345678", "+54112345678"},
	{"Argentina, 9 and eleven digits", "+54911234567890", "+5411234567890"},
	{"Argentina, another digit than 9", "+5481123456789", "+541123456789"},
	{"Argentina, 15 behind no area code", "+54121523456789", "+541223456789"},
	{"Argentina, 15 behind no area code, with the 9", "+549121523456789", "+54121523456789"},
	{"Argentina, 14 behind an area code", "+54111423456789", "+541123456789"},
	{"Argentina, 15 and a digit too few", "+5411152345678", "+54112345678"},
	{"Argentina, 15 and a digit too many", "+541115234567890", "+5411234567890"},
	{"Argentina, 9 and twelve digits without 15", "+549112345678901", "+54112345678901"},
	{"Argentina, 15 in front", "+54151123456789", "+541123456789"},

	{"Brazil, a landline", "+5531932345678", "+553132345678"},
	{"Brazil, first of the eight 2", "+5511922345678", "+551122345678"},
	{"Brazil, first of the eight 5", "+5511952345678", "+551152345678"},
	{"Brazil, first of the eight 1", "+5511912345678", "+551112345678"},
	{"Brazil, 9 and seven digits", "+551198888777", "+55118888777"},
	{"Brazil, 9 and nine digits", "+55119888877776", "+5511888877776"},
	{"Brazil, another digit than 9", "+5531888887777", "+553188887777"},

	{"Ivory Coast, two operators", "+2250545123456", "+2250745123456"},
	{"Ivory Coast, two operators, one in eight digits", "+22545123456", "+2250745123456"},
	{"Ivory Coast, another landline's prefix", "+22520812345", "+2252720812345"},
	{"Ivory Coast, a landline's digits behind a mobile's prefix", "+22520712345", "+2250120712345"},
	{"Ivory Coast, seven digits", "+2250712345", "+225070712345"},
	{"Ivory Coast, nine digits", "+225071234567", "+22507071234567"},
	{"Ivory Coast, no number of eight digits began with 1", "+22517123456", "+2250717123456"},

	{"Benin, 01 and seven digits", "+229019712345", "+2299712345"},
	{"Benin, 01 and nine digits", "+22901971234567", "+229971234567"},
	{"Benin, another prefix", "+2290297123456", "+22997123456"},

	{"Sweden with a 1", "+461701234567", "+46701234567"},
	{"India with a 9", "+919137979401", "+91137979401"},
	{"Togo, between the two", "+2280197123456", "+22897123456"},
	{"a group and a number of the same digits", "5215512345678@g.us", "+5215512345678"},
	{"a group and a number of the same digits, without the 1", "5215512345678@g.us", "+525512345678"},
	{"two groups", "5215512345678@g.us", "525512345678@g.us"},
	{"user ids compare to the letter", "IN.13491208655302741918", "in.13491208655302741918"},
	{"user ids that differ in one letter's case", "MX.5215512345678a", "MX.5215512345678A"},
	{"two user ids", "MX.5215512345678", "MX.525512345678"},
	{"two handles", "instagram:5215512345678", "instagram:525512345678"},
	{"two channels", "instagram:ada", "telegram:ada"},
	{"a plus, digits and a letter", "+5215512345678x", "+525512345678x"},
	{"digits without their plus", "5215512345678", "+5215512345678"},
}

func TestMatchKey_JoinsTheSpellingsOfALine(t *testing.T) {
	for _, c := range oneLine {
		if a, b := data.MatchKey(c.a), data.MatchKey(c.b); a != b {
			t.Errorf("%s: %s has the key %s, %s the key %s", c.name, c.a, a, c.b, b)
		}
	}
}

func TestMatchKey_KeepsLinesApart(t *testing.T) {
	for _, c := range twoLines {
		if data.MatchKey(c.a) == data.MatchKey(c.b) {
			t.Errorf("%s: %s and %s both have the key %s", c.name, c.a, c.b, data.MatchKey(c.a))
		}
	}
	for _, c := range twoLines {
		if !strings.HasPrefix(string(c.a), "+") && data.MatchKey(c.a) != string(c.a) {
			t.Errorf("%s: %s has the key %s", c.name, c.a, data.MatchKey(c.a))
		}
	}
}

// A country without a rule has keys that are its numbers.
func TestMatchKey_OfOtherCountriesIsTheAddress(t *testing.T) {
	ruled := []string{"MX", "AR", "BR", "CI", "BJ"}
	for region := range phonenumbers.GetSupportedRegions() {
		if slices.Contains(ruled, region) {
			continue
		}
		for _, kind := range []phonenumbers.PhoneNumberType{phonenumbers.MOBILE, phonenumbers.FIXED_LINE} {
			n := phonenumbers.GetExampleNumberForType(region, kind)
			if n == nil {
				continue
			}
			if a := phonenumbers.Format(n, phonenumbers.E164); data.MatchKey(data.Address(a)) != a {
				t.Errorf("%s, of %s, has the key %s", a, region, data.MatchKey(data.Address(a)))
			}
		}
	}
}

// addresses draws what is like the numbers of the five countries, and other things.
func addresses() *rapid.Generator[data.Address] {
	return rapid.Custom(func(t *rapid.T) data.Address {
		return data.Address(rapid.OneOf(
			rapid.StringMatching(`\+(52|54|55|225|229)(1|9|01|911|9?1115|9?35115|15)?[0-9]{6,12}`),
			rapid.StringMatching(`\+55[1-9]{2}9?[2-9][0-9]{7}`),
			rapid.StringMatching(`\+225(01|05|07|21|25|27)?[0-9]{8}`),
			rapid.StringMatching(`\+[0-9]{0,20}`),
			rapid.StringMatching(`[A-Z]{2}\.[A-Za-z0-9]{1,20}`),
			rapid.StringMatching(`[0-9]{1,20}@g\.us`),
			rapid.String(),
		).Draw(t, "address"))
	})
}

func TestMatchKey_OfAKeyIsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { keyHolds(t, addresses().Draw(t, "address")) })
}

// keyHolds fails the test where what is true of every key is not of that of a.
func keyHolds(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, a data.Address,
) {
	t.Helper()
	key := data.MatchKey(a)
	if again := data.MatchKey(data.Address(key)); again != key {
		t.Fatalf("%q has the key %q, and that has the key %q", a, key, again)
	}
	if key == string(a) {
		return
	}
	number := string(a)
	if number[0] != '+' || strings.Trim(number[1:], "0123456789") != "" || len(key) < 12 || key[:3] != number[:3] {
		t.Fatalf("%q has the key %q", a, key)
	}
}

// Where the library calls two numbers of one key in use, they are one line: in
// Argentina with and without its 9. In Brazil it still knows the eight digits, the
// first a 7, of a radio network that ended in 2018.
func TestMatchKey_JoinsNoTwoNumbersInUse(t *testing.T) {
	inUse := func(a data.Address) bool {
		if strings.HasPrefix(string(a), "+54") || strings.HasPrefix(string(a), "+55") && len(a) == len("+55")+2+8 && a[5] == '7' {
			return false
		}
		n, err := phonenumbers.Parse(string(a), "")
		return err == nil && phonenumbers.IsValidNumber(n) && phonenumbers.Format(n, phonenumbers.E164) == string(a)
	}
	rapid.Check(t, func(t *rapid.T) {
		a := addresses().Draw(t, "address")
		key := data.Address(data.MatchKey(a))
		if key != a && inUse(a) && inUse(key) {
			t.Fatalf("%s and %s are two numbers in use, and have one key", a, key)
		}
	})
}

func FuzzMatchKey(f *testing.F) {
	for _, c := range oneLine {
		f.Add(string(c.a))
		f.Add(string(c.b))
	}
	for _, c := range twoLines {
		f.Add(string(c.a))
		f.Add(string(c.b))
	}
	f.Add("")
	f.Add("+")
	f.Fuzz(func(t *testing.T, a string) { keyHolds(t, data.Address(a)) })
}

func BenchmarkMatchKey(b *testing.B) {
	for _, c := range []struct {
		name string
		a    data.Address
	}{
		{"of a country without a rule", "+919137979401"},
		{"Mexico", "+5215512345678"},
		{"Argentina", "+5491123456789"},
		{"Argentina with 15", "+54111523456789"},
		{"Brazil", "+5531988887777"},
		{"Ivory Coast", "+22507123456"},
		{"Benin", "+2290197123456"},
		{"user id", "IN.13491208655302741918"},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				data.MatchKey(c.a)
			}
		})
	}
}
