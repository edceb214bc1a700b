package listview

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"fyne.io/fyne/v2"
)

// What is in sight stays where it is, whatever happens above and to one of its
// rows; at the top the list stays at its top.
func TestSetOrder_KeepsThePlace(t *testing.T) {
	w := newWorld(t)
	keys := w.fill(1000)
	w.Widget.ScrollTo(500*rowHeight + 7)
	w.done()
	before := w.places()
	top := []int{501, 2000, 2001} // the uppermost in sight, and two new ones
	w.SetOrder(Keys(append(top, slices.DeleteFunc(slices.Clone(keys), func(k int) bool { return k == 501 })...)))
	delete(before, 501)
	for _, key := range sortedKeys(before) {
		if at, ok := w.places()[key]; !ok || at != before[key] {
			t.Errorf("the row of %d went from %v to %v", key, before[key], at)
		}
	}
	w.Widget.ScrollTo(0)
	w.SetOrder(Keys([]int{3000, 2001, 2000}))
	if got := w.keysInSight(); w.Widget.Offset() != 0 || !slices.Equal(got, []int{3000, 2001, 2000}) {
		t.Errorf("at %v it shows %v", w.Widget.Offset(), got)
	}
	w.SetOrder(Order[int]{})
	if len(w.inSight()) != 0 || w.Len() != 0 {
		t.Errorf("empty, it shows %v", w.keysInSight())
	}
}

func TestReset_GoesToTheTop(t *testing.T) {
	w := newWorld(t)
	keys := w.fill(1000)
	w.Widget.ScrollTo(500 * rowHeight)
	w.Select(502)
	w.Reset(Keys(keys[1:]))
	if w.Widget.Offset() != 0 || w.Selected() != 502 {
		t.Errorf("at %v, selected is %d", w.Widget.Offset(), w.Selected())
	}
	w.Reset(Keys(keys[:100]))
	if w.Selected() != 0 {
		t.Errorf("selected is %d, which is not there", w.Selected())
	}
}

// The selection stays with its key; where that goes, the row in its place has it.
func TestSetOrder_KeepsTheSelection(t *testing.T) {
	w := newWorld(t)
	w.fill(5)
	for _, c := range []struct {
		selected int
		now      []int
		want     int
	}{
		{3, []int{9, 3, 1}, 3},
		{3, []int{1, 2, 4, 5}, 4},
		{5, []int{1, 2, 3, 4}, 4},
		{1, []int{2}, 2},
		{1, nil, 0},
		{0, []int{1, 2}, 0},
		{77, []int{1, 2}, 0},
	} {
		w.Reset(Keys([]int{1, 2, 3, 4, 5}))
		w.Select(c.selected)
		w.SetOrder(Keys(c.now))
		if got := w.Selected(); got != c.want {
			t.Errorf("of %d, with %v selected is %d, want %d", c.selected, c.now, got, c.want)
		}
	}
}

func TestList_Keyboard(t *testing.T) {
	w := newWorld(t)
	w.fill(100)
	w.Focus()
	if !w.Focused() || w.window.Canvas().Focused() != fyne.Focusable(w.Widget) {
		t.Fatal("it has not the keyboard")
	}
	for _, step := range []struct {
		key  fyne.KeyName
		want int
	}{
		{fyne.KeyDown, 1},
		{fyne.KeyDown, 2},
		{fyne.KeyUp, 1},
		{fyne.KeyUp, 1},
		{fyne.KeyPageDown, 11},
		{fyne.KeyEnd, 100},
		{fyne.KeyDown, 100},
		{fyne.KeyPageUp, 90},
		{fyne.KeyHome, 1},
	} {
		w.press(step.key)
		w.done()
		if got := w.Selected(); got != step.want {
			t.Fatalf("after %s %d is selected, want %d", step.key, got, step.want)
		}
		if at, ok := w.places()[step.want]; !ok || at < 0 || at+rowHeight > w.Widget.Size().Height {
			t.Fatalf("after %s the selected row is cut, at %v", step.key, at)
		}
	}
	// Where nothing is selected, a step takes the first in sight, and End the last of all.
	w.Widget.ScrollTo(30 * rowHeight)
	for key, want := range map[fyne.KeyName]int{fyne.KeyDown: 31, fyne.KeyPageUp: 31} {
		w.Select(0)
		w.press(key)
		if got := w.Selected(); got != want {
			t.Errorf("after %s %d is selected, want %d", key, got, want)
		}
	}
	w.Select(0)
	w.press(fyne.KeyEnd)
	if got := w.Selected(); got != 100 {
		t.Errorf("after End %d is selected", got)
	}
	w.window.Canvas().Unfocus()
	if w.Focused() {
		t.Error("it has the keyboard still")
	}
}

// A pane's own keys come first, what the list has no use for goes on to the
// window, and letters go where the widget sends them.
func TestList_PassesKeysOn(t *testing.T) {
	w := newWorld(t)
	w.fill(100)
	var heard, passed []fyne.KeyName
	var steps []int
	var letters []rune
	var focus []bool
	w.OnKey = func(key *fyne.KeyEvent) bool {
		heard = append(heard, key.Name)
		return key.Name == fyne.KeyReturn
	}
	w.OnStep = func(rows int) {
		steps = append(steps, rows)
		w.ScrollBy(rows)
	}
	w.OnFocus = func(focused bool) { focus = append(focus, focused) }
	w.Widget.OnRune = func(r rune) { letters = append(letters, r) }
	w.window.Canvas().SetOnTypedKey(func(key *fyne.KeyEvent) { passed = append(passed, key.Name) })
	w.Focus()
	w.press(fyne.KeyReturn, fyne.KeyDown, fyne.KeyPageDown, fyne.KeyF1)
	w.window.Canvas().Focused().TypedRune('a')
	if got := fmt.Sprint(heard, passed, steps, string(letters)); got != "[Return Down Next F1] [F1] [1 10]a" {
		t.Errorf("heard, passed on, steps, letters: %s", got)
	}
	if w.Widget.Offset() != 11*rowHeight || w.Selected() != 0 {
		t.Errorf("scrolled to %v, selected is %d", w.Widget.Offset(), w.Selected())
	}
	w.press(fyne.KeyEnd)
	if w.Widget.Offset() != 90*rowHeight {
		t.Errorf("End scrolls to %v", w.Widget.Offset())
	}
	w.press(fyne.KeyHome)
	if w.Widget.Offset() != 0 {
		t.Errorf("Home scrolls to %v", w.Widget.Offset())
	}
	w.window.Canvas().Unfocus()
	if !slices.Equal(focus, []bool{true, false}) {
		t.Errorf("told of the keyboard: %v", focus)
	}
}

func TestMenuPosition(t *testing.T) {
	w := newWorld(t)
	w.fill(100)
	w.Widget.ScrollTo(30*rowHeight + 10)
	if got, want := w.MenuPosition(33, 60), fyne.NewPos(60, 2*rowHeight-10+rowHeight/2); got != want {
		t.Errorf("the menu is at %v, want %v", got, want)
	}
}

// A read of the order that takes long is said to be under way, a quick one is not.
func TestLoadOrder_OnSlow(t *testing.T) {
	w := newWorld(t)
	slow := 0
	w.OnSlow = func() { slow++ }
	read := 0
	LoadOrder(w.List, func(context.Context) (int, error) { return 3, nil }, func(n int) { read = n })
	w.until("the result and the timer of the quick read came", func() bool { return w.dispatches() == 2 })
	if read != 3 || slow != 0 || w.LoadingOrder() {
		t.Errorf("read is %d, told %d times", read, slow)
	}
	began, proceed := time.Now(), make(chan struct{})
	LoadOrder(w.List, func(context.Context) (int, error) { <-proceed; return 4, nil }, func(n int) { read = n })
	w.until("it is said to be slow", func() bool { return slow > 0 })
	if took := time.Since(began); took < slowAfter {
		t.Errorf("it is said after %v", took)
	}
	close(proceed)
	w.until("it is read", func() bool { return read == 4 })
}

func TestList_CallsOnLayout(t *testing.T) {
	w := newWorld(t)
	calls := 0
	w.OnLayout = func() { calls++ }
	w.fill(100)
	calls = 0
	w.Widget.ScrollTo(300)
	if calls == 0 {
		t.Error("it is not called when other rows come into sight")
	}
}

// Showing rows whose values are known allocates nothing.
func TestList_ScrollingAllocatesNothing(t *testing.T) {
	w := newWorld(t)
	w.fill(1000)
	w.Widget.ScrollTo(500 * rowHeight)
	w.done()
	at := 0
	if n := testing.AllocsPerRun(100, func() {
		at = 1 - at
		w.Widget.ScrollTo(float32(500+at) * rowHeight)
	}); n != 0 {
		t.Errorf("a step of a row allocates %v times", n)
	}
}

func BenchmarkSetOrder(b *testing.B) {
	for _, n := range []int{1000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			w := newWorld(b)
			keys := w.fill(n)
			w.Widget.ScrollTo(float32(n/2) * rowHeight)
			w.done()
			orders := []Order[int]{Keys(keys[1:]), Keys(keys)}
			for i := 0; b.Loop(); i++ {
				w.SetOrder(orders[i%2])
			}
			w.done()
		})
	}
}
