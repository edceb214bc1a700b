package chatlist

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/data"
)

// emptyNote says why there is nothing in the list.
type emptyNote struct {
	root  *fyne.Container
	label *widget.Label
}

func newEmptyNote() *emptyNote {
	n := &emptyNote{label: widget.NewLabel("")}
	n.label.Alignment = fyne.TextAlignCenter
	n.label.Wrapping = fyne.TextWrapWord
	n.label.Importance = widget.LowImportance
	n.root = container.NewPadded(n.label)
	n.root.Hide()
	return n
}

func (n *emptyNote) show(empty bool, list data.List, search string) {
	if !empty {
		n.root.Hide()
		return
	}
	text := "No chats yet."
	switch {
	case search != "":
		text = "Nobody here matches “" + data.OneLine(search, 40) + "”."
	case list == data.UnreadChats:
		text = "Everything has been read."
	case list == data.BlockedChats:
		text = "Nobody is blocked."
	}
	n.label.SetText(text)
	n.root.Show()
}
