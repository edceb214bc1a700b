package native

import (
	"runtime"
	"slices"

	"fyne.io/fyne/v2"
)

// positions are the letters and signs of the American layout, by whose places GLFW
// counts keys.
const positions = "',-./;=ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]`"

// goesByPosition reports whether a key is called by its place on the American layout
// and not by what stands on it: in shortcuts a letter that the layout has nowhere,
// and a sign that it has nowhere where the key has no letter or sign of ours. Name
// returns what stands on the key at a place.
func goesByPosition(position rune, name func(position rune) string) bool {
	letter := position >= 'A' && position <= 'Z'
	if !letter && isOurs(name(position)) {
		return false
	}
	own := string(position)
	if letter {
		own = string(position - 'A' + 'a')
	}
	return !slices.ContainsFunc([]rune(positions), func(p rune) bool { return name(p) == own })
}

// isOurs reports whether what stands on a key is a letter or sign that shortcuts can have.
func isOurs(name string) bool {
	return len(name) == 1 && name[0] > ' ' && name[0] < 0x7f
}

// letterRows are the rows of letters of the American layout, by the scan code of the first
// key, as Windows and the Linux kernel number them.
var letterRows = map[int]string{0x10: "QWERTYUIOP", 0x1e: "ASDFGHJKL", 0x2c: "ZXCVBNM"}

// KeyName returns what a key that is pressed alone is called: by what stands on it, and
// where that is no letter or sign of ours by its place, as in shortcuts. Only on X11 does
// the driver name such a key itself.
func KeyName(key *fyne.KeyEvent) fyne.KeyName {
	if key.Name != fyne.KeyUnknown || runtime.GOOS == "darwin" { // where scan codes are others
		return key.Name
	}
	for first, letters := range letterRows {
		if i := key.Physical.ScanCode - scanCodeOffset - first; i >= 0 && i < len(letters) {
			return fyne.KeyName(letters[i : i+1])
		}
	}
	return key.Name
}
