package data

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// maxHandle bounds a handle and the id of a group, in characters.
const maxHandle = 128

// handleChannels are the channels beside WhatsApp, whose customers have handles.
var handleChannels = []string{"instagram", "generic_channel"}

var (
	userIDForm = regexp.MustCompile(`^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$`)
	nearUserID = regexp.MustCompile(`(?i)^[a-z]{2}\.(?:ENT\.)?[a-z0-9]*$`)
	groupForm  = regexp.MustCompile(`(?i)^([!-?A-~]{1,128})@g\.us$`)
)

const (
	usernameProblem   = "a username can pass to another person: search for it, and use the number or user id that you find"
	nearUserIDProblem = "a user id must be exact, and begins with two capital letters and a dot, like IN.13491208655302741918; for a username, use the search"
)

// ParseAddress returns the address that a person or a program typed: a number, as
// ParsePhone reads it; a business-scoped user id; the id of a group followed by @g.us;
// or a channel, a colon and a handle. All but numbers are kept to the letter. So a
// user id with small letters for its country is refused: it is another id, and may
// be a username, which is no address. An error is ErrPhone and says what is missing.
func ParseAddress(text, country string) (Address, error) {
	if len(text) > maxSpelling {
		return "", phoneError(text, lengthProblem)
	}
	word := strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text))
	if userIDForm.MatchString(word) {
		return Address(word), nil
	}
	if id := groupForm.FindStringSubmatch(word); id != nil && id[1][0] != '+' {
		return GroupAddress(id[1]), nil
	}
	if channel, handle, ok := strings.Cut(word, ":"); ok && slices.Contains(handleChannels, strings.ToLower(channel)) {
		return parseHandle(text, strings.ToLower(channel), strings.TrimPrefix(handle, "@"))
	}
	if strings.HasPrefix(word, "@") {
		return "", phoneError(text, usernameProblem)
	}
	if nearUserID.MatchString(word) {
		return "", phoneError(text, nearUserIDProblem)
	}
	phone, err := ParsePhone(text, country)
	return Address(phone), err
}

// KnownAs returns the addresses that letters can be where they are known to the letter,
// whatever ParseAddress says of them: digits are a number without its plus sign, too.
func KnownAs(letters string) []Address {
	if strings.Trim(letters, "0123456789") == "" {
		return []Address{Address(letters), Address("+" + letters)}
	}
	return []Address{Address(letters)}
}

// parseHandle returns the address of a handle of a channel, that of whole text.
func parseHandle(text, channel, handle string) (Address, error) {
	if handle == "" || CleanLine(handle, maxHandle) != handle {
		return "", phoneError(text, "a handle of up to 128 characters is missing after "+channel+":")
	}
	return Address(channel + ":" + handle), nil
}
