package chatlist

import (
	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// choice is the chats that were selected together, to do something to all.
type choice struct {
	ids  map[int64]bool
	from int64 // where a range begins
	to   int64 // and where it ends, for the keyboard to move on from
}

// Chosen are the customers whose chats are selected together, in the order of
// the list.
func (p *Pane) Chosen() []int64 {
	ids := make([]int64, 0, len(p.choice.ids))
	for _, k := range p.keys {
		if p.choice.ids[k.ID] {
			ids = append(ids, k.ID)
		}
	}
	return ids
}

// IsChosen reports whether a customer's chat is among them.
func (p *Pane) IsChosen(customer int64) bool { return p.choice.ids[customer] }

// ChooseAll selects all chats that are on the list and match the search.
func (p *Pane) ChooseAll() {
	p.InOrder(func() {
		ids := make(map[int64]bool, len(p.keys))
		for _, k := range p.keys {
			ids[k.ID] = true
		}
		p.choose(ids)
	})
}

// ClearChoice goes back to one chat; it reports whether there were more.
func (p *Pane) ClearChoice() bool {
	if len(p.choice.ids) == 0 {
		return false
	}
	p.choose(nil)
	return true
}

func (p *Pane) choose(ids map[int64]bool) {
	had := len(p.choice.ids)
	if p.choice.ids = ids; had == 0 && len(ids) == 0 {
		return
	}
	p.bar.show(len(ids), p.list, p.Search.Text, len(ids) == len(p.keys))
	if len(ids) > 0 {
		p.bar.root.Show()
		p.tabBar.Hide()
	} else {
		p.tabBar.Show()
		p.bar.root.Hide()
	}
	p.List.UpdateVisible()
}

// keepChosen lets go of the chats that are on the list no more: what cannot be
// seen is not selected.
func (p *Pane) keepChosen() {
	if len(p.choice.ids) == 0 {
		return
	}
	ids := map[int64]bool{}
	for _, k := range p.keys {
		if p.choice.ids[k.ID] {
			ids[k.ID] = true
		}
	}
	p.choose(ids)
}

// tapped opens a chat, or with Ctrl and Shift selects more than one.
func (p *Pane) tapped(id int64, mod fyne.KeyModifier) {
	switch {
	case mod&fyne.KeyModifierShift != 0:
		p.takeKeyboard()
		p.InOrder(func() { p.chooseTo(id, mod&fyne.KeyModifierShortcutDefault != 0) })
	case mod&fyne.KeyModifierShortcutDefault != 0:
		p.takeKeyboard()
		p.turnChosen(id)
	default:
		p.ClearChoice()
		p.choice.from, p.choice.to = id, id
		p.OnPick(id)
	}
}

// takeKeyboard has Escape and Ctrl+A mean the list.
func (p *Pane) takeKeyboard() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(p.List); c != nil {
		c.Focus(p.List)
	}
}

// turnChosen takes a chat among the selected, or out of them.
func (p *Pane) turnChosen(id int64) {
	ids := make(map[int64]bool, len(p.choice.ids)+1)
	for other := range p.choice.ids {
		ids[other] = true
	}
	if ids[id] {
		delete(ids, id)
	} else {
		ids[id] = true
	}
	p.choice.from, p.choice.to = id, id
	p.choose(ids)
}

// chooseTo selects the chats from where the last choice began, or the open one,
// to id; more keeps those that were selected before.
func (p *Pane) chooseTo(id int64, more bool) {
	from := indexOf(p.keys, p.choice.from)
	if from < 0 {
		from = indexOf(p.keys, p.open)
	}
	to := indexOf(p.keys, id)
	if to < 0 {
		return
	}
	if from < 0 {
		from = to
	}
	ids := map[int64]bool{}
	if more {
		for other := range p.choice.ids {
			ids[other] = true
		}
	}
	for _, k := range p.keys[min(from, to) : max(from, to)+1] {
		ids[k.ID] = true
	}
	p.choice.from, p.choice.to = p.keys[from].ID, id
	p.choose(ids)
}

// extend moves the end of the range by so many chats.
func (p *Pane) extend(by int) {
	p.InOrder(func() {
		at := indexOf(p.keys, p.choice.to)
		if at < 0 {
			at = indexOf(p.keys, p.open)
		}
		if len(p.keys) == 0 {
			return
		}
		at = max(0, min(at+by, len(p.keys)-1))
		p.chooseTo(p.keys[at].ID, false)
		p.List.ScrollIntoView(at)
	})
}

// extendKey is what a key does to the range while Shift is held.
func (p *Pane) extendKey(key fyne.KeyName) bool {
	by, ok := map[fyne.KeyName]int{
		fyne.KeyDown: 1, fyne.KeyUp: -1,
		fyne.KeyPageDown: p.List.PageSize(), fyne.KeyPageUp: -p.List.PageSize(),
		fyne.KeyHome: -len(p.keys), fyne.KeyEnd: len(p.keys),
	}[key]
	if ok {
		p.extend(by)
	}
	return ok
}

// countWords says how many chats are selected, the longest first.
func countWords(n int, list data.List, search string, all bool) []string {
	count := widgets.FormatCount(n)
	words := []string{count + " selected", count}
	if all && n > 1 {
		whole := "All " + count + " selected"
		if search != "" || list != data.AllChats {
			whole = "All " + count + " that match"
		}
		words = append([]string{whole}, words...)
	}
	return words
}
