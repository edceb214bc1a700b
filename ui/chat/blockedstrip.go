package chat

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

var _ fyne.Widget = (*blockedStrip)(nil)

const footerHeight float32 = 64

// blockedStrip takes the composer's place while the customer is blocked.
type blockedStrip struct {
	widget.BaseWidget

	background *widgets.Background
	separator  *widgets.Background
	icon       *canvas.Image
	first      *widgets.EllipsisLabel
	second     *widgets.EllipsisLabel
	heldLink   *widgets.Link
	changeLink *widgets.Link
	decideLink *widgets.Link
	syncLine   *syncLine
	unblock    *widgets.Button
}

func newBlockedStrip(showHeld, change, decide, retry, keepLocal, unblock func()) *blockedStrip {
	s := &blockedStrip{
		background: widgets.NewBackground(theme.DangerBackground),
		separator:  widgets.NewBackground(theme.Separator),
		icon:       canvas.NewImageFromResource(theme.Icon("block", theme.Danger)),
		first:      widgets.NewEllipsisLabel(theme.Text, theme.Body),
		second:     widgets.NewEllipsisLabel(theme.Muted, 13),
		heldLink:   widgets.NewLink("Look", showHeld),
		changeLink: widgets.NewLink("Change…", change),
		decideLink: widgets.NewLink("Decide…", decide),
		syncLine:   newSyncLine(retry, keepLocal),
		unblock:    widgets.NewButton("Unblock", widgets.Outline, unblock),
	}
	s.first.SetStyle(fyne.TextStyle{Bold: true})
	s.ExtendBaseWidget(s)
	return s
}

// show shows who blocked the customer, when, why and until when, and how many
// messages are held; samePerson is the customer who may be the same person, empty if
// nobody is.
func (s *blockedStrip) show(c data.Customer, samePerson string, now data.Moment) {
	first, second := blockedStripText(c, samePerson, now)
	s.first.SetText(first)
	s.second.SetText(second)
	s.heldLink.Hidden = c.Held == 0
	s.decideLink.Hidden = samePerson == ""
	s.Refresh()
}

func blockedStripText(c data.Customer, samePerson string, now data.Moment) (first, second string) {
	b := c.Block
	first = "Blocked"
	if b.By.Name != "" {
		first += " by " + data.OneLine(b.By.Name, 60)
	}
	first += " " + b.At.Relative(now)
	if b.Reason != "" {
		first += " · " + b.Reason
	}
	if b.Until != 0 {
		first += " · until " + untilPhrase(b.Until, now) + ", " + b.Until.Remaining(now) + " left"
	}
	second = "No messages held."
	if c.Held > 0 {
		second = data.Count(c.Held, "message") + " held."
	}
	second += " Nothing goes to or comes from this customer."
	if b.UnblockRequestedAt != 0 {
		second = "Asked to be unblocked " + b.UnblockRequestedAt.Relative(now) + ". " + second
	}
	if samePerson != "" {
		second = "Blocked as the same person as " + data.OneLine(samePerson, 60) + ". " + second
	}
	if b.Review != 0 {
		second += " Review on " + b.Review.Time().Format("2 Jan") + "."
	}
	if b.Note != "" {
		second += " Note: " + data.OneLine(b.Note, 120)
	}
	return first, second
}

// untilPhrase returns when a block ends, without the date if that is today.
func untilPhrase(until, now data.Moment) string {
	if until.SameDay(now) {
		return until.TimeOfDay()
	}
	return until.Time().Format("2 Jan 15:04")
}

func (s *blockedStrip) CreateRenderer() fyne.WidgetRenderer {
	return &blockedStripRenderer{widgets.RendererObjects{s.background, s.separator, s.icon, s.first, s.second, s.heldLink, s.changeLink, s.decideLink, s.syncLine, s.unblock}, s}
}

type blockedStripRenderer struct {
	widgets.RendererObjects
	strip *blockedStrip
}

func (r *blockedStripRenderer) Layout(size fyne.Size) {
	s := r.strip
	s.background.Resize(size)
	s.separator.Resize(fyne.NewSize(size.Width, 1))
	left, middle := float32(52), size.Height/2
	if s.syncLine.Visible() { // under all the rest, as wide as the strip
		middle = (size.Height - syncLineRoom) / 2
		s.syncLine.Resize(fyne.NewSize(max(0, size.Width-left-16), syncLineHeight))
		s.syncLine.Move(fyne.NewPos(left, middle+23))
	}
	s.icon.Resize(fyne.NewSquareSize(24))
	s.icon.Move(fyne.NewPos(16, middle-12))
	button := s.unblock.MinSize()
	s.unblock.Resize(button)
	s.unblock.Move(fyne.NewPos(size.Width-button.Width-16, middle-button.Height/2))
	room := max(0, size.Width-button.Width-32-left)
	s.first.Resize(fyne.NewSize(room, 20))
	s.first.Move(fyne.NewPos(left, middle-21))
	all := []*widgets.Link{s.heldLink, s.changeLink, s.decideLink}
	var links float32
	for _, link := range all {
		if link.Visible() {
			links += link.MinSize().Width
		}
	}
	second := min(s.second.NaturalSize().Width+1, max(0, room-links))
	s.second.Resize(fyne.NewSize(second, 20))
	s.second.Move(fyne.NewPos(left, middle))
	x := left + second + 4
	for _, link := range all {
		if link.Visible() {
			link.Resize(fyne.NewSize(link.MinSize().Width, 20))
			link.Move(fyne.NewPos(x, middle))
			x += link.MinSize().Width
		}
	}
}

func (r *blockedStripRenderer) MinSize() fyne.Size {
	height := footerHeight
	if r.strip.syncLine.Visible() {
		height += syncLineRoom
	}
	return fyne.NewSize(240, height)
}

func (r *blockedStripRenderer) Refresh() {
	r.Layout(r.strip.Size())
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}
