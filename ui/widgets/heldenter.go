package widgets

import "fyne.io/fyne/v2"

// enterKey is what is known of the Enter key. Only presses are told by KeyDown,
// repeats are not, and that is how the two are told apart.
var enterKey struct {
	held    bool
	presses int
}

func enterDown(key *fyne.KeyEvent) {
	if isEnter(key) {
		enterKey.held = true
		enterKey.presses++
	}
}

func enterUp(key *fyne.KeyEvent) {
	if isEnter(key) {
		enterKey.held = false
	}
}

// heldEnter keeps the Enter that opened something from also answering it, when a
// finger rests on the key.
type heldEnter struct {
	held    bool
	presses int
}

func watchHeldEnter() heldEnter { return heldEnter{enterKey.held, enterKey.presses} }

// active reports whether Enter is still down since the watch began.
func (l heldEnter) active() bool {
	return l.held && enterKey.held && l.presses == enterKey.presses
}
