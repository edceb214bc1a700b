package blockedview

import (
	"context"
	"slices"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// list shows any number of blocks: it knows the ids of all, and reads the rows
// in sight.
type list struct {
	rows       *widgets.VirtualList
	ids        []int64
	selectedID int64 // the row the keyboard is on; zero for none

	cache   map[int64]rowData // of the rows that were in sight lately
	stale   map[int64]rowData // those from before the last change, shown until they are read anew
	loading map[int64]bool    // rows in sight that are being read
	focused bool              // the list has the keyboard

	slot *async.Slot
	load func(context.Context, []int64) ([]rowData, error)
}

const (
	prefetchRows = 20  // rows above and below those in sight that are read with them
	maxCached    = 400 // rows that are remembered beyond those in sight
)

func newList(w *async.Runner, do rowActions, read func(context.Context, []int64) ([]rowData, error)) *list {
	l := &list{slot: w.NewSlot(), load: read, cache: map[int64]rowData{}, loading: map[int64]bool{}}
	l.rows = widgets.NewVirtualList(RowHeight,
		func() fyne.CanvasObject { return newRow(do) },
		func(i int, o fyne.CanvasObject) { l.updateRow(i, o.(*row)) })
	l.rows.OnLayout = l.loadVisible
	l.rows.OnFocus = func(has bool) {
		l.focused = has
		l.rows.UpdateVisible()
	}
	return l
}

func (l *list) updateRow(i int, r *row) {
	id := l.ids[i]
	v, ok := l.cache[id]
	if !ok {
		if v, ok = l.stale[id]; !ok {
			v = rowData{id: id}
		}
	}
	r.show(v, id == l.selectedID, id == l.selectedID && l.focused)
}

// reset shows the ids of another question, from the top.
func (l *list) reset(ids []int64) {
	if !slices.Contains(ids, l.selectedID) {
		l.selectedID = 0
	}
	l.ids = ids
	l.invalidate()
	l.rows.SetLength(len(ids))
	l.rows.ScrollTo(0)
}

// update shows what has become of the ids and reads all rows in sight anew. What
// the agent looks at stays where it is, unless the list stands at its top; the
// row that goes gives the keyboard to the one that takes its place.
func (l *list) update(ids []int64) {
	moved := l.scrollShift(ids)
	offset := l.rows.Offset()
	if at := slices.Index(l.ids, l.selectedID); !slices.Contains(ids, l.selectedID) {
		l.selectedID = 0
		if at >= 0 && len(ids) > 0 {
			l.selectedID = ids[min(at, len(ids)-1)]
		}
	}
	l.ids = ids
	l.invalidate()
	l.rows.SetLength(len(ids))
	if moved != 0 {
		l.rows.ScrollTo(offset + float32(moved)*RowHeight)
	}
}

// scrollShift tells by how many places the uppermost row in sight that is still
// there moves with other ids.
func (l *list) scrollShift(ids []int64) int {
	first, end := l.rows.VisibleRange()
	if l.rows.Offset() == 0 || first >= end {
		return 0
	}
	inSight := l.ids[first:end]
	place := map[int64]int{}
	for i, id := range ids {
		if slices.Contains(inSight, id) {
			place[id] = i
		}
	}
	for i, id := range inSight {
		if now, ok := place[id]; ok {
			return now - first - i
		}
	}
	return 0
}

// invalidate has the rows in sight read anew; until then they show what they did.
func (l *list) invalidate() {
	if len(l.cache) > 0 {
		l.stale = l.cache
	}
	l.cache, l.loading = map[int64]rowData{}, map[int64]bool{}
}

// loadVisible reads the rows in sight that are not known yet.
func (l *list) loadVisible() {
	first, end := l.rows.VisibleRange()
	var missing []int64
	known := true
	for _, id := range l.ids[max(0, min(first-prefetchRows, len(l.ids))):min(len(l.ids), end+prefetchRows)] {
		if _, ok := l.cache[id]; ok {
			continue
		}
		missing = append(missing, id)
		known = known && l.loading[id]
	}
	if len(missing) == 0 || known && l.slot.Busy() {
		return
	}
	l.loading = map[int64]bool{}
	for _, id := range missing {
		l.loading[id] = true
	}
	async.Load(l.slot, func(ctx context.Context) ([]rowData, error) { return l.load(ctx, missing) }, func(views []rowData) {
		if len(l.cache)+len(views) > maxCached {
			l.cache = map[int64]rowData{}
		}
		for _, v := range views {
			l.cache[v.id] = v
		}
		l.stale = nil
		l.rows.UpdateVisible()
	})
}

// cached returns a row's view, as far as it was read.
func (l *list) cached(id int64) (rowData, bool) {
	if v, ok := l.cache[id]; ok {
		return v, true
	}
	v, ok := l.stale[id]
	return v, ok
}

// selected is the row the keyboard is on.
func (l *list) selected() (rowData, bool) { return l.cached(l.selectedID) }

// selectID puts the keyboard's mark on a row.
func (l *list) selectID(id int64) {
	l.selectedID = id
	l.rows.UpdateVisible()
}

// moveSelection moves the mark down, or up; the first step takes the first row in sight.
func (l *list) moveSelection(by int) {
	i := slices.Index(l.ids, l.selectedID)
	if i < 0 {
		i, _ = l.rows.VisibleRange()
		by = 0
	}
	l.selectIndex(i + by)
}

// selectIndex puts the mark on the row at an index, or the nearest there is.
func (l *list) selectIndex(i int) {
	if len(l.ids) == 0 {
		return
	}
	i = max(0, min(i, len(l.ids)-1))
	l.selectedID = l.ids[i]
	l.rows.ScrollIntoView(i)
	l.rows.UpdateVisible()
}

// menuPosition returns where the marked row stands on the window, for its menu.
func (l *list) menuPosition() fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l.rows)
	i := max(0, slices.Index(l.ids, l.selectedID))
	return at.AddXY(textX, float32(i)*RowHeight-l.rows.Offset()+RowHeight/2)
}

// handleKey moves through the list as an agent expects of one.
func (l *list) handleKey(key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeyDown:
		l.moveSelection(1)
	case fyne.KeyUp:
		l.moveSelection(-1)
	case fyne.KeyPageDown:
		l.moveSelection(l.rows.PageSize())
	case fyne.KeyPageUp:
		l.moveSelection(-l.rows.PageSize())
	case fyne.KeyHome:
		l.selectIndex(0)
	case fyne.KeyEnd:
		l.selectIndex(len(l.ids) - 1)
	default:
		return false
	}
	return true
}
