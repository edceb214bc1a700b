package chat

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

func TestWheelScroll_ANotchIsSomeLines(t *testing.T) {
	test.NewTempApp(t)
	content := canvas.NewRectangle(nil)
	content.SetMinSize(fyne.NewSize(100, 5000))
	s := newWheelScroll(content)
	w := test.NewTempWindow(t, s)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(200, 400))
	at := float32(0)
	for _, step := range []struct{ turned, moves float32 }{
		{-25, 100}, {-75, 300}, {50, -200}, // one, three and two back by a wheel
		{-12.5, 12.5}, {-3, 3}, {40, -40}, // a touchpad
		{-25000, 100000},
	} {
		test.Scroll(w.Canvas(), fyne.NewPos(50, 50), 0, step.turned)
		if at = min(at+step.moves, 4600); s.Offset.Y != at || content.Position().Y != -at {
			t.Errorf("turned by %v it stands at %v, the content at %v, want %v", step.turned, s.Offset.Y, content.Position().Y, at)
		}
	}
}
