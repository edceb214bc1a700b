package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var _ desktop.Hoverable = (*RowGround)(nil)

// RowGround is what a row of a list stands on: its background, which shows whether the
// row is selected or under the pointer, and the ring of the row that has the keyboard. A
// row embeds it, and draws Background before and Ring after everything else.
type RowGround struct {
	Background, Ring  *canvas.Rectangle
	Selected, Focused bool // shown by the next PaintGround

	role    fyne.ThemeColorName
	hovered bool
}

// NewRowGround returns the ground of a row that has the colour of role where it does not
// stand out.
func NewRowGround(role fyne.ThemeColorName) RowGround {
	g := RowGround{Background: canvas.NewRectangle(color.Transparent), Ring: canvas.NewRectangle(color.Transparent), role: role}
	g.Ring.StrokeWidth, g.Ring.CornerRadius = 2, 4
	g.PaintGround()
	return g
}

// PaintGround shows Selected, Focused and the colours of the theme.
func (g *RowGround) PaintGround() {
	fill := theme.Color(g.role)
	switch {
	case g.Selected:
		fill = theme.Color(theme.Selected)
	case g.hovered:
		fill = theme.Color(theme.Hover)
	}
	g.Background.FillColor = fill
	g.Ring.StrokeColor = theme.Color(theme.Focus)
	g.Ring.Hidden = !g.Focused
	g.Background.Refresh()
	g.Ring.Refresh()
}

// LayoutGround places the ground under a row of a size.
func (g *RowGround) LayoutGround(size fyne.Size) {
	g.Background.Resize(size)
	g.Ring.Resize(size.SubtractWidthHeight(4, 4))
	g.Ring.Move(fyne.NewPos(2, 2))
}

// MouseIn tints the row.
func (g *RowGround) MouseIn(*desktop.MouseEvent) {
	g.hovered = true
	g.PaintGround()
}

// MouseMoved does nothing; it is part of desktop.Hoverable.
func (g *RowGround) MouseMoved(*desktop.MouseEvent) {}

// MouseOut removes the tint.
func (g *RowGround) MouseOut() {
	g.hovered = false
	g.PaintGround()
}
