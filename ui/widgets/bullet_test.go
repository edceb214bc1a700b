package widgets

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/ui/theme"
)

func TestBullet_WrapsBesideItsDot(t *testing.T) {
	text := "The chat and its history stay. You can unblock at any time."
	b := NewBullet(text)
	window(t, b)
	if b.Text() != text {
		t.Errorf("it says %q", b.Text())
	}
	before := float32(0)
	for _, width := range []float32{500, 200, 90} {
		b.Resize(fyne.NewSize(width, 20))
		height := b.MinSize().Height
		if height <= before {
			t.Errorf("in %v it is %v high, before %v", width, height, before)
		}
		before = height
		for _, line := range b.text.lines {
			if wide := fyne.MeasureText(line, 13, fyne.TextStyle{}).Width; wide > width-bulletIndent {
				t.Errorf("in %v the line %q is %v wide", width, line, wide)
			}
		}
		dot := b.dot.Position().Add(b.dot.Size())
		if left := b.text.Position().X; dot.X >= left || b.dot.Position().X < 0 {
			t.Errorf("the dot reaches to %v, the words begin at %v", dot.X, left)
		}
		middle := b.dot.Position().Y + b.dot.Size().Height/2
		if line := b.text.MinSize().Height / float32(len(b.text.lines)); middle < line/2-2 || middle > line/2+2 {
			t.Errorf("the dot is at %v of a line %v high", middle, line)
		}
	}
}

func TestBullet_FollowsTheme(t *testing.T) {
	b := NewBullet("New messages are held.")
	window(t, b)
	light := b.dot.FillColor
	fyne.CurrentApp().Settings().SetTheme(theme.New(theme.Dark))
	if b.dot.FillColor != theme.Color(theme.Muted) || b.dot.FillColor == light {
		t.Errorf("the dot is %v", b.dot.FillColor)
	}
	for _, o := range test.WidgetRenderer(b.text).Objects() {
		if text, ok := o.(interface{ MinSize() fyne.Size }); !ok || text.MinSize().IsZero() {
			t.Errorf("a line of it is %T", o)
		}
	}
}
