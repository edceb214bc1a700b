package blocklist

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/latchdesk/latchdesk/data"
)

// Phone numbers as lists have them: several in a cell, and damaged by spreadsheets.
// What is a phone number is for data.ParsePhone to say; here only that is undone which
// the way through a file did to it.

var (
	errPattern    = errors.New("this is a pattern for many numbers, and a block is for one customer")
	errLostDigits = fmt.Errorf("%w any more: a spreadsheet rounded it, and its last digits are lost. Format the column as text there and enter the number again", data.ErrPhone)
)

// minDigits is how many digits at least a text has that may be a phone number.
const minDigits = 5

// splitNumbers returns the phone numbers in a cell: joined by ::: as Google contacts
// does, or each on its line, or with commas or semicolons between them.
func splitNumbers(cell string) []string {
	if !strings.ContainsAny(cell, ":,;\n\r") {
		return []string{cell}
	}
	numbers := strings.FieldsFunc(strings.ReplaceAll(cell, ":::", "\n"), func(r rune) bool { return r == '\n' || r == '\r' })
	var all []string
	for _, text := range numbers {
		for _, part := range splitAtCommas(text) {
			if strings.TrimSpace(part) != "" {
				all = append(all, part)
			}
		}
	}
	if all == nil {
		return []string{cell}
	}
	return all
}

// splitAtCommas splits a text whose every part can be a phone number, so that an
// extension or a grouped number stays whole.
func splitAtCommas(text string) []string {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' })
	for _, part := range parts {
		if strings.TrimSpace(part) != "" && countDigits(part) < minDigits {
			return []string{text}
		}
	}
	return parts
}

func countDigits(text string) (n int) {
	for _, r := range text {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// parsePhone returns the phone number that a cell, or a part of one, has, or the other
// address that an exported list has in its place.
func parsePhone(text, country string) (data.Phone, error) {
	if isPlain(text) {
		return data.ParsePhone(text, country)
	}
	number, err := repairNumber(text)
	if err != nil {
		return "", fmt.Errorf("%q: %w", data.OneLine(data.Clean(text), 32), err)
	}
	address, err := data.ParseAddress(number, country)
	return data.Phone(address), err
}

// delivered is how an exported list has a number of WhatsApp's that cannot be dialled.
var delivered = regexp.MustCompile(`^\+[0-9]{5,20}$`)

// deliveredPhone returns a number that nobody can dial, but a customer here may have
// written from; empty where text is written otherwise.
func deliveredPhone(text string) data.Phone {
	if !strings.Contains(text, "+") { // as almost all faults
		return ""
	}
	if text, err := repairNumber(text); err == nil && delivered.MatchString(text) {
		return data.Phone(text)
	}
	return ""
}

// isPlain reports whether a text has nothing that a list did to a number.
func isPlain(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9', c == '+' && i == 0, c == ' ', c == '-', c == '(', c == ')':
		default:
			return false
		}
	}
	return true
}

var (
	scientific = regexp.MustCompile(`^(\+?)([0-9])(?:[.,]([0-9]*))?[eE]\+?([0-9]{1,2})$`)
	decimals   = regexp.MustCompile(`^(\+?[0-9]{5,})[.,]0*$`)
	grouped    = regexp.MustCompile(`^\+?[0-9]{1,3}(,[0-9]{3}){2,}$`)
	regular    = regexp.MustCompile(`[\\*^$\[\]{}|?]|\.[.+]|[0-9)]\+`)
)

// repairNumber undoes what a file did to a number: quotation marks, apostrophes,
// spaces and invisible marks around it, decimals that are zero, commas between its
// thousands, and an exponent that lost no digit.
func repairNumber(text string) (string, error) {
	text = strings.TrimFunc(strings.TrimPrefix(unescapeFormula(text), "="), isWrapping)
	if len(text) > maxNumber {
		return text, nil
	}
	if parts := scientific.FindStringSubmatch(text); parts != nil {
		return expand(parts[1], parts[2], parts[3], parts[4])
	}
	if parts := decimals.FindStringSubmatch(text); parts != nil {
		return parts[1], nil
	}
	if grouped.MatchString(text) {
		return strings.ReplaceAll(text, ",", ""), nil
	}
	if regular.MatchString(text) {
		return "", errPattern
	}
	return text, nil
}

// maxNumber is how long a text is at most in which anything is repaired, in bytes.
const maxNumber = 64

// isWrapping reports whether a character around a number is no part of it.
func isWrapping(r rune) bool {
	return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune("'\"`´‘’“”„«»", r)
}

// expand returns a number without its exponent, if all of its digits are there.
func expand(plus, first, rest, exponent string) (string, error) {
	digits, err := strconv.Atoi(exponent)
	if err != nil || len(rest) < digits || strings.Trim(rest[digits:], "0") != "" {
		return "", errLostDigits
	}
	return plus + first + rest[:digits], nil
}
