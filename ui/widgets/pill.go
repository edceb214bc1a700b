package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var _ fyne.Widget = (*Pill)(nil)

const (
	pillHeight float32 = 24
	pillPad    float32 = 12
)

// Pill shows an event in the middle of the timeline.
type Pill struct {
	widget.BaseWidget

	background *canvas.Rectangle
	text       *EllipsisLabel
	time       *EllipsisLabel
}

// NewPill returns an empty pill.
func NewPill() *Pill {
	p := &Pill{
		background: canvas.NewRectangle(theme.Color(theme.BubbleIn)),
		text:       NewEllipsisLabel(theme.Muted, theme.Caption),
		time:       NewEllipsisLabel(theme.Muted, theme.Caption),
	}
	p.background.CornerRadius = theme.Radius
	p.ExtendBaseWidget(p)
	return p
}

// Set shows text and, unless it is empty, a time after it.
func (p *Pill) Set(text, time string) {
	if text == p.text.Text() && time == p.time.Text() {
		return
	}
	p.text.SetText(text)
	p.time.SetText(time)
	p.layout(p.Size())
}

// Text returns the text without the time.
func (p *Pill) Text() string { return p.text.Text() }

func (p *Pill) CreateRenderer() fyne.WidgetRenderer {
	return &pillRenderer{RendererObjects{p.background, p.text, p.time}, p}
}

func (p *Pill) layout(size fyne.Size) {
	text, time, gap := p.text.NaturalSize(), p.time.NaturalSize(), float32(0)
	if p.time.Text() != "" {
		gap = 8
	}
	// Rounded up: a fraction too little would show an ellipsis.
	room := max(size.Width-2*pillPad-gap-ceil(time.Width), 0)
	width := min(ceil(text.Width), room)
	all := width + gap + ceil(time.Width) + 2*pillPad
	x, y := floor((size.Width-all)/2), floor((size.Height-pillHeight)/2)
	p.background.Resize(fyne.NewSize(all, pillHeight))
	p.background.Move(fyne.NewPos(x, y))
	p.text.Resize(fyne.NewSize(width, pillHeight))
	p.text.Move(fyne.NewPos(x+pillPad, y))
	p.time.Resize(fyne.NewSize(ceil(time.Width), pillHeight))
	p.time.Move(fyne.NewPos(x+pillPad+width+gap, y))
}

type pillRenderer struct {
	RendererObjects
	pill *Pill
}

func (r *pillRenderer) Layout(size fyne.Size) { r.pill.layout(size) }
func (r *pillRenderer) MinSize() fyne.Size    { return fyne.NewSize(96, pillHeight) }

func (r *pillRenderer) Refresh() {
	r.pill.background.FillColor = theme.Color(theme.BubbleIn)
	r.pill.background.Refresh()
	r.pill.text.Refresh()
	r.pill.time.Refresh()
	r.pill.layout(r.pill.Size())
}
