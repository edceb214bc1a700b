package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var _ fyne.Widget = (*StatusIcon)(nil)

const smallIconSize float32 = 16

type coloredIcon struct {
	name string
	role fyne.ThemeColorName
}

// DeliveryStatus is how far an outgoing message has got.
type DeliveryStatus int

// The delivery statuses. StatusNone, which shows nothing, is for what is not on its way
// anywhere.
const (
	StatusNone DeliveryStatus = iota
	StatusSent
	StatusDelivered
	StatusRead
	StatusFailed
	StatusWaiting
)

var statusIcons = map[DeliveryStatus]coloredIcon{
	StatusSent:      {"check", theme.Muted},
	StatusDelivered: {"checks", theme.Muted},
	StatusRead:      {"checks", theme.ReadReceipt},
	StatusFailed:    {"failed", theme.Danger},
	StatusWaiting:   {"clock", theme.Muted},
}

// StatusIcon shows a DeliveryStatus.
type StatusIcon struct {
	widget.BaseWidget

	status DeliveryStatus
	image  *canvas.Image
}

// NewStatusIcon returns an icon that shows nothing yet.
func NewStatusIcon() *StatusIcon {
	m := &StatusIcon{image: canvas.NewImageFromResource(nil)}
	m.image.FillMode = canvas.ImageFillContain
	m.ExtendBaseWidget(m)
	m.Hide()
	return m
}

// Set shows a status.
func (m *StatusIcon) Set(status DeliveryStatus) {
	if status == m.status {
		return
	}
	m.status = status
	icon, ok := statusIcons[status]
	if !ok {
		m.Hide()
		return
	}
	m.image.Resource = theme.Icon(icon.name, icon.role)
	m.image.Refresh()
	m.Show()
}

// Status returns the status that is shown.
func (m *StatusIcon) Status() DeliveryStatus { return m.status }

func (m *StatusIcon) CreateRenderer() fyne.WidgetRenderer {
	return &statusIconRenderer{RendererObjects{m.image}, m}
}

type statusIconRenderer struct {
	RendererObjects
	icon *StatusIcon
}

func (r *statusIconRenderer) Layout(size fyne.Size) { r.icon.image.Resize(size) }
func (r *statusIconRenderer) MinSize() fyne.Size    { return fyne.NewSquareSize(smallIconSize) }
func (r *statusIconRenderer) Refresh()              { r.icon.image.Refresh() }
