package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var (
	_ fyne.Widget        = (*revealButton)(nil)
	_ fyne.Tappable      = (*revealButton)(nil)
	_ desktop.Cursorable = (*revealButton)(nil)
)

// revealButton shows and hides the text of a password entry.
type revealButton struct {
	widget.BaseWidget

	entry *Entry
	image *canvas.Image
}

func newRevealButton(e *Entry) *revealButton {
	i := &revealButton{entry: e, image: canvas.NewImageFromResource(theme.Icon("eye", theme.Muted))}
	i.image.FillMode = canvas.ImageFillContain
	i.ExtendBaseWidget(i)
	return i
}

// Tapped shows or hides the text, and leaves the focus with the entry.
func (i *revealButton) Tapped(*fyne.PointEvent) {
	i.entry.Password = !i.entry.Password
	name := "eye"
	if !i.entry.Password {
		name = "eye-off"
	}
	i.image.Resource = theme.Icon(name, theme.Muted)
	i.image.Refresh()
	i.entry.Refresh()
	requestFocus(i.entry)
}

// Cursor returns the pointing hand.
func (i *revealButton) Cursor() desktop.Cursor { return desktop.PointerCursor }

func (i *revealButton) CreateRenderer() fyne.WidgetRenderer {
	return &revealButtonRenderer{RendererObjects{i.image}, i}
}

type revealButtonRenderer struct {
	RendererObjects
	button *revealButton
}

func (r *revealButtonRenderer) Layout(size fyne.Size) {
	r.button.image.Resize(fyne.NewSquareSize(smallIconSize))
	r.button.image.Move(fyne.NewPos((size.Width-smallIconSize)/2, (size.Height-smallIconSize)/2))
}

func (r *revealButtonRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(controlHeight - 8) }
func (r *revealButtonRenderer) Refresh()           { r.button.image.Refresh() }
