package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
)

const smallIconSize float32 = 16

type coloredIcon struct {
	name string
	role fyne.ThemeColorName
}

var statusIcons = map[data.MessageStatus]coloredIcon{
	data.KeptHere:  {"clock", theme.Muted},
	data.Sent:      {"check", theme.Muted},
	data.Delivered: {"checks", theme.Muted},
	data.Read:      {"checks", theme.ReadReceipt},
	data.Failed:    {"failed", theme.Danger},
	data.Waiting:   {"clock", theme.Muted},
}

// StatusIcon shows how far an outgoing message has come.
type StatusIcon struct {
	widget.BaseWidget

	status data.MessageStatus
	image  *canvas.Image
}

// NewStatusIcon makes a mark that shows nothing yet.
func NewStatusIcon() *StatusIcon {
	m := &StatusIcon{image: canvas.NewImageFromResource(nil)}
	m.image.FillMode = canvas.ImageFillContain
	m.ExtendBaseWidget(m)
	m.Hide()
	return m
}

// Set shows tick; there is nothing to show for an incoming message.
func (m *StatusIcon) Set(tick data.MessageStatus) {
	if tick == m.status {
		return
	}
	m.status = tick
	icon, ok := statusIcons[tick]
	if !ok {
		m.Hide()
		return
	}
	m.image.Resource = theme.Icon(icon.name, icon.role)
	m.image.Refresh()
	m.Show()
}

// Status is what the mark shows.
func (m *StatusIcon) Status() data.MessageStatus { return m.status }

// CreateRenderer is used by Fyne alone.
func (m *StatusIcon) CreateRenderer() fyne.WidgetRenderer {
	return &statusIconRenderer{staticObjects{m.image}, m}
}

type statusIconRenderer struct {
	staticObjects
	icon *StatusIcon
}

func (r *statusIconRenderer) Layout(size fyne.Size) { r.icon.image.Resize(size) }
func (r *statusIconRenderer) MinSize() fyne.Size    { return fyne.NewSquareSize(smallIconSize) }
func (r *statusIconRenderer) Refresh()              { r.icon.image.Refresh() }
