package chat

import (
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

var (
	_ fyne.Widget       = (*header)(nil)
	_ desktop.Hoverable = (*header)(nil)
)

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
	details    *details // what the line under the name cut
	shortened  bool     // that line has an address that is cut in the middle
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
		details:    newDetails(),
	}
	h.name.SetStyle(fyne.TextStyle{Bold: true})
	h.status.Hide()
	h.ExtendBaseWidget(h)
	return h
}

// show shows a customer, who has the addresses ids, with the status they have at now.
func (h *header) show(c data.Customer, ids []data.Identity, now data.Moment) {
	blocked := c.Status(now) == data.Blocked
	if c.IsGroup() {
		h.avatar.SetGroup(string(c.Address), blocked)
	} else {
		h.avatar.Set(c.Initials(), string(c.Address), blocked)
	}
	h.name.SetText(c.Title())
	h.phone.SetText(subtitle(c, ids))
	whole := c.Contacts(ids, data.Address.Pretty)
	h.shortened = !slices.Equal(whole, c.Contacts(ids, data.Address.Short))
	h.details.set(whole)
	widgets.SetVisible(h.status, blocked)
	h.Refresh()
}

// subtitle returns what the customer is known by, but for a username that is the
// title, followed by the tags.
func subtitle(c data.Customer, ids []data.Identity) string {
	known := slices.DeleteFunc(c.Contacts(ids, data.Address.Short), func(text string) bool { return text == "@"+c.Username && text == c.Title() })
	return strings.Join(append(known, c.Tags...), " · ")
}

// MouseIn shows under the header what the line under the name cut.
func (h *header) MouseIn(e *desktop.MouseEvent) { h.MouseMoved(e) }

// MouseMoved shows it while the pointer is on that line.
func (h *header) MouseMoved(e *desktop.MouseEvent) {
	at := e.Position.Subtract(h.phone.Position())
	onLine := at.X >= 0 && at.X <= h.phone.NaturalSize().Width && at.Y >= 0 && at.Y <= h.phone.Size().Height
	if !onLine || !h.shortened && h.phone.VisibleText() == h.phone.Text() {
		h.details.Hide()
		return
	}
	left, size := h.phone.Position().X-detailsPad, h.details.MinSize()
	h.details.Resize(fyne.NewSize(min(size.Width, h.Size().Width-left-12), size.Height))
	h.details.Move(fyne.NewPos(left, headerHeight-4))
	h.details.Show()
}

// MouseOut hides it.
func (h *header) MouseOut() { h.details.Hide() }

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
