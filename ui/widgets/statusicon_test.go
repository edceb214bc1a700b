package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/ui/theme"
)

func TestStatusIcon_ShowsHowFarAMessageCame(t *testing.T) {
	m := NewStatusIcon()
	window(t, m)
	for tick, want := range map[DeliveryStatus]fyne.Resource{
		StatusSent:      theme.Icon("check", theme.Muted),
		StatusDelivered: theme.Icon("checks", theme.Muted),
		StatusRead:      theme.Icon("checks", theme.ReadReceipt),
		StatusFailed:    theme.Icon("failed", theme.Danger),
		StatusWaiting:   theme.Icon("clock", theme.Muted),
	} {
		m.Set(tick)
		if !m.Visible() || m.image.Resource != want || m.Status() != tick {
			t.Errorf("tick %d shows %v", tick, m.image.Resource.Name())
		}
	}
	m.Set(StatusNone)
	if m.Visible() {
		t.Error("what is on no way has an icon")
	}
}

func BenchmarkStatusIcon(b *testing.B) {
	test.NewTempApp(b)
	m := NewStatusIcon()
	m.Resize(m.MinSize())
	for i := 0; b.Loop(); i++ {
		m.Set(StatusSent + DeliveryStatus(i%3))
	}
}
