package blocked

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
	rows *widgets.VirtualList
	ids  []int64
	at   int64 // the row the keyboard is on; zero for none

	views  map[int64]view // of the rows that were in sight lately
	stale  map[int64]view // those from before the last change, shown until they are read anew
	wanted map[int64]bool // rows in sight that are being read
	typing bool           // the list has the keyboard

	slot *async.Slot
	read func(context.Context, []int64) ([]view, error)
}

const (
	margin    = 20  // rows above and below those in sight that are read with them
	keptViews = 400 // rows that are remembered beyond those in sight
)

func newList(w *async.Runner, do deeds, read func(context.Context, []int64) ([]view, error)) *list {
	l := &list{slot: w.NewSlot(), read: read, views: map[int64]view{}, wanted: map[int64]bool{}}
	l.rows = widgets.NewVirtualList(RowHeight,
		func() fyne.CanvasObject { return newRow(do) },
		func(i int, o fyne.CanvasObject) { l.show(i, o.(*row)) })
	l.rows.OnLayout = l.fetch
	l.rows.OnFocus = func(has bool) {
		l.typing = has
		l.rows.UpdateVisible()
	}
	return l
}

func (l *list) show(i int, r *row) {
	id := l.ids[i]
	v, ok := l.views[id]
	if !ok {
		if v, ok = l.stale[id]; !ok {
			v = view{id: id}
		}
	}
	r.show(v, id == l.at, id == l.at && l.typing)
}

// start shows the ids of another question, from the top.
func (l *list) start(ids []int64) {
	if !slices.Contains(ids, l.at) {
		l.at = 0
	}
	l.ids = ids
	l.forget()
	l.rows.SetLength(len(ids))
	l.rows.ScrollTo(0)
}

// set shows what has become of the ids and reads all rows in sight anew. What
// the agent looks at stays where it is, unless the list stands at its top; the
// row that goes gives the keyboard to the one that takes its place.
func (l *list) set(ids []int64) {
	moved := l.moved(ids)
	offset := l.rows.Offset()
	if at := slices.Index(l.ids, l.at); !slices.Contains(ids, l.at) {
		l.at = 0
		if at >= 0 && len(ids) > 0 {
			l.at = ids[min(at, len(ids)-1)]
		}
	}
	l.ids = ids
	l.forget()
	l.rows.SetLength(len(ids))
	if moved != 0 {
		l.rows.ScrollTo(offset + float32(moved)*RowHeight)
	}
}

// moved tells by how many places the uppermost row in sight that is still
// there moves with other ids.
func (l *list) moved(ids []int64) int {
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

// forget has the rows in sight read anew; until then they show what they did.
func (l *list) forget() {
	if len(l.views) > 0 {
		l.stale = l.views
	}
	l.views, l.wanted = map[int64]view{}, map[int64]bool{}
}

// fetch reads the rows in sight that are not known yet.
func (l *list) fetch() {
	first, end := l.rows.VisibleRange()
	var missing []int64
	known := true
	for _, id := range l.ids[max(0, min(first-margin, len(l.ids))):min(len(l.ids), end+margin)] {
		if _, ok := l.views[id]; ok {
			continue
		}
		missing = append(missing, id)
		known = known && l.wanted[id]
	}
	if len(missing) == 0 || known && l.slot.Busy() {
		return
	}
	l.wanted = map[int64]bool{}
	for _, id := range missing {
		l.wanted[id] = true
	}
	async.Load(l.slot, func(ctx context.Context) ([]view, error) { return l.read(ctx, missing) }, func(views []view) {
		if len(l.views)+len(views) > keptViews {
			l.views = map[int64]view{}
		}
		for _, v := range views {
			l.views[v.id] = v
		}
		l.stale = nil
		l.rows.UpdateVisible()
	})
}

// known returns a row's view, as far as it was read.
func (l *list) known(id int64) (view, bool) {
	if v, ok := l.views[id]; ok {
		return v, true
	}
	v, ok := l.stale[id]
	return v, ok
}

// selected is the row the keyboard is on.
func (l *list) selected() (view, bool) { return l.known(l.at) }

// pick puts the keyboard's mark on a row.
func (l *list) pick(id int64) {
	l.at = id
	l.rows.UpdateVisible()
}

// step moves the mark down, or up; the first step takes the first row in sight.
func (l *list) step(by int) {
	i := slices.Index(l.ids, l.at)
	if i < 0 {
		i, _ = l.rows.VisibleRange()
		by = 0
	}
	l.goTo(i + by)
}

// goTo puts the mark on the row at an index, or the nearest there is.
func (l *list) goTo(i int) {
	if len(l.ids) == 0 {
		return
	}
	i = max(0, min(i, len(l.ids)-1))
	l.at = l.ids[i]
	l.rows.ScrollIntoView(i)
	l.rows.UpdateVisible()
}

// place returns where the marked row stands on the window, for its menu.
func (l *list) place() fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(l.rows)
	i := max(0, slices.Index(l.ids, l.at))
	return at.AddXY(textX, float32(i)*RowHeight-l.rows.Offset()+RowHeight/2)
}

// key moves through the list as an agent expects of one.
func (l *list) key(key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeyDown:
		l.step(1)
	case fyne.KeyUp:
		l.step(-1)
	case fyne.KeyPageDown:
		l.step(l.rows.PageSize())
	case fyne.KeyPageUp:
		l.step(-l.rows.PageSize())
	case fyne.KeyHome:
		l.goTo(0)
	case fyne.KeyEnd:
		l.goTo(len(l.ids) - 1)
	default:
		return false
	}
	return true
}
