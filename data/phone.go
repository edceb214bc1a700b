package data

import (
	"fmt"
	"strings"

	"github.com/nyaruka/phonenumbers"
)

// Phone is a phone number in E.164: a plus sign and digits.
type Phone string

// ParsePhone returns the number that a person typed, in any usual spelling or that of
// another program: a link to a chat, the id of one, a tel: address. Without a plus
// sign the international reading is tried first, then the country (two letters, may
// be empty); where only the second is a number in use, it is meant. Where neither is,
// and a number of the country may have lost a digit, it is not taken for another
// country's.
//
// With a plus sign possible numbers are taken: numbers kept free for films and ranges
// younger than this program are not refused. Without one a number must be in use, since
// the first digits of most numbers are the code of some country, too. So are the ids of older WhatsApp accounts, by the
// rules of MatchKey. An error is ErrPhone and says what is missing.
func ParsePhone(text, country string) (Phone, error) {
	n, problem := parseSpelling(text)
	if problem != "" {
		return "", phoneError(text, problem)
	}
	abroad, home := n.readings(country)
	switch {
	case abroad == nil && home == nil:
		return "", phoneError(text, n.problem(country))
	case abroad == nil, home != nil && home.inUse() && !abroad.inUse():
		return home.phone, nil
	case !n.international && !abroad.inUse():
		return "", phoneError(text, "as "+abroad.phone.Pretty()+" no such number is in use: write it with + and its country code, like +46701234567")
	}
	return abroad.phone, nil
}

func phoneError(text, problem string) error {
	return fmt.Errorf("%q: %w: %s", OneLine(text, 32), ErrPhone, problem)
}

// reading is a number that digits can be.
type reading struct {
	phone  Phone
	number *phonenumbers.PhoneNumber // by which the line is called
}

// inUse reports whether the number is of a range in use; else it is possible, and that
// is all that is known. It takes as long as reading the number did.
func (r *reading) inUse() bool { return phonenumbers.IsValidNumber(r.number) }

// readings returns what the digits can be as an international number, and as one of
// the country.
func (n typedNumber) readings(country string) (abroad, home *reading) {
	if !strings.HasPrefix(n.digits, "0") {
		abroad = read("+"+n.digits, "")
	}
	if n.international || country == "" {
		return abroad, nil
	}
	home = read(n.digits, country)
	if abroad != nil && len(n.digits) <= longest(country)+len("0") && !abroad.inUse() {
		abroad = nil
	}
	return abroad, home
}

// read returns the number that digits are, or nil.
func read(digits, country string) *reading {
	n, err := phonenumbers.Parse(digits, strings.ToUpper(country))
	if err != nil {
		return nil
	}
	phone := e164(n)
	if len(phone) > len("+")+15 {
		return nil
	}
	// A second trunk zero is no part of a number: E.164 must read as itself.
	if string(phone) != digits {
		again, err := phonenumbers.Parse(string(phone), "")
		if err != nil || e164(again) != phone {
			return nil
		}
	}
	if number := dialled(string(phone)); number != string(phone) {
		if n, err = phonenumbers.Parse(number, ""); err != nil {
			return nil
		}
		if number[:3] == "+54" { // 15 belongs neither to the number nor to the id
			phone = e164(n)
		}
	}
	if !hasUsualLength(n) && !phonenumbers.IsValidNumber(n) {
		return nil
	}
	return &reading{phone, n}
}

func e164(n *phonenumbers.PhoneNumber) Phone {
	return Phone(phonenumbers.Format(n, phonenumbers.E164))
}

// Pretty is the number as people write it: +46 70 123 45 67.
func (p Phone) Pretty() string {
	n, err := phonenumbers.Parse(string(p), "")
	if err != nil {
		return string(p)
	}
	return phonenumbers.Format(n, phonenumbers.INTERNATIONAL)
}
