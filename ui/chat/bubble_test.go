package chat

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// speeches are messages as the world sends them.
var speeches = map[string]data.Message{
	"empty":       {},
	"word":        {Text: "Hi"},
	"line":        {Text: "Where is my parcel? It was due on Friday."},
	"lines":       {Text: "Dear team,\n\n\nwhere is it?\n\tMeera\n"},
	"long word":   {Text: strings.Repeat("A", 2000)},
	"link":        {Text: "Look at https://shop.example/order?n=2231, please"},
	"thanks":      {Text: "Thanks 👍🏽👍🏽 see you 👩‍👩‍👧‍👦 in 🇮🇳"},
	"long link":   {Text: "see https://free-phone.example/" + strings.Repeat("claim-", 200)},
	"long text":   {Text: strings.Repeat("Forward this to 10 friends and get a free phone. ", 120)},
	"megabyte":    {Text: strings.Repeat("x y\n", 1<<18)},
	"one word MB": {Text: strings.Repeat("क्षत्रिय", 1<<15)},
	"emoji":       {Text: "👩‍👩‍👧‍👦👩‍👩‍👧‍👦🇮🇳🇸🇪❤️1️⃣" + strings.Repeat("🙏🏽", 100)},
	"hindi":       {Text: "नमस्ते, मेरा ऑर्डर कब आएगा? कृपया जल्दी बताइए, मुझे कल तक चाहिए था।"},
	"arabic":      {Text: "السلام عليكم، أين طلبي؟ كان من المفترض أن يصل يوم الجمعة ولم يصل بعد."},
	"thai":        {Text: "สวัสดีครับ ผมสั่งของไปเมื่อวันจันทร์แต่ยังไม่ได้รับของเลยครับ"},
	"chinese":     {Text: "您好，我的包裹在哪里？它应该在星期五到达，但是我还没有收到，请尽快回复我。"},
	"zalgo":       {Text: "Z" + strings.Repeat("\u0301\u0323", 300) + " w̷o̷r̷d̷"},
	"many lines":  {Text: strings.Repeat("x\n", 2500)},
	"breaks":      {Text: strings.Repeat("\n", 5000)},
	"spaces":      {Text: strings.Repeat(" ", 500) + "x" + strings.Repeat("\u00a0", 500)},
	"picture":     {Kind: data.ImageMessage, File: "IMG-0001.jpg", Text: "The box as it came"},
	"file":        {Kind: data.DocumentMessage, File: strings.Repeat("very long name ", 30) + ".pdf"},
	"out":         {Direction: data.Out, Author: "Asha Rao", Text: "I have asked the warehouse.", Status: data.Read},
	"by another":  {Direction: data.Out, Author: "A colleague with a very long name indeed", Text: "ok", Status: data.KeptHere},
	"failed":      {Direction: data.Out, Author: "Asha Rao", Text: "Hello", Status: data.Failed, Failure: strings.Repeat("the number is not on WhatsApp ", 20)},
	"released":    {Text: "Answer me!", Hold: data.Released},
	"long out":    {Direction: data.Out, Author: "A colleague with a very long name indeed", Text: strings.Repeat("word ", 2000), Status: data.Delivered},
}

func speech(name string) data.Message {
	m := speeches[name]
	m.ID, m.At = int64(len(name)+1), noon
	if m.Kind == "" {
		m.Kind = data.TextMessage
	}
	if m.Direction == "" {
		m.Direction = data.In
	}
	return m
}

func newTestBubble(t testing.TB) *bubble {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	return newBubble(func(*url.URL) {}, func(string) {}, func(int64) {})
}

func TestBubble_KeepsToMaxWidth(t *testing.T) {
	b := newTestBubble(t)
	for name := range speeches {
		for _, last := range []bool{true, false} {
			b.set(speech(name), last, "Asha Rao", 7)
			for _, pane := range []float32{1872, 1200, 872, 801, 600, 411, 392} {
				size := b.measure(pane)
				if size.Width > 0.7*pane || size.Width > 560 {
					t.Errorf("%s: in %v the bubble is %v wide", name, pane, size.Width)
				}
				if size.Width != float32(int(size.Width)) || size.Height != float32(int(size.Height)) {
					t.Errorf("%s: in %v it is %v, not on whole pixels", name, pane, size)
				}
				b.Resize(size)
				for _, o := range test.WidgetRenderer(b).Objects() {
					from, to := o.Position(), o.Position().Add(o.Size())
					if from.X < 0 || from.Y < 0 || to.X > size.Width+0.5 || to.Y > size.Height+0.5 {
						t.Errorf("%s: in %v, %T reaches from %v to %v of %v", name, pane, o, from, to, size)
					}
				}
				for i, o := range test.WidgetRenderer(b).Objects()[1:] {
					for _, other := range test.WidgetRenderer(b).Objects()[1:][i+1:] {
						if o.Visible() && other.Visible() && overlap(o, other) {
							t.Errorf("%s: in %v, %T lies over %T", name, pane, o, other)
						}
					}
				}
			}
		}
	}
}

func overlap(a, b fyne.CanvasObject) bool {
	ap, aq, bp, bq := a.Position(), a.Position().Add(a.Size()), b.Position(), b.Position().Add(b.Size())
	return min(aq.X, bq.X)-max(ap.X, bp.X) > 0.5 && min(aq.Y, bq.Y)-max(ap.Y, bp.Y) > 0.5
}

func TestBubble_WithoutRoom(t *testing.T) {
	b := newTestBubble(t)
	for name := range speeches {
		b.set(speech(name), true, "Asha Rao", 0)
		for _, pane := range []float32{0, 1, 30, 50, 120} {
			b.Resize(b.measure(pane))
			if h := b.Size().Height; h < 0 || h != h {
				t.Errorf("%s: in %v it is %v high", name, pane, h)
			}
		}
	}
}

// What a bubble does not show of a long message can be copied.
func TestBubble_TruncatesLongMessage(t *testing.T) {
	copied := ""
	test.NewTempApp(t)
	b := newBubble(func(*url.URL) {}, func(text string) { copied = text }, func(int64) {})
	for name := range speeches {
		m := speech(name)
		b.set(m, true, "Asha Rao", 0)
		n, lines := utf8.RuneCountInString(m.Text), strings.Count(m.Text, "\n")+1
		if (n > maxShownRunes || lines > maxShownLines) != (b.copyLink != nil) {
			t.Errorf("%s of %d characters in %d lines: can be copied whole: %v", name, n, lines, b.copyLink != nil)
		}
		shown := b.text.Text()
		if b.copyLink == nil {
			if shown != m.Text {
				t.Errorf("%s is not shown as it is", name)
			}
			continue
		}
		head, cut := strings.CutSuffix(shown, "…")
		if n, lines := utf8.RuneCountInString(head), strings.Count(head, "\n")+1; !cut || !strings.HasPrefix(m.Text, head) || n != maxShownRunes && lines != maxShownLines {
			t.Errorf("%s: %d characters in %d lines are shown", name, n, lines)
		}
		copied = ""
		b.copyLink.OnTapped()
		if copied != m.Text {
			t.Errorf("%s: %d bytes were copied, of %d", name, len(copied), len(m.Text))
		}
		if b.measure(872); len(b.text.Text()) > 64<<10 {
			t.Errorf("%s: %d bytes are laid out", name, len(b.text.Text()))
		}
	}
}

// A bubble that showed one message shows another as a new one would.
func TestBubble_IsRecycled(t *testing.T) {
	used := newTestBubble(t)
	list := make([]string, 0, len(speeches))
	for name := range speeches {
		list = append(list, name)
	}
	for i := range 3 * len(list) {
		name := list[(i*7)%len(list)]
		fresh := newBubble(func(*url.URL) {}, func(string) {}, func(int64) {})
		for _, b := range []*bubble{used, fresh} {
			b.set(speech(name), i%2 == 0, "Asha Rao", 0)
			b.Resize(b.measure(872))
		}
		if got, want := test.RenderObjectToMarkup(used), test.RenderObjectToMarkup(fresh); got != want {
			t.Fatalf("%s in a used bubble:\n%s\nin a new one:\n%s", name, got, want)
		}
	}
}

func TestBubble_Texts(t *testing.T) {
	b := newTestBubble(t)
	for name, want := range map[string]struct{ foot, note, label string }{
		"line":       {"12:00", "", ""},
		"out":        {"12:00", "", ""},
		"by another": {"A colleague with a very… · 12:00 · Kept here", "", ""},
		"released":   {"12:00", "Received while blocked", ""},
		"picture":    {"12:00", "", "Image · IMG-0001.jpg"},
	} {
		b.set(speech(name), true, "Asha Rao", 0)
		if b.footer.Text() != want.foot || b.note.Text() != want.note || b.label.Text() != want.label {
			t.Errorf("%s: %q, %q, %q", name, b.footer.Text(), b.note.Text(), b.label.Text())
		}
	}
	m := speech("out")
	m.Status, m.Failure = data.Failed, ""
	b.set(m, true, "Asha Rao", 0)
	if b.failure.Text() != "Not sent" || b.note.Text() != "" {
		t.Errorf("a failure without words says %q", b.failure.Text())
	}
	for kind := range kindIcons {
		if data.Message.Label(data.Message{Kind: kind}) == "" {
			t.Errorf("%s has an icon and no word", kind)
		}
	}
}

func TestBubble_TailAndBackground(t *testing.T) {
	for _, mode := range []string{theme.Light, theme.Dark} {
		b := newTestBubble(t)
		fyne.CurrentApp().Settings().SetTheme(theme.New(mode))
		for _, c := range []struct {
			name        string
			last        bool
			left, right float32
			ground      fyne.ThemeColorName
		}{
			{"line", true, tailRadius, 0, theme.BubbleIn},
			{"line", false, 0, 0, theme.BubbleIn},
			{"out", true, 0, tailRadius, theme.BubbleOut},
			{"out", false, 0, 0, theme.BubbleOut},
		} {
			b.set(speech(c.name), c.last, "Asha Rao", 0)
			b.Resize(b.measure(872))
			g := test.WidgetRenderer(b).Objects()[0].(*canvas.Rectangle)
			if g.BottomLeftCornerRadius != c.left || g.BottomRightCornerRadius != c.right || g.FillColor != theme.Color(c.ground) {
				t.Errorf("%s, last: %v: corners %v and %v, ground %v", c.name, c.last, g.BottomLeftCornerRadius, g.BottomRightCornerRadius, g.FillColor)
			}
		}
	}
}

// Links in a bubble lead where the words say, also when the bubble was used
// before.
func TestBubble_Links(t *testing.T) {
	var followed []string
	test.NewTempApp(t)
	b := newBubble(func(l *url.URL) { followed = append(followed, l.String()) }, func(string) {}, func(int64) {})
	for _, host := range []string{"one.example", "two.example", "three.example"} {
		m := speech("line")
		m.Text = "https://" + host + " and https://x." + host
		b.set(m, true, "Asha Rao", 0)
		b.Resize(b.measure(872))
		b.text.Tapped(&fyne.PointEvent{Position: fyne.NewPos(40, 10)})
		b.text.Tapped(&fyne.PointEvent{Position: fyne.NewPos(b.textSize.Width-20, 10)})
	}
	if got := fmt.Sprint(followed); got != "[https://one.example https://x.one.example https://two.example https://x.two.example https://three.example https://x.three.example]" {
		t.Errorf("followed %s", got)
	}
}

func TestBubble_SettingTheSameAllocatesNothing(t *testing.T) {
	b := newTestBubble(t)
	m := speech("out")
	b.set(m, true, "Asha Rao", 0)
	b.Resize(b.measure(872))
	if n := testing.AllocsPerRun(100, func() {
		b.set(m, true, "Asha Rao", 0)
		b.measure(872)
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestBubble_Golden(t *testing.T) {
	for _, mode := range []string{theme.Light, theme.Dark} {
		test.NewTempApp(t).Settings().SetTheme(theme.New(mode))
		list := container.NewWithoutLayout()
		y := float32(0)
		for _, name := range []string{"line", "thanks", "lines", "picture", "out", "by another", "failed", "released", "link"} {
			b := newBubble(func(*url.URL) {}, func(string) {}, func(int64) {})
			b.set(speech(name), true, "Asha Rao", map[string]int64{"failed": 7}[name])
			b.Resize(b.measure(600))
			b.Move(fyne.NewPos(12, y))
			list.Add(b)
			y += b.Size().Height + 8
		}
		w := test.NewTempWindow(t, container.NewStack(widgets.NewBackground(theme.Canvas), list))
		w.SetPadded(false)
		w.Resize(fyne.NewSize(640, y))
		(&bench{t: t, window: w}).picture("bubbles-" + mode)
		test.AssertRendersToMarkup(t, "bubbles/"+mode+".xml", w.Canvas())
	}
}

func BenchmarkBubbleOfALongMessage(b *testing.B) {
	bubble := newTestBubble(b)
	long, short := speech("long text"), speech("line")
	for i := 0; b.Loop(); i++ {
		bubble.set(long, true, "Asha Rao", 0)
		bubble.measure(872)
		bubble.set(short, true, "Asha Rao", 0)
	}
}

// In a group each bubble names who wrote it, whatever the agent at the window is called.
func TestBubble_NamesTheAuthorInAGroup(t *testing.T) {
	b := open(t, "Hello")
	family := data.Sender{Group: "120363012345678901", GroupName: "Family"}
	var id int64
	for _, author := range []string{"Walter Quist", "Bo", asha.Name} {
		family.Name = author
		id = b.receiveFrom(family, "Hi", noon)
	}
	b.Open(id, nil)
	b.until("the group's chat", func() bool { return b.header.name.Text() == "Family" && len(b.items) == 3 })
	for i, want := range []string{"Walter Quist", "Bo", asha.Name} {
		if got := footerText(*b.items[i].Message, asha.Name); got != want+" · 12:00" {
			t.Errorf("bubble %d says %q, want %s", i, got, want)
		}
	}
	if got := b.header.phone.Text(); got != "group 1203…678901" {
		t.Errorf("under the name stands %q", got)
	}
}
