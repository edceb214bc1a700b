package data

import (
	"strings"
	"unicode"
)

// SearchKey returns the form in which names and addresses are searched: folded, with
// the letters that have no accent to take away as people without them on their
// keyboard type them (lukasz for Łukasz, strasse for Straße), one kind of apostrophe
// and hyphen, the digits of any script as ASCII, and without characters that cannot be
// seen.
func SearchKey(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range Fold(text) {
		if plain, ok := plainLetters[r]; ok {
			b.WriteString(plain)
			continue
		}
		if d, ok := digit(r); ok {
			b.WriteRune('0' + d)
			continue
		}
		switch {
		case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
		case unicode.Is(unicode.Pd, r):
			b.WriteByte('-')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// plainLetters are the folded letters and signs that Unicode does not decompose, as
// they are typed without them.
var plainLetters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th",
	'ħ': "h", 'ı': "i", 'ŧ': "t", 'ŋ': "ng", 'ĸ': "k", 'ə': "e",
	'‘': "'", '’': "'", 'ʼ': "'", 'ʻ': "'", 'ʹ': "'", '`': "'", '´': "'", '′': "'", '‛': "'",
	'−': "-",
}

// SearchName returns what a search for a name looks through: its SearchKey and, where
// there are apostrophes, once more without them, so that oneil finds O’Neil.
func SearchName(name string) string {
	key := SearchKey(name)
	if strings.Contains(key, "'") {
		key += "\n" + strings.ReplaceAll(key, "'", "")
	}
	return key
}
