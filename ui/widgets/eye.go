package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

// eye shows and hides what stands in a secret entry.
type eye struct {
	widget.BaseWidget

	entry *Entry
	image *canvas.Image
}

func newEye(e *Entry) *eye {
	i := &eye{entry: e, image: canvas.NewImageFromResource(theme.Icon("eye", theme.Muted))}
	i.image.FillMode = canvas.ImageFillContain
	i.ExtendBaseWidget(i)
	return i
}

// Tapped shows or hides, and leaves the keyboard with the entry.
func (i *eye) Tapped(*fyne.PointEvent) {
	i.entry.Password = !i.entry.Password
	name := "eye"
	if !i.entry.Password {
		name = "eye-off"
	}
	i.image.Resource = theme.Icon(name, theme.Muted)
	i.image.Refresh()
	i.entry.Refresh()
	takeFocus(i.entry)
}

// Cursor is the hand.
func (i *eye) Cursor() desktop.Cursor { return desktop.PointerCursor }

// CreateRenderer is used by Fyne alone.
func (i *eye) CreateRenderer() fyne.WidgetRenderer { return &eyeRenderer{parts{i.image}, i} }

type eyeRenderer struct {
	parts
	eye *eye
}

func (r *eyeRenderer) Layout(size fyne.Size) {
	r.eye.image.Resize(fyne.NewSquareSize(smallIconSize))
	r.eye.image.Move(fyne.NewPos((size.Width-smallIconSize)/2, (size.Height-smallIconSize)/2))
}

func (r *eyeRenderer) MinSize() fyne.Size { return fyne.NewSquareSize(control - 8) }
func (r *eyeRenderer) Refresh()           { r.eye.image.Refresh() }
