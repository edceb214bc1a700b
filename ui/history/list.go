package history

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	pageSize     = 100 // events that are read at once
	prefetchRows = 20  // rows above and below those in sight that are read with them
	maxCached    = 400 // rows that are remembered beyond those in sight
)

// list is the history, newest first. Of the whole history every event has its
// number, so any part of it can be shown at once; of a part of it the numbers
// become known as it is scrolled.
type list struct {
	root fyne.CanvasObject
	rows *widgets.VirtualList

	desk   *desk.Desk
	runner *async.Runner
	slot   *async.Slot
	query  data.EventQuery

	newest   int64   // the number of the newest event, of the whole history
	seqs     []int64 // the numbers that are known, of a part
	complete bool    // there are no more than those
	cache    map[int64]rowData
	stale    bool // something happened since it was read

	status *widgets.Paragraph
}

func newList(d *desk.Desk, w *async.Runner) *list {
	l := &list{desk: d, runner: w, slot: w.NewSlot(), cache: map[int64]rowData{}}
	l.rows = widgets.NewVirtualList(RowHeight,
		func() fyne.CanvasObject { return newRow() },
		func(i int, o fyne.CanvasObject) { o.(*row).show(l.cache[l.seqAt(i)]) })
	l.rows.OnLayout = l.loadVisible
	l.rows.OnKey = l.handleKey
	edge := newFocusBorder()
	l.rows.OnFocus = edge.setFocused
	l.status = widgets.NewParagraph("", theme.Muted, theme.Body)
	l.status.Hide()
	l.root = container.NewStack(l.rows, container.New(centerLayout{}, l.status), edge)
	return l
}

func (l *list) length() int {
	if !l.query.Narrow() {
		return int(l.newest)
	}
	return len(l.seqs)
}

// seqAt returns the number of the event that stands at an index.
func (l *list) seqAt(i int) int64 {
	if !l.query.Narrow() {
		return l.newest - int64(i)
	}
	return l.seqs[i]
}

// setQuery turns to another part of the history.
func (l *list) setQuery(q data.EventQuery) {
	l.query, l.newest, l.seqs = q, 0, nil
	l.rows.ScrollTo(0)
	l.rows.SetLength(0)
	l.setStatus("")
	l.reload()
}

// readingDelay is how long a read takes before it is said that something is read.
const readingDelay = 200 * time.Millisecond

// reload reads the newest anew.
func (l *list) reload() {
	l.stale = false
	q := l.query
	q.Limit = pageSize
	time.AfterFunc(readingDelay, func() {
		l.runner.RunOnUI(func() {
			if l.slot.Busy() && l.length() == 0 {
				l.setStatus("Reading the history…")
			}
		})
	})
	l.load(q, func(records []data.Record) {
		l.newest, l.seqs = 0, nil
		l.appendPage(records)
		switch {
		case len(records) > 0:
			l.setStatus("")
		case q.Narrow():
			l.setStatus("Nothing like this has happened.")
		default:
			l.setStatus("Nothing has happened yet.")
		}
	})
}

func (l *list) load(q data.EventQuery, then func([]data.Record)) {
	async.Load(l.slot, func(ctx context.Context) ([]data.Record, error) { return l.desk.EventsPage(ctx, q) },
		func(records []data.Record) {
			l.cacheRecords(records)
			then(records)
		})
}

// appendPage adds what comes after all that is known.
func (l *list) appendPage(records []data.Record) {
	l.complete = len(records) < pageSize
	for _, r := range records {
		l.newest = max(l.newest, r.Seq)
		l.seqs = append(l.seqs, r.Seq)
	}
	if !l.query.Narrow() {
		l.seqs = nil
	}
	l.rows.SetLength(l.length())
}

// cacheRecords remembers what the rows of events show, and forgets others where that
// becomes too much.
func (l *list) cacheRecords(records []data.Record) {
	if len(l.cache)+len(records) > maxCached {
		l.cache = map[int64]rowData{}
	}
	now := l.desk.Now()
	for _, r := range records {
		l.cache[r.Seq] = rowDataOf(r, now)
	}
}

// loadVisible reads the events in sight that are not known yet. While one read is
// under way the next waits: its end comes back here.
func (l *list) loadVisible() {
	if l.slot.Busy() || l.length() == 0 {
		return
	}
	if l.stale && l.rows.Offset() == 0 {
		l.reload()
		return
	}
	first, end := l.rows.VisibleRange()
	first, end = max(0, first-prefetchRows), min(l.length(), end+prefetchRows)
	for first < end && l.isCached(first) {
		first++
	}
	for first < end && l.isCached(end-1) {
		end--
	}
	if first < end {
		l.loadRange(first, end)
		return
	}
	if l.query.Narrow() && !l.complete && end == len(l.seqs) {
		q := l.query
		q.Before, q.Limit = l.seqs[end-1], pageSize
		l.load(q, l.appendPage)
	}
}

func (l *list) isCached(i int) bool {
	_, known := l.cache[l.seqAt(i)]
	return known
}

// loadRange reads the events from one index up to another. One that is not there
// was removed.
func (l *list) loadRange(first, end int) {
	q := l.query
	q.Before, q.Limit = l.seqAt(first)+1, end-first
	var wanted []int64
	for i := first; i < end; i++ {
		wanted = append(wanted, l.seqAt(i))
	}
	l.load(q, func([]data.Record) {
		for _, seq := range wanted {
			if _, there := l.cache[seq]; !there {
				l.cache[seq] = missingEvent(seq)
			}
		}
		l.rows.UpdateVisible()
	})
}

// handleChange is told that something happened at the desk. Who looks at what is
// older keeps it, and sees the new one on the way back to the top.
func (l *list) handleChange() {
	l.stale = true
	if l.rows.Offset() == 0 && !l.slot.Busy() {
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

// handleKey scrolls as an agent expects of a list.
func (l *list) handleKey(key *fyne.KeyEvent) bool {
	page := float32(l.rows.PageSize()) * RowHeight
	by := map[fyne.KeyName]float32{
		fyne.KeyDown: RowHeight, fyne.KeyUp: -RowHeight, fyne.KeyPageDown: page, fyne.KeyPageUp: -page,
		fyne.KeyHome: -l.rows.Offset(), fyne.KeyEnd: float32(l.length()) * RowHeight,
	}[key.Name]
	if by == 0 {
		return key.Name == fyne.KeyHome
	}
	most := float32(l.length()-l.rows.PageSize()) * RowHeight
	l.rows.ScrollTo(min(l.rows.Offset()+by, max(0, most)))
	return true
}
