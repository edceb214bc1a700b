package blocklist

import (
	"slices"
	"strings"
	"testing"
)

func TestSplitNumbers_AtCommasBetweenNumbers(t *testing.T) {
	for cell, want := range map[string][]string{
		"12345,67890": {"12345", "67890"}, "1234,67890": {"1234,67890"}, "12345;67890": {"12345", "67890"}, "12345": {"12345"}, ",": {","},
		"12345, ,67890": {"12345", "67890"}, "1 ::: 2": {"1 ", " 2"}, "1\n2": {"1", "2"},
	} {
		if got := splitNumbers(cell); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
	}
}

func TestIsPlain_DigitsAndWhatStandsBetween(t *testing.T) {
	for text, want := range map[string]bool{"+0123456789": true, "(9) 0-9": true, "": true, "1+": false, "/": false, ":": false, "1.0": false, "'1": false} {
		if got := isPlain(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// Nothing is repaired in what is too long to be a number.
func TestRepairNumber_UpToItsLimit(t *testing.T) {
	const number = "447400123101."
	longest := number + strings.Repeat("0", maxNumber-len(number))
	if got, err := repairNumber(longest); got != "447400123101" || err != nil {
		t.Errorf("%d bytes: %q, %v", len(longest), got, err)
	}
	if got, err := repairNumber(longest + "0"); got != longest+"0" || err != nil {
		t.Errorf("%d bytes: %q, %v", len(longest)+1, got, err)
	}
}
