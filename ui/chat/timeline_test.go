package chat

import (
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// shown is what a timeline shows of a message: where on the pane it begins.
func (t *timeline) shownAt(id int64) (float32, bool) {
	for i, e := range t.elements {
		if e.kind == bubbleElement && e.item.Message.ID == id {
			y := t.tops[i] - t.scroll.Offset.Y
			return y, y < t.scroll.Size().Height && y+t.objects[i].Size().Height > 0
		}
	}
	return 0, false
}

// whole checks that every element has its widget, in its place and showing it.
func (t *timeline) whole(fail func(string, ...any)) {
	if len(t.objects) != len(t.elements) || len(t.tops) != len(t.elements) || len(t.content.Objects) != len(t.elements) {
		fail("%d elements, %d widgets, %d places", len(t.elements), len(t.objects), len(t.tops))
	}
	y := float32(0)
	for i, e := range t.elements {
		o := t.objects[i]
		if o.Position().Y != t.tops[i] || t.tops[i] < y+e.gap-0.01 {
			fail("element %d is at %v, its place is %v, after %v", i, o.Position().Y, t.tops[i], y)
		}
		y = t.tops[i] + o.Size().Height
		switch o := o.(type) {
		case *bubble:
			if e.kind != bubbleElement || o.message != *e.item.Message || o.last != e.last {
				fail("element %d shows message %d, not %v", i, o.message.ID, e.item.Key)
			}
			left, right := o.Position().X, t.width-o.Position().X-o.Size().Width
			if out := o.message.Direction == data.Out; out && right != sidePad || !out && left != sidePad {
				fail("message %d has %v to its left and %v to its right", o.message.ID, left, right)
			}
		case *widgets.Pill:
			if e.kind != pillElement && e.kind != dayElement || o.Text() != e.text {
				fail("element %d says %q, not %q", i, o.Text(), e.text)
			}
		case *unreadDivider:
			if e.kind != unreadElement {
				fail("element %d is the line above what is new", i)
			}
		}
	}
	if y+endPad > t.height+0.5 {
		fail("the last ends at %v of %v", y, t.height)
	}
	seen := map[fyne.CanvasObject]bool{}
	for _, o := range t.objects {
		if seen[o] {
			fail("one widget shows two elements")
		}
		seen[o] = true
	}
}

// newTestTimeline is a timeline of a chat of n messages of all lengths, with an
// event here and there, on a window.
func newTestTimeline(t testing.TB, n int) (*timeline, []data.Item, fyne.Window) {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	tl, w := emptyTimeline()
	t.Cleanup(w.Close)
	dice := rand.New(rand.NewPCG(1, 2))
	items := make([]data.Item, n)
	for i := range items {
		minutes := (n - i) * 7
		if dice.IntN(12) == 0 {
			items[i] = happened(minutes, data.BlockedEvent)
			continue
		}
		items[i] = written(minutes, []data.Direction{data.In, data.Out}[dice.IntN(2)], "")
		items[i].Message.Text = fmt.Sprint(i, " ", strings.Repeat("word ", dice.IntN(80)))
	}
	return tl, items, w
}

func emptyTimeline() (*timeline, fyne.Window) {
	tl := newTimeline(func(*url.URL) {}, func(string) {})
	tl.onOlder, tl.onNewer, tl.onEnd, tl.onSight = func() {}, func() {}, func() {}, func() {}
	w := test.NewWindow(tl)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(800, 600))
	return tl, w
}

// Whatever stretch is shown next, what the reader looks at stays where it is,
// as long as it is there at all and not pushed by an end.
func TestTimeline_KeepsScrollPosition(t *testing.T) {
	_, items, _ := newTestTimeline(t, 300)
	rapid.Check(t, func(t *rapid.T) {
		tl, w := emptyTimeline()
		defer w.Close()
		fail := func(format string, args ...any) { t.Helper(); t.Fatalf(format, args...) }
		from := rapid.IntRange(0, 250).Draw(t, "from")
		to := min(300, from+rapid.IntRange(5, 150).Draw(t, "items"))
		tl.setElements(elementsOf(items[from:to], noon, nil), to < 300, place{end: to == 300}, "Asha")
		tl.whole(fail)
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			test.Scroll(w.Canvas(), fyne.NewPos(400, 300), 0, float32(rapid.IntRange(-3000, 3000).Draw(t, "by")))
			at := tl.place()
			following := tl.following
			switch rapid.IntRange(0, 2).Draw(t, "step") {
			case 0: // other pages
				from = max(0, from+rapid.IntRange(-60, 60).Draw(t, "older"))
				from = min(from, 290)
				to = max(from+5, min(300, to+rapid.IntRange(-60, 60).Draw(t, "newer")))
				tl.setElements(elementsOf(items[from:to], noon, nil), to < 300, inSight, "Asha")
			case 1: // another width, as when the window is made wider
				w.Resize(fyne.NewSize(float32(rapid.IntRange(460, 1400).Draw(t, "width")), 600))
			case 2: // another height, as when the composer grows
				w.Resize(fyne.NewSize(w.Canvas().Size().Width, float32(rapid.IntRange(200, 1000).Draw(t, "height"))))
			}
			tl.whole(fail)
			end := max(0, tl.height-tl.scroll.Size().Height)
			if following && !tl.hasNewer {
				if tl.scroll.Offset.Y < end-1 {
					t.Fatalf("it followed the end, and stands at %v of %v", tl.scroll.Offset.Y, end)
				}
				continue
			}
			for i, e := range tl.elements {
				want := tl.tops[i] - at.offset
				if e.key() == at.key && want > 0 && want < end {
					if now := tl.tops[i] - tl.scroll.Offset.Y; now < at.offset-1 || now > at.offset+1 {
						t.Fatalf("%v was at %v and is at %v", at.key, at.offset, now)
					}
				}
			}
			if atEnd := !tl.hasNewer && tl.scroll.Offset.Y >= end-1; tl.following != atEnd || tl.down.Visible() == atEnd {
				t.Fatalf("at the end: %v, following: %v, the button back: %v", atEnd, tl.following, tl.down.Visible())
			}
		}
	})
}

func TestTimeline_ShortChatStandsAtTheBottom(t *testing.T) {
	tl, items, w := newTestTimeline(t, 3)
	tl.setElements(elementsOf(items, noon, nil), false, newest, "Asha")
	tl.whole(t.Fatalf)
	last := tl.objects[len(tl.objects)-1]
	if end := last.Position().Y + last.Size().Height; end != 600-endPad {
		t.Errorf("the last ends at %v", end)
	}
	w.Resize(fyne.NewSize(800, 900))
	tl.whole(t.Fatalf)
	if end := last.Position().Y + last.Size().Height; end != 900-endPad {
		t.Errorf("in a higher window the last ends at %v", end)
	}
	w.Resize(fyne.NewSize(800, 120))
	tl.whole(t.Fatalf)
	if !tl.following || tl.scroll.Offset.Y < tl.height-120-1 {
		t.Errorf("in a low window it stands at %v of %v", tl.scroll.Offset.Y, tl.height)
	}
	tl.setElements(nil, false, newest, "Asha")
	tl.whole(t.Fatalf)
	if tl.height > 120 {
		t.Errorf("an empty chat is %v high", tl.height)
	}
}

// No width yet, as before the first layout, and then one.
func TestTimeline_WithoutRoom(t *testing.T) {
	test.NewTempApp(t)
	tl := newTimeline(func(*url.URL) {}, func(string) {})
	asked := 0
	tl.onOlder, tl.onNewer, tl.onEnd, tl.onSight = func() { asked++ }, func() { asked++ }, func() {}, func() {}
	_, items, _ := newTestTimeline(t, 40)
	tl.setElements(elementsOf(items, noon, nil), false, newest, "Asha")
	tl.loadMoreIfNear()
	if asked != 0 {
		t.Error("it asks for more before anybody can see it")
	}
	w := test.NewTempWindow(t, tl)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(800, 600))
	tl.whole(t.Fatalf)
	if !tl.following || tl.scroll.Offset.Y < tl.height-601 {
		t.Errorf("it stands at %v of %v", tl.scroll.Offset.Y, tl.height)
	}
}

func TestTimeline_RecyclesWidgets(t *testing.T) {
	tl, items, _ := newTestTimeline(t, 300)
	most := 0
	for from := range 150 {
		tl.setElements(elementsOf(items[from:from+150], noon, nil), true, inSight, "Asha")
		tl.whole(t.Fatalf)
		most = max(most, len(tl.objects)+len(tl.spareBubbles)+len(tl.sparePills))
	}
	if most > 500 {
		t.Errorf("%d widgets are kept for 150 items", most)
	}
	before := tl.objects[20:100]
	tl.setElements(elementsOf(items[149:299], noon, nil), true, inSight, "Asha")
	same := 0
	for _, o := range before {
		for _, p := range tl.objects {
			if o == p {
				same++
			}
		}
	}
	if same < len(before)-2 {
		t.Errorf("only %d of %d widgets were kept for what they showed", same, len(before))
	}
}

func TestTimeline_Keys(t *testing.T) {
	tl, items, w := newTestTimeline(t, 100)
	ends, passed, typed := 0, []fyne.KeyName{}, ""
	tl.onEnd = func() { ends++ }
	tl.onRune = func(r rune) { typed += string(r) }
	w.Canvas().SetOnTypedKey(func(key *fyne.KeyEvent) { passed = append(passed, key.Name) })
	tl.setElements(elementsOf(items, noon, nil), false, newest, "Asha")
	w.Canvas().Focus(tl)
	if !tl.ring.Visible() {
		t.Error("nothing shows where the keyboard is")
	}
	key := func(name fyne.KeyName) float32 {
		before := tl.scroll.Offset.Y
		w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: name})
		return tl.scroll.Offset.Y - before
	}
	if by := key(fyne.KeyUp); by != -arrowScroll {
		t.Errorf("Up scrolls by %v", by)
	}
	if by := key(fyne.KeyDown); by != arrowScroll {
		t.Errorf("Down scrolls by %v", by)
	}
	if by := key(fyne.KeyPageUp); by != -540 {
		t.Errorf("Page Up scrolls by %v", by)
	}
	if tl.following || !tl.down.Visible() {
		t.Error("it still follows the end")
	}
	if by := key(fyne.KeyPageDown); by != 540 || !tl.following || tl.down.Visible() {
		t.Errorf("Page Down scrolls by %v", by)
	}
	key(fyne.KeyHome)
	if tl.scroll.Offset.Y != 0 {
		t.Errorf("Home leads to %v", tl.scroll.Offset.Y)
	}
	key(fyne.KeyEnd)
	if ends != 1 {
		t.Errorf("End asked %d times for the end", ends)
	}
	key(fyne.KeyF1)
	key(desktop.KeyMenu)
	w.Canvas().Focused().TypedRune('x')
	if fmt.Sprint(passed) != "[F1 Menu]" || typed != "x" {
		t.Errorf("passed on: %v, typed %q", passed, typed)
	}
	w.Canvas().Unfocus()
	if tl.ring.Visible() {
		t.Error("the ring stays")
	}
}

// textOf returns the words of a message, and where they stand.
func (t *timeline) textOf(text string) *widgets.SelectableText {
	for _, o := range t.objects {
		if b, ok := o.(*bubble); ok && b.text.Text() == text {
			return b.text
		}
	}
	return nil
}

func mouse(p *widgets.SelectableText, x, y float32) {
	p.MouseDown(&desktop.MouseEvent{Button: desktop.MouseButtonPrimary, PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y), AbsolutePosition: fyne.NewPos(x, y)}})
}

// What is copied from a note says so, wherever it is put: pasted into the composer it
// would go out as if it had been said.
func TestTimeline_CopiesNotesAsNotes(t *testing.T) {
	tl, items, _ := newTestTimeline(t, 3)
	var copied []string
	tl.onCopy = func(text string) { copied = append(copied, text) }
	items[1], items[2] = written(2, data.Note, "Bo"), written(1, data.Note, "")
	items[1].Message.Text, items[2].Message.Text = "Owes us money", strings.Repeat("Long words. ", 1000)
	tl.setElements(elementsOf(items, noon, nil), false, newest, "Asha")
	mouse(tl.textOf("Owes us money"), 1, 10)
	tl.TypedShortcut(&fyne.ShortcutSelectAll{})
	tl.TypedShortcut(&fyne.ShortcutCopy{})
	for _, o := range tl.objects {
		if b, ok := o.(*bubble); ok && b.copyLink != nil {
			b.copyLink.OnTapped()
		}
		if b, ok := o.(*bubble); ok && b.message.Direction == data.Note && b.label.Text() != "Note" {
			t.Errorf("nothing says that %.20q is a note", b.message.Text)
		}
	}
	if len(copied) != 2 || copied[0] != "[Note by Bo] Owes us money" || !strings.HasPrefix(copied[1], "[Note] Long words.") {
		t.Errorf("copied %.60q", copied)
	}
}

func TestTimeline_CopiesSelection(t *testing.T) {
	tl, items, w := newTestTimeline(t, 60)
	var copied []string
	tl.onCopy = func(text string) { copied = append(copied, text) }
	var menus int
	tl.onMenu = func(fyne.Position) { menus++ }
	items[57], items[58], items[59] = written(3, data.In, ""), written(2, data.In, ""), written(1, data.In, "")
	items[57].Message.Text, items[58].Message.Text, items[59].Message.Text = "Same words", "Same words", "Other words"
	tl.setElements(elementsOf(items[20:], noon, nil), false, newest, "Asha")

	first := tl.textOf("Same words")
	mouse(first, 1, 10)
	first.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(500, 10)}})
	if w.Canvas().Focused() != tl || tl.ring.Visible() {
		t.Errorf("the keyboard is on %T, ring: %v", w.Canvas().Focused(), tl.ring.Visible())
	}
	tl.TypedShortcut(&fyne.ShortcutCopy{})
	other := tl.textOf("Other words")
	mouse(other, 1, 10)
	if first.SelectedText() != "" {
		t.Error("two messages are marked at once")
	}
	tl.TypedShortcut(&fyne.ShortcutCopy{}) // nothing is marked
	tl.TypedShortcut(&fyne.ShortcutSelectAll{})
	tl.TypedShortcut(&fyne.ShortcutCopy{})
	if fmt.Sprintf("%q", copied) != `["Same words" "Other words"]` {
		t.Errorf("copied %q", copied)
	}

	// Older pages come and go: the mark stays on its message.
	tl.setElements(elementsOf(items, noon, nil), false, inSight, "Asha")
	if other = tl.textOf("Other words"); other.SelectedText() != "Other words" || tl.selectedText() != "Other words" {
		t.Errorf("%q is marked after a page came", other.SelectedText())
	}
	tl.setElements(elementsOf(items[40:], noon, nil), false, inSight, "Asha")
	if other = tl.textOf("Other words"); other.SelectedText() != "Other words" || tl.selectedText() != "Other words" {
		t.Errorf("%q is marked after a page went", other.SelectedText())
	}
	for i, o := range tl.objects {
		if b, ok := o.(*bubble); ok && b.text != other && b.text.SelectedText() != "" {
			t.Errorf("element %d is marked, too: %q", i, b.text.SelectedText())
		}
	}

	tl.textMenu(fyne.NewPos(10, 10))
	if w.Canvas().Overlays().Top() == nil || menus != 0 {
		t.Fatal("a right click on marked text does not offer to copy it")
	}
	w.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	if len(copied) != 3 || copied[2] != "Other words" {
		t.Errorf("the menu copied %q", copied)
	}
	tl.setElements(elementsOf(items[:50], noon, nil), true, inSight, "Asha") // the marked message is gone
	tl.copySelection()
	if len(copied) != 3 {
		t.Errorf("%q was copied from a message that is not there", copied[3:])
	}
	tl.textMenu(fyne.NewPos(10, 10))
	if menus != 1 {
		t.Error("a right click on unmarked text does not open the chat's menu")
	}
}

func BenchmarkTimelineScrollStep(b *testing.B) {
	for _, n := range []int{50, maxItems} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			tl, items, _ := newTestTimeline(b, n)
			tl.setElements(elementsOf(items, noon, nil), false, newest, "Asha")
			for i := 0; b.Loop(); i++ {
				tl.scrollBy([]float32{-40, 40}[i/50%2])
			}
		})
	}
}

func BenchmarkTimelinePage(b *testing.B) {
	tl, items, _ := newTestTimeline(b, 400)
	pages := [][]element{elementsOf(items[:150], noon, nil), elementsOf(items[50:200], noon, nil), elementsOf(items[100:250], noon, nil)}
	for i := 0; b.Loop(); i++ {
		tl.setElements(pages[i%3], true, inSight, "Asha")
	}
}
