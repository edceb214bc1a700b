package blockedview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// emptyNote stands in the place of an empty list: why it is empty, and what can be
// done about it.
type emptyNote struct {
	root *fyne.Container
	text *widgets.EllipsisLabel
	hint *widgets.EllipsisLabel
	link *widgets.Link
}

func newEmptyNote() *emptyNote {
	n := &emptyNote{
		text: widgets.NewEllipsisLabel(theme.Text, theme.Heading),
		hint: widgets.NewEllipsisLabel(theme.Muted, theme.Body),
		link: widgets.NewLink("", nil),
	}
	n.text.SetAlign(fyne.TextAlignCenter)
	n.hint.SetAlign(fyne.TextAlignCenter)
	n.root = container.New(layout.NewCustomPaddedLayout(64, 0, 16, 16),
		container.New(layout.NewCustomPaddedVBoxLayout(8), n.text, n.hint, container.NewCenter(n.link)))
	n.root.Hide()
	return n
}

func (n *emptyNote) hide() { n.root.Hide() }

// show shows a text, a hint under it, and a link that calls do unless its label is
// empty.
func (n *emptyNote) show(text, hint, label string, do func()) {
	n.text.SetText(text)
	n.hint.SetText(hint)
	n.link.SetText(label)
	n.link.OnTapped = do
	n.link.Hidden = label == ""
	n.root.Show()
	n.root.Refresh()
}
