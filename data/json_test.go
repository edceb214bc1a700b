package data_test

import (
	"testing"

	"github.com/latchdesk/latchdesk/data"
)

func TestNullIfEmpty(t *testing.T) {
	if got := data.NullIfEmpty(""); got != nil {
		t.Errorf("nothing is %q", *got)
	}
	if got := data.NullIfEmpty("a"); got == nil || *got != "a" {
		t.Errorf("%v", got)
	}
}
