package widgets

import (
	"testing"

	"fyne.io/fyne/v2/test"
)

func TestBanner_ButtonIsOptional(t *testing.T) {
	b := NewBanner(DemoBanner)
	window(t, b)
	done := 0
	b.Set("Demo", "Reset", func() { done++ })
	if !b.Button().Visible() {
		t.Fatal("there is no button")
	}
	test.Tap(b.Button())
	if done != 1 {
		t.Errorf("done %d times", done)
	}
	b.Set("Demo: nothing leaves this computer.", "", nil)
	if b.Button().Visible() || b.Text() != "Demo: nothing leaves this computer." {
		t.Errorf("it says %q, button: %v", b.Text(), b.Button().Visible())
	}
}
