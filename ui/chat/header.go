package chat

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

var _ fyne.Widget = (*header)(nil)

const headerHeight float32 = 56

// header shows whose chat this is and whether the customer is blocked.
type header struct {
	widget.BaseWidget

	background *widgets.Background
	separator  *widgets.Background
	avatar     *widgets.Avatar
	name       *widgets.EllipsisLabel
	status     *widgets.StatusLabel
	phone      *widgets.EllipsisLabel
	more       *widgets.Button
}

func newHeader(menu func()) *header {
	h := &header{
		background: widgets.NewBackground(theme.Background),
		separator:  widgets.NewBackground(theme.Separator),
		avatar:     widgets.NewAvatar(36),
		name:       widgets.NewEllipsisLabel(theme.Text, theme.Heading),
		status:     widgets.NewStatusLabel(),
		phone:      widgets.NewEllipsisLabel(theme.Muted, theme.Caption),
		more:       widgets.NewIconButton(theme.Icon("more", theme.Muted), "Chat menu", menu),
	}
	h.name.SetStyle(fyne.TextStyle{Bold: true})
	h.status.Hide()
	h.ExtendBaseWidget(h)
	return h
}

// show shows a customer with the status they have at now.
func (h *header) show(c data.Customer, now data.Moment) {
	blocked := c.Status(now) == data.Blocked
	h.avatar.Set(data.Initials(c.Name), string(c.Phone), blocked)
	h.name.SetText(c.Title())
	h.phone.SetText(subtitle(c))
	widgets.SetVisible(h.status, blocked)
	h.Refresh()
}

// subtitle returns the number, followed by the tags.
func subtitle(c data.Customer) string {
	text := c.Phone.Pretty()
	for _, tag := range c.Tags {
		text += " · " + tag
	}
	return text
}

func (h *header) CreateRenderer() fyne.WidgetRenderer {
	return &headerRenderer{widgets.RendererObjects{h.background, h.separator, h.avatar, h.name, h.status, h.phone, h.more}, h}
}

type headerRenderer struct {
	widgets.RendererObjects
	header *header
}

func (r *headerRenderer) Layout(size fyne.Size) {
	h := r.header
	h.background.Resize(size)
	h.separator.Resize(fyne.NewSize(size.Width, 1))
	h.separator.Move(fyne.NewPos(0, size.Height-1))
	h.avatar.Resize(fyne.NewSquareSize(36))
	h.avatar.Move(fyne.NewPos(16, (size.Height-36)/2))
	more := h.more.MinSize()
	h.more.Resize(more)
	h.more.Move(fyne.NewPos(size.Width-more.Width-12, (size.Height-more.Height)/2))

	left := float32(16 + 36 + 12)
	right := size.Width - more.Width - 24
	status := h.status.MinSize()
	room := right - left
	if h.status.Visible() {
		room -= status.Width + 8
	}
	name := fyne.NewSize(min(h.name.NaturalSize().Width+1, max(0, room)), 22)
	h.name.Resize(name)
	h.name.Move(fyne.NewPos(left, 8))
	h.status.Resize(status)
	h.status.Move(fyne.NewPos(left+name.Width+8, 8+(name.Height-status.Height)/2))
	h.phone.Resize(fyne.NewSize(right-left, 16))
	h.phone.Move(fyne.NewPos(left, 30))
}

func (r *headerRenderer) MinSize() fyne.Size { return fyne.NewSize(240, headerHeight) }

func (r *headerRenderer) Refresh() {
	r.Layout(r.header.Size())
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}
