package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/ui/theme"
)

// A status bar says as much as there is room for, and its trailing text always.
func TestStatusBar_SaysWhatFits(t *testing.T) {
	tapped := 0
	s := NewStatusBar(func() { tapped++ })
	w := window(t, s)
	s.Set(theme.Icon("cloud-off", theme.Muted), "3 wait, 1 refused", "DoubleTick offline since 14:05", "Offline since 14:05", "Offline")
	s.Show()
	for _, c := range []struct {
		width float32
		want  string
	}{{360, "DoubleTick offline since 14:05"}, {270, "Offline since 14:05"}, {200, "Offline"}} {
		w.Resize(fyne.NewSize(c.width, 24))
		s.Resize(fyne.NewSize(c.width, 24))
		if s.text.VisibleText() != c.want || s.trailing.VisibleText() != "3 wait, 1 refused" {
			t.Errorf("in %v it says %q and %q", c.width, s.text.VisibleText(), s.trailing.VisibleText())
		}
		if s.text.Position().X+s.text.Size().Width > s.trailing.Position().X {
			t.Errorf("in %v the texts overlap", c.width)
		}
	}
	if s.Text() != "DoubleTick offline since 14:05" || s.Trailing() != "3 wait, 1 refused" {
		t.Errorf("it means %q and %q", s.Text(), s.Trailing())
	}
	test.Tap(s)
	press(s, fyne.KeyReturn, fyne.KeySpace, fyne.KeyDown)
	if tapped != 3 {
		t.Errorf("it was tapped %d times", tapped)
	}
}
