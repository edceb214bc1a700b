package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var _ fyne.Widget = (*Bullet)(nil)

const (
	bulletDot    float32 = 6
	bulletIndent float32 = 18
)

// Bullet is one item of a bulleted list.
type Bullet struct {
	widget.BaseWidget

	dot  *canvas.Circle
	text *Paragraph
}

// NewBullet returns an item with text.
func NewBullet(text string) *Bullet {
	b := &Bullet{dot: canvas.NewCircle(theme.Color(theme.Muted)), text: NewParagraph(text, theme.Muted, 13)}
	b.ExtendBaseWidget(b)
	return b
}

// Text returns the text of the item.
func (b *Bullet) Text() string { return b.text.Text() }

func (b *Bullet) CreateRenderer() fyne.WidgetRenderer {
	return &bulletRenderer{RendererObjects{b.dot, b.text}, b}
}

type bulletRenderer struct {
	RendererObjects
	bullet *Bullet
}

func (r *bulletRenderer) Layout(size fyne.Size) {
	r.bullet.text.Resize(fyne.NewSize(size.Width-bulletIndent, size.Height))
	r.bullet.text.Move(fyne.NewPos(bulletIndent, 0))
	r.bullet.dot.Resize(fyne.NewSquareSize(bulletDot))
	r.bullet.dot.Move(fyne.NewPos(2, 7))
}

func (r *bulletRenderer) MinSize() fyne.Size {
	return r.bullet.text.MinSize().AddWidthHeight(bulletIndent, 0)
}

func (r *bulletRenderer) Refresh() {
	r.bullet.dot.FillColor = theme.Color(theme.Muted)
	r.bullet.dot.Refresh()
	r.bullet.text.Refresh()
}
