package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

// Ground is a plain surface in the colour of a role; unlike a bare rectangle
// it follows the theme.
type Ground struct {
	widget.BaseWidget

	role fyne.ThemeColorName
	rect *canvas.Rectangle
}

// NewGround makes a surface in the colour of role.
func NewGround(role fyne.ThemeColorName) *Ground {
	g := &Ground{role: role, rect: canvas.NewRectangle(theme.Color(role))}
	g.ExtendBaseWidget(g)
	return g
}

// NewTinted makes a surface with round corners, for a box within a card.
func NewTinted(role fyne.ThemeColorName) *Ground {
	g := NewGround(role)
	g.rect.CornerRadius = theme.Radius
	return g
}

// CreateRenderer is used by Fyne alone.
func (g *Ground) CreateRenderer() fyne.WidgetRenderer {
	return &groundRenderer{parts{g.rect}, g}
}

type groundRenderer struct {
	parts
	ground *Ground
}

func (r *groundRenderer) Layout(size fyne.Size) { r.ground.rect.Resize(size) }
func (r *groundRenderer) MinSize() fyne.Size    { return fyne.NewSize(1, 1) }

func (r *groundRenderer) Refresh() {
	r.ground.rect.FillColor = theme.Color(r.ground.role)
	r.ground.rect.Refresh()
}
