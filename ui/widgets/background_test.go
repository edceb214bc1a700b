package widgets

import (
	"testing"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/ui/theme"
)

func TestBackground_FillsItsPlaceInTheColourOfItsRole(t *testing.T) {
	g := NewBackground(theme.Sidebar)
	w := window(t, g)
	w.Resize(fyne.NewSize(320, 200))
	for _, mode := range []string{theme.Light, theme.Dark, theme.Light} {
		fyne.CurrentApp().Settings().SetTheme(theme.New(mode))
		if g.rect.FillColor != theme.Color(theme.Sidebar) {
			t.Errorf("in %s it is %v, not %v", mode, g.rect.FillColor, theme.Color(theme.Sidebar))
		}
	}
	if g.rect.Size() != fyne.NewSize(320, 200) {
		t.Errorf("it fills %v", g.rect.Size())
	}
	if g.MinSize().Width > 1 || g.MinSize().Height > 1 {
		t.Errorf("it needs %v", g.MinSize())
	}
}
