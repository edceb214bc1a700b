package data

import (
	"strings"
	"testing"
)

func TestLengthSentence_CountsFromTheUsual(t *testing.T) {
	for have, want := range map[int]string{
		8:  "it is 2 digits too short, since 10 digits follow +91",
		9:  "it is 1 digit too short, since 10 digits follow +91",
		10: "check its digits and its country code, +91",
		11: "it is 1 digit too long, since 10 digits follow +91",
	} {
		if got := lengthSentence(91, have); got != want {
			t.Errorf("%d digits: %s, want %s", have, got, want)
		}
	}
}

func TestEnumerate(t *testing.T) {
	for _, c := range []struct {
		numbers []int
		want    string
	}{{[]int{10}, "10"}, {[]int{9, 10}, "9 or 10"}, {[]int{8, 10}, "8 or 10"}, {[]int{8, 9, 10}, "8 to 10"}, {[]int{6, 7, 10}, "6, 7 or 10"}} {
		if got := enumerate(c.numbers); got != c.want {
			t.Errorf("%v: %s, want %s", c.numbers, got, c.want)
		}
	}
}

// The country code in front of a number that is not too long with it is part of it.
func TestTypedNumber_ProblemCutsTheCountryCode(t *testing.T) {
	const end = "; a number of another country begins with + and its code"
	for digits, want := range map[string]string{
		"9112345678":    "check its digits and its country code, +91" + end,
		"91123456789":   "it is 1 digit too short, since 10 digits follow +91" + end,
		"9112345678901": "it is 1 digit too long, since 10 digits follow +91" + end,
	} {
		if got := (typedNumber{digits: digits}).problem("in"); got != want {
			t.Errorf("%s: %s, want %s", digits, got, want)
		}
	}
	for digits, want := range map[string]string{
		"91123":   "it is 7 digits too short, since 10 digits follow +91",
		"2291234": "it is 4 digits too short, since 8 or 10 digits follow +229",
		"229":     "it is 8 digits too short, since 8 or 10 digits follow +229",
		"0911":    "no country code begins with 0: write it like +46701234567",
		"210":     "no country has the code +210",
		"21":      "no country has the code +21",
	} {
		if got := abroadProblem(digits); got != want {
			t.Errorf("+%s: %s, want %s", digits, got, want)
		}
	}
}

// One digit more than a number of the country has is a slip, two are another country's.
func TestParsePhone_ADigitTooManyIsTheCountrys(t *testing.T) {
	for text, want := range map[string]string{
		"10005678901":  "it is 1 digit too long, since 10 digits follow +91",
		"919137979401": "",
		"440005678901": "no such number is in use",
	} {
		if _, err := ParsePhone(text, "IN"); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// A number with a trunk zero too many would be kept and never be found again.
func TestRead_RefusesASecondTrunkZero(t *testing.T) {
	for _, digits := range []string{"+4600701234567", "+44007400123101", "+49001512345678", "+33000612345678", "+91009137979401", "+390003123456789"} {
		if r := read(digits, ""); r != nil {
			if again := read(string(r.phone), ""); again == nil || again.phone != r.phone {
				t.Errorf("%s is read as %s, and that as %+v", digits, r.phone, again)
			}
		}
	}
}
