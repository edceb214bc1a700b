package precheck

import (
	"strings"
	"testing"
)

// A megabyte of what unfolds costs no more than what is read of a text.
func TestFold_StopsBeyondTwiceTheLongestText(t *testing.T) {
	folded := fold(strings.Repeat("a", 3*maxTextBytes))
	if got, want := len(folded), 2*maxTextBytes+1+len(" | "); got != want {
		t.Errorf("%d bytes, want %d", got, want)
	}
	if !strings.HasSuffix(folded, "a | ") {
		t.Errorf("it ends with %q", folded[len(folded)-8:])
	}
}

func TestIsOptionalMark_EndsOfEachRange(t *testing.T) {
	for _, r := range "\u0610\u061A\u0640\u064B\u065F\u0670\u06D6\u06ED\u093C\uFE00\uFE0F" {
		if !isOptionalMark(r) {
			t.Errorf("%U is none", r)
		}
	}
	for _, r := range "\u060F\u061B\u063F\u0641\u064A\u0660\u066F\u0671\u06D5\u06EE\u093B\u093D\uFDFF\uFE10" {
		if isOptionalMark(r) {
			t.Errorf("%U is one", r)
		}
	}
}

func TestTruncate_CutsBetweenCharacters(t *testing.T) {
	for _, c := range []struct {
		text  string
		limit int
		want  string
	}{
		{"", 0, ""},
		{"abc", 4, "abc"},
		{"abc", 3, "abc"},
		{"abc", 2, "ab"},
		{"abc", 0, ""},
		{"aé", 2, "a"},
		{"aéb", 3, "aé"},
		{"a👍b", 4, "a"},
		{"👍", 3, ""},
		{"\x80\x80\x80", 2, ""}, // no character begins in it
	} {
		if got := truncate(c.text, c.limit); got != c.want {
			t.Errorf("%q cut at %d is %q, want %q", c.text, c.limit, got, c.want)
		}
	}
}

// An idiom within a longer one leaves nothing of the longer one behind.
func TestNewReplacer_TriesTheLongerFirst(t *testing.T) {
	for _, patterns := range [][]string{{"to die", "to die for"}, {"to die for", "to die"}} {
		if got := newReplacer(patterns, "|").Replace("shoes to die for"); got != "shoes |" {
			t.Errorf("%q", got)
		}
	}
}
