package listview

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"github.com/latchdesk/latchdesk/data/waittest"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const rowHeight float32 = 50

// testRow is a row that knows whose it is.
type testRow struct {
	*widgets.EllipsisLabel
	key int
}

// world is a list of ten rows in sight over values that the test changes.
type world struct {
	*List[int, string]
	t      testing.TB
	runner *async.Runner
	window fyne.Window
	failed []error
	reads  [][]int // keys asked for, in the order of the reads that began

	mu         sync.Mutex
	values     map[int]string
	todo       []func()
	dispatched int // functions that were to run on the interface's goroutine
	news       chan struct{}
}

func newWorld(t testing.TB) *world {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	w := &world{t: t, values: map[int]string{}, news: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	w.runner = async.New(ctx, w.dispatch, func(err error) { w.failed = append(w.failed, err) })
	w.List = New(w.runner, rowHeight,
		func() *testRow { return &testRow{EllipsisLabel: widgets.NewEllipsisLabel(theme.Text, theme.Body)} },
		func(r *testRow, key int, value string) {
			r.key = key
			r.SetText(value)
		})
	w.Load = w.read
	w.window = test.NewWindow(w.Widget)
	t.Cleanup(w.window.Close)
	w.window.SetPadded(false)
	w.window.Resize(fyne.NewSize(300, 10*rowHeight))
	return w
}

func (w *world) dispatch(do func()) {
	w.mu.Lock()
	w.todo = append(w.todo, do)
	w.dispatched++
	w.mu.Unlock()
	select {
	case w.news <- struct{}{}:
	default:
	}
}

func (w *world) dispatches() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.dispatched
}

// read returns the values as they are now; a key without one is not returned.
func (w *world) read(_ context.Context, keys []int) (map[int]string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.reads = append(w.reads, keys)
	values := map[int]string{}
	for _, key := range keys {
		if value, ok := w.values[key]; ok {
			values[key] = value
		}
	}
	return values, nil
}

func (w *world) set(key int, value string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.values[key] = value
}

// fill shows keys 1 to n from the top, each with its value, and nothing of before.
func (w *world) fill(n int) []int {
	w.Release()
	keys := make([]int, n)
	for i := range keys {
		keys[i] = i + 1
		w.set(i+1, fmt.Sprint("value ", i+1))
	}
	w.Reset(Keys(keys))
	w.done()
	return keys
}

func (w *world) until(what string, cond func() bool) {
	w.t.Helper()
	late := time.After(waittest.Deadline)
	for {
		w.mu.Lock()
		todo := w.todo
		w.todo = nil
		w.mu.Unlock()
		for _, do := range todo {
			do()
		}
		if cond() {
			return
		}
		if len(todo) > 0 {
			continue
		}
		select {
		case <-w.news:
		case <-late:
			w.t.Fatalf("waited in vain until %s", what)
		}
	}
}

// done waits until nothing is being read.
func (w *world) done() {
	w.t.Helper()
	w.until("nothing is being read", func() bool { return !w.Loading() })
}

// inSight returns the rows that can be seen, from the top.
func (w *world) inSight() (rows []*testRow) {
	offset := w.Widget.Offset()
	for _, o := range test.WidgetRenderer(w.Widget).Objects()[0].(*widgets.Scroll).Content.(*fyne.Container).Objects {
		if r := o.(*testRow); r.Visible() && r.Position().Y+rowHeight > offset && r.Position().Y < offset+w.Widget.Size().Height {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b *testRow) int { return int(a.Position().Y - b.Position().Y) })
	return rows
}

func (w *world) keysInSight() (keys []int) {
	for _, r := range w.inSight() {
		keys = append(keys, r.key)
	}
	return keys
}

func (w *world) press(keys ...fyne.KeyName) {
	for _, key := range keys {
		w.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: key})
	}
}

// places returns where on screen each key in sight stands.
func (w *world) places() map[int]float32 {
	places := map[int]float32{}
	for _, r := range w.inSight() {
		places[r.key] = r.Position().Y - w.Widget.Offset()
	}
	return places
}

func sortedKeys[V any](m map[int]V) []int { return slices.Sorted(maps.Keys(m)) }
