package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/rivo/uniseg"

	"github.com/latchdesk/latchdesk/ui/theme"
)

func TestEllipsisLabel_CutsToItsWidthAndNotMore(t *testing.T) {
	text := "You: I have asked the warehouse and will come back to you before the day is over"
	l := NewEllipsisLabel(theme.Text, theme.Body)
	window(t, l)
	l.SetText(text)

	for width := float32(1); width < l.NaturalSize().Width+20; width += 7 {
		l.Resize(fyne.NewSize(width, 20))
		shown := l.VisibleText()
		if shown == text {
			if l.NaturalSize().Width > width {
				t.Fatalf("at %v the whole text is shown, which needs %v", width, l.NaturalSize().Width)
			}
			continue
		}
		head, cut := strings.CutSuffix(shown, ellipsis)
		if !cut || !strings.HasPrefix(text, head) {
			t.Fatalf("at %v: %q", width, shown)
		}
		if head != "" && fyne.MeasureText(shown, theme.Body, fyne.TextStyle{}).Width > width {
			t.Fatalf("at %v %q does not fit", width, shown)
		}
		more := text[:len(head)+1]
		if more[len(more)-1] == ' ' {
			more = text[:len(head)+2]
		}
		if fyne.MeasureText(more+ellipsis, theme.Body, fyne.TextStyle{}).Width <= width {
			t.Fatalf("at %v %q is cut too early: %q fits", width, shown, more+ellipsis)
		}
	}
}

func TestEllipsisLabel_CutsBetweenGraphemes(t *testing.T) {
	family := "👩‍👩‍👧‍👦"
	text := strings.Repeat(family+"é", 12)
	l := NewEllipsisLabel(theme.Text, theme.Body)
	window(t, l)
	l.SetText(text)

	for width := float32(20); width < 200; width += 3 {
		l.Resize(fyne.NewSize(width, 20))
		head := strings.TrimSuffix(l.VisibleText(), ellipsis)
		whole := 0
		for g := uniseg.NewGraphemes(text); whole < len(head) && g.Next(); {
			whole += len(g.Str())
		}
		if whole != len(head) {
			t.Fatalf("at %v a grapheme was cut: %q", width, head)
		}
	}
}

func TestEllipsisLabel_ShowsAllAgainWhenThereIsRoom(t *testing.T) {
	l := NewEllipsisLabel(theme.Text, theme.Body)
	window(t, l)
	l.SetText("Where is my parcel?")
	l.Resize(fyne.NewSize(40, 20))
	if l.VisibleText() == l.Text() {
		t.Fatal("nothing was cut")
	}
	l.Resize(fyne.NewSize(400, 20))
	if l.VisibleText() != "Where is my parcel?" {
		t.Errorf("it shows %q", l.VisibleText())
	}
}

func TestEllipsisLabel_IsCutAgainForBold(t *testing.T) {
	l := NewEllipsisLabel(theme.Text, theme.Body)
	window(t, l)
	l.SetText("Where is my parcel, please?")
	l.Resize(fyne.NewSize(ceil(l.NaturalSize().Width), 20))
	l.SetStyle(fyne.TextStyle{Bold: true})
	if !strings.HasSuffix(l.VisibleText(), ellipsis) {
		t.Errorf("bold is wider, and yet it shows %q", l.VisibleText())
	}
}

func TestEllipsisLabel_BoundsItsWorkOnAHostileText(t *testing.T) {
	text := strings.Repeat("x", 1<<20)
	if ends := graphemeEnds(text, 100); len(ends) != 100 || ends[99] != 100 {
		t.Errorf("%d graphemes were looked at", len(ends))
	}
}

func TestEllipsisLabel_AlignsWhatItShows(t *testing.T) {
	l := NewEllipsisLabel(theme.Text, theme.Body)
	window(t, l)
	l.SetText("14:05")
	l.Resize(fyne.NewSize(200, 20))
	l.SetAlign(fyne.TextAlignTrailing)
	right := l.canvasText.Position().X + l.NaturalSize().Width
	l.SetAlign(fyne.TextAlignCenter)
	if right != 200 || l.canvasText.Position().X != (200-l.NaturalSize().Width)/2 {
		t.Errorf("it ends at %v and centres at %v", right, l.canvasText.Position().X)
	}
}

func TestEllipsisLabel_UnchangedAllocatesNothing(t *testing.T) {
	line, avatar, badge, tick, pill := NewEllipsisLabel(theme.Text, theme.Body), NewAvatar(40), NewBadge(), NewStatusIcon(), NewPill()
	window(t, line)
	long := strings.Repeat("Where is my parcel? ", 10)
	set := func() {
		line.SetText(long)
		line.SetColor(theme.Muted)
		line.SetStyle(fyne.TextStyle{Bold: true})
		line.Resize(fyne.NewSize(200, 20))
		avatar.Set("WQ", "+46701234567", false)
		badge.Set(3)
		tick.Set(4)
		pill.Set("Customer blocked by Asha Rao", "14:05")
	}
	set()
	if got := testing.AllocsPerRun(100, set); got != 0 {
		t.Errorf("%v allocations", got)
	}
}

func BenchmarkEllipsisLabelNewText(b *testing.B) {
	texts := make([]string, 1000)
	for i := range texts {
		texts[i] = strings.Repeat(string(rune('a'+i%26))+" parcel? ", 14) + string(rune('a'+i/26))
	}
	l := NewEllipsisLabel(theme.Text, theme.Caption)
	l.Resize(fyne.NewSize(230, 20))
	for i := 0; b.Loop(); i++ {
		l.SetText(texts[i%len(texts)])
	}
}
