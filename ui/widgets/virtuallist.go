package widgets

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// VirtualList is a list of any length whose rows are equally high. Only the rows in
// sight exist; they are used again for others as the list is scrolled.
type VirtualList struct {
	widget.BaseWidget

	// OnKey gets the keys typed while the list has the keyboard; it tells
	// whether it had use for them.
	OnKey func(*fyne.KeyEvent) bool
	// OnLayout is called when other rows may have come into sight.
	OnLayout func()
	// OnRune gets the letters typed while the list has the keyboard.
	OnRune func(rune)
	// OnFocus is told when the list gets and loses the keyboard.
	OnFocus func(bool)

	rowHeight float32
	createRow func() fyne.CanvasObject
	updateRow func(index int, row fyne.CanvasObject)

	shiftHeld bool // is held down
	length    int
	pool      []fyne.CanvasObject
	indexes   []int // the index each of the pool shows; -1 for none
	content   *fyne.Container
	scroll    *container.Scroll
}

// NewVirtualList makes an empty list of rows as high as height. newRow makes a row,
// show has it show what stands at an index.
func NewVirtualList(height float32, newRow func() fyne.CanvasObject, show func(int, fyne.CanvasObject)) *VirtualList {
	r := &VirtualList{rowHeight: height, createRow: newRow, updateRow: show}
	r.content = container.New(virtualListLayout{r})
	r.scroll = container.NewVScroll(r.content)
	r.scroll.OnScrolled = func(fyne.Position) { r.layoutRows(false) }
	r.ExtendBaseWidget(r)
	return r
}

// SetLength says how many rows there are, and shows them anew.
func (r *VirtualList) SetLength(n int) {
	r.length = n
	r.content.Resize(fyne.NewSize(r.scroll.Size().Width, max(r.scroll.Size().Height, r.content.MinSize().Height)))
	r.scroll.Refresh()
	r.layoutRows(true)
}

// UpdateVisible shows the rows in sight anew.
func (r *VirtualList) UpdateVisible() { r.layoutRows(true) }

// VisibleRange returns the first and the one after the last index that can be seen.
func (r *VirtualList) VisibleRange() (first, end int) {
	first = int(r.scroll.Offset.Y / r.rowHeight)
	end = int(math.Ceil(float64((r.scroll.Offset.Y + r.scroll.Size().Height) / r.rowHeight)))
	return max(0, min(first, r.length)), max(0, min(end, r.length))
}

// ScrollIntoView scrolls as little as needed to have a row wholly in sight.
func (r *VirtualList) ScrollIntoView(index int) {
	top := float32(index) * r.rowHeight
	offset := r.scroll.Offset.Y
	switch {
	case top < offset:
		offset = top
	case top+r.rowHeight > offset+r.scroll.Size().Height:
		offset = top + r.rowHeight - r.scroll.Size().Height
	default:
		return
	}
	r.ScrollTo(offset)
}

// Offset is how far the list is scrolled down.
func (r *VirtualList) Offset() float32 { return r.scroll.Offset.Y }

// ScrollTo scrolls the list to an offset.
func (r *VirtualList) ScrollTo(offset float32) {
	r.scroll.ScrollToOffset(fyne.NewPos(0, max(0, offset)))
	r.layoutRows(false)
}

// PageSize is how many whole rows are in sight.
func (r *VirtualList) PageSize() int { return max(1, int(r.scroll.Size().Height/r.rowHeight)) }

// layoutRows has the rows in sight stand where they belong and show what they
// should; anew has also those show that did not move.
func (r *VirtualList) layoutRows(anew bool) {
	first, end := r.VisibleRange()
	if want := end - first + 1; len(r.pool) < want {
		for len(r.pool) < want {
			row := r.createRow()
			row.Hide()
			r.pool = append(r.pool, row)
			r.indexes = append(r.indexes, -1)
		}
		for i := range r.indexes {
			r.indexes[i] = -1 // the row an index falls on depends on how many there are
		}
		r.content.Objects = r.pool
		anew = true
	}
	if len(r.pool) == 0 {
		return
	}
	width := r.scroll.Size().Width
	for i := first; i < first+len(r.pool); i++ {
		slot := i % len(r.pool)
		row := r.pool[slot]
		if i >= r.length {
			r.indexes[slot] = -1
			row.Hide()
			continue
		}
		moved := r.indexes[slot] != i
		if moved || anew {
			r.indexes[slot] = i
			r.updateRow(i, row)
		}
		row.Resize(fyne.NewSize(width, r.rowHeight))
		row.Move(fyne.NewPos(0, float32(i)*r.rowHeight))
		row.Show()
	}
	if anew {
		r.content.Refresh()
	}
	if r.OnLayout != nil {
		r.OnLayout()
	}
}

// TypedKey returns the key to OnKey, else to whoever listens to the window.
func (r *VirtualList) TypedKey(key *fyne.KeyEvent) {
	if r.OnKey != nil && r.OnKey(key) {
		return
	}
	forwardKey(r, key)
}

// ShiftHeld reports whether the key is held down while the list has the keyboard.
func (r *VirtualList) ShiftHeld() bool { return r.shiftHeld }

// KeyDown is here for Shift, and to tell a press of Enter from its repeats.
func (r *VirtualList) KeyDown(key *fyne.KeyEvent) {
	enterDown(key)
	r.shiftHeld = r.shiftHeld || isShift(key)
}

// KeyUp is here for the same.
func (r *VirtualList) KeyUp(key *fyne.KeyEvent) {
	enterUp(key)
	r.shiftHeld = r.shiftHeld && !isShift(key)
}

// TypedRune returns the letter to OnRune.
func (r *VirtualList) TypedRune(letter rune) {
	if r.OnRune != nil {
		r.OnRune(letter)
	}
}

// FocusGained tells OnFocus.
func (r *VirtualList) FocusGained() { r.notifyFocus(true) }

// FocusLost tells OnFocus.
func (r *VirtualList) FocusLost() {
	r.shiftHeld = false // let go elsewhere, it would never be heard
	r.notifyFocus(false)
}

func (r *VirtualList) notifyFocus(has bool) {
	if r.OnFocus != nil {
		r.OnFocus(has)
	}
}

// CreateRenderer is used by Fyne alone.
func (r *VirtualList) CreateRenderer() fyne.WidgetRenderer {
	return &virtualListRenderer{RendererObjects{r.scroll}, r}
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

// virtualListLayout is as high as all rows together; the rows are placed by Rows.
type virtualListLayout struct{ list *VirtualList }

func (l virtualListLayout) Layout([]fyne.CanvasObject, fyne.Size) {}

func (l virtualListLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, float32(l.list.length)*l.list.rowHeight)
}
