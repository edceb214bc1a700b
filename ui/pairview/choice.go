package pairview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

var _ fyne.Widget = (*choice)(nil)

const checkInset float32 = 8 // that Fyne's check keeps before its box

// choice is one of the two answers: what it does, and its button.
type choice struct {
	widget.BaseWidget

	ground *card
	text   *widgets.Paragraph
	check  *widgets.Check // hidden where there is nothing to choose
	button *widgets.Button
	key    *widgets.EllipsisLabel
}

func newChoice(label, key, icon string, edge fyne.ThemeColorName, width float32, do func()) *choice {
	c := &choice{
		ground: newCard(theme.Background, edge, width, theme.Radius),
		text:   widgets.NewParagraph("", theme.Text, smallText),
		check:  widgets.NewCheck("Discard what is held", nil),
		button: widgets.NewButton(label, widgets.Outline, do),
		key:    widgets.NewEllipsisLabel(theme.Muted, theme.Caption),
	}
	c.button.SetIcon(theme.Icon(icon, theme.Accent))
	c.key.SetText(key)
	c.check.Hide()
	c.ExtendBaseWidget(c)
	return c
}

// Fit places the parts in a width, the button at the bottom of a card that is at least
// so high, and returns the height.
func (c *choice) Fit(width, least float32) (height float32) {
	y := cellPad + c.text.Fit(max(0, width-2*cellPad)) + 12
	c.text.Move(fyne.NewPos(cellPad, cellPad))
	button, key, check := c.button.MinSize(), c.key.NaturalSize(), c.check.MinSize()
	beside := cellPad + button.Width + 10 + key.Width + 12 // where the check stands if there is room
	under := c.check.Visible() && beside+check.Width > width
	if under {
		c.check.Move(fyne.NewPos(cellPad-checkInset, y-8))
		y += check.Height - 4
	}
	height = max(least, y+button.Height+cellPad)
	top := height - button.Height - cellPad
	c.button.Resize(button)
	c.button.Move(fyne.NewPos(cellPad, top))
	c.key.Resize(fyne.NewSize(key.Width+1, button.Height))
	c.key.Move(fyne.NewPos(cellPad+button.Width+10, top))
	c.check.Resize(check)
	if !under {
		c.check.Move(fyne.NewPos(beside, top+(button.Height-check.Height)/2))
	}
	c.ground.Resize(fyne.NewSize(width, height))
	c.Resize(fyne.NewSize(width, height))
	return height
}

func (c *choice) CreateRenderer() fyne.WidgetRenderer {
	return &partsRenderer{widgets.RendererObjects{c.ground, c.text, c.check, c.button, c.key}}
}
