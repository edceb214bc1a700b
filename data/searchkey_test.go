package data_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
)

func TestSearchKey(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"accents", "Åsa Öström", "asa ostrom"},
		{"Polish", "Łukasz Żółć", "lukasz zolc"},
		{"German", "Große Straße", "grosse strasse"},
		{"German capital", "STRAẞE", "strasse"},
		{"Danish", "Søren Kjærgård", "soren kjaergard"},
		{"Icelandic", "Þórður Guðrún", "thordur gudrun"},
		{"Turkish", "Işıl İnönü", "isil inonu"},
		{"Croatian", "Đorđe", "dorde"},
		{"Maltese", "Ħamrun", "hamrun"},
		{"French", "Œuvre d’Élodie", "oeuvre d'elodie"},
		{"apostrophes", "O’Neil OʼNeil O'Neil O`Neil", "o'neil o'neil o'neil o'neil"},
		{"hyphens", "Anna‑Lena Anna–Lena", "anna-lena anna-lena"},
		{"marks of direction", "\u200eRiya\u200b \u2068D\u2069", "riya d"},
		{"soft hyphen", "Don\u00adau", "donau"},
		{"Persian non-joiner", "می\u200cخواهم", "میخواهم"},
		{"Arabic digits", "٠٩١٢ ۰۹۱۲", "0912 0912"},
		{"Hindi digits", "९१३७", "9137"},
		{"wide digits", "９１３７", "9137"},
		{"vowel signs stay", "प्रिया", "प्रिया"},
		{"a letter behind half a character", "\xf0\u01c5", "\ufffddz"},
		{"emoji with a selector", "❤\ufe0f", "❤"},
	} {
		if got := data.SearchKey(c.text); got != c.want {
			t.Errorf("%s: SearchKey(%+q) = %+q, want %+q", c.name, c.text, got, c.want)
		}
	}
}

// What is searched and what is typed go through the same function, so it must not
// matter how often.
func TestSearchKey_Twice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := nasty().Draw(t, "text")
		once := data.SearchKey(text)
		if twice := data.SearchKey(once); twice != once {
			t.Fatalf("%+q becomes %+q, and then %+q", text, once, twice)
		}
	})
}
