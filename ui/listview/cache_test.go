package listview

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/latchdesk/latchdesk/data/waittest"
)

func TestList_ReadsWhatIsNearby(t *testing.T) {
	w := newWorld(t)
	w.fill(100_000)
	w.reads = nil
	w.Widget.ScrollTo(50_000 * rowHeight)
	w.done()
	if len(w.reads) != 1 || len(w.reads[0]) > 11+2*prefetchRows || !slices.Contains(w.reads[0], 50_005) {
		t.Errorf("read is %v", w.reads)
	}
	w.reads = nil
	w.Widget.ScrollTo(50_003 * rowHeight)
	w.done()
	if len(w.reads) != 1 || len(w.reads[0]) != 3 {
		t.Errorf("for a step of three rows %v is read", w.reads)
	}
	if len(w.failed) != 0 {
		t.Errorf("failed: %v", w.failed)
	}
}

// A read whose rows went out of sight is cancelled; one that reads what is wanted
// goes on.
func TestList_CancelsUnwantedReads(t *testing.T) {
	w := newWorld(t)
	w.fill(1000)
	began, cancelled := make(chan []int, 8), make(chan struct{})
	w.Load = func(ctx context.Context, keys []int) (map[int]string, error) {
		began <- keys
		<-ctx.Done()
		close(cancelled)
		return nil, ctx.Err()
	}
	w.Widget.ScrollTo(500 * rowHeight)
	waittest.Receive(t, "the first read to begin", began)
	w.Widget.UpdateVisible() // wants the same rows
	select {
	case <-cancelled:
		t.Fatal("the read that is wanted was cancelled")
	case keys := <-began:
		t.Fatalf("%v is read twice", keys)
	default:
	}
	w.Load = w.read
	w.Widget.ScrollTo(900 * rowHeight)
	waittest.Receive(t, "the first read to be cancelled", cancelled)
	w.done()
	if got := w.inSight()[0]; got.Text() != "value 901" || len(w.failed) != 0 {
		t.Errorf("it shows %q, failed: %v", got.Text(), w.failed)
	}
}

func TestList_BoundsItsCache(t *testing.T) {
	w := newWorld(t)
	w.fill(3000)
	w.Select(5)
	for offset := float32(0); offset < 2900*rowHeight; offset += 7 * rowHeight {
		w.Widget.ScrollTo(offset)
		w.done()
		if n := w.CacheLen(); n > MaxCached+60 {
			t.Fatalf("%d values are remembered", n)
		}
	}
	if v, ok := w.SelectedValue(); !ok || v != "value 5" {
		t.Errorf("of the selected row %q is known", v)
	}
}

// Whatever happens in whatever order, in the end every row in sight shows its
// value as it is, and no row is empty that was filled.
func TestList_ShowsWhatIs(t *testing.T) {
	w := newWorld(t)
	rapid.Check(t, func(rt *rapid.T) {
		keys := w.fill(200)
		next := 1000
		for range rapid.IntRange(1, 15).Draw(rt, "steps") {
			filled := map[int]bool{}
			for _, r := range w.inSight() {
				filled[r.key] = r.Text() != ""
			}
			key := rapid.SampledFrom(keys).Draw(rt, "key")
			switch rapid.IntRange(0, 7).Draw(rt, "step") {
			case 0:
				w.Widget.ScrollTo(float32(rapid.IntRange(0, 9500).Draw(rt, "offset")))
			case 1:
				next++
				w.set(key, fmt.Sprint("value ", next))
				w.MarkStale(key)
				w.Widget.UpdateVisible()
			case 2: // it goes to the top, and is read with the order
				next++
				value := fmt.Sprint("value ", next)
				w.set(key, value)
				w.Put(map[int]string{key: value})
				keys = append([]int{key}, slices.DeleteFunc(slices.Clone(keys), func(k int) bool { return k == key })...)
				w.SetOrder(Keys(keys))
			case 3:
				keys = slices.DeleteFunc(slices.Clone(keys), func(k int) bool { return k == key })
				w.SetOrder(Keys(keys))
			case 4:
				next++
				w.set(key, fmt.Sprint("value ", next))
				w.MarkAllStale()
				w.Widget.UpdateVisible()
			case 5:
				w.Select(key)
			case 6, 7:
				w.done()
			}
			for _, r := range w.inSight() {
				if filled[r.key] && r.Text() == "" {
					rt.Fatalf("the row of %d is empty now", r.key)
				}
			}
		}
		w.done()
		first, end := w.Widget.VisibleRange()
		if got := w.keysInSight(); !slices.Equal(got, keys[first:end]) {
			rt.Fatalf("in sight are %v, want %v", got, keys[first:end])
		}
		for _, r := range w.inSight() {
			if r.Text() != w.values[r.key] {
				rt.Fatalf("the row of %d shows %q, its value is %q", r.key, r.Text(), w.values[r.key])
			}
		}
		if len(w.failed) != 0 {
			rt.Fatalf("failed: %v", w.failed)
		}
	})
}

// A read that began before a change is not taken for what is after it.
func TestMarkStale_DuringARead(t *testing.T) {
	w := newWorld(t)
	w.fill(1000)
	began, proceed := make(chan struct{}), make(chan struct{})
	w.Load = func(ctx context.Context, keys []int) (map[int]string, error) {
		values, err := w.read(ctx, keys)
		close(began)
		<-proceed
		return values, err
	}
	w.Widget.ScrollTo(500 * rowHeight)
	waittest.Receive(t, "the read to begin", began)
	w.Load = w.read
	w.set(503, "changed")
	w.MarkStale(503)
	w.set(504, "with the order")
	w.Put(map[int]string{504: "with the order"})
	close(proceed)
	w.done()
	for _, i := range []int{2, 3} {
		if r := w.inSight()[i]; r.Text() != w.values[r.key] {
			t.Errorf("the row of %d shows %q, its value is %q", r.key, r.Text(), w.values[r.key])
		}
	}
}

// A key without a value is not asked for again and again.
func TestList_KeyWithoutValue(t *testing.T) {
	w := newWorld(t)
	w.fill(20)
	delete(w.values, 3)
	w.MarkAllStale()
	w.reads = nil
	w.Widget.UpdateVisible()
	w.done()
	if len(w.reads) != 1 || w.inSight()[2].Text() != "value 3" {
		t.Errorf("%d reads, the row shows %q", len(w.reads), w.inSight()[2].Text())
	}
	w.Release()
	w.reads = nil
	w.Widget.UpdateVisible()
	w.done()
	if _, ok := w.Value(3); len(w.reads) != 1 || w.inSight()[2].Text() != "" || ok {
		t.Errorf("%d reads, the row shows %q", len(w.reads), w.inSight()[2].Text())
	}
	w.set(3, "back")
	w.MarkStale(3)
	w.Widget.UpdateVisible()
	w.done()
	if w.inSight()[2].Text() != "back" {
		t.Errorf("the row shows %q", w.inSight()[2].Text())
	}
}

func TestList_FailedRead(t *testing.T) {
	w := newWorld(t)
	w.fill(1000)
	broken := errors.New("the disk is gone")
	w.Load = func(context.Context, []int) (map[int]string, error) { return nil, broken }
	w.Widget.ScrollTo(500 * rowHeight)
	w.done()
	if !slices.Equal(w.failed, []error{broken}) {
		t.Errorf("failed: %v", w.failed)
	}
	w.Load = w.read
	w.Widget.ScrollTo(501 * rowHeight)
	w.done()
	if got := w.inSight()[0].Text(); got != "value 502" {
		t.Errorf("it shows %q", got)
	}
}

func TestRelease(t *testing.T) {
	w := newWorld(t)
	w.fill(1000)
	w.Widget.ScrollTo(500 * rowHeight)
	w.done()
	cancelled := make(chan struct{})
	LoadOrder(w.List, func(ctx context.Context) (int, error) {
		<-ctx.Done()
		close(cancelled)
		return 0, ctx.Err()
	}, func(int) { t.Error("it is shown") })
	if !w.LoadingOrder() {
		t.Error("the order is not being read")
	}
	w.Release()
	waittest.Receive(t, "the read of the order to be cancelled", cancelled)
	if w.CacheLen() != 0 || w.Loading() || w.Len() != 1000 || w.Widget.Offset() != 500*rowHeight {
		t.Errorf("%d values, %d rows at %v, reading: %v", w.CacheLen(), w.Len(), w.Widget.Offset(), w.Loading())
	}
}
