package chatlist

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

var filterNames = []struct {
	list data.List
	name string
}{
	{data.AllChats, "All"},
	{data.UnreadChats, "Unread"},
	{data.BlockedChats, "Blocked"},
}

func (p *Pane) newTabs() fyne.CanvasObject {
	p.tabs = map[data.List]*widgets.Tab{}
	bar := container.NewHBox()
	for _, l := range filterNames {
		t := widgets.NewTab(l.name, func() { p.SetFilter(l.list) })
		t.SetSelected(l.list == p.filter)
		p.tabs[l.list] = t
		bar.Add(t)
	}
	return bar
}
