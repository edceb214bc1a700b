package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/ui/theme"
)

func TestParagraph_WrapsWithinWidth(t *testing.T) {
	text := "New messages are held: not shown, and without a sound.\nhttps://free-phone.example/" + strings.Repeat("claim", 30) + "\n\nनमस्ते 👩‍👩‍👧‍👦 end"
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

// Who places something behind a paragraph learns how high it is and where it ends.
func TestParagraph_FitTellsItsEnd(t *testing.T) {
	p := NewParagraph("Nothing goes to or comes from this customer.", theme.Text, theme.Body)
	window(t, p)
	for width := float32(60); width < 500; width += 30 {
		height := p.Fit(width)
		lines := p.Lines()
		if p.Size() != fyne.NewSize(width, height) || height != float32(20*len(lines)) {
			t.Errorf("in %v: %d lines are %v high, %v", width, len(lines), height, p.Size())
		}
		if got, want := p.LastLineWidth(), fyne.MeasureText(lines[len(lines)-1], theme.Body, fyne.TextStyle{}).Width; got != want || got > width {
			t.Errorf("in %v the last line is %v wide, want %v", width, got, want)
		}
	}
}
