package chat

import (
	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	footerLine  float32 = 20 // of a line of text in the footer, and of a link
	linkInset   float32 = 4  // what a link keeps beside its word
	footerShare float32 = 0.4
)

// paneLayout puts the timeline between header and footer. The footer has the height
// that its texts take in the width of the pane, however many lines that is, and at most
// footerShare of the pane: beyond, the strip scrolls.
type paneLayout struct{ pane *Pane }

func (l paneLayout) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	p := l.pane
	header := p.header.MinSize().Height
	p.header.Resize(fyne.NewSize(size.Width, header))
	bottom := size.Height
	place := func(o fyne.CanvasObject, height float32) {
		bottom -= height
		o.Resize(fyne.NewSize(size.Width, height))
		o.Move(fyne.NewPos(0, bottom))
	}
	if p.strip.Visible() {
		place(p.strip, p.strip.fit(size.Width, size.Height*footerShare))
	} else {
		place(p.composer, p.composer.MinSize().Height)
	}
	if p.mistyped.root.Visible() {
		place(p.mistyped.root, p.mistyped.fit(size.Width))
	}
	if p.syncNotice.Visible() {
		place(p.syncNotice, p.syncNotice.fit(size.Width))
	}
	p.timeline.Move(fyne.NewPos(0, header))
	p.timeline.Resize(fyne.NewSize(size.Width, max(0, bottom-header)))
}

func (l paneLayout) MinSize(objects []fyne.CanvasObject) (size fyne.Size) {
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		least := o.MinSize()
		size.Width = max(size.Width, least.Width)
		size.Height += least.Height
	}
	return size
}

// fitFooter lays the pane out again where what the footer says takes another height now.
func (p *Pane) fitFooter() {
	size := p.body.Size()
	strip := p.strip.Visible() && p.strip.fit(size.Width, size.Height*footerShare) != p.strip.Size().Height
	notice := p.syncNotice.Visible() && p.syncNotice.fit(size.Width) != p.syncNotice.Size().Height
	if strip || notice {
		p.body.Refresh()
	}
}

// fitText places text at x, y in a width, whole, and behind it the links that are
// visible, or under it where its last line leaves them no room. It returns the height of
// both.
func fitText(text *widgets.Paragraph, links []*widgets.Link, x, y, width float32) (height float32) {
	width = max(0, width)
	height = text.Fit(width)
	text.Move(fyne.NewPos(x, y))
	room := linksWidth(links)
	if room == 0 {
		return height
	}
	if at := text.LastLineWidth() + linkInset; at+room <= width {
		placeLinks(links, x+at, y+height-footerLine, x+width)
		return height
	}
	return height + placeLinks(links, x-linkInset, y+height, x+width)
}

func linksWidth(links []*widgets.Link) (width float32) {
	for _, link := range links {
		if link.Visible() {
			width += link.MinSize().Width
		}
	}
	return width
}

// placeLinks places the links that are visible one beside the other from x on, in as
// many lines as they take up to right, and returns the height of these.
func placeLinks(links []*widgets.Link, x, y, right float32) (height float32) {
	at := fyne.NewPos(x, y)
	for _, link := range links {
		if !link.Visible() {
			continue
		}
		width := link.MinSize().Width
		if at.X > x && at.X+width > right+linkInset {
			at = fyne.NewPos(x, at.Y+footerLine)
		}
		link.Resize(fyne.NewSize(width, footerLine))
		link.Move(at)
		at.X += width
		height = at.Y + footerLine - y
	}
	return height
}
