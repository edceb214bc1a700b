package history

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/listview"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const pageSize = 100 // events that are read at once

// list is the history, newest first. Of the whole history every event has its
// number, so any part of it can be shown at once; of a part of it the numbers
// become known as it is scrolled.
type list struct {
	root fyne.CanvasObject
	rows *listview.List[int64, rowData] // by the numbers of the events

	desk  *desk.Desk
	query data.EventQuery

	newest   int64   // the number of the newest event, of the whole history
	seqs     []int64 // the numbers that are known, of a part
	complete bool    // there are no more than those
	stale    bool    // something happened since it was read

	status *widgets.Paragraph
}

func newList(d *desk.Desk, w *async.Runner, undoPair func(pair int64)) *list {
	l := &list{desk: d}
	l.rows = listview.New(w, RowHeight, func() *row { return newRow(undoPair) }, func(r *row, _ int64, v rowData) { r.show(v) })
	l.rows.OnStep = l.rows.ScrollBy
	l.rows.OnLayout = l.loadMore
	l.rows.OnSlow = func() {
		if l.rows.Len() == 0 {
			l.setStatus("Reading the history…")
		}
	}
	border := newFocusBorder()
	l.rows.OnFocus = border.setFocused
	l.status = widgets.NewParagraph("", theme.Muted, theme.Body)
	l.status.Hide()
	l.root = container.NewStack(l.rows.Widget, container.New(centerLayout{}, l.status), border)
	return l
}

func (l *list) order() listview.Order[int64] {
	if l.query.Narrow() {
		return listview.Keys(l.seqs)
	}
	newest := l.newest
	return listview.Order[int64]{Len: int(newest), At: func(i int) int64 { return newest - int64(i) }}
}

// setQuery turns to another part of the history.
func (l *list) setQuery(q data.EventQuery) {
	l.query, l.newest, l.seqs = q, 0, nil
	l.rows.Load = func(ctx context.Context, seqs []int64) (map[int64]rowData, error) {
		return l.readRows(ctx, q, seqs)
	}
	l.rows.Reset(l.order())
	l.setStatus("")
	l.reload()
}

// reload reads the newest anew.
func (l *list) reload() {
	l.stale = false
	q := l.query
	q.Limit = pageSize
	l.load(q, func(p page) {
		l.newest, l.seqs = 0, nil
		l.appendPage(p)
		switch {
		case len(p.seqs) > 0:
			l.setStatus("")
		case q.Narrow():
			l.setStatus("No events match.")
		default:
			l.setStatus("Nothing has happened yet.")
		}
	})
}

// page is events that follow each other in the list.
type page struct {
	seqs []int64
	rows map[int64]rowData
}

func (l *list) readPage(ctx context.Context, q data.EventQuery) (page, error) {
	records, err := l.desk.EventsPage(ctx, q)
	if err != nil {
		return page{}, err
	}
	undoable, err := readUndoable(ctx, l.desk, records)
	p := page{rows: make(map[int64]rowData, len(records))}
	now := l.desk.Now()
	for _, r := range records {
		p.seqs = append(p.seqs, r.Seq)
		v := rowDataOf(r, now)
		v.pair = undoable[r.Seq]
		p.rows[r.Seq] = v
	}
	return p, err
}

func (l *list) load(q data.EventQuery, show func(page)) {
	listview.LoadOrder(l.rows, func(ctx context.Context) (page, error) { return l.readPage(ctx, q) }, show)
}

// appendPage adds what comes after all that is known.
func (l *list) appendPage(p page) {
	l.complete = len(p.seqs) < pageSize
	l.rows.Put(p.rows)
	if l.query.Narrow() {
		l.seqs = append(l.seqs, p.seqs...)
	} else if len(p.seqs) > 0 {
		l.newest = max(l.newest, p.seqs[0])
	}
	l.rows.SetOrder(l.order())
}

// readRows reads the events with these numbers, which follow each other in the
// list. One that is not there was removed.
func (l *list) readRows(ctx context.Context, q data.EventQuery, seqs []int64) (map[int64]rowData, error) {
	q.Before, q.Limit = seqs[0]+1, len(seqs)
	p, err := l.readPage(ctx, q)
	if err != nil {
		return nil, err
	}
	for _, seq := range seqs {
		if _, found := p.rows[seq]; !found {
			p.rows[seq] = missingEvent(seq)
		}
	}
	return p.rows, nil
}

// loadMore reads on where the end of what is known comes near, and the newest
// anew where something happened and the list stands at its top.
func (l *list) loadMore() {
	if l.rows.LoadingOrder() || l.rows.Len() == 0 {
		return
	}
	if l.stale && l.rows.Widget.Offset() == 0 {
		l.reload()
		return
	}
	if _, end := l.rows.NearbyRange(); l.query.Narrow() && !l.complete && end == len(l.seqs) {
		q := l.query
		q.Before, q.Limit = l.seqs[end-1], pageSize
		l.load(q, l.appendPage)
	}
}

// handleChange is called when something happened at the desk. Who looks at what is
// older keeps it, and sees the new one on the way back to the top.
func (l *list) handleChange() {
	l.stale = true
	if l.hasUndo() { // it may be undone by now
		l.rows.MarkAllStale()
		l.rows.Widget.UpdateVisible()
	}
	if l.rows.Widget.Offset() == 0 && !l.rows.LoadingOrder() {
		l.reload()
	}
}

func (l *list) setStatus(text string) {
	l.status.SetText(text)
	if text == "" {
		l.status.Hide()
		return
	}
	l.status.Show()
	l.root.Refresh()
}

// hasUndo reports whether a row in sight can be undone, as far as that is known.
func (l *list) hasUndo() (found bool) {
	first, end := l.rows.Widget.VisibleRange()
	order := l.order()
	for i := first; i < min(end, order.Len) && !found; i++ {
		v, _ := l.rows.Value(order.At(i))
		found = v.pair != 0
	}
	return found
}
