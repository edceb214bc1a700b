package widgets

import (
	"testing"

	"github.com/latchdesk/latchdesk/ui/theme"
)

func TestStatusLabel_SaysBlocked(t *testing.T) {
	s := NewStatusLabel()
	window(t, s)
	if s.Text() != "Blocked" || s.icon.Resource != theme.Icon("block", theme.Danger) {
		t.Errorf("it says %q with %s", s.Text(), s.icon.Resource.Name())
	}
}
