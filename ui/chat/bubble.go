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

const (
	bubblePad   float32 = 12
	bubbleTop   float32 = 8
	bubbleFoot  float32 = 6
	bubbleWidth float32 = 560 // and no more than seven tenths of the pane
	footHeight  float32 = 16
	tailRadius  float32 = 3
	shownText           = 5000 // characters; a longer message is offered for copying
	shownLines          = 200  // and so is one of more lines
)

// bubble is one message. Bubbles are used again, so set sets everything.
type bubble struct {
	widget.BaseWidget

	message    data.Message
	last       bool
	agent      string  // who works here
	retryEntry int64   // the entry that can be tried again; zero where none can
	measured   float32 // the room it was measured for; negative when it has changed
	size       fyne.Size
	textSize   fyne.Size

	background *canvas.Rectangle
	icon       *canvas.Image
	label      *widgets.EllipsisLabel // what the message carries beside words
	text       *widgets.SelectableText
	foot       *widgets.EllipsisLabel
	status     *widgets.StatusIcon
	note       *widgets.EllipsisLabel
	why        *widgets.Paragraph // why it failed, in the place of note; nil where it did not
	whole      *widgets.Link      // copies a message too long to show; nil where there is none
	retry      *widgets.Link      // sends a failed message again; nil where that makes no sense

	links   []*url.URL
	onCopy  func(string)
	onRetry func(entry int64)
}

func newBubble(onLink func(*url.URL), onCopy func(string), onRetry func(entry int64)) *bubble {
	b := &bubble{
		measured:   -1,
		background: canvas.NewRectangle(theme.Color(theme.BubbleIn)),
		icon:       canvas.NewImageFromResource(nil),
		label:      widgets.NewEllipsisLabel(theme.Text, theme.Body),
		text:       widgets.NewSelectableText(theme.Body),
		foot:       widgets.NewEllipsisLabel(theme.Muted, 11),
		status:     widgets.NewStatusIcon(),
		note:       widgets.NewEllipsisLabel(theme.Muted, theme.Caption),
		onCopy:     onCopy,
		onRetry:    onRetry,
	}
	b.label.SetStyle(fyne.TextStyle{Bold: true})
	b.text.OnLink = func(i int) { onLink(b.links[i]) }
	b.ExtendBaseWidget(b)
	return b
}

// set shows a message; agent is who works here now and needs no naming, and
// again is the entry that sends the message again, if it can be.
func (b *bubble) set(m data.Message, last bool, agent string, again int64) {
	same := m == b.message && last == b.last && agent == b.agent && again == b.retryEntry
	b.message, b.last, b.agent, b.retryEntry = m, last, agent, again
	if same && b.measured >= 0 {
		return
	}
	b.measured = -1
	b.label.SetText(m.Label())
	b.icon.Resource = theme.Icon(kindIcon(m.Kind), theme.Muted)
	shown := shownOf(m.Text)
	if b.text.Text() != shown {
		var places []widgets.TextRange
		b.links, places = linksIn(shown)
		b.text.Set(shown, places)
	}
	b.foot.SetText(footOf(m, agent))
	b.status.Set(m.Status)
	b.note.SetText(noteOf(m))
	b.setWhy(whyOf(m))
	b.whole = nil
	if all := m.Text; len(shown) != len(all) {
		b.whole = widgets.NewLink(fmt.Sprintf("Copy all %d characters", utf8.RuneCountInString(all)), func() { b.onCopy(all) })
	}
	b.Refresh()
}

// shownOf is what a bubble shows of a text: all of it, or as much as can be
// laid out while somebody scrolls by.
func shownOf(text string) string {
	runes, lines := 0, 1
	for i, r := range text {
		if r == '\n' {
			lines++
		}
		if runes == shownText || lines > shownLines {
			return text[:i] + "…"
		}
		runes++
	}
	return text
}

func footOf(m data.Message, agent string) string {
	if m.Author != "" && m.Author != agent {
		return data.OneLine(m.Author, 24) + " · " + m.At.TimeOfDay()
	}
	return m.At.TimeOfDay()
}

// setWhy says why the message failed, and offers to send it again.
func (b *bubble) setWhy(why string) {
	b.why, b.retry = nil, nil
	if why == "" {
		return
	}
	b.why = widgets.NewParagraph(why, theme.Danger, theme.Caption)
	if again := b.retryEntry; again != 0 {
		b.retry = widgets.NewLink("Retry", func() { b.onRetry(again) })
	}
}

func noteOf(m data.Message) string {
	if m.Hold == data.Released {
		return "Received while blocked"
	}
	return ""
}

// whyOf says why a message failed, empty where it did not.
func whyOf(m data.Message) string {
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

func kindIcon(kind data.Kind) string {
	if name, ok := kindIcons[kind]; ok {
		return name
	}
	return "file"
}

// measure returns the size of the bubble where the pane is so wide.
func (b *bubble) measure(pane float32) fyne.Size {
	if b.measured == pane {
		return b.size
	}
	b.measured = pane
	room := float32(math.Floor(float64(min(0.7*pane, bubbleWidth)))) - 2*bubblePad
	height := bubbleTop + footHeight + bubbleFoot
	width := b.foot.NaturalSize().Width + b.statusWidth()
	if b.retry != nil {
		width += b.retry.MinSize().Width + retryGap
	}
	if b.label.Text() != "" {
		width = max(width, iconRoom+b.label.NaturalSize().Width)
	}
	if b.note.Text() != "" {
		width = max(width, b.note.NaturalSize().Width)
	}
	if b.whole != nil {
		width = max(width, b.whole.MinSize().Width)
		height += b.whole.MinSize().Height
	}
	if b.why != nil {
		width = max(width, fyne.MeasureText(b.why.Text(), theme.Caption, fyne.TextStyle{}).Width+1)
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
	if b.why != nil {
		b.why.Resize(fyne.NewSize(width, whyLine))
		height += b.why.MinSize().Height + whyGap
	}
	b.size = fyne.NewSize(width+2*bubblePad, float32(math.Ceil(float64(height))))
	return b.size
}

const (
	iconRoom   float32 = 24
	lineHeight float32 = 20
	whyLine    float32 = 16
	whyGap     float32 = 4
	retryGap   float32 = 16
)

func (b *bubble) statusWidth() float32 {
	if b.status.Visible() {
		return 4 + b.status.MinSize().Width
	}
	return 0
}

// CreateRenderer is used by Fyne alone.
func (b *bubble) CreateRenderer() fyne.WidgetRenderer {
	b.background.CornerRadius = theme.Radius
	r := &bubbleRenderer{bubble: b}
	r.Refresh()
	return r
}

type bubbleRenderer struct {
	bubble  *bubble
	objects []fyne.CanvasObject
}

func (r *bubbleRenderer) Layout(size fyne.Size) {
	b := r.bubble
	if b.measured < 0 || size != b.size {
		return // the timeline measures it first and gives it that size
	}
	b.background.Resize(size)
	width, y := size.Width-2*bubblePad, bubbleTop
	if b.label.Text() != "" {
		b.icon.Resize(fyne.NewSquareSize(16))
		b.icon.Move(fyne.NewPos(bubblePad, y+2))
		b.label.Resize(fyne.NewSize(width-iconRoom, lineHeight))
		b.label.Move(fyne.NewPos(bubblePad+iconRoom, y))
		y += lineHeight
	}
	if b.text.Text() != "" {
		b.text.Resize(b.textSize)
		b.text.Move(fyne.NewPos(bubblePad, y))
		y += b.textSize.Height
	}
	if b.whole != nil {
		b.whole.Resize(b.whole.MinSize())
		b.whole.Move(fyne.NewPos(bubblePad-4, y))
		y += b.whole.MinSize().Height
	}
	if b.note.Text() != "" {
		b.note.Resize(fyne.NewSize(width, lineHeight))
		b.note.Move(fyne.NewPos(bubblePad, y))
	}
	if b.why != nil {
		b.why.Resize(fyne.NewSize(width, b.why.MinSize().Height))
		b.why.Move(fyne.NewPos(bubblePad, y+whyGap/2))
	}
	foot := b.foot.NaturalSize().Width + 1
	footY := size.Height - bubbleFoot - footHeight
	b.foot.Resize(fyne.NewSize(foot, footHeight))
	b.foot.Move(fyne.NewPos(size.Width-bubblePad-b.statusWidth()-foot, footY))
	if b.retry != nil {
		retry := b.retry.MinSize()
		b.retry.Resize(fyne.NewSize(retry.Width, lineHeight))
		b.retry.Move(fyne.NewPos(bubblePad-4, footY+(footHeight-lineHeight)/2))
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
	r.objects = []fyne.CanvasObject{b.background, b.foot, b.status}
	if b.label.Text() != "" {
		r.objects = append(r.objects, b.icon, b.label)
	}
	if b.text.Text() != "" {
		r.objects = append(r.objects, b.text)
	}
	if b.note.Text() != "" {
		r.objects = append(r.objects, b.note)
	}
	if b.whole != nil {
		r.objects = append(r.objects, b.whole)
	}
	if b.why != nil {
		r.objects = append(r.objects, b.why)
	}
	if b.retry != nil {
		r.objects = append(r.objects, b.retry)
	}
	r.Layout(b.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
	canvas.Refresh(b)
}

func (r *bubbleRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *bubbleRenderer) Destroy()                     {}
