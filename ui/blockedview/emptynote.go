package blockedview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// emptyNote stands in the list's place while there is nothing in it: why, and what
// to do about it.
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

// show says text, a hint under it, and offers what do does; no words, no link.
func (n *emptyNote) show(text, hint, link string, do func()) {
	n.text.SetText(text)
	n.hint.SetText(hint)
	n.link.SetText(link)
	n.link.OnTapped = do
	n.link.Hidden = link == ""
	n.root.Show()
	n.root.Refresh()
}
