package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

func TestRevealButton_ShowsAndHides(t *testing.T) {
	e := NewPasswordEntry()
	w := window(t, e)
	e.SetText("secret")
	for _, open := range []bool{true, false} {
		test.Tap(e.ActionItem.(fyne.Tappable))
		if e.Password == open {
			t.Errorf("open: %v, hidden: %v", open, e.Password)
		}
	}
	if w.Canvas().Focused() != e {
		t.Errorf("the keyboard is on %T", w.Canvas().Focused())
	}
}
