package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
)

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
