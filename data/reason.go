package data

import (
	"fmt"
	"strings"
)

// DefaultReasons are the reasons for a block until the desk chooses others.
var DefaultReasons = []string{"Spam", "Abuse", "Scam", "Wrong number", "Opted out", "Other"}

// FindReason returns the reason of the list that is meant, however it is
// capitalised; no reason is one, too.
func FindReason(reasons []string, text string) (string, error) {
	text = CleanLine(text, MaxReason)
	if text == "" {
		return "", nil
	}
	for _, reason := range reasons {
		if Fold(reason) == Fold(text) {
			return reason, nil
		}
	}
	return "", fmt.Errorf("%q is not among the reasons of this desk (%s): %w", text, strings.Join(reasons, ", "), ErrInvalid)
}
