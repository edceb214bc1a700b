package pairview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

var (
	_ fyne.Widget = (*card)(nil)
	_ fyne.Widget = (*line)(nil)
)

// card is a box with round corners and an edge.
type card struct {
	widget.BaseWidget

	fill, edge fyne.ThemeColorName
	rect       *canvas.Rectangle
}

func newCard(fill, edge fyne.ThemeColorName, width, radius float32) *card {
	c := &card{fill: fill, edge: edge, rect: canvas.NewRectangle(theme.Color(fill))}
	c.rect.StrokeWidth, c.rect.CornerRadius = width, radius
	c.rect.StrokeColor = theme.Color(edge)
	c.ExtendBaseWidget(c)
	return c
}

func (c *card) CreateRenderer() fyne.WidgetRenderer {
	return &cardRenderer{widgets.RendererObjects{c.rect}, c}
}

type cardRenderer struct {
	widgets.RendererObjects
	card *card
}

func (r *cardRenderer) Layout(size fyne.Size) { r.card.rect.Resize(size) }
func (r *cardRenderer) MinSize() fyne.Size    { return fyne.Size{} }

func (r *cardRenderer) Refresh() {
	r.card.rect.FillColor, r.card.rect.StrokeColor = theme.Color(r.card.fill), theme.Color(r.card.edge)
	r.card.rect.Refresh()
}

// line is a message that a customer wrote, with its time.
type line struct {
	widget.BaseWidget

	ground *card
	text   *widgets.Paragraph
	time   *widgets.EllipsisLabel
}

func newLine() *line {
	l := &line{
		ground: newCard(theme.Canvas, theme.Canvas, 0, 8),
		text:   widgets.NewParagraph("", theme.Text, smallText),
		time:   widgets.NewEllipsisLabel(theme.Muted, theme.Caption),
	}
	l.ExtendBaseWidget(l)
	return l
}

// Fit places the text in a width at most, and returns the height.
func (l *line) Fit(width float32) (height float32) {
	const pad = 10
	time := l.time.NaturalSize().Width + 1
	room := max(0, width-2*pad)
	height = l.text.Fit(room)
	end := l.text.LastLineWidth() + 8
	if end+time > room { // the time has a line of its own
		end = 0
		height += rowLine
	}
	wide := end + time
	for _, text := range l.text.Lines() {
		wide = max(wide, fyne.MeasureText(text, smallText, fyne.TextStyle{}).Width)
	}
	l.text.Move(fyne.NewPos(pad, 4))
	l.time.Resize(fyne.NewSize(time, rowLine))
	l.time.Move(fyne.NewPos(pad+end, 4+height-rowLine))
	size := fyne.NewSize(min(width, wide+2*pad), height+8)
	l.ground.Resize(size)
	l.Resize(size)
	return size.Height
}

func (l *line) CreateRenderer() fyne.WidgetRenderer {
	return &partsRenderer{widgets.RendererObjects{l.ground, l.text, l.time}}
}

// partsRenderer is for widgets whose Fit places their parts.
type partsRenderer struct{ widgets.RendererObjects }

func (r *partsRenderer) Layout(fyne.Size)   {}
func (r *partsRenderer) MinSize() fyne.Size { return fyne.Size{} }

func (r *partsRenderer) Refresh() {
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}
