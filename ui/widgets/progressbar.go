package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var _ fyne.Widget = (*ProgressBar)(nil)

const progressBarHeight float32 = 8

// ProgressBar shows a fraction as a bar that fills up.
type ProgressBar struct {
	widget.BaseWidget

	background *Background
	fill       *Background
	fraction   float64
}

// NewProgressBar returns an empty bar, as wide as its room.
func NewProgressBar() *ProgressBar {
	b := &ProgressBar{background: NewRoundedBackground(theme.Separator), fill: NewRoundedBackground(theme.Accent)}
	b.ExtendBaseWidget(b)
	return b
}

// Set fills the bar by a fraction from 0 to 1.
func (b *ProgressBar) Set(fraction float64) {
	b.fraction = min(1, max(0, fraction))
	b.Refresh()
}

// Fraction returns by how much the bar is filled, from 0 to 1.
func (b *ProgressBar) Fraction() float64 { return b.fraction }

func (b *ProgressBar) CreateRenderer() fyne.WidgetRenderer {
	return &progressBarRenderer{RendererObjects{b.background, b.fill}, b}
}

type progressBarRenderer struct {
	RendererObjects
	bar *ProgressBar
}

func (r *progressBarRenderer) Layout(size fyne.Size) {
	r.bar.background.Resize(size)
	r.bar.fill.Resize(fyne.NewSize(size.Width*float32(r.bar.fraction), size.Height))
}

func (r *progressBarRenderer) MinSize() fyne.Size {
	return fyne.NewSize(progressBarHeight, progressBarHeight)
}

func (r *progressBarRenderer) Refresh() {
	r.Layout(r.bar.Size())
	r.bar.background.Refresh()
	r.bar.fill.Refresh()
}
