package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
)

func TestProgressBar_FillsByItsFraction(t *testing.T) {
	b := NewProgressBar()
	w := window(t, b)
	show(w, b)
	b.Resize(fyne.NewSize(200, progressBarHeight))
	for _, c := range []struct {
		set   float64
		width float32
	}{{0, 0}, {0.25, 50}, {1, 200}, {1.5, 200}, {-1, 0}} {
		b.Set(c.set)
		if got := b.fill.Size().Width; got != c.width {
			t.Errorf("%v fills %v of 200", c.set, got)
		}
	}
	b.Set(0.5)
	b.Resize(fyne.NewSize(100, progressBarHeight))
	if got := b.fill.Size().Width; got != 50 {
		t.Errorf("half of a bar of 100 is %v", got)
	}
}
