package widgets

import (
	"fmt"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/ui/theme"
)

const testRow float32 = 50

// listed is a VirtualList of texts, with what happened to it.
type listed struct {
	*VirtualList
	window fyne.Window
	made   int
	shown  []int
	placed int
}

// list shows n rows in a window of 300 by so much.
func list(t testing.TB, n int, height float32) *listed {
	t.Helper()
	test.NewTempApp(t)
	l := &listed{}
	l.VirtualList = NewVirtualList(testRow,
		func() fyne.CanvasObject { l.made++; return NewEllipsisLabel(theme.Text, theme.Body) },
		func(i int, o fyne.CanvasObject) {
			l.shown = append(l.shown, i)
			o.(*EllipsisLabel).SetText(fmt.Sprint(i))
		})
	l.OnLayout = func() { l.placed++ }
	l.window = test.NewWindow(l.VirtualList)
	t.Cleanup(l.window.Close)
	l.window.SetPadded(false)
	l.window.Resize(fyne.NewSize(300, height))
	l.SetLength(n)
	return l
}

// seen checks that what is in sight is there, in its place, and nothing else.
func (l *listed) seen(t interface {
	Helper()
	Fatalf(string, ...any)
},
) {
	t.Helper()
	first, end := l.VisibleRange()
	top, bottom := l.Offset(), l.Offset()+l.window.Canvas().Size().Height
	found := map[int]bool{}
	for _, o := range l.pool {
		y := o.Position().Y
		if !o.Visible() || y+testRow <= top || y >= bottom {
			continue
		}
		i := int(y / testRow)
		text := o.(*EllipsisLabel).Text()
		if float32(i)*testRow != y || text != fmt.Sprint(i) || i < first || i >= end || found[i] || o.Size() != fyne.NewSize(300, testRow) {
			t.Fatalf("at %v stands row %q of size %v; %d to %d are in sight of %d", y, text, o.Size(), first, end, l.length)
		}
		found[i] = true
	}
	if len(found) != end-first {
		t.Fatalf("%d rows are there of %d to %d", len(found), first, end)
	}
	if want := min(l.length, int(bottom/testRow)+1); l.length > 0 && end < want-1 {
		t.Fatalf("up to %v only %d rows are in sight", bottom, end)
	}
}

func TestVirtualList_MakesOnlyVisibleRows(t *testing.T) {
	l := list(t, 100_000, 500)
	l.seen(t)
	if l.made > 12 {
		t.Errorf("%d rows were made for ten in sight", l.made)
	}
	for _, offset := range []float32{1, 49, 50, 25_000, 99_990 * testRow, 1e9, 0} {
		l.ScrollTo(offset)
		l.seen(t)
	}
	if l.made > 12 {
		t.Errorf("%d rows were made after scrolling", l.made)
	}
}

// A step costs the rows that come into sight, however long the list is.
func TestVirtualList_StepCostsWhatComesIntoSight(t *testing.T) {
	for _, n := range []int{100, 100_000} {
		l := list(t, n, 500)
		l.ScrollTo(1001) // as many rows are in sight as ever can be
		l.shown = nil
		l.ScrollTo(1010)
		if len(l.shown) > 1 {
			t.Errorf("of %d rows, a step of 10 showed %v anew", n, l.shown)
		}
		l.shown = nil
		l.ScrollTo(1110)
		if len(l.shown) > 3 {
			t.Errorf("of %d rows, a step of two rows showed %v anew", n, l.shown)
		}
		l.shown = nil
		test.Scroll(l.window.Canvas(), fyne.NewPos(100, 100), 0, -120)
		if l.Offset() != 1230 || len(l.shown) > 3 {
			t.Errorf("the wheel led to %v and showed %v", l.Offset(), l.shown)
		}
		if got := testing.AllocsPerRun(20, func() {
			l.ScrollTo(1230)
			l.layoutRows(false)
		}); got != 0 {
			t.Errorf("standing still allocates %v times", got)
		}
	}
}

func TestVirtualList_RecyclesRows(t *testing.T) {
	l := list(t, 0, 500)
	rapid.Check(t, func(t *rapid.T) {
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			switch rapid.IntRange(0, 4).Draw(t, "step") {
			case 0:
				l.ScrollTo(float32(rapid.IntRange(0, 60_000).Draw(t, "offset")))
			case 1:
				l.SetLength(rapid.SampledFrom([]int{0, 1, 5, 10, 11, 300, 1000}).Draw(t, "length"))
			case 2:
				l.window.Resize(fyne.NewSize(300, float32(rapid.IntRange(20, 900).Draw(t, "height"))))
			case 3:
				l.ScrollIntoView(rapid.IntRange(0, max(0, l.length-1)).Draw(t, "reveal"))
			case 4:
				l.UpdateVisible()
			}
			l.seen(t)
		}
	})
}

func TestVirtualList_ScrollIntoView(t *testing.T) {
	l := list(t, 100, 500)
	for _, c := range []struct {
		from   float32
		index  int
		offset float32
	}{
		{0, 0, 0},
		{0, 9, 0},
		{0, 10, 50},
		{0, 99, 4500},
		{4500, 0, 0},
		{1025, 20, 1000},
		{1025, 21, 1025},
		{1025, 29, 1025},
		{1025, 30, 1050},
	} {
		l.ScrollTo(c.from)
		l.ScrollIntoView(c.index)
		if l.Offset() != c.offset {
			t.Errorf("from %v, revealing %d leads to %v, want %v", c.from, c.index, l.Offset(), c.offset)
		}
	}
}

func TestVirtualList_LengthBoundsTheScroll(t *testing.T) {
	l := list(t, 100, 500)
	l.ScrollTo(1e6)
	if l.Offset() != 4500 {
		t.Errorf("the end is at %v", l.Offset())
	}
	l.SetLength(30)
	l.seen(t)
	if l.Offset() != 1000 {
		t.Errorf("shorter, it stands at %v", l.Offset())
	}
	l.SetLength(3)
	l.seen(t)
	if first, end := l.VisibleRange(); l.Offset() != 0 || first != 0 || end != 3 {
		t.Errorf("of three rows %d to %d are in sight at %v", first, end, l.Offset())
	}
	l.SetLength(0)
	l.seen(t)
	if first, end := l.VisibleRange(); first != 0 || end != 0 {
		t.Errorf("of none, %d to %d are in sight", first, end)
	}
	if l.PageSize() != 10 {
		t.Errorf("a page has %d rows", l.PageSize())
	}
	l.window.Resize(fyne.NewSize(300, 20))
	if l.PageSize() != 1 {
		t.Errorf("the smallest page has %d rows", l.PageSize())
	}
}

func TestVirtualList_CallsOnLayout(t *testing.T) {
	l := list(t, 100, 500)
	l.placed = 0
	l.ScrollTo(300)
	if l.placed == 0 {
		t.Error("nobody is told of other rows in sight")
	}
	l.placed = 0
	l.window.Resize(fyne.NewSize(300, 800))
	if l.placed == 0 {
		t.Error("nobody is told of more rows in sight")
	}
}

func TestVirtualList_Keyboard(t *testing.T) {
	l := list(t, 100, 500)
	var keys, passed []fyne.KeyName
	var typed []rune
	var focus []bool
	l.TypedRune('x') // nobody listens
	press(l.VirtualList, fyne.KeyF1)
	l.window.Canvas().SetOnTypedKey(func(key *fyne.KeyEvent) { passed = append(passed, key.Name) })
	l.OnKey = func(key *fyne.KeyEvent) bool {
		keys = append(keys, key.Name)
		return key.Name == fyne.KeyDown
	}
	l.OnRune = func(r rune) { typed = append(typed, r) }
	l.OnFocus = func(has bool) { focus = append(focus, has) }
	l.window.Canvas().Focus(l.VirtualList)
	pressOn(l.window.Canvas(), fyne.KeyDown, fyne.KeyF1)
	l.window.Canvas().Focused().TypedRune('a')
	l.window.Canvas().Unfocus()
	if fmt.Sprint(keys, passed, string(typed), focus) != "[Down F1] [F1]a[true false]" {
		t.Errorf("keys %v, passed on %v, typed %q, focus %v", keys, passed, string(typed), focus)
	}
}

func BenchmarkScrollStep(b *testing.B) {
	for _, n := range []int{100, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			l := list(b, n, 700)
			for i := 0; b.Loop(); i++ {
				l.ScrollTo(float32(i % 100 * 30))
				l.shown = l.shown[:0]
			}
		})
	}
}
