package widgets

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"github.com/rivo/uniseg"
	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/ui/theme"
)

// selectableTexts draws texts as customers send them, after they were cleaned.
func selectableTexts() *rapid.Generator[string] {
	piece := rapid.OneOf(
		rapid.SampledFrom([]string{
			" ", "  ", "\n", "\n\n", "\t", "-", "—", "…", "a", "Where is my parcel?", "http://free-phone.example/claim?x=1&y=2",
			"नमस्ते", "क्षत्रिय", "السلام", "您好，我的包裹在哪里？", "สวัสดีครับผมสั่งของ", "👩‍👩‍👧‍👦", "🙏🏽", "👍🏽👍🏽", "🇮🇳🇸🇪", "1️⃣", "❤️",
			"e\u0301", "\u00a0", "\u3000", "\u200b", "\u00ad", "\u200d", strings.Repeat("A", 120), strings.Repeat("क्ष", 40), strings.Repeat("🙏🏽", 30),
		}),
		rapid.StringMatching(`[a-zA-Z0-9 ,.!?]{0,12}`),
	)
	return rapid.Map(rapid.SliceOfN(piece, 0, 20), func(all []string) string { return strings.Join(all, "") })
}

// slack is what measuring word by word may differ from measuring the line.
const slack = 1

func TestSelectableText_BreaksLines(t *testing.T) {
	test.NewTempApp(t)
	rapid.Check(t, func(t *rapid.T) {
		text := selectableTexts().Draw(t, "text")
		width := float32(rapid.IntRange(8, 560).Draw(t, "width"))
		lines := breakLines(text, width, theme.Body)
		at := 0
		for i, l := range lines {
			between := text[at:l.From]
			if i == 0 && l.From != 0 || strings.Trim(between, "\n") != "" || len(between) > 1 || l.To < l.From {
				t.Fatalf("line %d is %v after %d: %q is lost", i, l, at, between)
			}
			line := text[l.From:l.To]
			if strings.Contains(line, "\n") {
				t.Fatalf("line %d holds a line break: %q", i, line)
			}
			visible := strings.TrimRightFunc(line, unicode.IsSpace)
			if wide := measure(visible, theme.Body); wide > width+slack && uniseg.GraphemeClusterCount(visible) > 1 {
				t.Fatalf("line %d is %v wide in %v: %q", i, wide, width, visible)
			}
			if i > 0 && between == "" {
				next, _, _, _ := uniseg.FirstGraphemeClusterInString(line, -1)
				if before := lines[i-1]; next != "" && before.To == before.From {
					t.Fatalf("line %d is empty before %q", i-1, line)
				}
			}
			at = l.To
		}
		if rest := text[at:]; strings.Trim(rest, "\n") != "" {
			t.Fatalf("the end is lost: %q", rest)
		}
	})
}

// A line is broken only where what comes next would not fit. Only characters
// that the built-in font knows are measured the same alone and together.
func TestSelectableText_LinesAreFull(t *testing.T) {
	test.NewTempApp(t)
	known := rapid.Map(selectableTexts(), func(text string) string {
		return strings.Map(func(r rune) rune {
			if r >= 0x300 && r < 0x2000 || r >= 0x3000 || r == '\t' {
				return 'x'
			}
			return r
		}, text)
	})
	rapid.Check(t, func(t *rapid.T) {
		text := known.Draw(t, "text")
		width := float32(rapid.IntRange(20, 560).Draw(t, "width"))
		lines := breakLines(text, width, theme.Body)
		for i := 1; i < len(lines); i++ {
			if lines[i].From != lines[i-1].To {
				continue // a line break of the writer's
			}
			word, _, _, _ := uniseg.FirstLineSegmentInString(text[lines[i].From:], -1)
			word = strings.TrimRightFunc(word, unicode.IsSpace)
			if measure(word, theme.Body) > width {
				continue // it would have been broken itself
			}
			if wide := measure(text[lines[i-1].From:lines[i].From]+word, theme.Body); wide < width-slack {
				t.Fatalf("in %v, %q would have fitted after %q", width, word, text[lines[i-1].From:lines[i-1].To])
			}
		}
	})
}

// newSelectableText is a passage on a window, wrapped for a width.
func newSelectableText(t *testing.T, text string, width float32, links ...string) *SelectableText {
	t.Helper()
	p := NewSelectableText(theme.Body)
	window(t, p)
	var places []TextRange
	for _, link := range links {
		from := strings.Index(text, link)
		places = append(places, TextRange{from, from + len(link)})
	}
	p.Set(text, places)
	p.Resize(p.Wrap(width))
	return p
}

func down(p *SelectableText, x, y float32) {
	p.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary, PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y), AbsolutePosition: fyne.NewPos(x, y)}})
}

func drag(p *SelectableText, x, y float32) {
	p.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}})
}

func TestSelectableText_SelectsByMouse(t *testing.T) {
	text := "Where is my parcel?\nIt was due on Friday."
	p := newSelectableText(t, text, 300)
	told := 0
	p.OnSelectionStart = func(who *SelectableText) {
		if who == p {
			told++
		}
	}
	x := func(of string) float32 { return measure(of, theme.Body) }
	for _, c := range []struct {
		fromX, fromY, toX, toY float32
		want                   string
	}{
		{x("Where "), 10, x("Where is my"), 10, "is my"},
		{x("Where is my"), 10, x("Where "), 10, "is my"}, // to the left
		{x("Where is "), 10, x("It was"), 30, "my parcel?\nIt was"},
		{x("It was"), 30, x("Where is "), 10, "my parcel?\nIt was"}, // upwards
		{x("Where "), 10, -50, -50, "Where "},
		{x("Where "), 10, 900, 900, text[6:]},
		{0, 10, 900, 10, "Where is my parcel?"},
		{x("W") * 0.4, 10, x("Wh") + 1, 10, "Wh"}, // from the nearer edge
	} {
		p.multiClick.last = time.Time{}
		down(p, c.fromX, c.fromY)
		if p.SelectedText() != "" {
			t.Errorf("a press alone marks %q", p.SelectedText())
		}
		drag(p, (c.fromX+c.toX)/2, c.fromY)
		drag(p, c.toX, c.toY)
		p.DragEnd()
		p.MouseUp(nil)
		if p.SelectedText() != c.want {
			t.Errorf("from %v, %v to %v, %v: %q, want %q", c.fromX, c.fromY, c.toX, c.toY, p.SelectedText(), c.want)
		}
	}
	if told != 8 {
		t.Errorf("told %d times", told)
	}
	p.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonSecondary})
	if p.SelectedText() != "Wh" || told != 8 {
		t.Error("the right button marks")
	}
	p.ClearSelection()
	p.SelectAll()
	if p.SelectedText() != text {
		t.Errorf("all is %q", p.SelectedText())
	}
}

func TestSelectableText_DoubleAndTripleClick(t *testing.T) {
	text := "Ring +46 70 or नमस्ते, राहुल!\nBye"
	p := newSelectableText(t, text, 400)
	for _, c := range []struct{ before, word string }{{"Ri", "Ring"}, {"Ring +4", "46"}, {"Rin", "Ring"}, {"Ring +46 70 or न", "नमस्ते"}} {
		p.multiClick.last = time.Time{}
		x := measure(c.before, theme.Body) + 1
		down(p, x, 10)
		down(p, x+3, 10)
		if p.SelectedText() != c.word {
			t.Errorf("a double click after %q marks %q, want %q", c.before, p.SelectedText(), c.word)
		}
		down(p, x, 11)
		if p.SelectedText() != text {
			t.Errorf("the third click marks %q", p.SelectedText())
		}
	}
	p.multiClick.last = time.Time{}
	down(p, 900, 30)
	down(p, 900, 30)
	if p.SelectedText() != "Bye" {
		t.Errorf("a double click beyond the end marks %q", p.SelectedText())
	}
}

func TestMultiClick_CountsClicksThatBelongTogether(t *testing.T) {
	test.NewTempApp(t)
	var c multiClick
	at := fyne.NewPos(100, 100)
	for i, step := range []struct {
		at   fyne.Position
		late bool
		want int
	}{
		{at, false, 1},
		{at, false, 2},
		{at.AddXY(2, 2), false, 3},
		{at, false, 4},
		{at.AddXY(5, 0), false, 1},
		{at.AddXY(5, 0), true, 1},
		{at.AddXY(5, 3), false, 2},
	} {
		if step.late {
			c.last = c.last.Add(-time.Second)
		}
		if got := c.register(step.at); got != step.want {
			t.Errorf("press %d is number %d, want %d", i, got, step.want)
		}
	}
}

// Pointing at the edge of any character finds that edge.
func TestSelectableText_CharacterAtPointer(t *testing.T) {
	test.NewTempApp(t)
	rapid.Check(t, func(t *rapid.T) {
		text := selectableTexts().Draw(t, "text")
		p := NewSelectableText(theme.Body)
		p.Set(text, nil)
		p.Wrap(float32(rapid.IntRange(60, 500).Draw(t, "width")))
		i := rapid.IntRange(0, len(p.lines)-1).Draw(t, "line")
		l := p.lines[i]
		line := text[l.From:l.To]
		ends := append([]int{0}, graphemeEnds(line, len(line))...)
		end := ends[rapid.IntRange(0, len(ends)-1).Draw(t, "edge")]
		x := measure(line[:end], theme.Body)
		got := p.edgeAt(fyne.NewPos(x, (float32(i)+0.5)*lineHeight(theme.Body)))
		if got < l.From || got > l.To || measure(line[:got-l.From], theme.Body) != x {
			t.Fatalf("at %v of line %q is %d, not %d", x, line, got-l.From, end)
		}
	})
	p := NewSelectableText(theme.Body)
	p.Set("", nil)
	if p.edgeAt(fyne.NewPos(5, 5)) != 0 {
		t.Error("something is under the pointer in nothing")
	}
	p.SelectAll()
	if p.SelectedText() != "" {
		t.Errorf("%q is marked in nothing", p.SelectedText())
	}
}

func TestSelectableText_LinksAreHitWhereDrawn(t *testing.T) {
	text := "See https://one.example or write to mailto:a@b.example. https://three.example/" + strings.Repeat("long/", 20)
	links := []string{"https://one.example", "mailto:a@b.example", "https://three.example/" + strings.Repeat("long/", 20)}
	p := newSelectableText(t, text, 180, links...)
	followed := -1
	p.OnLink = func(i int) { followed = i }
	drawn := map[int]fyne.Position{} // right lower corners of link pieces, to be sure that there are some
	height := lineHeight(theme.Body)
	for _, o := range test.WidgetRenderer(p).Objects() {
		word, ok := o.(*canvas.Text)
		if !ok {
			continue
		}
		want := -1
		for i, link := range links {
			if word.Color == theme.Color(theme.Accent) && strings.Contains(link, word.Text) {
				want = i
				drawn[i] = word.Position()
			}
		}
		for x := float32(0.5); x < word.Size().Width; x += 3 {
			followed = -1
			at := fyne.NewPos(word.Position().X+x, word.Position().Y+height/2)
			p.MouseIn(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: at}})
			p.Tapped(&fyne.PointEvent{Position: at})
			if followed != want || (p.Cursor() == desktop.PointerCursor) != (want >= 0) {
				t.Fatalf("%v of %q leads to %d, want %d; cursor %v", x, word.Text, followed, want, p.Cursor())
			}
		}
		at := fyne.NewPos(word.Position().X+word.Size().Width+30, word.Position().Y+height/2)
		if followed = -1; at.X > 180 {
			p.Tapped(&fyne.PointEvent{Position: at})
			if followed >= 0 {
				t.Errorf("a tap beside the end of %q leads to %d", word.Text, followed)
			}
		}
	}
	if len(drawn) != len(links) {
		t.Errorf("%d links are drawn", len(drawn))
	}
	for _, y := range []float32{-5, p.Size().Height + 5} {
		followed = -1
		p.Tapped(&fyne.PointEvent{Position: fyne.NewPos(measure("See htt", theme.Body), y)})
		if followed >= 0 {
			t.Errorf("a tap at %v leads to %d", y, followed)
		}
	}
	p.MouseOut()
	if p.Cursor() != desktop.TextCursor {
		t.Error("the hand stays where the pointer is not")
	}
	p.SelectAll()
	followed = -1
	p.Tapped(&fyne.PointEvent{Position: fyne.NewPos(measure("See htt", theme.Body), 10)})
	if followed >= 0 {
		t.Error("the end of marking follows a link")
	}
}

func TestSelectableText_Menu(t *testing.T) {
	p := newSelectableText(t, "Hello", 200)
	p.TappedSecondary(&fyne.PointEvent{}) // nobody listens
	var at fyne.Position
	p.OnMenu = func(where fyne.Position) { at = where }
	p.TappedSecondary(&fyne.PointEvent{AbsolutePosition: fyne.NewPos(7, 9)})
	if at != fyne.NewPos(7, 9) {
		t.Errorf("the menu is asked for at %v", at)
	}
}

// What is drawn is the text, line by line, and behind it what is marked.
func TestSelectableText_Draws(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	rapid.Check(t, func(t *rapid.T) {
		text := selectableTexts().Draw(t, "text")
		p := NewSelectableText(theme.Body)
		var links []TextRange
		if at := strings.Index(text, "http"); at >= 0 {
			links = []TextRange{{at, at + 10}}
		}
		p.Set(text, links)
		size := p.Wrap(float32(rapid.IntRange(60, 500).Draw(t, "width")))
		if size.Height != float32(len(p.lines))*20 {
			t.Fatalf("%d lines are %v high", len(p.lines), size.Height)
		}
		edges := append([]int{0}, graphemeEnds(text, len(text))...)
		from := edges[rapid.IntRange(0, len(edges)-1).Draw(t, "from")]
		to := edges[rapid.IntRange(0, len(edges)-1).Draw(t, "to")]
		p.setSelection(from, to)
		drawn := make([]string, len(p.lines))
		marked := float32(0)
		for _, o := range test.WidgetRenderer(p).Objects() {
			switch o := o.(type) {
			case *canvas.Text:
				drawn[int(o.Position().Y/20)] += o.Text
			case *canvas.Rectangle:
				if o.FillColor == theme.Color(theme.Selection) {
					marked += o.Size().Width
				}
			}
		}
		for i, l := range p.lines {
			if drawn[i] != text[l.From:l.To] {
				t.Fatalf("line %d is drawn as %q, not %q", i, drawn[i], text[l.From:l.To])
			}
		}
		visible := strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, p.SelectedText())
		if marked == 0 && measure(visible, theme.Body) > 0 {
			t.Fatalf("%q is marked, and nothing shows it", p.SelectedText())
		}
		if p.SelectedText() == "" && marked > 0 {
			t.Fatal("nothing is marked, and something shows it")
		}
	})
}

func TestSelectableText_SetClearsSelection(t *testing.T) {
	p := newSelectableText(t, "Hello there", 200)
	p.SelectAll()
	p.Set("Bye", nil)
	if p.SelectedText() != "" || p.Text() != "Bye" {
		t.Errorf("%q of %q is marked", p.SelectedText(), p.Text())
	}
	if size := p.Wrap(200); size != fyne.NewSize(ceil(measure("Bye", theme.Body)), 20) {
		t.Errorf("it is %v", size)
	}
}

func TestSelectableText_WrappingTheSameAllocatesNothing(t *testing.T) {
	p := newSelectableText(t, strings.Repeat("Forward this to 10 friends. ", 40), 300)
	if n := testing.AllocsPerRun(50, func() { p.Wrap(300) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkBreakLines(b *testing.B) {
	test.NewTempApp(b)
	for name, text := range map[string]string{
		"words":    strings.Repeat("parcel of the day ", 280),
		"one word": strings.Repeat("A", 5000),
		"hindi":    strings.Repeat("क्षत्रिय", 625),
		"emoji":    strings.Repeat("🙏🏽", 2500),
	} {
		b.Run(name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				breakLines(fmt.Sprint(i, text), 536, theme.Body) // a new text every time, as nothing of it was measured before
			}
		})
	}
}
