package data

import (
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// MatchKey returns what addresses are compared by: two spellings of one line have
// the same key. It finds a customer and never rewrites an address.
//
// WhatsApp's id of an account is not always the number that is dialled: five
// countries changed their numbers, and accounts made before kept the old one. Each
// has a rule here that stands only where the numbering plan makes two spellings one
// line. The key of any other address is the address. The key of a key is itself.
func MatchKey(a Address) string {
	if len(a) < len("+22507123456") || a[0] != '+' || !allDigits(string(a[1:])) {
		return string(a)
	}
	switch a[1:3] {
	case "52":
		return mexicanKey(string(a))
	case "54":
		return argentineKey(string(a))
	case "55":
		return brazilianKey(string(a))
	case "22":
		switch a[3] {
		case '5':
			return ivorianKey(string(a))
		case '9':
			return benineseKey(string(a))
		}
	}
	return string(a)
}

// mexicanKey drops the 1 that stood before mobile numbers until 2019.
func mexicanKey(a string) string {
	if len(a) == len("+52")+1+10 && a[3] == '1' {
		return "+52" + a[4:]
	}
	return a
}

// argentineKey drops the 9 of mobile numbers, and the 15 that is written in its
// place behind an area code.
func argentineKey(a string) string {
	const code = "+54"
	rest := a[len(code):]
	if len(rest) == 1+10 && rest[0] == '9' {
		return code + rest[1:]
	}
	if len(rest) == 1+12 && rest[0] == '9' {
		rest = rest[1:]
	}
	if len(rest) == 12 {
		if number, ok := withoutLocal15(rest); ok {
			return code + number
		}
	}
	return a
}

// withoutLocal15 returns the ten digits of an Argentine number that is written with
// its area code and then 15. Where the twelve digits are nothing like that, ok is
// false.
func withoutLocal15(digits string) (number string, ok bool) {
	if !strings.Contains(digits[2:6], "15") {
		return "", false
	}
	// The library knows the area codes: behind one of them it takes 15 off, and puts
	// a 9 in front.
	n, err := phonenumbers.Parse("+54"+digits, "")
	if err != nil {
		return "", false
	}
	national := phonenumbers.GetNationalSignificantNumber(n)
	if len(national) != 1+10 || national[0] != '9' {
		return "", false
	}
	return national[1:], true
}

// brazilianKey drops the 9 that was put before the eight digits of mobile numbers. A
// landline's eight begin with 2 to 5; with a 9 before them they are another line.
func brazilianKey(a string) string {
	if len(a) == len("+55")+2+9 && a[5] == '9' && a[6] >= '6' {
		return a[:5] + a[6:]
	}
	return a
}

// ivorianKey puts the two digits before a number of eight that its operator was
// given on 31 January 2021. No number of that time began with a 1.
func ivorianKey(a string) string {
	const code = "+225"
	if len(a) != len(code)+8 {
		return a
	}
	digits := a[len(code):]
	switch digits[0] {
	case '1':
		return a
	case '2', '3':
		return code + ivorianLandline(digits[2]) + digits
	}
	return code + ivorianMobile(digits[1]) + digits
}

// ivorianMobile returns what stands before a mobile number by the second of its
// eight digits: that of Moov, MTN or Orange.
func ivorianMobile(second byte) string {
	switch {
	case second <= '3':
		return "01"
	case second <= '6':
		return "05"
	}
	return "07"
}

// ivorianLandline returns what stands before a landline by the third of its eight
// digits.
func ivorianLandline(third byte) string {
	switch third {
	case '8':
		return "21"
	case '0':
		return "25"
	}
	return "27"
}

// benineseKey drops the 01 that was put before all numbers of eight digits at the
// end of 2024.
func benineseKey(a string) string {
	const code = "+229"
	if len(a) == len(code)+2+8 && a[4:6] == "01" {
		return code + a[6:]
	}
	return a
}

// dialled returns the number by which the line with the address is called today,
// where a rule of MatchKey knows it; otherwise the address.
func dialled(a string) string {
	key := MatchKey(Address(a))
	switch {
	case key != a && strings.HasPrefix(key, "+54"):
		return "+549" + key[len("+54"):]
	case len(key) == len("+55")+2+8 && strings.HasPrefix(key, "+55") && key[5] >= '6':
		return key[:5] + "9" + key[5:]
	case len(key) == len("+229")+8 && strings.HasPrefix(key, "+229"):
		return "+22901" + key[len("+229"):]
	}
	return key
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
