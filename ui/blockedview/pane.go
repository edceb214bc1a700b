// Package blockedview is the view of the blocked customers and of past blocks.
package blockedview

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/listview"
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
	// OnClose is called when the agent leaves the view.
	OnClose func()
	// OnError is called when the lists could not be read.
	OnError func(error)

	desk *desk.Desk

	active, past *listview.List[int64, rowData] // by customer, and by the event that ended a block
	showingPast  bool                           // instead of those in force
	activeTab    *widgets.Tab
	pastTab      *widgets.Tab
	dueLink      *widgets.Link
	filters      *filters
	emptyNote    *emptyNote

	changed bool // something changed while the order was being read
	loaded  bool // the order was read since the view was opened
	failed  bool // the last read of it failed
}

// New returns the view, hidden. It reads nothing until Show.
func New(d *desk.Desk, w *async.Runner) *Pane {
	p := &Pane{desk: d, emptyNote: newEmptyNote()}
	p.active, p.past = p.newList(w, p.loadActive), p.newList(w, p.loadPast)
	p.past.Widget.Hide()
	p.activeTab = widgets.NewTab("Blocked", func() { p.showPast(false) })
	p.pastTab = widgets.NewTab("Past blocks", func() { p.showPast(true) })
	p.activeTab.SetSelected(true)
	p.dueLink = widgets.NewLink("", p.ShowDue)
	p.dueLink.Hide()
	p.filters = newFilters(func() { p.reload(true) })
	p.Search = widgets.NewEntry()
	p.Search.SetPlaceHolder("Search name or number")
	p.Search.OnChanged = func(string) { p.reload(true) }
	p.Search.OnKey = p.handleSearchKey
	p.Root = container.NewStack(widgets.NewBackground(theme.Background),
		container.NewBorder(p.newTop(), nil, nil, nil, container.NewStack(p.active.Widget, p.past.Widget, p.emptyNote.root)))
	p.Root.Hide()
	return p
}

func (p *Pane) newList(w *async.Runner, load func(context.Context, []int64) (map[int64]rowData, error)) *listview.List[int64, rowData] {
	actions := rowActions{open: p.openChat, unblock: p.unblock, menu: p.openMenu}
	var l *listview.List[int64, rowData]
	l = listview.New(w, RowHeight,
		func() *row { return newRow(actions) },
		func(r *row, id int64, v rowData) {
			v.id = id
			r.show(v, id == l.Selected(), id == l.Selected() && l.Focused())
		})
	l.Load = load
	l.OnKey = p.handleKey
	l.OnSlow = func() {
		if !p.loaded {
			p.emptyNote.show("Reading…", "", "", nil)
		}
	}
	return l
}

func (p *Pane) newTop() fyne.CanvasObject {
	title := widgets.NewEllipsisLabel(theme.Text, theme.Title)
	title.SetText("Blocked customers")
	title.SetStyle(fyne.TextStyle{Bold: true})
	add := widgets.NewButton("Add a number…", widgets.Outline, func() { p.OnAdd() })
	leave := widgets.NewIconButton(theme.Icon("close", theme.Muted), "Back to the chats", func() { p.OnClose() })
	f := p.filters
	choices := &filterBarLayout{choices: []*widgets.Select{f.reason, f.agent, f.end, f.order}}
	tabs := container.NewHBox(container.NewCenter(p.activeTab), container.NewCenter(p.pastTab), container.NewCenter(p.dueLink))
	return container.NewStack(widgets.NewBackground(theme.Sidebar),
		container.NewBorder(nil, widgets.NewBackground(theme.Separator), nil, nil,
			container.New(layout.NewCustomPaddedLayout(12, 12, rowPad, rowPad),
				container.New(layout.NewCustomPaddedVBoxLayout(12),
					container.NewBorder(nil, nil, nil, container.NewHBox(add, leave), title),
					container.New(choices, tabs, p.Search, f.reason, f.agent, f.end, f.order)))))
}

// Shown reports whether the view is shown.
func (p *Pane) Shown() bool { return p.Root.Visible() }

// Show shows the view where it was left.
func (p *Pane) Show() {
	p.loaded = false
	p.Root.Show()
	p.reload(false)
}

// Hide hides the view, cancels its reads and forgets what it has read.
func (p *Pane) Hide() {
	p.Root.Hide()
	p.active.Release()
	p.past.Release()
}

// ShowDue shows the blocks that are due for review.
func (p *Pane) ShowDue() {
	p.showPast(false)
	p.filters.end.SetSelected(reviewDue)
}

// FocusTarget returns the list that is shown.
func (p *Pane) FocusTarget() fyne.Focusable { return p.current().Widget }

func (p *Pane) current() *listview.List[int64, rowData] {
	if p.showingPast {
		return p.past
	}
	return p.active
}

// showPast shows the past blocks, or those in force.
func (p *Pane) showPast(past bool) {
	if past == p.showingPast {
		return
	}
	p.current().Cancel()
	p.showingPast = past
	p.activeTab.SetSelected(!past)
	p.pastTab.SetSelected(past)
	p.active.Widget.Hidden, p.past.Widget.Hidden = past, !past
	f := p.filters
	for _, s := range []*widgets.Select{f.reason, f.agent, f.end, f.order} {
		s.Hidden = past
	}
	p.Root.Refresh()
	p.reload(false)
}

// Changed reads the view again, keeping its place, if it is shown.
func (p *Pane) Changed() {
	switch {
	case !p.Shown():
	case p.current().LoadingOrder():
		p.changed = true
	default:
		p.reload(false)
	}
}

// listResult is what is read together.
type listResult struct {
	ids     []int64
	counts  data.BlockedCounts
	choices data.BlockedChoices
	err     error
}

func (p *Pane) reload(top bool) {
	p.changed = false
	past, search, query := p.showingPast, p.Search.Text, p.filters.query(p.Search.Text)
	listview.LoadOrder(p.current(), func(ctx context.Context) (l listResult, _ error) {
		l.err = p.loadLists(ctx, past, search, query, &l)
		return l, ctx.Err()
	}, func(l listResult) {
		p.loaded, p.failed = true, l.err != nil
		if l.err != nil {
			p.OnError(l.err)
		} else {
			p.showLists(l, top)
		}
		p.showEmptyNote(query)
		if p.changed {
			p.reload(false)
		}
	})
}

func (p *Pane) loadLists(ctx context.Context, past bool, search string, q data.BlockedQuery, l *listResult) (err error) {
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

func (p *Pane) showLists(l listResult, top bool) {
	p.activeTab.SetCount(l.counts.Now)
	p.pastTab.SetCount(l.counts.Past)
	p.dueLink.SetText(widgets.FormatCount(l.counts.Due) + " to review")
	widgets.SetVisible(p.dueLink, l.counts.Due > 0)
	p.filters.setChoices(l.choices)
	p.current().MarkAllStale()
	if top {
		p.current().Reset(listview.Keys(l.ids))
	} else {
		p.current().SetOrder(listview.Keys(l.ids))
	}
}

// showEmptyNote says why the list is empty, if it is.
func (p *Pane) showEmptyNote(q data.BlockedQuery) {
	search := data.OneLine(p.Search.Text, 40)
	switch {
	case p.failed:
		p.active.Reset(listview.Order[int64]{})
		p.past.Reset(listview.Order[int64]{})
		p.emptyNote.show("The list could not be read", "Nothing was changed.", "Try again", func() { p.reload(false) })
	case p.current().Len() > 0:
		p.emptyNote.hide()
	case p.showingPast && search != "":
		p.emptyNote.show("No past blocks match “"+search+"”", "", "Show all", p.showAll)
	case p.showingPast:
		p.emptyNote.show("No block has ended yet", "Customers who were unblocked, or whose block has ended, are listed here.", "", nil)
	case q.End == data.ReviewDue && q == data.BlockedQuery{End: q.End, Order: q.Order}:
		p.emptyNote.show("Nothing to review", "Every block was reviewed recently, or has a review date.", "Show all", p.showAll)
	case q.Narrow():
		p.emptyNote.show("No blocked customer matches", "", "Show all", p.showAll)
	default:
		p.emptyNote.show("Nobody is blocked", "Block a customer from the chat with Ctrl+B, or add a number here.", "", nil)
	}
}

// showAll clears the search and the filters.
func (p *Pane) showAll() {
	p.filters.reset()
	if p.Search.Text != "" {
		p.Search.SetText("") // which reloads
		return
	}
	p.reload(true)
}

func (p *Pane) loadActive(ctx context.Context, ids []int64) (map[int64]rowData, error) {
	periods, err := p.desk.ReviewPeriods(ctx)
	if err != nil {
		return nil, err
	}
	customers, err := p.desk.BlockedRows(ctx, ids)
	rows, now := make(map[int64]rowData, len(customers)), p.desk.Now()
	for _, c := range customers {
		rows[c.ID] = rowDataOf(c, now, periods)
	}
	return rows, err
}

func (p *Pane) loadPast(ctx context.Context, seqs []int64) (map[int64]rowData, error) {
	blocks, err := p.desk.PastBlocks(ctx, seqs)
	rows, now := make(map[int64]rowData, len(blocks)), p.desk.Now()
	for _, b := range blocks {
		rows[b.Seq] = pastRowDataOf(b, now)
	}
	return rows, err
}
