package credentials

import (
	"errors"
	"os"
	"strings"
	"testing"
)

func TestParseKey_TakesOnePrintableWord(t *testing.T) {
	longest := strings.Repeat("k", 4096)
	for _, key := range []string{"!", "~", "key_~!", longest} {
		if got, err := ParseKey("\t" + key + " \n"); got != key || err != nil {
			t.Errorf("%.20q: %.20q, %v", key, got, err)
		}
	}
	for _, key := range []string{"", " ", "a b", "a\x1fb", "a\x7fb", longest + "k"} {
		if got, err := ParseKey(key); got != "" || !errors.Is(err, ErrKey) {
			t.Errorf("%.20q: %.20q, %v", key, got, err)
		}
	}
}

// A file that holds nothing is as good as none; one that cannot be read may hold the key.
func TestKey_TellsAnEmptyFileFromAnUnreadableOne(t *testing.T) {
	s := NewStore(t.TempDir())
	if err := os.WriteFile(s.File(), []byte(" \n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Key(); !errors.Is(err, ErrNoKey) {
		t.Errorf("an empty file: %v", err)
	}
	if err := os.Remove(s.File()); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(s.File(), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Key(); err == nil || errors.Is(err, ErrNoKey) {
		t.Errorf("a folder in its place: %v", err)
	}
}
