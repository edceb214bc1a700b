package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var _ fyne.Widget = (*StatusLabel)(nil)

const (
	statusLabelHeight   float32 = 20
	statusLabelIconSize float32 = 12
)

// StatusLabel is the label beside the name of a blocked customer. It says Blocked and
// nothing else; hide it for customers who are active.
type StatusLabel struct {
	widget.BaseWidget

	background *canvas.Rectangle
	icon       *canvas.Image
	text       *canvas.Text
}

// NewStatusLabel returns a visible label that says Blocked.
func NewStatusLabel() *StatusLabel {
	s := &StatusLabel{
		background: canvas.NewRectangle(theme.Color(theme.DangerBackground)),
		icon:       canvas.NewImageFromResource(theme.Icon("block", theme.Danger)),
		text:       canvas.NewText("Blocked", theme.Color(theme.Danger)),
	}
	s.background.CornerRadius = 8
	s.icon.FillMode = canvas.ImageFillContain
	s.text.TextSize = theme.Caption
	s.text.TextStyle.Bold = true
	s.ExtendBaseWidget(s)
	return s
}

// Text returns the text of the label.
func (s *StatusLabel) Text() string { return s.text.Text }

func (s *StatusLabel) CreateRenderer() fyne.WidgetRenderer {
	return &statusLabelRenderer{RendererObjects{s.background, s.icon, s.text}, s}
}

type statusLabelRenderer struct {
	RendererObjects
	label *StatusLabel
}

func (r *statusLabelRenderer) Layout(size fyne.Size) {
	s := r.label
	want, text := r.MinSize(), s.text.MinSize()
	y := floor((size.Height - want.Height) / 2)
	s.background.Resize(want)
	s.background.Move(fyne.NewPos(0, y))
	s.icon.Resize(fyne.NewSquareSize(statusLabelIconSize))
	s.icon.Move(fyne.NewPos(8, y+(want.Height-statusLabelIconSize)/2))
	s.text.Resize(text)
	s.text.Move(fyne.NewPos(8+statusLabelIconSize+4, y+(want.Height-text.Height)/2))
}

func (r *statusLabelRenderer) MinSize() fyne.Size {
	return fyne.NewSize(8+statusLabelIconSize+4+ceil(r.label.text.MinSize().Width)+8, statusLabelHeight)
}

func (r *statusLabelRenderer) Refresh() {
	r.label.background.FillColor = theme.Color(theme.DangerBackground)
	r.label.text.Color = theme.Color(theme.Danger)
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}
