package chat

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

// mark is the line above the first message that nobody has read.
type mark struct {
	widget.BaseWidget

	left, right *canvas.Rectangle
	text        *canvas.Text
}

func newMark(text string) *mark {
	m := &mark{
		left:  canvas.NewRectangle(theme.Color(theme.Accent)),
		right: canvas.NewRectangle(theme.Color(theme.Accent)),
		text:  canvas.NewText(text, theme.Color(theme.Accent)),
	}
	m.text.TextSize = theme.Caption
	m.text.TextStyle.Bold = true
	m.ExtendBaseWidget(m)
	return m
}

// CreateRenderer is used by Fyne alone.
func (m *mark) CreateRenderer() fyne.WidgetRenderer {
	return &markRenderer{m, []fyne.CanvasObject{m.left, m.text, m.right}}
}

type markRenderer struct {
	mark    *mark
	objects []fyne.CanvasObject
}

func (r *markRenderer) Layout(size fyne.Size) {
	text := r.mark.text.MinSize()
	side := (size.Width-text.Width)/2 - 12
	r.mark.text.Resize(text)
	r.mark.text.Move(fyne.NewPos((size.Width-text.Width)/2, (size.Height-text.Height)/2))
	r.mark.left.Resize(fyne.NewSize(max(0, side), 1))
	r.mark.left.Move(fyne.NewPos(0, size.Height/2))
	r.mark.right.Resize(fyne.NewSize(max(0, side), 1))
	r.mark.right.Move(fyne.NewPos(size.Width-max(0, side), size.Height/2))
}

func (r *markRenderer) MinSize() fyne.Size { return fyne.NewSize(120, 20) }

func (r *markRenderer) Refresh() {
	r.mark.left.FillColor = theme.Color(theme.Accent)
	r.mark.right.FillColor = theme.Color(theme.Accent)
	r.mark.text.Color = theme.Color(theme.Accent)
	for _, o := range r.objects {
		o.Refresh()
	}
}

func (r *markRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *markRenderer) Destroy()                     {}
