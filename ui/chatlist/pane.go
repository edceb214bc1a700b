// Package chatlist is the left pane of the window: the search field, the lists
// with their counts, and the chats.
package chatlist

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

// Pane is the chat list. It belongs to the interface's goroutine.
type Pane struct {
	// Root is what the window shows.
	Root fyne.CanvasObject
	// Search is the search field.
	Search *widgets.Entry
	// List is the list itself.
	List *widgets.VirtualList
	// OnOpen is called when the agent opens a chat.
	OnOpen func(customer int64)
	// OnActivate is called when the agent opens a chat with the mouse, or with
	// Enter from the search field: now something will be written there.
	OnActivate func(customer int64)
	// OnMenu is called when the agent asks for a chat's menu.
	OnMenu func(customer int64, at fyne.Position)
	// OnBulk is called when something is to be done to all who are selected.
	OnBulk func(want data.Status)
	// OnPairs is called when the agent wants to decide who is the same person.
	OnPairs func()
	// OnCounts is called with the numbers on the lists whenever they were read.
	OnCounts func(data.Counts)

	desk         *desk.Desk
	rows         *listview.List[int64, rowData] // by customer
	keys         []data.ChatKey                 // the order of the rows
	filter       data.List
	openID       int64
	keptID       int64 // the open chat, while the unread have it only because it is open
	tabs         map[data.List]*widgets.Tab
	empty        *emptyNote
	selection    selection
	selectionBar *selectionBar // stands in the place of the tabs while there is a choice
	tabBar       fyne.CanvasObject
	pairsRow     *pairsRow

	countsSlot *async.Slot
	changed    map[int64]bool // customers whose rows and places are to be read again
	loaded     bool           // the keys have been read once
	pending    []pendingAct   // what was asked for while another order was being read
}

// New returns the pane. Menu is the button that opens the program's own menu,
// and statusBar stands under the tabs.
func New(d *desk.Desk, w *async.Runner, menu, statusBar fyne.CanvasObject) *Pane {
	p := &Pane{
		desk: d, filter: data.AllChats, changed: map[int64]bool{}, countsSlot: w.NewSlot(),
	}
	p.Search = widgets.NewEntry()
	p.Search.OnChanged = func(string) {
		p.ClearSelection()
		p.reload(true)
	}
	p.Search.OnKey = p.handleSearchKey
	p.rows = listview.New(w, RowHeight, func() *row { return newRow(p.handleTap, p.openMenu) }, p.updateRow)
	p.rows.Load = p.loadRows
	p.rows.OnKey = p.handleListKey
	p.rows.OnStep = p.handleStep
	p.List = p.rows.Widget
	p.empty = newEmptyNote()
	p.tabBar = p.newTabs()
	p.selectionBar = newSelectionBar(
		func() { p.OnBulk(data.Blocked) },
		func() { p.OnBulk(data.Active) },
		func() { p.ClearSelection() },
	)
	p.pairsRow = newPairsRow(func() { p.OnPairs() })
	// In the order of reading, which is the order of Tab.
	top := container.New(layout.NewBorderLayout(nil, nil, menu, nil), menu, container.New(searchHintLayout{p.Search}, p.Search))
	head := container.New(layout.NewCustomPaddedLayout(12, 8, 8, 12),
		container.New(layout.NewCustomPaddedVBoxLayout(8), top, container.NewStack(p.tabBar, p.selectionBar.root), statusBar))
	p.Root = container.NewStack(
		newBackground(),
		container.New(layout.NewBorderLayout(head, nil, nil, nil), head,
			container.New(underLayout{}, p.pairsRow, container.NewStack(p.List, p.empty.root))),
	)
	p.reload(true)
	return p
}

func newBackground() fyne.CanvasObject { return widgets.NewBackground(theme.Sidebar) }

// listUpdate is an order of the list, with what some of its rows show.
type listUpdate struct {
	keys []data.ChatKey
	rows map[int64]rowData
}

// reload reads the order of the list again, and the counts.
func (p *Pane) reload(top bool) {
	p.markStale(p.changed)
	p.changed = map[int64]bool{}
	query := data.ChatQuery{List: p.filter, Search: p.Search.Text}
	first, end := p.List.VisibleRange()
	if top {
		first, end = 0, p.List.PageSize()+1
	}
	listview.LoadOrder(p.rows, func(ctx context.Context) (u listUpdate, err error) {
		if u.keys, err = p.desk.ChatKeys(ctx, query); err != nil {
			return u, err
		}
		// With those that will be in sight, so that no row is empty for a moment.
		var ids []int64
		for _, k := range u.keys[min(first, len(u.keys)):min(end, len(u.keys))] {
			ids = append(ids, k.ID)
		}
		u.rows, err = p.loadRows(ctx, ids)
		return u, err
	}, func(u listUpdate) {
		p.loaded = true
		p.rows.Put(u.rows)
		p.setKeys(u.keys, top)
		p.runPending()
		p.mergeChanged()
	})
	p.loadCounts()
}

func (p *Pane) loadRows(ctx context.Context, ids []int64) (map[int64]rowData, error) {
	chats, err := p.desk.Chats(ctx, ids)
	rows, now := make(map[int64]rowData, len(chats)), p.desk.Now()
	for _, c := range chats {
		rows[c.Customer.ID] = rowDataOf(c, now)
	}
	return rows, err
}

// AfterReload calls do once the order of the list is the one that was asked for:
// whoever types a name and Enter means the customer found by it.
func (p *Pane) AfterReload(do func()) {
	p.afterReload(pendingAct{do: do})
}

// pendingAct is what waits for the order of the list.
type pendingAct struct {
	do      func()
	selects bool // only selects chats, so that what ends a selection ends it too
}

func (p *Pane) afterReload(act pendingAct) {
	if p.rows.LoadingOrder() {
		p.pending = append(p.pending, act)
		return
	}
	act.do()
}

func (p *Pane) runPending() {
	pending := p.pending
	p.pending = nil
	for _, act := range pending {
		act.do()
	}
}

// markStale has the rows of customers read again when they are in sight: the read
// of their places may be cancelled for another.
func (p *Pane) markStale(customers map[int64]bool) {
	for id := range customers {
		p.rows.MarkStale(id)
	}
}

// Reload reads everything again, keeping the place.
func (p *Pane) Reload() {
	p.rows.MarkAllStale()
	p.reload(false)
}

func (p *Pane) loadCounts() {
	type counts struct {
		data.Counts
		pairs pairs
	}
	async.Load(p.countsSlot, func(ctx context.Context) (c counts, err error) {
		if c.Counts, err = p.desk.Counts(ctx); err != nil {
			return c, err
		}
		c.pairs, err = loadPairs(ctx, p.desk)
		return c, err
	}, func(c counts) {
		for list, n := range map[data.List]int{data.AllChats: c.All, data.UnreadChats: c.Unread, data.BlockedChats: c.Blocked} {
			p.tabs[list].SetCount(n)
		}
		if p.pairsRow.show(c.pairs) {
			p.Root.Refresh()
		}
		if p.OnCounts != nil {
			p.OnCounts(c.Counts)
		}
	})
}

// ShowPairsOpen shows whether the pairs are what is on the right.
func (p *Pane) ShowPairsOpen(open bool) { p.pairsRow.setOpen(open) }

// Changed reads again the rows and places of customers that changed.
func (p *Pane) Changed(customers []int64) {
	for _, id := range customers {
		p.changed[id] = true
	}
	p.mergeChanged()
}

// maxMerged is how many places are worth reading one by one; beyond, the
// whole order is read.
const maxMerged = 200

func (p *Pane) mergeChanged() {
	if len(p.changed) == 0 || p.rows.LoadingOrder() {
		return // the end of the read that is under way comes back here
	}
	if len(p.changed) > maxMerged {
		p.Reload()
		return
	}
	changed := p.changed
	p.markStale(changed)
	p.changed = map[int64]bool{}
	query := data.ChatQuery{List: p.filter, Search: p.Search.Text}
	for id := range changed {
		query.Only = append(query.Only, id)
	}
	listview.LoadOrder(p.rows, func(ctx context.Context) (u listUpdate, err error) {
		if u.keys, err = p.desk.ChatKeys(ctx, query); err != nil {
			return u, err
		}
		u.rows, err = p.loadRows(ctx, query.Only)
		return u, err
	}, func(u listUpdate) {
		p.rows.Put(u.rows)
		p.setKeys(merge(p.ownKeys(), changed, u.keys), false)
		p.runPending()
		p.mergeChanged()
	})
	p.loadCounts()
}

// setKeys shows another order of the list, from its top or keeping the place.
func (p *Pane) setKeys(keys []data.ChatKey, top bool) {
	p.keptID = 0
	if !top {
		keys = p.withOpen(keys)
	}
	p.keys = keys
	order := listview.Order[int64]{Len: len(keys), At: func(i int) int64 { return keys[i].ID }}
	if top {
		p.rows.Reset(order)
	} else {
		p.rows.SetOrder(order)
	}
	p.pruneSelection()
	p.empty.show(p.loaded && len(keys) == 0, p.filter, p.Search.Text)
}

func (p *Pane) updateRow(r *row, id int64, v rowData) {
	v.id = id
	selecting := len(p.selection.ids) > 0
	r.show(v, rowState{
		open:        id == p.openID,
		highlighted: id == p.openID && !selecting || p.selection.ids[id],
		selected:    p.selection.ids[id],
		focused:     p.rows.Focused() && (selecting && id == p.selection.cursor || !selecting && id == p.openID),
	})
}

// RefreshTimes formats the times in the rows again, as after midnight.
func (p *Pane) RefreshTimes() {
	p.rows.MarkAllStale()
	p.List.UpdateVisible()
}

// Open marks a chat as the one on the right; zero for none.
func (p *Pane) Open(customer int64) {
	p.openID = customer
	if p.keptID != 0 && p.keptID != customer {
		p.setKeys(p.ownKeys(), false)
	}
	p.List.UpdateVisible()
	if i := p.rows.Index(customer); i >= 0 {
		p.List.ScrollIntoView(i)
	}
}

// OpenNeighbor opens the chat by so many rows below the open one, above it where
// by is negative.
func (p *Pane) OpenNeighbor(by int) {
	p.AfterReload(func() {
		i := p.rows.Index(p.openID)
		if i < 0 && by < 0 {
			i = len(p.keys)
		}
		p.openAt(i + by)
	})
}

func (p *Pane) openAt(i int) {
	if len(p.keys) == 0 {
		return
	}
	id := p.keys[max(0, min(i, len(p.keys)-1))].ID
	p.ClearSelection()
	p.selection.anchor, p.selection.cursor = id, id
	if id != p.openID {
		p.OnOpen(id)
	}
}

func (p *Pane) openMenu(id int64, at fyne.Position) { p.OnMenu(id, at) }

// handleListKey is what the keyboard does in the list, besides moving.
func (p *Pane) handleListKey(key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeyEscape:
		return p.ClearSelection()
	case fyne.KeyReturn, fyne.KeyEnter:
		if p.openID != 0 {
			p.OnActivate(p.openID)
		}
	default:
		return false
	}
	return true
}

// handleStep moves through the list, or moves the end of the selected range while
// Shift is held.
func (p *Pane) handleStep(rows int) {
	if p.List.ShiftHeld() {
		p.extendSelection(rows)
		return
	}
	p.OpenNeighbor(rows)
}

// handleSearchKey has the arrows and Enter act on the list while the search field
// has the keyboard, and clears the search on Escape.
func (p *Pane) handleSearchKey(key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeyDown:
		p.OpenNeighbor(1)
	case fyne.KeyUp:
		p.OpenNeighbor(-1)
	case fyne.KeyReturn, fyne.KeyEnter:
		p.AfterReload(func() {
			if len(p.keys) > 0 {
				p.OnActivate(p.keys[max(0, p.rows.Index(p.openID))].ID)
			}
		})
	case fyne.KeyEscape:
		if p.Search.Text == "" {
			return false
		}
		p.Search.SetText("")
	default:
		return false
	}
	return true
}

// SetFilter shows one of the lists. All of another list is shown, without what was
// searched for in the one before.
func (p *Pane) SetFilter(list data.List) {
	p.ClearSelection()
	another := list != p.filter
	p.filter = list
	for name, t := range p.tabs {
		t.SetSelected(name == list)
	}
	if another && p.Search.Text != "" {
		p.Search.SetText("") // which reads the list
		return
	}
	p.reload(true)
}

// RowPosition returns where a chat's row stands on the window, for its menu.
func (p *Pane) RowPosition(customer int64) fyne.Position {
	return p.rows.MenuPosition(customer, textX)
}

// searchHintLayout sets the longest hint that fits into the search field: Fyne would
// show a scroll bar under one that does not.
type searchHintLayout struct{ entry *widgets.Entry }

func (h searchHintLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(80, h.entry.MinSize().Height)
}

func (h searchHintLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	hint := "Search   Ctrl+F"
	if long := "Search name or number   Ctrl+F"; fyne.MeasureText(long, theme.Body, fyne.TextStyle{}).Width < size.Width-24 {
		hint = long
	}
	if h.entry.PlaceHolder != hint {
		h.entry.SetPlaceHolder(hint)
	}
	h.entry.Resize(size)
}

// underLayout puts the second object under the first, as high as there is room.
type underLayout struct{}

func (underLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	size := o[1].MinSize()
	if o[0].Visible() {
		size.Height += o[0].MinSize().Height
	}
	return size
}

func (underLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	top := float32(0)
	if o[0].Visible() {
		top = o[0].MinSize().Height
		o[0].Resize(fyne.NewSize(size.Width, top))
	}
	o[1].Move(fyne.NewPos(0, top))
	o[1].Resize(fyne.NewSize(size.Width, max(0, size.Height-top)))
}
