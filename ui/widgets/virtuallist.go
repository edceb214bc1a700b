package widgets

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

var (
	_ fyne.Focusable  = (*VirtualList)(nil)
	_ desktop.Keyable = (*VirtualList)(nil)
)

// VirtualList is a list of any length whose rows are equally high. Only the rows in
// sight exist; they are reused for others as the list is scrolled.
type VirtualList struct {
	widget.BaseWidget

	// OnKey gets the keys typed while the list has the keyboard. It reports
	// whether it used the key.
	OnKey func(*fyne.KeyEvent) bool
	// OnLayout is called when other rows may have come into sight.
	OnLayout func()
	// OnRune gets the letters typed while the list has the keyboard.
	OnRune func(rune)
	// OnFocus is called when the list gets or loses the keyboard.
	OnFocus func(bool)

	rowHeight float32
	createRow func() fyne.CanvasObject
	updateRow func(index int, row fyne.CanvasObject)

	shiftHeld bool
	length    int
	pool      []fyne.CanvasObject
	indexes   []int // the index each of the pool shows; -1 for none
	content   *fyne.Container
	scroll    *Scroll
}

// NewVirtualList returns an empty list of rows of a height. NewRow makes a row, and
// show has it show what stands at an index.
func NewVirtualList(height float32, newRow func() fyne.CanvasObject, show func(int, fyne.CanvasObject)) *VirtualList {
	l := &VirtualList{rowHeight: height, createRow: newRow, updateRow: show}
	l.content = container.New(virtualListLayout{l})
	l.scroll = NewVScroll(l.content)
	l.scroll.OnScrolled = func(fyne.Position) { l.layoutRows(false) }
	l.ExtendBaseWidget(l)
	return l
}

// SetLength sets how many rows there are, and updates those in sight.
func (l *VirtualList) SetLength(n int) {
	l.length = n
	l.content.Resize(fyne.NewSize(l.scroll.Size().Width, max(l.scroll.Size().Height, l.content.MinSize().Height)))
	l.scroll.Refresh()
	l.layoutRows(true)
}

// UpdateVisible updates the rows in sight.
func (l *VirtualList) UpdateVisible() { l.layoutRows(true) }

// VisibleRange returns the first and the one after the last index that can be seen.
func (l *VirtualList) VisibleRange() (first, end int) {
	first = int(l.scroll.Offset.Y / l.rowHeight)
	end = int(math.Ceil(float64((l.scroll.Offset.Y + l.scroll.Size().Height) / l.rowHeight)))
	return max(0, min(first, l.length)), max(0, min(end, l.length))
}

// ScrollIntoView scrolls as little as needed to have a row wholly in sight.
func (l *VirtualList) ScrollIntoView(index int) {
	top := float32(index) * l.rowHeight
	offset := l.scroll.Offset.Y
	switch {
	case top < offset:
		offset = top
	case top+l.rowHeight > offset+l.scroll.Size().Height:
		offset = top + l.rowHeight - l.scroll.Size().Height
	default:
		return
	}
	l.ScrollTo(offset)
}

// Offset returns how far the list is scrolled down.
func (l *VirtualList) Offset() float32 { return l.scroll.Offset.Y }

// ScrollTo scrolls the list to an offset, or to the nearest there is.
func (l *VirtualList) ScrollTo(offset float32) {
	l.scroll.ScrollToOffset(fyne.NewPos(0, max(0, offset)))
	l.layoutRows(false)
}

// PageSize returns how many whole rows fit, at least 1.
func (l *VirtualList) PageSize() int { return max(1, int(l.scroll.Size().Height/l.rowHeight)) }

// layoutRows places the rows in sight and updates those that now stand for another
// index, or all of them.
func (l *VirtualList) layoutRows(all bool) {
	first, end := l.VisibleRange()
	if want := end - first + 1; len(l.pool) < want {
		for len(l.pool) < want {
			row := l.createRow()
			row.Hide()
			l.pool = append(l.pool, row)
			l.indexes = append(l.indexes, -1)
		}
		for i := range l.indexes {
			l.indexes[i] = -1 // the row an index falls on depends on how many there are
		}
		l.content.Objects = l.pool
		all = true
	}
	if len(l.pool) == 0 {
		return
	}
	width := l.scroll.Size().Width
	for i := first; i < first+len(l.pool); i++ {
		slot := i % len(l.pool)
		row := l.pool[slot]
		if i >= l.length {
			l.indexes[slot] = -1
			row.Hide()
			continue
		}
		moved := l.indexes[slot] != i
		if moved || all {
			l.indexes[slot] = i
			l.updateRow(i, row)
		}
		row.Resize(fyne.NewSize(width, l.rowHeight))
		row.Move(fyne.NewPos(0, float32(i)*l.rowHeight))
		row.Show()
	}
	if all {
		l.content.Refresh()
	}
	if l.OnLayout != nil {
		l.OnLayout()
	}
}

// TypedKey passes the key to OnKey, or else on to an open dialog or the window.
func (l *VirtualList) TypedKey(key *fyne.KeyEvent) {
	if l.OnKey != nil && l.OnKey(key) {
		return
	}
	forwardKey(l, key)
}

// ShiftHeld reports whether a Shift key is held down while the list has the keyboard.
func (l *VirtualList) ShiftHeld() bool { return l.shiftHeld }

// KeyDown remembers that Shift is held, and distinguishes a press of Enter from its
// repeats.
func (l *VirtualList) KeyDown(key *fyne.KeyEvent) {
	enterDown(key)
	l.shiftHeld = l.shiftHeld || isShift(key)
}

// KeyUp does the same for a key that is released.
func (l *VirtualList) KeyUp(key *fyne.KeyEvent) {
	enterUp(key)
	l.shiftHeld = l.shiftHeld && !isShift(key)
}

// TypedRune passes the letter to OnRune.
func (l *VirtualList) TypedRune(letter rune) {
	if l.OnRune != nil {
		l.OnRune(letter)
	}
}

// FocusGained calls OnFocus.
func (l *VirtualList) FocusGained() { l.notifyFocus(true) }

// FocusLost calls OnFocus.
func (l *VirtualList) FocusLost() {
	l.shiftHeld = false // its release will not arrive here
	l.notifyFocus(false)
}

func (l *VirtualList) notifyFocus(focused bool) {
	if l.OnFocus != nil {
		l.OnFocus(focused)
	}
}

func (l *VirtualList) CreateRenderer() fyne.WidgetRenderer {
	return &virtualListRenderer{RendererObjects{l.scroll}, l}
}

type virtualListRenderer struct {
	RendererObjects
	list *VirtualList
}

func (r *virtualListRenderer) Layout(size fyne.Size) {
	r.list.scroll.Resize(size)
	r.list.layoutRows(true)
}

func (r *virtualListRenderer) MinSize() fyne.Size { return fyne.NewSize(120, r.list.rowHeight) }

func (r *virtualListRenderer) Refresh() {
	r.list.layoutRows(true)
	for _, row := range r.list.pool {
		row.Refresh()
	}
	r.list.scroll.Refresh()
}

// virtualListLayout is as high as all rows together; the VirtualList places them.
type virtualListLayout struct{ list *VirtualList }

func (l virtualListLayout) Layout([]fyne.CanvasObject, fyne.Size) {}

func (l virtualListLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, float32(l.list.length)*l.list.rowHeight)
}
