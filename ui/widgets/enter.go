package widgets

import "fyne.io/fyne/v2"

// enter is what is known of the Enter key. Only presses are told by KeyDown,
// repeats are not, and that is how the two are told apart.
var enter struct {
	held    bool
	presses int
}

func enterDown(key *fyne.KeyEvent) {
	if isEnter(key) {
		enter.held = true
		enter.presses++
	}
}

func enterUp(key *fyne.KeyEvent) {
	if isEnter(key) {
		enter.held = false
	}
}

// leaning keeps the Enter that opened something from also answering it, when a
// finger rests on the key.
type leaning struct {
	held    bool
	presses int
}

func watchEnter() leaning { return leaning{enter.held, enter.presses} }

// on reports whether Enter is still down since the watch began.
func (l leaning) on() bool {
	return l.held && enter.held && l.presses == enter.presses
}
