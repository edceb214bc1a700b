package blockedview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/latchdesk/latchdesk/ui/native"
)

// openChat selects a row, and opens its chat if there is one.
func (p *Pane) openChat(v rowData) {
	p.selectRow(v)
	if v.chat {
		p.OnOpen(v.customer)
	}
}

func (p *Pane) unblock(v rowData) {
	p.selectRow(v)
	if v.customer != 0 && !v.past {
		p.OnUnblock(v.customer)
	}
}

func (p *Pane) openMenu(v rowData, at fyne.Position) {
	p.selectRow(v)
	if v.customer != 0 {
		p.OnMenu(v.customer, v.chat, at)
	}
}

// selectRow selects a row and focuses its list.
func (p *Pane) selectRow(v rowData) {
	p.current().Select(v.id)
	p.current().Focus()
}

// Selected returns the customer whose row is selected, 0 for none.
func (p *Pane) Selected() int64 {
	v, _ := p.current().SelectedValue()
	return v.customer
}

// UnblockSelected calls OnUnblock for the selected row.
func (p *Pane) UnblockSelected() {
	if v, ok := p.current().SelectedValue(); ok {
		p.unblock(v)
	}
}

// MenuSelected calls OnMenu for the selected row.
func (p *Pane) MenuSelected() {
	l := p.current()
	if v, ok := l.SelectedValue(); ok {
		p.openMenu(v, l.MenuPosition(l.Selected(), textX))
	}
}

// handleKey is what the keyboard does in the lists, besides moving.
func (p *Pane) handleKey(key *fyne.KeyEvent) bool {
	l := p.current()
	switch native.KeyName(key) {
	case fyne.KeyReturn, fyne.KeyEnter:
		if v, ok := l.SelectedValue(); ok {
			p.openChat(v)
		}
	case fyne.KeyDelete, fyne.KeyU:
		p.UnblockSelected()
	case desktop.KeyMenu:
		p.MenuSelected()
	default:
		return false
	}
	return true
}

// handleSearchKey moves the keyboard from the search field into the list on Down
// and Enter, and on Escape clears the search, or goes back to the list without one.
func (p *Pane) handleSearchKey(key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeyDown, fyne.KeyReturn, fyne.KeyEnter:
		if l := p.current(); l.Selected() == 0 {
			l.MoveSelection(0)
		}
		p.current().Focus()
	case fyne.KeyEscape:
		if p.Search.Text == "" {
			p.current().Focus()
		}
		p.Search.SetText("")
	default:
		return false
	}
	return true
}
