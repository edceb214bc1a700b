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
	pageSize  = 100 // events that are read at once
	margin    = 20  // rows above and below those in sight that are read with them
	keptViews = 400 // rows that are remembered beyond those in sight
)

// list is the history, newest first. Of the whole history every event has its
// number, so any part of it can be shown at once; of a part of it the numbers
// become known as it is scrolled.
type list struct {
	frame fyne.CanvasObject
	rows  *widgets.VirtualList

	desk   *desk.Desk
	runner *async.Runner
	slot   *async.Slot
	query  data.EventQuery

	newest int64   // the number of the newest event, of the whole history
	seqs   []int64 // the numbers that are known, of a part
	ended  bool    // there are no more than those
	views  map[int64]view
	stale  bool // something happened since it was read

	note *widgets.Paragraph
}

func newList(d *desk.Desk, w *async.Runner) *list {
	l := &list{desk: d, runner: w, slot: w.NewSlot(), views: map[int64]view{}}
	l.rows = widgets.NewVirtualList(RowHeight,
		func() fyne.CanvasObject { return newRow() },
		func(i int, o fyne.CanvasObject) { o.(*row).show(l.views[l.seqAt(i)]) })
	l.rows.OnLayout = l.fetch
	l.rows.OnKey = l.key
	edge := newEdge()
	l.rows.OnFocus = edge.setFocused
	l.note = widgets.NewParagraph("", theme.Muted, theme.Body)
	l.note.Hide()
	l.frame = container.NewStack(l.rows, container.New(centred{}, l.note), edge)
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

// show turns to another part of the history.
func (l *list) show(q data.EventQuery) {
	l.query, l.newest, l.seqs = q, 0, nil
	l.rows.ScrollTo(0)
	l.rows.SetLength(0)
	l.say("")
	l.reload()
}

// slow is how long a read takes before it is said that something is read.
const slow = 200 * time.Millisecond

// reload reads the newest anew.
func (l *list) reload() {
	l.stale = false
	q := l.query
	q.Limit = pageSize
	time.AfterFunc(slow, func() {
		l.runner.RunOnUI(func() {
			if l.slot.Busy() && l.length() == 0 {
				l.say("Reading the history…")
			}
		})
	})
	l.read(q, func(records []data.Record) {
		l.newest, l.seqs = 0, nil
		l.grow(records)
		switch {
		case len(records) > 0:
			l.say("")
		case q.Narrow():
			l.say("Nothing like this has happened.")
		default:
			l.say("Nothing has happened yet.")
		}
	})
}

func (l *list) read(q data.EventQuery, then func([]data.Record)) {
	async.Load(l.slot, func(ctx context.Context) ([]data.Record, error) { return l.desk.EventsPage(ctx, q) },
		func(records []data.Record) {
			l.keep(records)
			then(records)
		})
}

// grow adds what comes after all that is known.
func (l *list) grow(records []data.Record) {
	l.ended = len(records) < pageSize
	for _, r := range records {
		l.newest = max(l.newest, r.Seq)
		l.seqs = append(l.seqs, r.Seq)
	}
	if !l.query.Narrow() {
		l.seqs = nil
	}
	l.rows.SetLength(l.length())
}

// keep remembers what the rows of events show, and forgets others where that
// becomes too much.
func (l *list) keep(records []data.Record) {
	if len(l.views)+len(records) > keptViews {
		l.views = map[int64]view{}
	}
	now := l.desk.Now()
	for _, r := range records {
		l.views[r.Seq] = viewOf(r, now)
	}
}

// fetch reads the events in sight that are not known yet. While one read is
// under way the next waits: its end comes back here.
func (l *list) fetch() {
	if l.slot.Busy() || l.length() == 0 {
		return
	}
	if l.stale && l.rows.Offset() == 0 {
		l.reload()
		return
	}
	first, end := l.rows.VisibleRange()
	first, end = max(0, first-margin), min(l.length(), end+margin)
	for first < end && l.known(first) {
		first++
	}
	for first < end && l.known(end-1) {
		end--
	}
	if first < end {
		l.fill(first, end)
		return
	}
	if l.query.Narrow() && !l.ended && end == len(l.seqs) {
		q := l.query
		q.Before, q.Limit = l.seqs[end-1], pageSize
		l.read(q, l.grow)
	}
}

func (l *list) known(i int) bool {
	_, known := l.views[l.seqAt(i)]
	return known
}

// fill reads the events from one index up to another. One that is not there
// was removed.
func (l *list) fill(first, end int) {
	q := l.query
	q.Before, q.Limit = l.seqAt(first)+1, end-first
	var wanted []int64
	for i := first; i < end; i++ {
		wanted = append(wanted, l.seqAt(i))
	}
	l.read(q, func([]data.Record) {
		for _, seq := range wanted {
			if _, there := l.views[seq]; !there {
				l.views[seq] = missing(seq)
			}
		}
		l.rows.UpdateVisible()
	})
}

// changed is told that something happened at the desk. Who looks at what is
// older keeps it, and sees the new one on the way back to the top.
func (l *list) changed() {
	l.stale = true
	if l.rows.Offset() == 0 && !l.slot.Busy() {
		l.reload()
	}
}

func (l *list) say(text string) {
	l.note.SetText(text)
	if text == "" {
		l.note.Hide()
		return
	}
	l.note.Show()
	l.frame.Refresh()
}

// key scrolls as an agent expects of a list.
func (l *list) key(key *fyne.KeyEvent) bool {
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
