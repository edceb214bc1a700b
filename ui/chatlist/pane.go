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
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// Pane is the chat list. It belongs to the interface's goroutine.
type Pane struct {
	// Root is what the window shows.
	Root fyne.CanvasObject
	// Search is the search field.
	Search *widgets.Entry
	// Rows is the list itself.
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
	// OnCounts is told the numbers on the lists whenever they were read.
	OnCounts func(data.Counts)

	desk         *desk.Desk
	keys         []data.ChatKey
	cache        map[int64]rowData // of the chats that were in sight lately
	stale        map[int64]bool    // of those, what may show what was
	loading      map[int64]bool    // rows in sight whose chat is being read
	filter       data.List
	openID       int64
	focused      bool // the list has the keyboard
	tabs         map[data.List]*widgets.Tab
	empty        *emptyNote
	selection    selection
	selectionBar *selectionBar // stands in the place of the tabs while there is a choice
	tabBar       fyne.CanvasObject

	orderSlot, rowsSlot, countsSlot *async.Slot
	changed                         map[int64]bool // customers whose rows and places are to be read anew
	loaded                          bool           // the keys have been read once
	pending                         []func()       // what was asked for while another order was being read
}

// maxCached is how many chats are remembered beyond those in sight.
const maxCached = 400

// New makes the pane; menu opens the program's own menu, and sign stands under
// the lists where it can be seen.
func New(d *desk.Desk, w *async.Runner, menu, sign fyne.CanvasObject) *Pane {
	p := &Pane{
		desk: d, filter: data.AllChats,
		cache: map[int64]rowData{}, stale: map[int64]bool{}, loading: map[int64]bool{}, changed: map[int64]bool{},
		orderSlot: w.NewSlot(), rowsSlot: w.NewSlot(), countsSlot: w.NewSlot(),
	}
	p.Search = widgets.NewEntry()
	p.Search.OnChanged = func(string) {
		p.ClearSelection()
		p.reload(true)
	}
	p.Search.OnKey = p.handleSearchKey
	p.List = widgets.NewVirtualList(RowHeight,
		func() fyne.CanvasObject { return newRow(p.handleTap, p.openMenu) },
		func(i int, o fyne.CanvasObject) { p.updateRow(i, o.(*row)) })
	p.List.OnKey = p.handleListKey
	p.List.OnLayout = p.loadVisible
	p.List.OnFocus = func(has bool) {
		p.focused = has
		p.List.UpdateVisible()
	}
	p.empty = newEmptyNote()
	p.tabBar = p.newTabs()
	p.selectionBar = newSelectionBar(
		func() { p.OnBulk(data.Blocked) },
		func() { p.OnBulk(data.Active) },
		func() { p.ClearSelection() },
	)
	// In the order of reading, which is the order of Tab.
	top := container.New(layout.NewBorderLayout(nil, nil, menu, nil), menu, container.New(searchHintLayout{p.Search}, p.Search))
	head := container.New(layout.NewCustomPaddedLayout(12, 8, 8, 12),
		container.New(layout.NewCustomPaddedVBoxLayout(8), top, container.NewStack(p.tabBar, p.selectionBar.root), sign))
	p.Root = container.NewStack(
		newBackground(),
		container.New(layout.NewBorderLayout(head, nil, nil, nil), head, container.NewStack(p.List, p.empty.root)),
	)
	p.reload(true)
	return p
}

func newBackground() fyne.CanvasObject { return widgets.NewBackground(theme.Sidebar) }

// listUpdate is an order of the list, with what some of its rows show.
type listUpdate struct {
	keys  []data.ChatKey
	chats []data.Chat
}

// reload reads the order of the list anew, and the counts.
func (p *Pane) reload(top bool) {
	p.markStale(p.changed)
	p.changed = map[int64]bool{}
	query := data.ChatQuery{List: p.filter, Search: p.Search.Text}
	first, end := p.List.VisibleRange()
	if top {
		first, end = 0, p.List.PageSize()+1
	}
	async.Load(p.orderSlot, func(ctx context.Context) (n listUpdate, err error) {
		if n.keys, err = p.desk.ChatKeys(ctx, query); err != nil {
			return n, err
		}
		// With those that will be in sight, so that no row is empty for a moment.
		var ids []int64
		for _, k := range n.keys[min(first, len(n.keys)):min(end, len(n.keys))] {
			ids = append(ids, k.ID)
		}
		n.chats, err = p.desk.Chats(ctx, ids)
		return n, err
	}, func(n listUpdate) {
		p.loaded = true
		p.cacheChats(n.chats)
		p.setKeys(n.keys)
		if top {
			p.List.ScrollTo(0)
		}
		p.runPending()
		p.mergeChanged()
	})
	p.loadCounts()
}

// AfterReload does what depends on the order of the list once the order is the one
// that was asked for: who types a name and Enter means the one found.
func (p *Pane) AfterReload(do func()) {
	if p.orderSlot.Busy() {
		p.pending = append(p.pending, do)
		return
	}
	do()
}

func (p *Pane) runPending() {
	pending := p.pending
	p.pending = nil
	for _, do := range pending {
		do()
	}
}

// markStale has the rows of customers read anew, if they are ever in sight: a read
// of their order that is under way may be given up for another.
func (p *Pane) markStale(customers map[int64]bool) {
	for id := range customers {
		p.stale[id] = true
	}
}

func (p *Pane) markAllStale() {
	for id := range p.cache {
		p.stale[id] = true
	}
}

// Reload reads everything anew, keeping the place.
func (p *Pane) Reload() {
	p.markAllStale()
	p.reload(false)
}

func (p *Pane) loadCounts() {
	async.Load(p.countsSlot, p.desk.Counts, func(c data.Counts) {
		for list, n := range map[data.List]int{data.AllChats: c.All, data.UnreadChats: c.Unread, data.BlockedChats: c.Blocked} {
			p.tabs[list].SetCount(n)
		}
		if p.OnCounts != nil {
			p.OnCounts(c)
		}
	})
}

// Changed reads anew what changed of the given customers.
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
	if len(p.changed) == 0 || p.orderSlot.Busy() {
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
	async.Load(p.orderSlot, func(ctx context.Context) (n listUpdate, err error) {
		if n.keys, err = p.desk.ChatKeys(ctx, query); err != nil {
			return n, err
		}
		n.chats, err = p.desk.Chats(ctx, query.Only)
		return n, err
	}, func(n listUpdate) {
		p.cacheChats(n.chats)
		p.setKeys(merge(p.keys, changed, n.keys))
		p.runPending()
		p.mergeChanged()
	})
	p.loadCounts()
}

// setKeys shows another order of the list. What the agent was looking at stays
// where it is on screen, unless the list stands at its top.
func (p *Pane) setKeys(keys []data.ChatKey) {
	offset := p.List.Offset()
	moved := 0
	if first, end := p.List.VisibleRange(); offset > 0 {
		moved = scrollShift(p.keys[first:end], first, keys)
	}
	p.keys = keys
	p.List.SetLength(len(keys))
	p.pruneSelection()
	if moved != 0 {
		p.List.ScrollTo(offset + float32(moved)*RowHeight)
	}
	p.empty.show(p.loaded && len(keys) == 0, p.filter, p.Search.Text)
}

func (p *Pane) updateRow(i int, r *row) {
	id := p.keys[i].ID
	v, ok := p.cache[id]
	if !ok {
		v = rowData{id: id}
	}
	many := len(p.selection.ids) > 0
	r.show(v, rowState{
		open:        id == p.openID,
		highlighted: id == p.openID && !many || p.selection.ids[id],
		selected:    p.selection.ids[id],
		focused:     p.focused && (many && id == p.selection.cursor || !many && id == p.openID),
	})
}

// prefetchRows is how many rows above and below those in sight are read with them.
const prefetchRows = 20

// loadVisible reads the chats in sight that are not known yet.
func (p *Pane) loadVisible() {
	first, end := p.List.VisibleRange()
	var missing []int64
	known := true
	for i := max(0, first-prefetchRows); i < min(len(p.keys), end+prefetchRows); i++ {
		id := p.keys[i].ID
		if _, ok := p.cache[id]; ok && !p.stale[id] {
			continue
		}
		missing = append(missing, id)
		known = known && p.loading[id]
	}
	if len(missing) == 0 || known && p.rowsSlot.Busy() {
		return
	}
	p.loading = map[int64]bool{}
	for _, id := range missing {
		p.loading[id] = true
	}
	async.Load(p.rowsSlot, func(ctx context.Context) ([]data.Chat, error) {
		return p.desk.Chats(ctx, missing)
	}, func(chats []data.Chat) {
		p.cacheChats(chats)
		p.List.UpdateVisible()
	})
}

// cacheChats remembers what the rows of chats show, and forgets others where that
// becomes too much.
func (p *Pane) cacheChats(chats []data.Chat) {
	if len(p.cache)+len(chats) > maxCached {
		p.trimCache()
	}
	now := p.desk.Now()
	for _, c := range chats {
		p.cache[c.Customer.ID] = rowDataOf(c, now)
		delete(p.stale, c.Customer.ID)
	}
}

// trimCache drops what is known of the chats that are not in sight.
func (p *Pane) trimCache() {
	views, stale := p.cache, p.stale
	p.cache, p.stale = map[int64]rowData{}, map[int64]bool{}
	first, end := p.List.VisibleRange()
	for _, k := range p.keys[max(0, first-prefetchRows):min(len(p.keys), end+prefetchRows)] {
		if v, ok := views[k.ID]; ok {
			p.cache[k.ID] = v
		}
		if stale[k.ID] {
			p.stale[k.ID] = true
		}
	}
}

// RefreshTimes shows times anew, after midnight.
func (p *Pane) RefreshTimes() {
	p.markAllStale()
	p.List.UpdateVisible()
}

// Open marks a chat as the one on the right; zero for none.
func (p *Pane) Open(customer int64) {
	p.openID = customer
	p.List.UpdateVisible()
	if i := indexOf(p.keys, customer); i >= 0 {
		p.List.ScrollIntoView(i)
	}
}

// OpenNeighbor opens the chat so many rows further down, or up.
func (p *Pane) OpenNeighbor(by int) {
	p.AfterReload(func() {
		i := indexOf(p.keys, p.openID)
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

// handleListKey moves through the list as an agent expects of one.
func (p *Pane) handleListKey(key *fyne.KeyEvent) bool {
	if p.List.ShiftHeld() && p.handleExtendKey(key.Name) {
		return true
	}
	switch key.Name {
	case fyne.KeyEscape:
		return p.ClearSelection()
	case fyne.KeyDown:
		p.OpenNeighbor(1)
	case fyne.KeyUp:
		p.OpenNeighbor(-1)
	case fyne.KeyPageDown:
		p.OpenNeighbor(p.List.PageSize())
	case fyne.KeyPageUp:
		p.OpenNeighbor(-p.List.PageSize())
	case fyne.KeyHome:
		p.AfterReload(func() { p.openAt(0) })
	case fyne.KeyEnd:
		p.AfterReload(func() { p.openAt(len(p.keys) - 1) })
	case fyne.KeyReturn, fyne.KeyEnter:
		if p.openID != 0 {
			p.OnActivate(p.openID)
		}
	default:
		return false
	}
	return true
}

// handleSearchKey lets the arrows and Enter go from the search field into the list,
// and Escape take the search away.
func (p *Pane) handleSearchKey(key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeyDown:
		p.OpenNeighbor(1)
	case fyne.KeyUp:
		p.OpenNeighbor(-1)
	case fyne.KeyReturn, fyne.KeyEnter:
		p.AfterReload(func() {
			if len(p.keys) > 0 {
				p.OnActivate(p.keys[max(0, indexOf(p.keys, p.openID))].ID)
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

// SetFilter turns to one of the lists.
func (p *Pane) SetFilter(list data.List) {
	p.ClearSelection()
	p.filter = list
	for name, t := range p.tabs {
		t.SetSelected(name == list)
	}
	p.reload(true)
}

// RowPosition returns where a chat's row stands on the window, for its menu.
func (p *Pane) RowPosition(customer int64) fyne.Position {
	at := fyne.CurrentApp().Driver().AbsolutePositionForObject(p.List)
	i := max(0, indexOf(p.keys, customer))
	return at.AddXY(textX, float32(i)*RowHeight-p.List.Offset()+RowHeight/2)
}

// searchHintLayout returns the search field the longest hint that fits: Fyne would show a
// scroll bar under one that does not.
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
