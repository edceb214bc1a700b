package native

import (
	"strings"
	"testing"
)

// What stands on the keys, in the order of the American ones.
const americanKeys = "`-=QWERTYUIOP[]\\ASDFGHJKL;'ZXCVBNM,./"

var layouts = map[string]string{
	"us":  "`-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./",
	"ru":  "ё-=йцукенгшщзхъ\\фывапролджэячсмитьбю.",
	"gr":  "`-=;ςερτυθιοπ[]\\ασδφγηξκλ΄'ζχψωβνμ,./",
	"il":  ";-=/'קראטוןםפ][\\שדגכעיחלךף,זסבהנמצתץ.",
	"ara": "ذ-=ضصثقفغعهخحجد\\شسيبلاتنمكطئءؤرﻻىةوزظ",
	"fr":  "²)=azertyuiop^$*qsdfghjklmùwxcvbn,;:!",
	"de":  "^ß'qwertzuiopü+#asdfghjklöäyxcvbnm,.-",
}

func onKeys(layout string) func(rune) string {
	return func(position rune) string {
		return string([]rune(layout)[strings.IndexRune(americanKeys, position)])
	}
}

func TestGoesByPosition_WhereTheLayoutLacksIt(t *testing.T) {
	for _, want := range []struct{ layout, byPosition, bySign string }{
		{"us", "", americanKeys},
		{"ru", "QFBZV,;[`", "-=\\/"}, // a slash stands nowhere, but its key has a sign
		{"gr", "QFBZV", ",-"},
		{"il", "QWFBZV", ";"},
		{"ara", "QFBZV,", "-="},
		{"fr", "'", "QAWZM,;"},
		{"de", ";[", "QYZ,.-/'"},
	} {
		for _, p := range want.byPosition {
			if !goesByPosition(p, onKeys(layouts[want.layout])) {
				t.Errorf("%s: %c goes by what stands on its key", want.layout, p)
			}
		}
		for _, p := range want.bySign {
			if goesByPosition(p, onKeys(layouts[want.layout])) {
				t.Errorf("%s: %c goes by its position", want.layout, p)
			}
		}
	}
}

// No letter or sign that shortcuts have can be reached in two ways or in none.
func TestGoesByPosition_EveryLetterOnce(t *testing.T) {
	for layout, keys := range layouts {
		name := onKeys(keys)
		found := map[string]int{}
		for _, p := range americanKeys {
			called := name(p)
			if goesByPosition(p, name) {
				called = strings.ToLower(string(p))
			}
			found[called]++
		}
		for _, letter := range "abcdefghijklmnopqrstuvwxyz," {
			if found[string(letter)] != 1 {
				t.Errorf("%s: %c can be reached in %d ways", layout, letter, found[string(letter)])
			}
		}
	}
}
