package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var _ fyne.Widget = (*Background)(nil)

// Background is a plain surface in the colour of a role. Unlike a
// canvas.Rectangle it follows the theme.
type Background struct {
	widget.BaseWidget

	role fyne.ThemeColorName
	rect *canvas.Rectangle
}

// NewBackground returns a Background in the colour of role.
func NewBackground(role fyne.ThemeColorName) *Background {
	g := &Background{role: role, rect: canvas.NewRectangle(theme.Color(role))}
	g.ExtendBaseWidget(g)
	return g
}

// NewRoundedBackground returns a Background with round corners, for a box within a
// card.
func NewRoundedBackground(role fyne.ThemeColorName) *Background {
	g := NewBackground(role)
	g.rect.CornerRadius = theme.Radius
	return g
}

func (g *Background) CreateRenderer() fyne.WidgetRenderer {
	return &backgroundRenderer{RendererObjects{g.rect}, g}
}

type backgroundRenderer struct {
	RendererObjects
	background *Background
}

func (r *backgroundRenderer) Layout(size fyne.Size) { r.background.rect.Resize(size) }
func (r *backgroundRenderer) MinSize() fyne.Size    { return fyne.NewSize(1, 1) }

func (r *backgroundRenderer) Refresh() {
	r.background.rect.FillColor = theme.Color(r.background.role)
	r.background.rect.Refresh()
}
