package listview

import "fyne.io/fyne/v2"

// toEnd is more rows than there can be.
const toEnd = 1 << 30

// handleKey moves through the list as an agent expects of one.
func (l *List[K, V]) handleKey(key *fyne.KeyEvent) bool {
	if l.OnKey != nil && l.OnKey(key) {
		return true
	}
	rows := l.stepOf(key.Name)
	if rows != 0 {
		l.OnStep(rows)
	}
	return rows != 0
}

// stepOf returns by how many rows a key moves, 0 where it does not.
func (l *List[K, V]) stepOf(key fyne.KeyName) int {
	switch key {
	case fyne.KeyDown:
		return 1
	case fyne.KeyUp:
		return -1
	case fyne.KeyPageDown:
		return l.Widget.PageSize()
	case fyne.KeyPageUp:
		return -l.Widget.PageSize()
	case fyne.KeyHome:
		return -toEnd
	case fyne.KeyEnd:
		return toEnd
	}
	return 0
}

// ScrollBy scrolls by so many rows, no further than to the last page.
func (l *List[K, V]) ScrollBy(rows int) {
	last := float32(l.order.Len-l.Widget.PageSize()) * l.rowHeight
	l.Widget.ScrollTo(min(l.Widget.Offset()+float32(rows)*l.rowHeight, max(0, last)))
}

// Selected returns the key of the selected row, the zero key where there is none.
func (l *List[K, V]) Selected() K { return l.selected }

// SelectedValue returns the value of the selected row, and whether there is one.
func (l *List[K, V]) SelectedValue() (V, bool) { return l.Value(l.selected) }

// Select selects the row of a key.
func (l *List[K, V]) Select(key K) {
	l.selected = key
	l.Widget.UpdateVisible()
}

// MoveSelection selects the row so many further down, or up, or the nearest there
// is. Where none is selected, it begins with the first in sight.
func (l *List[K, V]) MoveSelection(rows int) {
	i := l.Index(l.selected)
	if i < 0 {
		i, _ = l.Widget.VisibleRange()
		if -toEnd < rows && rows < toEnd {
			rows = 0
		}
	}
	if l.order.Len == 0 {
		return
	}
	i = max(0, min(i+rows, l.order.Len-1))
	l.selected = l.order.At(i)
	l.Widget.ScrollIntoView(i)
	l.Widget.UpdateVisible()
}

// reselect has the selection stand for the change to another order.
func (l *List[K, V]) reselect(order Order[K]) {
	if order.index(l.selected) >= 0 {
		return
	}
	i := l.Index(l.selected)
	l.deselect()
	if i >= 0 && order.Len > 0 {
		l.selected = order.At(min(i, order.Len-1))
	}
}

func (l *List[K, V]) deselect() {
	var none K
	l.selected = none
}
