package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
)

func TestBadge_Counts(t *testing.T) {
	b := NewBadge()
	window(t, b)
	for _, c := range []struct {
		n     int
		text  string
		shown bool
	}{{0, "", false}, {1, "1", true}, {99, "99", true}, {100, "99+", true}, {-1, "", true}, {3, "3", true}, {0, "", false}} {
		b.Set(c.n)
		if b.Visible() != c.shown || (c.shown && b.text.Text != c.text) {
			t.Errorf("%d shows %q, visible: %v", c.n, b.text.Text, b.Visible())
		}
	}
	b.Set(-1)
	if b.MinSize() != fyne.NewSquareSize(badgeDot) {
		t.Errorf("the dot is %v", b.MinSize())
	}
}
