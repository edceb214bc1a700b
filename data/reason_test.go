package data_test

import (
	"errors"
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

func TestFindReason(t *testing.T) {
	for text, want := range map[string]string{"": "", "spam": "Spam", " SPAM ": "Spam", "wrong  number": "Wrong number", "Opted out": "Opted out"} {
		if got, err := data.FindReason(data.DefaultReasons, text); err != nil || got != want {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"boring", "spam!", "wrong"} {
		if got, err := data.FindReason(data.DefaultReasons, text); !errors.Is(err, data.ErrInvalid) {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}
