package chat

import (
	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// startSelection clears the selection elsewhere and takes the focus, so that Ctrl+C
// copies.
func (t *timeline) startSelection(p *widgets.SelectableText) {
	if t.selected != nil && t.selected != p {
		t.selected.ClearSelection()
	}
	t.selected = p
	if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil {
		widgets.Focus(c, t)
	}
	t.showRing()
}

// textMenu opens a menu to copy the selection, or else the chat's menu.
func (t *timeline) textMenu(at fyne.Position) {
	if t.selectedText() == "" {
		t.onMenu(at)
		return
	}
	c := fyne.CurrentApp().Driver().CanvasForObject(t)
	widgets.ShowMenu(c, []widgets.MenuItem{{Label: "Copy", Shortcut: "Ctrl+C", Action: t.copySelection}}, at)
}

func (t *timeline) selectedText() string {
	if t.selected == nil {
		return ""
	}
	return t.selected.SelectedText()
}

func (t *timeline) copySelection() {
	if text := t.selectedText(); text != "" {
		t.onCopy(t.selectedMessage().CopyText(text))
	}
}

// selectedMessage returns the message of which text is selected, the zero value for what
// is none.
func (t *timeline) selectedMessage() data.Message {
	for _, o := range t.objects {
		if b, ok := o.(*bubble); ok && b.text == t.selected {
			return b.message
		}
	}
	return data.Message{}
}
