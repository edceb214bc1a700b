package chat

import (
	"fmt"
	"math"
	"net/url"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

var _ fyne.Widget = (*bubble)(nil)

const (
	bubblePad          float32 = 12
	bubbleTop          float32 = 8
	bubbleFooterPad    float32 = 6
	maxBubbleWidth     float32 = 560 // and no more than seven tenths of the pane
	bubbleFooterHeight float32 = 16
	tailRadius         float32 = 3
	maxShownRunes              = 5000 // characters; a longer message is offered for copying
	maxShownLines              = 200  // and so is one of more lines
)

// bubble shows one message. Bubbles are recycled, so set sets everything.
type bubble struct {
	widget.BaseWidget

	message     data.Message
	acts        *data.Acts // what was done to the message; nil for nothing
	showsBefore bool       // the words before it was edited are shown, too
	last        bool
	agent       string  // who works at this window
	simulated   bool    // the customers are a demo's, and will take what is kept here
	retryEntry  int64   // the entry that can be retried, 0 if there is none
	measuredFor float32 // the width it was measured for; negative if it has changed since
	size        fyne.Size
	textSize    fyne.Size

	background *canvas.Rectangle
	icon       *canvas.Image
	label      *widgets.EllipsisLabel // what the message carries besides text
	text       *widgets.SelectableText
	footer     *widgets.EllipsisLabel
	status     *widgets.StatusIcon
	note       *widgets.EllipsisLabel
	failure    *widgets.Paragraph // why it failed, in the place of note; nil if it did not
	copyLink   *widgets.Link      // copies a message that is too long to show; nil for others
	reactions  *widgets.EllipsisLabel
	edited     *widgets.Link // shows what the message said before; nil if it was not edited
	retry      *widgets.Link // sends a failed message again; nil if it cannot be

	links    []*url.URL
	onCopy   func(string)
	onRetry  func(entry int64)
	onResize func() // the bubble wants another size
	onDone   func() // a link of the bubble was followed, which took the keyboard
}

func newBubble(onLink func(*url.URL), onCopy func(string), onRetry func(entry int64)) *bubble {
	b := &bubble{
		measuredFor: -1,
		background:  canvas.NewRectangle(theme.Color(theme.BubbleIn)),
		icon:        canvas.NewImageFromResource(nil),
		label:       widgets.NewEllipsisLabel(theme.Text, theme.Body),
		text:        widgets.NewSelectableText(theme.Body),
		footer:      widgets.NewEllipsisLabel(theme.Muted, 11),
		status:      widgets.NewStatusIcon(),
		note:        widgets.NewEllipsisLabel(theme.Muted, theme.Caption),
		reactions:   widgets.NewEllipsisLabel(theme.Text, theme.Body),
		onResize:    func() {},
		onDone:      func() {},
		onCopy:      onCopy,
		onRetry:     onRetry,
	}
	b.label.SetStyle(fyne.TextStyle{Bold: true})
	b.text.OnLink = func(i int) { onLink(b.links[i]) }
	b.ExtendBaseWidget(b)
	return b
}

// set shows a message. agent works at this window and is not named; retryEntry is the
// entry that sends the message again, 0 if it cannot be.
func (b *bubble) set(m data.Message, last bool, agent string, retryEntry int64) {
	if b.simulated && m.Status == data.KeptHere {
		m.Status = data.Waiting
	}
	b.showsBefore = b.showsBefore && m.ID == b.message.ID
	same := m == b.message && last == b.last && agent == b.agent && retryEntry == b.retryEntry
	b.message, b.last, b.agent, b.retryEntry = m, last, agent, retryEntry
	if same && b.measuredFor >= 0 {
		return
	}
	b.measuredFor = -1
	b.label.SetText(m.Label())
	b.icon.Resource = theme.Icon(messageIcon(m), theme.Muted)
	all := shownWords(m, b.acts, b.showsBefore)
	text := truncate(all)
	if b.text.Text() != text {
		var ranges []widgets.TextRange
		b.links, ranges = findLinks(text)
		b.text.Set(text, ranges)
	}
	b.footer.SetText(footerText(m, agent))
	b.status.Set(deliveryStatus[m.Status])
	b.note.SetText(noteText(m, b.acts))
	b.reactions.SetText(reactionsText(b.acts))
	b.setEdited()
	b.setFailure(failureText(m))
	b.copyLink = nil
	if len(text) != len(all) {
		copied := m.CopyText(all)
		b.copyLink = widgets.NewLink(fmt.Sprintf("Copy all %d characters", utf8.RuneCountInString(all)), func() {
			b.onCopy(copied)
			b.onDone()
		})
	}
	b.Refresh()
}

// truncate returns what a bubble shows of a text: all of it, or as much as can be
// laid out while scrolling.
func truncate(text string) string {
	runes, lines := 0, 1
	for i, r := range text {
		if r == '\n' {
			lines++
		}
		if runes == maxShownRunes || lines > maxShownLines {
			return text[:i] + "…"
		}
		runes++
	}
	return text
}

// deliveryStatus maps a message's status to that of the icon. Of what is kept here the
// footer says so, because nothing is on its way.
var deliveryStatus = map[data.MessageStatus]widgets.DeliveryStatus{
	data.Sent:      widgets.StatusSent,
	data.Delivered: widgets.StatusDelivered,
	data.Read:      widgets.StatusRead,
	data.Failed:    widgets.StatusFailed,
	data.Waiting:   widgets.StatusWaiting,
}

func footerText(m data.Message, agent string) string {
	at := m.At.TimeOfDay()
	if m.Untimed {
		at = "came in " + at
	}
	if m.Status == data.KeptHere {
		at += " · Kept here"
	}
	if m.Author != "" && (m.Author != agent || m.Direction == data.In) { // in a group another has the agent's name
		return data.OneLine(m.Author, 24) + " · " + at
	}
	return at
}

// setFailure shows why the message failed, and a link to send it again if it can be.
func (b *bubble) setFailure(reason string) {
	b.failure, b.retry = nil, nil
	if reason == "" {
		return
	}
	b.failure = widgets.NewParagraph(reason, theme.Danger, theme.Caption)
	if entry := b.retryEntry; entry != 0 {
		b.retry = widgets.NewLink("Retry", func() { b.onRetry(entry) })
	}
}

// failureText says why a message failed; it is empty if it did not.
func failureText(m data.Message) string {
	switch {
	case m.Status != data.Failed:
		return ""
	case m.Failure == "":
		return "Not sent"
	}
	return "Not sent: " + data.OneLine(m.Failure, 200)
}

var kindIcons = map[data.Kind]string{
	data.ImageMessage:    "image",
	data.StickerMessage:  "image",
	data.VideoMessage:    "video",
	data.AudioMessage:    "audio",
	data.LocationMessage: "pin",
	data.ContactsMessage: "person",
}

func messageIcon(m data.Message) string {
	if m.Direction == data.Note {
		return "pencil"
	}
	if name, ok := kindIcons[m.Kind]; ok {
		return name
	}
	return "file"
}

// measure returns the size of the bubble in a pane of the given width.
func (b *bubble) measure(pane float32) fyne.Size {
	if b.measuredFor == pane {
		return b.size
	}
	b.measuredFor = pane
	room := float32(math.Floor(float64(min(0.7*pane, maxBubbleWidth)))) - 2*bubblePad
	height := bubbleTop + bubbleFooterHeight + bubbleFooterPad
	width := b.footer.NaturalSize().Width + b.statusWidth()
	if b.retry != nil {
		width += b.retry.MinSize().Width + retryGap
	}
	if b.label.Text() != "" {
		width = max(width, iconColumn+b.label.NaturalSize().Width)
	}
	if b.note.Text() != "" {
		width = max(width, b.note.NaturalSize().Width)
	}
	for _, link := range b.linksBelow() {
		width = max(width, link.MinSize().Width)
		height += link.MinSize().Height
	}
	if b.reactions.Text() != "" {
		width = max(width, b.reactions.NaturalSize().Width)
		height += lineHeight
	}
	if b.failure != nil {
		width = max(width, fyne.MeasureText(b.failure.Text(), theme.Caption, fyne.TextStyle{}).Width+1)
	}
	if b.text.Text() != "" {
		b.textSize = b.text.Wrap(room)
		width = max(width, b.textSize.Width)
		height += b.textSize.Height
	}
	width = float32(math.Ceil(float64(min(width, room))))
	if b.label.Text() != "" {
		height += lineHeight
	}
	if b.note.Text() != "" {
		height += lineHeight
	}
	if b.failure != nil {
		b.failure.Resize(fyne.NewSize(width, failureLineHeight))
		height += b.failure.MinSize().Height + failureGap
	}
	b.size = fyne.NewSize(width+2*bubblePad, float32(math.Ceil(float64(height))))
	return b.size
}

const (
	iconColumn        float32 = 24
	lineHeight        float32 = 20
	failureLineHeight float32 = 16
	failureGap        float32 = 4
	retryGap          float32 = 16
)

func (b *bubble) statusWidth() float32 {
	if b.status.Visible() {
		return 4 + b.status.MinSize().Width
	}
	return 0
}

func (b *bubble) CreateRenderer() fyne.WidgetRenderer {
	b.background.CornerRadius = theme.Radius
	r := &bubbleRenderer{bubble: b}
	r.Refresh()
	return r
}

type bubbleRenderer struct {
	widgets.RendererObjects
	bubble *bubble
}

func (r *bubbleRenderer) Layout(size fyne.Size) {
	b := r.bubble
	if b.measuredFor < 0 || size != b.size {
		return // the timeline measures it first and gives it that size
	}
	b.background.Resize(size)
	width, y := size.Width-2*bubblePad, bubbleTop
	if b.label.Text() != "" {
		b.icon.Resize(fyne.NewSquareSize(16))
		b.icon.Move(fyne.NewPos(bubblePad, y+2))
		b.label.Resize(fyne.NewSize(width-iconColumn, lineHeight))
		b.label.Move(fyne.NewPos(bubblePad+iconColumn, y))
		y += lineHeight
	}
	if b.text.Text() != "" {
		b.text.Resize(b.textSize)
		b.text.Move(fyne.NewPos(bubblePad, y))
		y += b.textSize.Height
	}
	for _, link := range b.linksBelow() {
		link.Resize(link.MinSize())
		link.Move(fyne.NewPos(bubblePad-4, y))
		y += link.MinSize().Height
	}
	for _, line := range []*widgets.EllipsisLabel{b.note, b.reactions} {
		if line.Text() != "" {
			line.Resize(fyne.NewSize(width, lineHeight))
			line.Move(fyne.NewPos(bubblePad, y))
			y += lineHeight
		}
	}
	if b.failure != nil {
		b.failure.Resize(fyne.NewSize(width, b.failure.MinSize().Height))
		b.failure.Move(fyne.NewPos(bubblePad, y+failureGap/2))
	}
	foot := b.footer.NaturalSize().Width + 1
	footY := size.Height - bubbleFooterPad - bubbleFooterHeight
	b.footer.Resize(fyne.NewSize(foot, bubbleFooterHeight))
	b.footer.Move(fyne.NewPos(size.Width-bubblePad-b.statusWidth()-foot, footY))
	if b.retry != nil {
		retry := b.retry.MinSize()
		b.retry.Resize(fyne.NewSize(retry.Width, lineHeight))
		b.retry.Move(fyne.NewPos(bubblePad-4, footY+(bubbleFooterHeight-lineHeight)/2))
	}
	b.status.Resize(b.status.MinSize())
	b.status.Move(fyne.NewPos(size.Width-bubblePad-b.status.MinSize().Width, footY))
}

func (r *bubbleRenderer) MinSize() fyne.Size { return fyne.NewSize(40, 40) }

func (r *bubbleRenderer) Refresh() {
	b := r.bubble
	b.background.BottomLeftCornerRadius, b.background.BottomRightCornerRadius = 0, 0
	role := theme.BubbleIn
	if b.message.Direction == data.Out {
		role = theme.BubbleOut
	}
	if b.last && b.message.Direction == data.Out {
		b.background.BottomRightCornerRadius = tailRadius
	} else if b.last {
		b.background.BottomLeftCornerRadius = tailRadius
	}
	b.background.FillColor = theme.Color(role)
	r.RendererObjects = widgets.RendererObjects{b.background, b.footer, b.status}
	if b.label.Text() != "" {
		r.RendererObjects = append(r.RendererObjects, b.icon, b.label)
	}
	if b.text.Text() != "" {
		r.RendererObjects = append(r.RendererObjects, b.text)
	}
	if b.note.Text() != "" {
		r.RendererObjects = append(r.RendererObjects, b.note)
	}
	for _, link := range b.linksBelow() {
		r.RendererObjects = append(r.RendererObjects, link)
	}
	if b.reactions.Text() != "" {
		r.RendererObjects = append(r.RendererObjects, b.reactions)
	}
	if b.failure != nil {
		r.RendererObjects = append(r.RendererObjects, b.failure)
	}
	if b.retry != nil {
		r.RendererObjects = append(r.RendererObjects, b.retry)
	}
	r.Layout(b.Size())
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
	canvas.Refresh(b)
}
