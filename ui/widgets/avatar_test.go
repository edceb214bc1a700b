package widgets

import (
	"testing"

	"github.com/latchdesk/latchdesk/ui/theme"
)

func TestAvatar_FitsInitialsAndTurnsGrey(t *testing.T) {
	a := NewAvatar(40)
	window(t, a)
	for _, initials := range []string{"", "#", "WQ", "WWWW", "रश", "王小"} {
		a.Set(initials, "+46701234567", false)
		if a.text.Text != initials || a.text.Size().Width > 40*0.8+0.5 {
			t.Errorf("%q is %v wide", a.text.Text, a.text.Size().Width)
		}
		middle := a.text.Position().X + a.text.Size().Width/2
		if middle < 19.5 || middle > 20.5 {
			t.Errorf("%q has its middle at %v", initials, middle)
		}
	}
	if a.circle.FillColor != theme.AvatarColor("+46701234567") {
		t.Error("it is not in the colour of its seed")
	}
	a.Set("王小", "+46701234567", true)
	if a.circle.FillColor != theme.Color(theme.AvatarGrey) {
		t.Error("it did not turn grey")
	}
	for range 2 {
		if a.SetGroup("120@g.us", false); !a.sign.Visible() || a.text.Text != "" || a.circle.FillColor != theme.AvatarColor("120@g.us") {
			t.Errorf("a group shows %q, its sign %v", a.text.Text, a.sign.Visible())
		}
		if a.Set("WQ", "120@g.us", false); a.sign.Visible() || a.text.Text != "WQ" {
			t.Errorf("a person shows %q, the sign of a group %v", a.text.Text, a.sign.Visible())
		}
	}
}
