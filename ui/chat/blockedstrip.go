package chat

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

var _ fyne.Widget = (*blockedStrip)(nil)

const (
	footerHeight float32 = 64
	stripLeft    float32 = 52  // of the texts; the icon is before them
	stripSide    float32 = 16  // at the left of the icon, and at the right
	stripPad     float32 = 23  // above and below what the strip says, together
	stripNarrow  float32 = 560 // below it the button stands under the texts

	scrollBarRoom float32 = 8 // beside the texts
)

// blockedStrip takes the composer's place while the customer is blocked. It says all it
// has to say, in as many lines as that takes.
type blockedStrip struct {
	widget.BaseWidget

	background *widgets.Background
	separator  *widgets.Background
	icon       *canvas.Image
	first      *widgets.Paragraph
	second     *widgets.Paragraph
	texts      *fyne.Container // first and second
	scroll     *widgets.Scroll
	heldLink   *widgets.Link
	changeLink *widgets.Link
	decideLink *widgets.Link
	syncLine   *syncLine
	unblock    *widgets.Button
	room       float32 // the width of the texts
	height     float32 // that the last fit returned
}

func newBlockedStrip(showHeld, change, decide, retry, keepLocal, unblock func()) *blockedStrip {
	s := &blockedStrip{
		background: widgets.NewBackground(theme.DangerBackground),
		separator:  widgets.NewBackground(theme.Separator),
		icon:       canvas.NewImageFromResource(theme.Icon("block", theme.Danger)),
		first:      widgets.NewParagraph("", theme.Text, theme.Body),
		second:     widgets.NewParagraph("", theme.Muted, 13),
		heldLink:   widgets.NewLink("Look", showHeld),
		changeLink: widgets.NewLink("Change…", change),
		decideLink: widgets.NewLink("Decide…", decide),
		syncLine:   newSyncLine(retry, keepLocal),
		unblock:    widgets.NewButton("Unblock", widgets.Outline, unblock),
		height:     footerHeight,
	}
	s.texts = container.New(stripTexts{s}, s.first, s.second)
	s.scroll = widgets.NewVScroll(s.texts)
	s.first.SetStyle(fyne.TextStyle{Bold: true})
	s.ExtendBaseWidget(s)
	return s
}

// show shows who blocked the customer, when, why and until when, and how many
// messages are held; samePerson is the customer who may be the same person, empty if
// nobody is.
func (s *blockedStrip) show(c data.Customer, samePerson string, now data.Moment) {
	first, second := blockedStripText(c, samePerson, now)
	if first != s.first.Text() || second != s.second.Text() {
		s.scroll.ScrollToTop()
	}
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
		first += " by " + data.OneLine(b.By.Name, data.MaxName)
	}
	first += " " + b.At.Relative(now)
	if b.Reason != "" {
		first += " · " + b.Reason
	}
	first += " · " + untilPhrase(b.Until, now)
	second = "No messages held."
	if c.Held > 0 {
		second = data.Count(c.Held, "message") + " held."
	}
	second += " New messages are held, and nothing can be sent."
	if b.UnblockRequestedAt != 0 {
		second = "Asked to be unblocked " + b.UnblockRequestedAt.Relative(now) + ". " + second
	}
	if samePerson != "" {
		second = "Blocked as the same person as " + data.OneLine(samePerson, data.MaxName) + ". " + second
	}
	if b.Review != 0 {
		second += " Review on " + b.Review.Time().Format("2 Jan") + "."
	}
	if b.Note != "" {
		second += " Note: " + data.OneLine(b.Note, data.MaxNote)
	}
	return first, second
}

// untilPhrase returns until when a block holds: for good, or until a day and a time, or
// for today the time and how long that still is.
func untilPhrase(until, now data.Moment) string {
	switch {
	case until == 0:
		return "for good"
	case until.SameDay(now):
		return "until " + until.TimeOfDay() + ", " + until.Remaining(now) + " left"
	case until.Time().Year() == now.Time().Year():
		return "until " + until.Time().Format("Mon 2 Jan 15:04")
	}
	return "until " + until.Time().Format("Mon 2 Jan 2006 15:04")
}

// fit lays the strip out in a width, and returns the height that it takes, which is
// highest at most: beyond, the texts scroll.
func (s *blockedStrip) fit(width, highest float32) (height float32) {
	button := s.unblock.MinSize()
	right := width - stripSide
	narrow := width < stripNarrow
	if !narrow {
		right -= button.Width + stripSide
	}
	room := max(0, right-stripLeft)
	links := []*widgets.Link{s.heldLink, s.changeLink, s.decideLink}
	linkRoom := linksWidth(links)

	// What stands under the texts is always in sight.
	var sync, buttonRow, linkRow float32
	if s.syncLine.Visible() {
		sync = s.syncLine.fit(max(0, width-stripLeft-stripSide))
	}
	beside := narrow && button.Width+12+linkRoom <= room // the links stand beside the button
	if narrow {
		buttonRow = button.Height + 8
	}
	s.room = room
	stripTexts{s}.Layout(nil, fyne.Size{})
	texts := s.texts.MinSize().Height
	behind := !narrow && s.second.LastLineWidth()+linkInset+linkRoom <= room
	if !beside && !behind {
		linkRow = placeLinks(links, stripLeft-linkInset, 0, right)
	}
	under := linkRow + sync + buttonRow
	highest = max(highest, stripPad+under+2*footerLine)
	if most := highest - stripPad - under; texts > most {
		if behind {
			behind, linkRow = false, placeLinks(links, stripLeft-linkInset, 0, right)
			most -= linkRow
		}
		texts = most
	}
	s.height = max(footerHeight, stripPad+texts+linkRow+sync+buttonRow)

	y := float32(math.Floor(float64(s.height-texts-linkRow-sync-buttonRow) / 2))
	middle := y + (texts+linkRow)/2
	s.scroll.Resize(fyne.NewSize(room+scrollBarRoom, texts))
	s.scroll.Refresh()
	s.scroll.Move(fyne.NewPos(stripLeft, y))
	s.icon.Resize(fyne.NewSquareSize(24))
	s.icon.Move(fyne.NewPos(stripSide, y-1))
	y += texts
	if behind {
		placeLinks(links, stripLeft+s.second.LastLineWidth()+linkInset, y-footerLine, right)
	}
	if linkRow > 0 {
		placeLinks(links, stripLeft-linkInset, y, right)
		y += linkRow
	}
	if s.syncLine.Visible() { // as wide as the strip
		s.syncLine.Resize(fyne.NewSize(max(0, width-stripLeft-stripSide), sync))
		s.syncLine.Move(fyne.NewPos(stripLeft, y+1))
		y += sync
	}
	s.unblock.Resize(button)
	if !narrow {
		s.icon.Move(fyne.NewPos(stripSide, middle-12))
		s.unblock.Move(fyne.NewPos(right+stripSide, middle-button.Height/2))
		return s.height
	}
	s.unblock.Move(fyne.NewPos(stripLeft, y+8))
	if beside {
		placeLinks(links, stripLeft+button.Width+12-linkInset, y+8+(button.Height-footerLine)/2, right)
	}
	return s.height
}

// scrollBy scrolls the texts, and reports whether they are too long to be seen at once.
func (s *blockedStrip) scrollBy(lines float32) bool {
	most := s.texts.MinSize().Height - s.scroll.Size().Height
	if most <= 0 {
		return false
	}
	s.scroll.ScrollToOffset(fyne.NewPos(0, min(max(0, s.scroll.Offset.Y+lines*footerLine), most)))
	return true
}

// stripTexts puts one text of the strip under the other.
type stripTexts struct{ strip *blockedStrip }

func (l stripTexts) Layout([]fyne.CanvasObject, fyne.Size) {
	s := l.strip
	first := s.first.Fit(s.room)
	s.second.Fit(s.room)
	s.second.Move(fyne.NewPos(0, first+1))
}

func (l stripTexts) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, l.strip.first.MinSize().Height+1+l.strip.second.MinSize().Height)
}

func (s *blockedStrip) CreateRenderer() fyne.WidgetRenderer {
	return &blockedStripRenderer{widgets.RendererObjects{s.background, s.separator, s.icon, s.scroll, s.heldLink, s.changeLink, s.decideLink, s.syncLine, s.unblock}, s}
}

type blockedStripRenderer struct {
	widgets.RendererObjects
	strip *blockedStrip
}

func (r *blockedStripRenderer) Layout(size fyne.Size) {
	r.strip.background.Resize(size)
	r.strip.separator.Resize(fyne.NewSize(size.Width, 1))
	r.strip.fit(size.Width, size.Height)
}

func (r *blockedStripRenderer) MinSize() fyne.Size { return fyne.NewSize(240, r.strip.height) }

func (r *blockedStripRenderer) Refresh() {
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}
