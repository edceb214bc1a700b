package widgets

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// Rows is a list of any length whose rows are equally high. Only the rows in
// sight exist; they are used again for others as the list is scrolled.
type Rows struct {
	widget.BaseWidget

	// OnKey gets the keys typed while the list has the keyboard; it tells
	// whether it had use for them.
	OnKey func(*fyne.KeyEvent) bool
	// OnPlaced is called when other rows may have come into sight.
	OnPlaced func()
	// OnRune gets the letters typed while the list has the keyboard.
	OnRune func(rune)
	// OnFocus is told when the list gets and loses the keyboard.
	OnFocus func(bool)

	height float32
	make   func() fyne.CanvasObject
	show   func(index int, row fyne.CanvasObject)

	shift  bool // is held down
	length int
	pool   []fyne.CanvasObject
	holds  []int // the index each of the pool shows; -1 for none
	sheet  *fyne.Container
	scroll *container.Scroll
}

// NewRows makes an empty list of rows as high as height. newRow makes a row,
// show has it show what stands at an index.
func NewRows(height float32, newRow func() fyne.CanvasObject, show func(int, fyne.CanvasObject)) *Rows {
	r := &Rows{height: height, make: newRow, show: show}
	r.sheet = container.New(sheetLayout{r})
	r.scroll = container.NewVScroll(r.sheet)
	r.scroll.OnScrolled = func(fyne.Position) { r.place(false) }
	r.ExtendBaseWidget(r)
	return r
}

// SetLength says how many rows there are, and shows them anew.
func (r *Rows) SetLength(n int) {
	r.length = n
	r.sheet.Resize(fyne.NewSize(r.scroll.Size().Width, max(r.scroll.Size().Height, r.sheet.MinSize().Height)))
	r.scroll.Refresh()
	r.place(true)
}

// Update shows the rows in sight anew.
func (r *Rows) Update() { r.place(true) }

// InSight returns the first and the one after the last index that can be seen.
func (r *Rows) InSight() (first, end int) {
	first = int(r.scroll.Offset.Y / r.height)
	end = int(math.Ceil(float64((r.scroll.Offset.Y + r.scroll.Size().Height) / r.height)))
	return max(0, min(first, r.length)), max(0, min(end, r.length))
}

// Reveal scrolls as little as needed to have a row wholly in sight.
func (r *Rows) Reveal(index int) {
	top := float32(index) * r.height
	offset := r.scroll.Offset.Y
	switch {
	case top < offset:
		offset = top
	case top+r.height > offset+r.scroll.Size().Height:
		offset = top + r.height - r.scroll.Size().Height
	default:
		return
	}
	r.ScrollTo(offset)
}

// Offset is how far the list is scrolled down.
func (r *Rows) Offset() float32 { return r.scroll.Offset.Y }

// ScrollTo scrolls the list to an offset.
func (r *Rows) ScrollTo(offset float32) {
	r.scroll.ScrollToOffset(fyne.NewPos(0, max(0, offset)))
	r.place(false)
}

// Page is how many whole rows are in sight.
func (r *Rows) Page() int { return max(1, int(r.scroll.Size().Height/r.height)) }

// place has the rows in sight stand where they belong and show what they
// should; anew has also those show that did not move.
func (r *Rows) place(anew bool) {
	first, end := r.InSight()
	if want := end - first + 1; len(r.pool) < want {
		for len(r.pool) < want {
			row := r.make()
			row.Hide()
			r.pool = append(r.pool, row)
			r.holds = append(r.holds, -1)
		}
		for i := range r.holds {
			r.holds[i] = -1 // the row an index falls on depends on how many there are
		}
		r.sheet.Objects = r.pool
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
			r.holds[slot] = -1
			row.Hide()
			continue
		}
		moved := r.holds[slot] != i
		if moved || anew {
			r.holds[slot] = i
			r.show(i, row)
		}
		row.Resize(fyne.NewSize(width, r.height))
		row.Move(fyne.NewPos(0, float32(i)*r.height))
		row.Show()
	}
	if anew {
		r.sheet.Refresh()
	}
	if r.OnPlaced != nil {
		r.OnPlaced()
	}
}

// TypedKey returns the key to OnKey, else to whoever listens to the window.
func (r *Rows) TypedKey(key *fyne.KeyEvent) {
	if r.OnKey != nil && r.OnKey(key) {
		return
	}
	passOn(r, key)
}

// Shift reports whether the key is held down while the list has the keyboard.
func (r *Rows) Shift() bool { return r.shift }

// KeyDown is here for Shift, and to tell a press of Enter from its repeats.
func (r *Rows) KeyDown(key *fyne.KeyEvent) {
	enterDown(key)
	r.shift = r.shift || isShift(key)
}

// KeyUp is here for the same.
func (r *Rows) KeyUp(key *fyne.KeyEvent) {
	enterUp(key)
	r.shift = r.shift && !isShift(key)
}

// TypedRune returns the letter to OnRune.
func (r *Rows) TypedRune(letter rune) {
	if r.OnRune != nil {
		r.OnRune(letter)
	}
}

// FocusGained tells OnFocus.
func (r *Rows) FocusGained() { r.tellFocus(true) }

// FocusLost tells OnFocus.
func (r *Rows) FocusLost() {
	r.shift = false // let go elsewhere, it would never be heard
	r.tellFocus(false)
}

func (r *Rows) tellFocus(has bool) {
	if r.OnFocus != nil {
		r.OnFocus(has)
	}
}

// CreateRenderer is used by Fyne alone.
func (r *Rows) CreateRenderer() fyne.WidgetRenderer {
	return &rowsRenderer{parts{r.scroll}, r}
}

type rowsRenderer struct {
	parts
	rows *Rows
}

func (r *rowsRenderer) Layout(size fyne.Size) {
	r.rows.scroll.Resize(size)
	r.rows.place(true)
}

func (r *rowsRenderer) MinSize() fyne.Size { return fyne.NewSize(120, r.rows.height) }

func (r *rowsRenderer) Refresh() {
	r.rows.place(true)
	for _, row := range r.rows.pool {
		row.Refresh()
	}
	r.rows.scroll.Refresh()
}

// sheetLayout is as high as all rows together; the rows are placed by Rows.
type sheetLayout struct{ rows *Rows }

func (l sheetLayout) Layout([]fyne.CanvasObject, fyne.Size) {}

func (l sheetLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, float32(l.rows.length)*l.rows.height)
}
