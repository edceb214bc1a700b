package chatlist

import (
	"maps"
	"slices"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// selection is the chats that are selected together, to act on all of them.
type selection struct {
	ids    map[int64]bool
	anchor int64 // where a range begins
	cursor int64 // and where it ends, for the keyboard to move on from
}

// Selected returns the customers whose chats are selected, in the order of the
// list.
func (p *Pane) Selected() []int64 {
	ids := make([]int64, 0, len(p.selection.ids))
	for _, k := range p.keys {
		if p.selection.ids[k.ID] {
			ids = append(ids, k.ID)
		}
	}
	return ids
}

// IsSelected reports whether a customer's chat is selected.
func (p *Pane) IsSelected(customer int64) bool { return p.selection.ids[customer] }

// SelectAll selects all chats that are on the list and match the search.
func (p *Pane) SelectAll() {
	p.selectAfterReload(func() {
		ids := make(map[int64]bool, len(p.keys))
		for _, k := range p.keys {
			ids[k.ID] = true
		}
		p.setSelection(ids)
	})
}

// selectAfterReload calls do, which selects chats, once the order of the list is the
// one that was asked for, unless the selection is cleared before.
func (p *Pane) selectAfterReload(do func()) {
	p.afterReload(pendingAct{do: do, selects: true})
}

// ClearSelection ends the selection, and one that waits for the list to be read. It
// reports whether there was one.
func (p *Pane) ClearSelection() bool {
	waiting := len(p.pending)
	p.pending = slices.DeleteFunc(p.pending, func(act pendingAct) bool { return act.selects })
	if len(p.selection.ids) == 0 {
		return len(p.pending) < waiting
	}
	p.setSelection(nil)
	return true
}

// Focus focuses the list.
func (p *Pane) Focus() { p.rows.Focus() }

// Deselect takes customers out of the selection.
func (p *Pane) Deselect(customers []int64) {
	if len(p.selection.ids) == 0 {
		return
	}
	ids := maps.Clone(p.selection.ids)
	for _, id := range customers {
		delete(ids, id)
	}
	p.setSelection(ids)
}

func (p *Pane) setSelection(ids map[int64]bool) {
	had := len(p.selection.ids)
	if p.selection.ids = ids; had == 0 && len(ids) == 0 {
		return
	}
	p.selectionBar.show(len(ids), p.filter, p.Search.Text, len(ids) == len(p.keys))
	if len(ids) > 0 {
		p.selectionBar.root.Show()
		p.tabBar.Hide()
	} else {
		p.tabBar.Show()
		p.selectionBar.root.Hide()
	}
	p.List.UpdateVisible()
}

// pruneSelection removes chats that are no longer on the list: what cannot be seen
// is not selected.
func (p *Pane) pruneSelection() {
	if len(p.selection.ids) == 0 {
		return
	}
	ids := map[int64]bool{}
	for _, k := range p.keys {
		if p.selection.ids[k.ID] {
			ids[k.ID] = true
		}
	}
	p.setSelection(ids)
}

// handleTap opens a chat, or with Ctrl and Shift selects more than one.
func (p *Pane) handleTap(id int64, mod fyne.KeyModifier) {
	switch {
	case mod&fyne.KeyModifierShift != 0:
		p.rows.Focus() // so that Escape and Ctrl+A mean the list
		p.selectAfterReload(func() { p.selectRange(id, mod&fyne.KeyModifierShortcutDefault != 0) })
	case mod&fyne.KeyModifierShortcutDefault != 0:
		p.rows.Focus()
		p.toggleSelected(id)
	default:
		p.ClearSelection()
		p.selection.anchor, p.selection.cursor = id, id
		p.OnActivate(id)
	}
}

// toggleSelected adds a chat to the selection, or removes it.
func (p *Pane) toggleSelected(id int64) {
	ids := make(map[int64]bool, len(p.selection.ids)+1)
	for other := range p.selection.ids {
		ids[other] = true
	}
	if ids[id] {
		delete(ids, id)
	} else {
		ids[id] = true
	}
	p.selection.anchor, p.selection.cursor = id, id
	p.setSelection(ids)
}

// selectRange selects the chats from where the last range began, or the open one,
// to id. With keep those that were selected before stay selected.
func (p *Pane) selectRange(id int64, keep bool) {
	from := p.rows.Index(p.selection.anchor)
	if from < 0 {
		from = p.rows.Index(p.openID)
	}
	to := p.rows.Index(id)
	if to < 0 {
		return
	}
	if from < 0 {
		from = to
	}
	ids := map[int64]bool{}
	if keep {
		for other := range p.selection.ids {
			ids[other] = true
		}
	}
	for _, k := range p.keys[min(from, to) : max(from, to)+1] {
		ids[k.ID] = true
	}
	p.selection.anchor, p.selection.cursor = p.keys[from].ID, id
	p.setSelection(ids)
}

// extendSelection moves the end of the range by so many rows.
func (p *Pane) extendSelection(by int) {
	p.selectAfterReload(func() {
		at := p.rows.Index(p.selection.cursor)
		if at < 0 {
			at = p.rows.Index(p.openID)
		}
		if len(p.keys) == 0 {
			return
		}
		at = max(0, min(at+by, len(p.keys)-1))
		p.selectRange(p.keys[at].ID, false)
		p.List.ScrollIntoView(at)
	})
}

// countTexts returns texts that say how many chats are selected, the longest first.
func countTexts(n int, list data.List, search string, all bool) []string {
	count := widgets.FormatCount(n)
	texts := []string{count + " selected", count}
	if all && n > 1 {
		longest := "All " + count + " selected"
		if search != "" || list != data.AllChats {
			longest = "All " + count + " that match"
		}
		texts = append([]string{longest}, texts...)
	}
	return texts
}
