package data

import (
	"regexp"
	"strings"
	"unicode"
)

// typedNumber is what a person typed, as digits.
type typedNumber struct {
	digits        string // ASCII, without a 00 in front
	international bool   // it was written so that a country code must stand in front
}

// Bounds on what is typed, in bytes.
const (
	maxSpelling = 1024 // a link with a text to send
	maxNumber   = 64
)

// How other programs write a number. The digits are the first group.
var spellings = []*regexp.Regexp{
	// WhatsApp's id of a chat, with the number of a linked device behind it.
	regexp.MustCompile(`(?i)^\+?([0-9]{5,20})(?:\.[0-9]+)?(?::[0-9]+)?@(?:c\.us|s\.whatsapp\.net)$`),
	// A line of a vCard, or the parameter alone.
	regexp.MustCompile(`(?i)^(?:(?:[a-z0-9]+\.)?tel;(?:[^:]*;)?)?waid=\+?([0-9]{5,20})(?:[;:].*)?$`),
	// Links that open a chat.
	regexp.MustCompile(`(?i)^(?:https?://)?(?:www\.)?wa\.me/\+?([0-9]{5,20})/?(?:[?#].*)?$`),
	regexp.MustCompile(`(?i)^(?:whatsapp://send/?|(?:https?://)?(?:api|web|www)\.whatsapp\.com/send/?)\?(?:[^#]*&)?phone=(?:\+|%2B)?([0-9]{5,20})(?:[&#].*)?$`),
}

// How spreadsheets write a number that they took for one.
var (
	rounded  = regexp.MustCompile(`^[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+$`)
	fraction = regexp.MustCompile(`^(\+?[1-9](?:[0-9]{6,}|[0-9]{0,2}(?:,[0-9]{3}){2,}))[.,]([0-9]|00)$`)
)

// The sentences on what keeps a text from being a number.
const (
	emptyProblem    = "write it with its country code, like +46701234567"
	lengthProblem   = "it is longer than any number"
	lettersProblem  = "there are letters in it"
	roundedProblem  = "a spreadsheet has rounded it, so digits are lost: get it from the original source"
	fractionProblem = "it has a fraction, as spreadsheets write them: get it from the original source"
	severalProblem  = "there are two numbers in it: write one"
	behindProblem   = "there are digits after the number: leave them out"
	plusProblem     = "the plus sign belongs in front"
	groupProblem    = "this is a group"
	hiddenProblem   = "this is an id that hides the number: use the number"
	localProblem    = "its country code is missing, since it is a local number: write it like +46701234567"
)

// parseSpelling returns the number that is written in text, or the problem that keeps
// it from being one.
func parseSpelling(text string) (n typedNumber, problem string) {
	if len(text) > maxSpelling {
		return n, lengthProblem
	}
	text = plainCharacters(text)
	for _, spelling := range spellings {
		if digits := spelling.FindStringSubmatch(text); digits != nil {
			return typedNumber{digits[1], true}, ""
		}
	}
	if rest, ok := cutPrefixFold(text, "whatsapp:"); ok {
		text, n.international = rest, true
	} else if rest, ok := cutPrefixFold(text, "tel:"); ok {
		number, parameters, _ := strings.Cut(rest, ";")
		if !strings.Contains(number, "+") && strings.Contains(strings.ToLower(parameters), "phone-context") {
			return n, localProblem
		}
		text = number
	}
	text = strings.TrimSpace(text)
	if len(text) > maxNumber {
		return n, lengthProblem
	}
	if m := fraction.FindStringSubmatch(text); m != nil {
		if text, problem = withoutFraction(m[1], m[2]); problem != "" {
			return n, problem
		}
	}
	if problem = spellingProblem(text); problem != "" {
		return n, problem
	}
	n.digits = onlyDigits(text)
	if strings.Contains(text[:strings.IndexFunc(text, isDigit)], "+") {
		n.international = true
	} else if rest, ok := strings.CutPrefix(n.digits, "00"); ok {
		n.digits, n.international = rest, true
	}
	return n, ""
}

// plainCharacters returns text with the digits of any script as ASCII, ordinary
// spaces and plus signs, and without invisible characters.
func plainCharacters(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\uFF0B':
			return '+'
		case unicode.Is(unicode.Cf, r):
			return -1
		case unicode.Is(unicode.Zs, r):
			return ' '
		}
		if d, ok := digit(r); ok {
			return '0' + d
		}
		return r
	}, text))
}

// withoutFraction returns the whole number of a cell such as 919137979401.0: the
// fraction says nothing, and its digits belong to no number. Behind a plus sign,
// which no spreadsheet keeps, the digits of a number in use are taken as a person's.
func withoutFraction(whole, part string) (text, problem string) {
	international := whole[0] == '+'
	if international {
		if n := read("+"+onlyDigits(whole+part), ""); n != nil && n.inUse() {
			return whole + part, ""
		}
	}
	if strings.Trim(part, "0") != "" {
		return "", fractionProblem
	}
	return whole, ""
}

// spellingProblem returns what keeps a text from being one number, empty for nothing.
func spellingProblem(text string) string {
	switch {
	case !strings.ContainsFunc(text, isDigit):
		return emptyProblem
	case rounded.MatchString(text):
		return roundedProblem
	case hasSuffixFold(text, "@g.us"):
		return groupProblem
	case hasSuffixFold(text, "@lid"):
		return hiddenProblem
	case strings.ContainsFunc(text, unicode.IsLetter):
		return lettersProblem
	}
	return behind(text)
}

// behind returns the problem of digits that stand behind a whole number.
func behind(text string) string {
	const enough = 7 // digits, for a number
	before, problem := 0, ""
	parts := strings.FieldsFunc(strings.ReplaceAll(text, "+", "|+"), func(r rune) bool { return strings.ContainsRune(",;/|&:\n\r\t", r) })
	for _, part := range parts {
		count := len(onlyDigits(part))
		switch {
		case count == 0:
		case before >= enough && count >= enough:
			return severalProblem
		case before >= enough:
			problem = behindProblem
		case before > 0 && strings.HasPrefix(part, "+"):
			problem = plusProblem
		}
		before = max(before, count)
	}
	if problem != "" {
		return problem
	}
	groups := 0
	for _, group := range strings.Fields(text) {
		if digits := strings.TrimPrefix(onlyDigits(group), "00"); len(digits) >= enough {
			groups++
		}
	}
	if groups > 1 {
		return severalProblem
	}
	return ""
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

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if isDigit(r) {
			return r
		}
		return -1
	}, text)
}

func cutPrefixFold(text, prefix string) (rest string, ok bool) {
	if len(text) < len(prefix) || !strings.EqualFold(text[:len(prefix)], prefix) {
		return text, false
	}
	return text[len(prefix):], true
}

func hasSuffixFold(text, suffix string) bool {
	return len(text) >= len(suffix) && strings.EqualFold(text[len(text)-len(suffix):], suffix)
}
