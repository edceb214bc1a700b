package widgets

import (
	"testing"

	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/ui/theme"
)

// What is selected looks the same under the pointer, and the ring is the keyboard's alone.
func TestRowGround_Shows(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	g := NewRowGround(theme.Sidebar)
	check := func(what string, want any, ring bool) {
		t.Helper()
		if g.Background.FillColor != want || g.Ring.Visible() != ring {
			t.Errorf("%s: %v, ring %v", what, g.Background.FillColor, g.Ring.Visible())
		}
	}
	check("at rest", theme.Color(theme.Sidebar), false)
	g.MouseIn(nil)
	check("under the pointer", theme.Color(theme.Hover), false)
	g.Selected, g.Focused = true, true
	g.PaintGround()
	check("selected", theme.Color(theme.Selected), true)
	g.MouseOut()
	check("selected, without the pointer", theme.Color(theme.Selected), true)
	g.Selected, g.Focused = false, false
	g.PaintGround()
	check("at rest again", theme.Color(theme.Sidebar), false)
}
