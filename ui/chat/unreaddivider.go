package chat

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

var _ fyne.Widget = (*unreadDivider)(nil)

// unreadDivider is the line above the first message that nobody has read.
type unreadDivider struct {
	widget.BaseWidget

	left, right *canvas.Rectangle
	text        *canvas.Text
}

func newUnreadDivider(text string) *unreadDivider {
	m := &unreadDivider{
		left:  canvas.NewRectangle(theme.Color(theme.Accent)),
		right: canvas.NewRectangle(theme.Color(theme.Accent)),
		text:  canvas.NewText(text, theme.Color(theme.Accent)),
	}
	m.text.TextSize = theme.Caption
	m.text.TextStyle.Bold = true
	m.ExtendBaseWidget(m)
	return m
}

func (m *unreadDivider) CreateRenderer() fyne.WidgetRenderer {
	return &unreadDividerRenderer{widgets.RendererObjects{m.left, m.text, m.right}, m}
}

type unreadDividerRenderer struct {
	widgets.RendererObjects
	divider *unreadDivider
}

func (r *unreadDividerRenderer) Layout(size fyne.Size) {
	text := r.divider.text.MinSize()
	side := (size.Width-text.Width)/2 - 12
	r.divider.text.Resize(text)
	r.divider.text.Move(fyne.NewPos((size.Width-text.Width)/2, (size.Height-text.Height)/2))
	r.divider.left.Resize(fyne.NewSize(max(0, side), 1))
	r.divider.left.Move(fyne.NewPos(0, size.Height/2))
	r.divider.right.Resize(fyne.NewSize(max(0, side), 1))
	r.divider.right.Move(fyne.NewPos(size.Width-max(0, side), size.Height/2))
}

func (r *unreadDividerRenderer) MinSize() fyne.Size { return fyne.NewSize(120, 20) }

func (r *unreadDividerRenderer) Refresh() {
	r.divider.left.FillColor = theme.Color(theme.Accent)
	r.divider.right.FillColor = theme.Color(theme.Accent)
	r.divider.text.Color = theme.Color(theme.Accent)
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}
