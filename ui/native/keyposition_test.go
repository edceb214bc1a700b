package native

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
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

// A key pressed alone goes by its place where the layout in use gives it no name of ours.
func TestKeyName_GoesByPlaceWithoutAName(t *testing.T) {
	for _, c := range []struct {
		name fyne.KeyName
		scan int
		want fyne.KeyName
	}{
		{"", 0x24, fyne.KeyJ},
		{"", 0x25, fyne.KeyK},
		{"", 0x16, fyne.KeyU},
		{"", 0x10, fyne.KeyQ},
		{"", 0x19, fyne.KeyP},
		{"", 0x32, fyne.KeyM},
		{fyne.KeyN, 0x24, fyne.KeyN}, // on Dvorak, say
		{fyne.KeyReturn, 0x1c, fyne.KeyReturn},
		{"", 0x1a, ""}, // beside P
		{"", 0x0f, ""},
		{"", 0, ""},
	} {
		key := &fyne.KeyEvent{Name: c.name, Physical: fyne.HardwareKey{ScanCode: c.scan + scanCodeOffset}}
		if got := KeyName(key); got != c.want {
			t.Errorf("%q at %#x is %q, want %q", c.name, c.scan, got, c.want)
		}
	}
}
