package data

import "testing"

func TestCutBytes_CutsBetweenCharacters(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		want string
	}{{"abc", 2, "ab"}, {"abc", 0, ""}, {"aéb", 3, "aé"}, {"aéb", 2, "a"}, {"👍a", 3, ""}, {"\x80\x80\x80", 2, ""}} {
		if got := cutBytes(c.text, c.n); got != c.want {
			t.Errorf("%q cut at %d is %q, want %q", c.text, c.n, got, c.want)
		}
	}
}
