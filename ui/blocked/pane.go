// Package blocked is the view of all who are blocked and of past blocks.
package blocked

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// Pane is the view. It belongs to the interface's goroutine.
type Pane struct {
	// Root is what the window shows, hidden until Show.
	Root fyne.CanvasObject
	// Search is the search field.
	Search *widgets.Entry
	// OnOpen is called when the agent opens a chat.
	OnOpen func(customer int64)
	// OnUnblock is called when the agent wants to unblock somebody.
	OnUnblock func(customer int64)
	// OnMenu is called when the agent asks for a row's menu.
	OnMenu func(customer int64, chat bool, at fyne.Position)
	// OnAdd is called when the agent wants to block a number.
	OnAdd func()
	// OnLeave is called when the agent has seen enough.
	OnLeave func()
	// OnFailed is told why the lists could not be read.
	OnFailed func(error)

	desk   *desk.Desk
	runner *async.Runner

	now, past *list
	onPast    bool // the past blocks are in sight
	tabNow    *widgets.Tab
	tabPast   *widgets.Tab
	due       *widgets.Link
	filters   *filters
	note      *note

	slot    *async.Slot
	changed bool // something did while the order was being read
	loaded  bool // the order was read since the view was opened
	failing bool
}

// New makes the view; it reads nothing until it is shown.
func New(d *desk.Desk, w *async.Runner) *Pane {
	p := &Pane{desk: d, runner: w, slot: w.NewSlot(), note: newNote()}
	do := deeds{open: p.tapped, unblock: p.unblock, menu: p.menu}
	p.now, p.past = newList(w, do, p.readNow), newList(w, do, p.readPast)
	for _, l := range []*list{p.now, p.past} {
		l.rows.OnKey = p.key
	}
	p.past.rows.Hide()
	p.tabNow = widgets.NewTab("Blocked", func() { p.turn(false) })
	p.tabPast = widgets.NewTab("Past blocks", func() { p.turn(true) })
	p.tabNow.SetSelected(true)
	p.due = widgets.NewLink("", p.ShowDue)
	p.due.Hide()
	p.filters = newFilters(func() { p.reload(true) })
	p.Search = widgets.NewEntry()
	p.Search.SetPlaceHolder("Search name or number")
	p.Search.OnChanged = func(string) { p.reload(true) }
	p.Search.OnKey = p.searchKey
	p.Root = container.NewStack(widgets.NewBackground(theme.Background),
		container.NewBorder(p.newTop(), nil, nil, nil, container.NewStack(p.now.rows, p.past.rows, p.note.root)))
	p.Root.Hide()
	return p
}

func (p *Pane) newTop() fyne.CanvasObject {
	title := widgets.NewEllipsisLabel(theme.Text, theme.Title)
	title.SetText("Blocked customers")
	title.SetStyle(fyne.TextStyle{Bold: true})
	add := widgets.NewButton("Add a number…", widgets.Outline, func() { p.OnAdd() })
	leave := widgets.NewIconButton(theme.Icon("close", theme.Muted), "Back to the chats", func() { p.OnLeave() })
	f := p.filters
	choices := &bar{choices: []*widgets.Select{f.reason, f.agent, f.end, f.order}}
	tabs := container.NewHBox(container.NewCenter(p.tabNow), container.NewCenter(p.tabPast), container.NewCenter(p.due))
	return container.NewStack(widgets.NewBackground(theme.Sidebar),
		container.NewBorder(nil, widgets.NewBackground(theme.Separator), nil, nil,
			container.New(layout.NewCustomPaddedLayout(12, 12, rowPad, rowPad),
				container.New(layout.NewCustomPaddedVBoxLayout(12),
					container.NewBorder(nil, nil, nil, container.NewHBox(add, leave), title),
					container.New(choices, tabs, p.Search, f.reason, f.agent, f.end, f.order)))))
}

// Shown reports whether the view is in sight.
func (p *Pane) Shown() bool { return p.Root.Visible() }

// Show opens the view where it was left.
func (p *Pane) Show() {
	p.loaded = false
	p.Root.Show()
	p.reload(false)
	time.AfterFunc(slow, func() {
		p.runner.RunOnUI(func() {
			if !p.loaded && p.slot.Busy() {
				p.note.show("Reading…", "", "", nil)
			}
		})
	})
}

// slow is how long a read may take before it is said to be under way.
const slow = 200 * time.Millisecond

// Hide takes the view away and lets go of what it has read.
func (p *Pane) Hide() {
	p.Root.Hide()
	p.slot.Cancel()
	for _, l := range []*list{p.now, p.past} {
		l.slot.Cancel()
		l.forget()
		l.stale = nil
	}
}

// ShowDue turns to the blocks that are to be looked at again.
func (p *Pane) ShowDue() {
	p.turn(false)
	p.filters.end.SetSelected(reviewDue)
}

// List is what has the keyboard while the agent goes through the blocks.
func (p *Pane) List() fyne.Focusable { return p.current().rows }

func (p *Pane) current() *list {
	if p.onPast {
		return p.past
	}
	return p.now
}

// turn turns to the past blocks, or to those in force.
func (p *Pane) turn(past bool) {
	if past == p.onPast {
		return
	}
	p.onPast = past
	p.tabNow.SetSelected(!past)
	p.tabPast.SetSelected(past)
	p.now.rows.Hidden, p.past.rows.Hidden = past, !past
	f := p.filters
	for _, s := range []*widgets.Select{f.reason, f.agent, f.end, f.order} {
		s.Hidden = past
	}
	p.Root.Refresh()
	p.reload(false)
}

// Changed reads the view anew, keeping its place, if it is in sight.
func (p *Pane) Changed() {
	switch {
	case !p.Shown():
	case p.slot.Busy():
		p.changed = true
	default:
		p.reload(false)
	}
}

// listing is all that is read at once.
type listing struct {
	ids     []int64
	counts  data.BlockedCounts
	choices data.BlockedChoices
	err     error
}

func (p *Pane) reload(top bool) {
	p.changed = false
	past, search, query := p.onPast, p.Search.Text, p.filters.query(p.Search.Text)
	async.Load(p.slot, func(ctx context.Context) (l listing, _ error) {
		l.err = p.readListing(ctx, past, search, query, &l)
		return l, ctx.Err()
	}, func(l listing) {
		p.loaded, p.failing = true, l.err != nil
		if l.err != nil {
			p.OnFailed(l.err)
		} else {
			p.show(l, top)
		}
		p.tellNothing(query)
		if p.changed {
			p.reload(false)
		}
	})
}

func (p *Pane) readListing(ctx context.Context, past bool, search string, q data.BlockedQuery, l *listing) (err error) {
	if past {
		l.ids, err = p.desk.PastIDs(ctx, search)
	} else {
		l.ids, err = p.desk.BlockedIDs(ctx, q)
	}
	if err != nil {
		return err
	}
	if l.choices, err = p.desk.BlockedChoices(ctx); err != nil {
		return err
	}
	l.counts, err = p.desk.BlockedCounts(ctx)
	return err
}

func (p *Pane) show(l listing, top bool) {
	p.tabNow.SetCount(l.counts.Now)
	p.tabPast.SetCount(l.counts.Past)
	p.due.SetText(widgets.FormatCount(l.counts.Due) + " to review")
	p.due.Hidden = l.counts.Due == 0
	p.filters.offer(l.choices)
	if top {
		p.current().start(l.ids)
	} else {
		p.current().set(l.ids)
	}
}

// tellNothing says why nothing is in sight, where nothing is.
func (p *Pane) tellNothing(q data.BlockedQuery) {
	search := data.OneLine(p.Search.Text, 40)
	switch {
	case p.failing:
		p.now.start(nil)
		p.past.start(nil)
		p.note.show("The list could not be read", "Nothing was changed.", "Try again", func() { p.reload(false) })
	case len(p.current().ids) > 0:
		p.note.hide()
	case p.onPast && search != "":
		p.note.show("No past block of anybody who matches “"+search+"”", "", "Show all", p.showAll)
	case p.onPast:
		p.note.show("No block has ended yet", "Who is unblocked, and whose block ends, stands here from then on.", "", nil)
	case q.End == data.ReviewDue && q == data.BlockedQuery{End: q.End, Order: q.Order}:
		p.note.show("Nothing to review", "Every block was looked at lately, or has a date for it.", "Show all", p.showAll)
	case q.Narrow():
		p.note.show("Nobody who is blocked matches", "", "Show all", p.showAll)
	default:
		p.note.show("Nobody is blocked", "Block a customer from the chat with Ctrl+B, or add a number here.", "", nil)
	}
}

// showAll takes the search and the filters away.
func (p *Pane) showAll() {
	p.filters.reset()
	if p.Search.Text != "" {
		p.Search.SetText("") // which reads
		return
	}
	p.reload(true)
}

func (p *Pane) readNow(ctx context.Context, ids []int64) ([]view, error) {
	periods, err := p.desk.ReviewPeriods(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := p.desk.BlockedRows(ctx, ids)
	views, now := make([]view, len(rows)), p.desk.Now()
	for i, c := range rows {
		views[i] = viewOf(c, now, periods)
	}
	return views, err
}

func (p *Pane) readPast(ctx context.Context, seqs []int64) ([]view, error) {
	rows, err := p.desk.PastBlocks(ctx, seqs)
	views, now := make([]view, len(rows)), p.desk.Now()
	for i, b := range rows {
		views[i] = pastViewOf(b, now)
	}
	return views, err
}
