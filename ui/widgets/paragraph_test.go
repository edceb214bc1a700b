package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/ui/theme"
)

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
