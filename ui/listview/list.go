// Package listview shows lists of any length. A List knows the keys of its rows
// in their order, reads the values of the rows in sight, keeps them in a bounded
// cache, and keeps the reader's place while the order changes.
package listview

import (
	"context"
	"time"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// slowAfter is how long a read of the order takes before OnSlow is called.
const slowAfter = 200 * time.Millisecond

// List is a list of rows, each identified by a key of type K and showing a value
// of type V. The zero key stands for no row. A List belongs to the interface's
// goroutine.
type List[K comparable, V any] struct {
	// Widget is what the window shows. Its OnKey, OnLayout and OnFocus belong to
	// the List; letters go to its OnRune.
	Widget *widgets.VirtualList
	// Load reads the values of neighboring rows, given from top to bottom. It is
	// called off the interface's goroutine, with a context that ends when the rows
	// are no longer wanted. A key without a value keeps what its row shows.
	Load func(ctx context.Context, keys []K) (map[K]V, error)
	// OnKey gets the keys typed in the list before the List does; it reports
	// whether it used the key.
	OnKey func(*fyne.KeyEvent) bool
	// OnStep is called when the arrows, Home, End or a Page key move by so many
	// rows: MoveSelection, unless it is replaced. Home and End move by more rows
	// than there can be.
	OnStep func(rows int)
	// OnLayout is called when other rows may have come into sight.
	OnLayout func()
	// OnFocus is called when the list gets or loses the keyboard.
	OnFocus func(focused bool)
	// OnSlow is called when the order has been read for 200 ms and still is.
	OnSlow func()

	runner    *async.Runner
	rowHeight float32
	order     Order[K]
	selected  K
	focused   bool

	cache   map[K]entry[V]
	loading map[K]bool // keys whose values are being read and will be current

	orderSlot, rowsSlot *async.Slot
}

// New returns an empty list of rows of one height. NewRow makes a row, and
// showRow has it show a key's value: the zero value until that is read. Rows are
// reused, so showRow sets everything.
func New[K comparable, V any, R fyne.CanvasObject](w *async.Runner, rowHeight float32, newRow func() R, showRow func(row R, key K, value V)) *List[K, V] {
	l := &List[K, V]{
		runner: w, rowHeight: rowHeight,
		cache:     map[K]entry[V]{},
		orderSlot: w.NewSlot(), rowsSlot: w.NewSlot(),
	}
	l.OnStep = l.MoveSelection
	l.Widget = widgets.NewVirtualList(rowHeight,
		func() fyne.CanvasObject { return newRow() },
		func(i int, o fyne.CanvasObject) {
			key := l.order.At(i)
			showRow(o.(R), key, l.cache[key].value)
		})
	l.Widget.OnKey = l.handleKey
	l.Widget.OnLayout = func() {
		l.loadNearby()
		if l.OnLayout != nil {
			l.OnLayout()
		}
	}
	l.Widget.OnFocus = func(focused bool) {
		l.focused = focused
		l.Widget.UpdateVisible()
		if l.OnFocus != nil {
			l.OnFocus(focused)
		}
	}
	return l
}

// LoadOrder reads what decides the order of the list, and passes it to show on
// the interface's goroutine, unless LoadOrder or Cancel is called before. What
// show does with it ends in SetOrder or Reset.
func LoadOrder[K comparable, V, T any](l *List[K, V], read func(context.Context) (T, error), show func(T)) {
	async.Load(l.orderSlot, read, show)
	if l.OnSlow == nil {
		return
	}
	l.runner.After(slowAfter, func() {
		if l.LoadingOrder() {
			l.OnSlow()
		}
	})
}

// LoadingOrder reports whether the order is being read.
func (l *List[K, V]) LoadingOrder() bool { return l.orderSlot.Busy() }

// Loading reports whether the order or rows are being read.
func (l *List[K, V]) Loading() bool { return l.orderSlot.Busy() || l.rowsSlot.Busy() }

// Len returns how many rows there are.
func (l *List[K, V]) Len() int { return l.order.Len }

// Index returns the index of a key's row, or -1 where there is none.
func (l *List[K, V]) Index(key K) int { return l.order.index(key) }

// Reset shows another list, from its top.
func (l *List[K, V]) Reset(order Order[K]) {
	if order.index(l.selected) < 0 {
		l.deselect()
	}
	l.order = order
	l.Widget.SetLength(order.Len)
	l.Widget.ScrollTo(0)
}

// SetOrder shows the same list in another order. What is in sight stays where it
// is, unless the list is scrolled to its top. Where the selected row is gone, the
// one in its place is selected.
func (l *List[K, V]) SetOrder(order Order[K]) {
	offset := l.Widget.Offset()
	shift := 0
	if first, end := l.Widget.VisibleRange(); offset > 0 {
		shift = scrollShift(l.order.keys(first, end), first, order)
	}
	l.reselect(order)
	l.order = order
	l.Widget.SetLength(order.Len)
	if shift != 0 {
		l.Widget.ScrollTo(offset + float32(shift)*l.rowHeight)
	}
}

// Cancel cancels all reads.
func (l *List[K, V]) Cancel() {
	l.orderSlot.Cancel()
	l.rowsSlot.Cancel()
}

// Release cancels all reads and forgets all values. The order and the place
// remain.
func (l *List[K, V]) Release() {
	l.Cancel()
	clear(l.cache)
	clear(l.loading)
}

// Focus puts the keyboard into the list, where that is on a window.
func (l *List[K, V]) Focus() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(l.Widget); c != nil {
		widgets.Focus(c, l.Widget)
	}
}

// Focused reports whether the list has the keyboard.
func (l *List[K, V]) Focused() bool { return l.focused }

// MenuPosition returns where on the window a key's row has its menu: x from the
// left and at half its height.
func (l *List[K, V]) MenuPosition(key K, x float32) fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l.Widget)
	i := max(0, l.Index(key))
	return at.AddXY(x, float32(i)*l.rowHeight-l.Widget.Offset()+l.rowHeight/2)
}
