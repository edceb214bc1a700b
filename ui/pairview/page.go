package pairview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	pageWidth  float32 = 848 // of what stands in the middle of the pane, at most
	headHeight float32 = 56
)

// page is what is compared, and the answers, one under the other in a scroll.
type page struct {
	scroll  *widgets.Scroll
	content *fyne.Container
	height  float32 // of the content, for the width of the last fit

	heading, why, holds *widgets.Paragraph
	table               *table
	join, apart         *choice
	foot                *widgets.Paragraph
	later               *widgets.Link
	key                 *widgets.EllipsisLabel
}

func newPage(open func(side int), join, apart, leave func()) *page {
	p := &page{
		heading: widgets.NewParagraph("", theme.Text, theme.Title),
		why:     widgets.NewParagraph("", theme.Text, theme.Body),
		holds:   widgets.NewParagraph("", theme.Text, theme.Body),
		table:   newTable(open),
		join:    newChoice("Join", "J", "join", theme.Accent, 2, join),
		apart:   newChoice("Keep apart", "K", "apart", theme.Separator, 1, apart),
		foot:    widgets.NewParagraph("", theme.Muted, smallText),
		later:   widgets.NewLink("", leave),
		key:     widgets.NewEllipsisLabel(theme.Muted, theme.Caption),
	}
	p.heading.SetStyle(fyne.TextStyle{Bold: true})
	p.holds.SetStyle(fyne.TextStyle{Bold: true})
	p.key.SetText("Esc")
	p.content = container.New(pageLayout{p}, p.heading, p.why, p.holds, p.table, p.join, p.apart, p.foot, p.later, p.key)
	p.scroll = widgets.NewVScroll(p.content)
	return p
}

// set shows a comparison, or that no pair is left.
func (p *page) set(c comparison, now data.Moment) {
	pair := c.pair.ID != 0
	for _, o := range []fyne.CanvasObject{p.holds, p.table, p.join, p.apart} {
		widgets.SetVisible(o, pair)
	}
	if !pair {
		p.heading.SetText("There are no pairs left to decide.")
		p.why.SetText("When two customers may be the same person, you are asked here.")
		p.foot.SetText("Your decisions are in the history of both, and can be undone there.")
		p.later.SetText("Back to the chats")
		return
	}
	p.heading.SetText("Are these two the same customer?")
	why, holds := c.lead(now)
	p.why.SetText(why)
	p.holds.SetText(holds)
	widgets.SetVisible(p.holds, holds != "")
	p.table.set(c, now)
	p.join.text.SetText(c.joinText(now))
	p.apart.text.SetText(c.apartText(p.apart.check.Checked, now))
	widgets.SetVisible(p.apart.check, c.discardable() > 0)
	p.foot.SetText("Your choice is recorded in the history of both, with your name.")
	p.later.SetText("Decide later")
}

// fit places everything for the width of the scroll.
func (p *page) fit(width float32) {
	side := float32(24)
	if width < sideBySide {
		side = 16
	}
	inner := max(0, min(width-2*side, pageWidth))
	x, y := (width-inner)/2, side
	for _, text := range []*widgets.Paragraph{p.heading, p.why, p.holds} {
		if text.Visible() {
			text.Move(fyne.NewPos(x, y))
			y += text.Fit(inner) + 2
		}
	}
	y += 12
	if p.table.Visible() {
		p.table.Move(fyne.NewPos(x, y))
		y += p.table.Fit(inner) + 16
		y += p.fitChoices(x, y, inner) + 16
	}
	later, key := p.later.MinSize(), p.key.NaturalSize()
	right := later.Width + key.Width + 8
	foot := p.foot.Fit(max(0, inner-right-16))
	p.foot.Move(fyne.NewPos(x, y))
	p.later.Resize(later)
	p.later.Move(fyne.NewPos(x+inner-right, y-2))
	p.key.Resize(fyne.NewSize(key.Width+1, rowLine))
	p.key.Move(fyne.NewPos(x+inner-key.Width, y))
	p.height = y + max(foot, rowLine) + side
}

// fitChoices places the answers, beside each other where there is room.
func (p *page) fitChoices(x, y, width float32) (height float32) {
	p.join.Move(fyne.NewPos(x, y))
	if width < sideBySide {
		height = p.join.Fit(width, 0) + 12
		p.apart.Move(fyne.NewPos(x, y+height))
		return height + p.apart.Fit(width, 0)
	}
	half := (width - 16) / 2
	height = max(p.join.Fit(half, 0), p.apart.Fit(half, 0))
	p.join.Fit(half, height)
	p.apart.Fit(half, height)
	p.apart.Move(fyne.NewPos(x+half+16, y))
	return height
}

// pageLayout leaves everything where fit has placed it.
type pageLayout struct{ page *page }

func (l pageLayout) Layout([]fyne.CanvasObject, fyne.Size) {}

func (l pageLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(0, l.page.height) }

// bar is the head of the pane: how many pairs there are, and the way to the others.
type bar struct {
	root           *fyne.Container
	background     *widgets.Background
	separator      *widgets.Background
	icon           *card // the ground of the icon
	image          fyne.CanvasObject
	title, count   *widgets.EllipsisLabel
	previous, next *widgets.Button
}

func (b *bar) set(c comparison) {
	text := "None to decide"
	switch {
	case c.total == 1:
		text = "1 pair to decide"
	case c.total > 1:
		text = widgets.FormatCount(c.index+1) + " of " + widgets.FormatCount(c.total) + " pairs to decide"
	}
	b.count.SetText(text)
	for _, button := range []*widgets.Button{b.previous, b.next} {
		widgets.SetVisible(button, c.total > 1)
	}
}

type barLayout struct{ bar *bar }

func (l barLayout) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(240, headHeight) }

func (l barLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	b := l.bar
	b.background.Resize(size)
	b.separator.Resize(fyne.NewSize(size.Width, 1))
	b.separator.Move(fyne.NewPos(0, size.Height-1))
	b.icon.Resize(fyne.NewSquareSize(36))
	b.icon.Move(fyne.NewPos(16, 10))
	b.image.Resize(fyne.NewSquareSize(20))
	b.image.Move(fyne.NewPos(24, 18))
	x := size.Width - 12
	for _, button := range []*widgets.Button{b.next, b.previous} {
		x -= button.MinSize().Width
		button.Resize(button.MinSize())
		button.Move(fyne.NewPos(x, (size.Height-button.MinSize().Height)/2))
	}
	for i, label := range []*widgets.EllipsisLabel{b.title, b.count} {
		label.Resize(fyne.NewSize(max(0, x-64-8), []float32{22, 16}[i]))
		label.Move(fyne.NewPos(64, []float32{8, 30}[i]))
	}
}
