package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// showShortcutSheet lists the shortcuts that have a description.
func showShortcutSheet(p *dialogs.Presenter, shortcuts []shortcut) {
	var rows []fyne.CanvasObject
	for _, s := range shortcuts {
		if s.description == "" {
			continue
		}
		keys := widgets.NewEllipsisLabel(theme.Muted, theme.Body)
		keys.SetText(s.label)
		keys.SetAlign(fyne.TextAlignTrailing)
		description := widgets.NewEllipsisLabel(theme.Text, theme.Body)
		description.SetText(s.description)
		rows = append(rows, container.New(shortcutRowLayout{}, description, keys))
	}
	p.Show("Shortcuts", container.New(layout.NewCustomPaddedVBoxLayout(6), rows...))
}

// shortcutRowLayout sizes the keys as they need, and leaves the rest of the row to
// the description.
type shortcutRowLayout struct{}

func (shortcutRowLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 19) }

func (shortcutRowLayout) Layout(parts []fyne.CanvasObject, size fyne.Size) {
	keys := parts[1].(*widgets.EllipsisLabel).NaturalSize().Width + 1
	parts[0].Resize(fyne.NewSize(max(0, size.Width-keys-12), size.Height))
	parts[1].Resize(fyne.NewSize(keys, size.Height))
	parts[1].Move(fyne.NewPos(size.Width-keys, 0))
}
