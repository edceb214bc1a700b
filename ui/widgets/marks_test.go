package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/ui/theme"
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
}

func TestStatusIcon_ShowsHowFarAMessageCame(t *testing.T) {
	m := NewStatusIcon()
	window(t, m)
	for tick, want := range map[DeliveryStatus]fyne.Resource{
		StatusKept:      theme.Icon("clock", theme.Muted),
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
		t.Error("an incoming message has a tick")
	}
}

func TestPill_KeepsTimeWhenTextIsCut(t *testing.T) {
	p := NewPill()
	window(t, p)
	text := "Customer blocked by " + strings.Repeat("Asha Rao ", 20)
	p.Set(text, "14:05")
	p.Resize(fyne.NewSize(240, pillHeight))
	if !strings.HasSuffix(p.text.VisibleText(), ellipsis) || p.time.VisibleText() != "14:05" {
		t.Errorf("it shows %q and %q", p.text.VisibleText(), p.time.VisibleText())
	}
	if p.background.Position().X < 0 || p.background.Position().X+p.background.Size().Width > 240 {
		t.Errorf("it goes from %v for %v", p.background.Position().X, p.background.Size().Width)
	}
	p.Set("Today", "")
	if p.text.VisibleText() != "Today" || p.Text() != "Today" {
		t.Errorf("it shows %q", p.text.VisibleText())
	}
	if left := p.background.Position().X; left < 80 || left > 240-80 {
		t.Errorf("it is not in the middle: %v", left)
	}
}

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

func TestStatusLabel_SaysBlocked(t *testing.T) {
	s := NewStatusLabel()
	window(t, s)
	if s.Text() != "Blocked" || s.icon.Resource != theme.Icon("block", theme.Danger) {
		t.Errorf("it says %q with %s", s.Text(), s.icon.Resource.Name())
	}
}

func TestParagraph_WrapsWithinWidth(t *testing.T) {
	text := "New messages are held, not shown, and make no sound.\nhttps://free-phone.example/" + strings.Repeat("claim", 30) + "\n\nनमस्ते 👩‍👩‍👧‍👦 end"
	p := NewParagraph(text, theme.Text, theme.Body)
	window(t, p)
	for width := float32(60); width < 500; width += 30 {
		p.Resize(fyne.NewSize(width, 10))
		for _, line := range p.lines {
			if fyne.MeasureText(line, theme.Body, fyne.TextStyle{}).Width > width {
				t.Errorf("at %v the line %q is too wide", width, line)
			}
		}
		squeeze := strings.NewReplacer(" ", "", "\n", "")
		if got := squeeze.Replace(strings.Join(p.lines, "")); got != squeeze.Replace(text) {
			t.Errorf("at %v something was lost: %q", width, got)
		}
		if got := p.MinSize().Height; got != float32(20*len(p.lines)) {
			t.Errorf("%d lines are %v high", len(p.lines), got)
		}
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
