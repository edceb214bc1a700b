package widgets

import "fyne.io/fyne/v2"

// enterKey is the state of the Enter key. KeyDown is called for presses only, not for
// repeats, which tells the two apart.
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

// heldEnter keeps the Enter that opened a dialog from also confirming it while the
// key is held down.
type heldEnter struct {
	held    bool
	presses int
}

func watchHeldEnter() heldEnter { return heldEnter{enterKey.held, enterKey.presses} }

// active reports whether Enter has been down since the watch began.
func (l heldEnter) active() bool {
	return l.held && enterKey.held && l.presses == enterKey.presses
}
