package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
)

const tickSide float32 = 16

type tickIcon struct {
	name string
	role fyne.ThemeColorName
}

var tickIcons = map[data.MessageStatus]tickIcon{
	data.KeptHere:  {"clock", theme.Muted},
	data.Sent:      {"check", theme.Muted},
	data.Delivered: {"checks", theme.Muted},
	data.Read:      {"checks", theme.Ticks},
	data.Failed:    {"failed", theme.Danger},
	data.Waiting:   {"clock", theme.Muted},
}

// TickMark shows how far an outgoing message has come.
type TickMark struct {
	widget.BaseWidget

	tick  data.MessageStatus
	image *canvas.Image
}

// NewTickMark makes a mark that shows nothing yet.
func NewTickMark() *TickMark {
	m := &TickMark{image: canvas.NewImageFromResource(nil)}
	m.image.FillMode = canvas.ImageFillContain
	m.ExtendBaseWidget(m)
	m.Hide()
	return m
}

// Set shows tick; there is nothing to show for an incoming message.
func (m *TickMark) Set(tick data.MessageStatus) {
	if tick == m.tick {
		return
	}
	m.tick = tick
	icon, ok := tickIcons[tick]
	if !ok {
		m.Hide()
		return
	}
	m.image.Resource = theme.Icon(icon.name, icon.role)
	m.image.Refresh()
	m.Show()
}

// Tick is what the mark shows.
func (m *TickMark) Tick() data.MessageStatus { return m.tick }

// CreateRenderer is used by Fyne alone.
func (m *TickMark) CreateRenderer() fyne.WidgetRenderer {
	return &tickRenderer{parts{m.image}, m}
}

type tickRenderer struct {
	parts
	mark *TickMark
}

func (r *tickRenderer) Layout(size fyne.Size) { r.mark.image.Resize(size) }
func (r *tickRenderer) MinSize() fyne.Size    { return fyne.NewSquareSize(tickSide) }
func (r *tickRenderer) Refresh()              { r.mark.image.Refresh() }
