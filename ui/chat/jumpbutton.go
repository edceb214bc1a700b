package chat

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

var _ fyne.Widget = (*jumpButton)(nil)

const (
	jumpButtonSize float32 = 36
	jumpBadgeRise  float32 = 10 // how far the count stands above the circle
)

// jumpButton is the round button that leads down to what is new, with the number of
// messages that nobody has read on its edge.
type jumpButton struct {
	widget.BaseWidget

	button *widgets.Button
	circle *canvas.Circle
	count  *widgets.Badge
	unread int
}

func newJumpButton(onTapped func()) *jumpButton {
	b := &jumpButton{
		button: widgets.NewIconButton(theme.Icon("down", theme.Muted), "To the newest message", onTapped),
		circle: canvas.NewCircle(theme.Color(theme.Background)),
		count:  widgets.NewBadge(),
	}
	b.circle.StrokeWidth = 1
	b.ExtendBaseWidget(b)
	return b
}

// setCount shows how many messages nobody has read.
func (b *jumpButton) setCount(n int) {
	b.unread = n
	b.count.Set(n)
}

func (b *jumpButton) CreateRenderer() fyne.WidgetRenderer {
	r := &jumpButtonRenderer{widgets.RendererObjects{b.circle, b.button, b.count}, b}
	r.setColors()
	return r
}

type jumpButtonRenderer struct {
	widgets.RendererObjects
	jump *jumpButton
}

func (r *jumpButtonRenderer) MinSize() fyne.Size {
	return fyne.NewSize(jumpButtonSize, jumpButtonSize+jumpBadgeRise)
}

func (r *jumpButtonRenderer) Layout(fyne.Size) {
	at := fyne.NewPos(0, jumpBadgeRise)
	r.jump.circle.Resize(fyne.NewSquareSize(jumpButtonSize))
	r.jump.circle.Move(at)
	r.jump.button.Resize(fyne.NewSquareSize(jumpButtonSize))
	r.jump.button.Move(at)
	count := fyne.NewSize(jumpButtonSize, r.jump.count.MinSize().Height)
	r.jump.count.Resize(count)
	r.jump.count.Move(fyne.NewPos(0, 0))
}

func (r *jumpButtonRenderer) setColors() {
	r.jump.circle.FillColor = theme.Color(theme.Background)
	r.jump.circle.StrokeColor = theme.Color(theme.Separator)
}

func (r *jumpButtonRenderer) Refresh() {
	r.setColors()
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}
