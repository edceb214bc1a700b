package data

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/nyaruka/phonenumbers"
)

// Phone is a phone number in E.164: a plus sign and digits.
type Phone string

// ParsePhone reads a number in any usual spelling. Without a plus sign the
// international reading is tried first, then the country (two letters, may be
// empty); where the first is merely possible and the second is a number in use,
// the second is meant. Possible numbers are taken: numbers kept free for films
// and ranges younger than this program are not refused.
func ParsePhone(text, country string) (Phone, error) {
	if len(text) > 64 {
		return "", phoneError(text)
	}
	digits := asciiDigits(text)
	trimmed := strings.TrimSpace(text)
	if len(trimmed) > 4 && strings.EqualFold(trimmed[:4], "tel:") {
		trimmed = trimmed[4:]
	}
	if digits == "" || strings.ContainsFunc(trimmed, unicode.IsLetter) {
		return "", phoneError(text)
	}
	international := strings.ContainsAny(trimmed[:strings.IndexFunc(trimmed, unicode.IsDigit)], "+\uFF0B")
	if !international {
		if rest, ok := strings.CutPrefix(digits, "00"); ok {
			digits, international = rest, true
		}
	}
	var abroad, home *phonenumbers.PhoneNumber
	if !strings.HasPrefix(digits, "0") {
		abroad = possible("+"+digits, "")
	}
	if !international && country != "" {
		home = possible(digits, country)
	}
	switch {
	case abroad == nil && home == nil:
		return "", phoneError(text)
	case abroad == nil, home != nil && phonenumbers.IsValidNumber(home) && !phonenumbers.IsValidNumber(abroad):
		return e164(home), nil
	}
	return e164(abroad), nil
}

func phoneError(text string) error {
	return fmt.Errorf("%q: %w: write it with its country code, like +46701234567", OneLine(text, 32), ErrPhone)
}

func e164(n *phonenumbers.PhoneNumber) Phone {
	return Phone(phonenumbers.Format(n, phonenumbers.E164))
}

// possible returns the number that digits can be, or nil.
func possible(digits, country string) *phonenumbers.PhoneNumber {
	n, err := phonenumbers.Parse(digits, strings.ToUpper(country))
	// What is possible only within one town is no E.164 number.
	if err != nil || phonenumbers.IsPossibleNumberWithReason(n) != phonenumbers.IS_POSSIBLE {
		return nil
	}
	phone := string(e164(n))
	if len(phone) > len("+")+15 {
		return nil
	}
	// A second trunk zero is no part of a number: E.164 must read as itself.
	if phone != digits {
		again, err := phonenumbers.Parse(phone, "")
		if err != nil || string(e164(again)) != phone {
			return nil
		}
	}
	return n
}

// asciiDigits keeps the digits of any script, as ASCII.
func asciiDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if d, ok := digit(r); ok {
			return '0' + d
		}
		return -1
	}, text)
}

// digit returns the value of a decimal digit of any script. Unicode keeps the
// ten of each script in a row.
func digit(r rune) (rune, bool) {
	for _, script := range unicode.Nd.R16 {
		if r <= rune(script.Hi) {
			return (r - rune(script.Lo)) % 10, r >= rune(script.Lo)
		}
	}
	for _, script := range unicode.Nd.R32 {
		if r <= rune(script.Hi) {
			return (r - rune(script.Lo)) % 10, r >= rune(script.Lo)
		}
	}
	return 0, false
}

// Pretty is the number as people write it: +46 70 123 45 67.
func (p Phone) Pretty() string {
	n, err := phonenumbers.Parse(string(p), "")
	if err != nil {
		return string(p)
	}
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
}
