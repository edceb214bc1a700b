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
// empty). Possible numbers are taken: numbers kept free for films and ranges
// younger than this program are not refused.
func ParsePhone(text, country string) (Phone, error) {
	digits := asciiDigits(text)
	if len(text) > 64 || digits == "" {
		return "", phoneError(text)
	}
	trimmed := strings.TrimPrefix(strings.TrimSpace(text), "tel:")
	if strings.ContainsFunc(trimmed, unicode.IsLetter) {
		return "", phoneError(text)
	}
	international := strings.HasPrefix(trimmed, "+") || strings.HasPrefix(trimmed, "\uFF0B")
	if !international {
		if rest, ok := strings.CutPrefix(digits, "00"); ok {
			digits, international = rest, true
		}
	}
	if !strings.HasPrefix(digits, "0") {
		if p, ok := possible("+"+digits, ""); ok {
			return p, nil
		}
	}
	if !international && country != "" {
		if p, ok := possible(digits, country); ok {
			return p, nil
		}
	}
	return "", phoneError(text)
}

func phoneError(text string) error {
	return fmt.Errorf("%q: %w: write it with its country code, like +46701234567", OneLine(text, 32), ErrPhone)
}

func possible(digits, country string) (Phone, bool) {
	n, err := phonenumbers.Parse(digits, strings.ToUpper(country))
	if err != nil || !phonenumbers.IsPossibleNumber(n) {
		return "", false
	}
	return Phone(phonenumbers.Format(n, phonenumbers.E164)), true
}

// asciiDigits keeps the digits of any script, as ASCII.
func asciiDigits(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r >= '0' && r <= '9' {
			b.WriteRune(r)
			continue
		}
		if unicode.IsDigit(r) {
			if n := phonenumbers.NormalizeDigitsOnly(string(r)); n != "" {
				b.WriteString(n)
			}
		}
	}
	return b.String()
}

// Pretty is the number as people write it: +46 70 123 45 67.
func (p Phone) Pretty() string {
	n, err := phonenumbers.Parse(string(p), "")
	if err != nil {
		return string(p)
	}
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
}
