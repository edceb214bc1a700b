package data

import (
	"strings"
	"testing"
)

func TestEditDistance(t *testing.T) {
	long := strings.Repeat("a", 32)
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "ab", 2},
		{"ab", "ab", 0},
		{"ab", "ba", 1},
		{"ab", "cd", 2},
		{"abc", "acb", 1},
		{"abcd", "badc", 2},
		{"abc", "bac", 1},
		{"abc", "bda", 3},
		{"abc", "abcd", 1},
		{"abc", "ac", 1},
		{long, long, 0},
		{long, long[:31], 1},
		{long + "a", long + "a", 32},
		{"a", long + "a", 32},
	} {
		if got := editDistance(c.a, c.b); got != c.want {
			t.Errorf("from %q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
		if got := editDistance(c.b, c.a); got != c.want {
			t.Errorf("from %q to %q: %d, want %d", c.b, c.a, got, c.want)
		}
	}
}
