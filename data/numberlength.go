package data

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/nyaruka/phonenumbers"
)

// usualLengths returns by country code how many digits follow it in the numbers of
// people: mobile, fixed, over the internet, personal. What is possible beside them are
// service numbers, and numbers that lost a digit.
var usualLengths = sync.OnceValue(func() map[int][]int {
	all := map[int][]int{}
	known, err := phonenumbers.MetadataCollection()
	if err != nil {
		return all // the library has panicked before
	}
	for _, country := range known.GetMetadata() {
		code := int(country.GetCountryCode())
		for _, kind := range []*phonenumbers.PhoneNumberDesc{country.GetMobile(), country.GetFixedLine(), country.GetVoip(), country.GetPersonalNumber()} {
			if pattern := kind.GetNationalNumberPattern(); pattern == "" || pattern == "NA" {
				continue // there are none of the kind
			}
			lengths := kind.GetPossibleLength()
			if len(lengths) == 0 { // the same as of all kinds together
				lengths = country.GetGeneralDesc().GetPossibleLength()
			}
			for _, length := range lengths {
				if length > 0 && !slices.Contains(all[code], int(length)) {
					all[code] = append(all[code], int(length))
				}
			}
		}
		slices.Sort(all[code])
	}
	return all
})

// hasUsualLength reports whether n is as long as the numbers of people with its
// country code. Where nothing is known of them, any possible length is.
func hasUsualLength(n *phonenumbers.PhoneNumber) bool {
	if phonenumbers.IsPossibleNumberWithReason(n) != phonenumbers.IS_POSSIBLE {
		return false // what is possible only within one town is no E.164 number
	}
	lengths := usualLengths()[int(n.GetCountryCode())]
	return len(lengths) == 0 || slices.Contains(lengths, len(phonenumbers.GetNationalSignificantNumber(n)))
}

// longest returns how many digits the longest usual number of a country has without
// its country code, zero for no country.
func longest(country string) int {
	lengths := usualLengths()[phonenumbers.GetCountryCodeForRegion(strings.ToUpper(country))]
	if len(lengths) == 0 {
		return 0
	}
	return lengths[len(lengths)-1]
}

// problem returns what keeps the digits from being a number at a desk in a country.
func (n typedNumber) problem(country string) string {
	if n.international {
		return abroadProblem(n.digits)
	}
	code := phonenumbers.GetCountryCodeForRegion(strings.ToUpper(country))
	lengths := usualLengths()[code]
	if len(lengths) == 0 {
		return "its country code or some of its digits are missing: write it like +46701234567"
	}
	digits := n.digits
	if rest, ok := strings.CutPrefix(digits, strconv.Itoa(code)); ok && len(digits) > lengths[len(lengths)-1] {
		digits = rest
	}
	return lengthSentence(code, len(strings.TrimPrefix(digits, "0"))) + "; a number of another country begins with + and its code"
}

// abroadProblem returns what keeps digits from being an international number.
func abroadProblem(digits string) string {
	if strings.HasPrefix(digits, "0") {
		return "no country code begins with 0: write it like +46701234567"
	}
	for length := 1; length <= min(3, len(digits)); length++ {
		code, err := strconv.Atoi(digits[:length])
		if err == nil && phonenumbers.GetSupportedCallingCodes()[code] {
			return lengthSentence(code, len(digits)-length)
		}
	}
	return fmt.Sprintf("no country has the code +%s", digits[:min(3, len(digits))])
}

// lengthSentence says by how much a number of so many digits behind its country code
// is too short or too long.
func lengthSentence(code, have int) string {
	lengths := usualLengths()[code]
	if len(lengths) == 0 {
		return "check its digits"
	}
	shortest, longest := lengths[0], lengths[len(lengths)-1]
	follow := fmt.Sprintf("since %s digits follow +%d", enumerate(lengths), code)
	switch {
	case have < shortest:
		return fmt.Sprintf("it is %s too short, %s", countDigits(shortest-have), follow)
	case have > longest:
		return fmt.Sprintf("it is %s too long, %s", countDigits(have-longest), follow)
	case !slices.Contains(lengths, have):
		return fmt.Sprintf("it has %d digits, but %s", have, strings.TrimPrefix(follow, "since "))
	}
	return fmt.Sprintf("check its digits and its country code, +%d", code)
}

func countDigits(n int) string {
	if n == 1 {
		return "1 digit"
	}
	return fmt.Sprintf("%d digits", n)
}

// enumerate writes ascending numbers as a person does: 10, or 6, 7 or 10, or 5 to 15.
func enumerate(numbers []int) string {
	first, last := numbers[0], numbers[len(numbers)-1]
	switch {
	case len(numbers) == 1:
		return strconv.Itoa(first)
	case len(numbers) > 2 && last-first == len(numbers)-1:
		return fmt.Sprintf("%d to %d", first, last)
	}
	var text []string
	for _, n := range numbers[:len(numbers)-1] {
		text = append(text, strconv.Itoa(n))
	}
	return strings.Join(text, ", ") + " or " + strconv.Itoa(last)
}
