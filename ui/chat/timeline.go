package chat

import (
	"image/color"
	"net/url"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

var (
	_ fyne.Widget            = (*timeline)(nil)
	_ fyne.SecondaryTappable = (*timeline)(nil)
	_ fyne.Focusable         = (*timeline)(nil)
	_ fyne.Shortcutable      = (*timeline)(nil)
)

const (
	sidePad          float32 = 24
	endPad           float32 = 12
	loadMoreDistance float32 = 600 // how near an end of what is loaded more is asked for
	downButtonSize   float32 = 36
)

// timeline shows a part of a chat. When the pane replaces its elements, what the
// reader looks at stays where it is.
type timeline struct {
	widget.BaseWidget

	onOlder, onNewer func() // the reader comes near an end of what is loaded
	onEnd            func() // the button back to the newest was pressed
	onReachEnd       func() // the reader scrolled to the newest
	onMenu           func(fyne.Position)
	onRune           func(rune) // a letter is typed that belongs in the composer
	onRetry          func(entry int64)

	elements  []element
	objects   []fyne.CanvasObject // one for each element
	tops      []float32
	width     float32
	height    float32
	following bool // the newest message is in sight and stays so
	hasNewer  bool // there is more below what is loaded
	adjusting bool

	selected *widgets.SelectableText // the one with a selection
	focused  bool

	spareBubbles []*bubble // not in use
	sparePills   []*widgets.Pill
	background   *widgets.Background
	content      *fyne.Container
	scroll       *widgets.Scroll
	downButton   *widgets.Button
	downBorder   *canvas.Circle
	ring         *canvas.Rectangle
	onLink       func(*url.URL)
	onCopy       func(string)
}

func newTimeline(onLink func(*url.URL), onCopy func(string)) *timeline {
	t := &timeline{following: true, onLink: onLink, onCopy: onCopy, background: widgets.NewBackground(theme.Canvas)}
	t.content = container.New(timelineLayout{t})
	t.scroll = widgets.NewVScroll(t.content)
	t.scroll.OnScrolled = t.scrolled
	t.downButton = widgets.NewIconButton(theme.Icon("down", theme.Muted), "To the newest message", func() { t.onEnd() })
	t.downBorder = canvas.NewCircle(theme.Color(theme.Background))
	t.ring = canvas.NewRectangle(color.Transparent)
	t.ring.StrokeWidth = 2
	t.ring.Hide()
	t.ExtendBaseWidget(t)
	t.updateDownButton()
	return t
}

// setElements replaces the elements; newer reports whether there are more below them.
// With toEnd it scrolls to the end and follows it.
func (t *timeline) setElements(elements []element, newer, toEnd bool, agent string) {
	anchor, offset := t.anchor()
	t.recycle()
	t.elements, t.hasNewer = elements, newer
	t.objects = make([]fyne.CanvasObject, len(elements))
	same := t.reuseBubbles(elements)
	for i, e := range elements {
		t.objects[i] = t.objectFor(e, same, agent)
	}
	for _, b := range t.spareBubbles {
		if b.text == t.selected {
			t.selected.ClearSelection()
			t.selected = nil
			break
		}
	}
	t.following = toEnd || t.following && !newer
	t.content.Objects = t.objects
	t.layoutElements()
	t.restoreScroll(anchor, offset)
	t.content.Refresh()
}

// anchor returns the first element in sight and how far above the upper edge it begins.
func (t *timeline) anchor() (elementKey, float32) {
	for i, top := range t.tops {
		if top+t.objects[i].Size().Height > t.scroll.Offset.Y && t.elements[i].kind >= pillElement {
			return t.elements[i].key(), top - t.scroll.Offset.Y
		}
	}
	return elementKey{}, 0
}

// restoreScroll scrolls to where the reader was: to the end, or to the anchor.
func (t *timeline) restoreScroll(anchor elementKey, offset float32) {
	t.adjusting = true
	defer func() { t.adjusting = false }()
	end := max(0, t.height-t.scroll.Size().Height)
	to := end
	if !t.following {
		to = min(t.scroll.Offset.Y, end)
		for i, e := range t.elements {
			if e.key() == anchor {
				to = max(0, min(t.tops[i]-offset, end))
				break
			}
		}
	}
	t.content.Resize(fyne.NewSize(t.scroll.Size().Width, t.height))
	t.scroll.Refresh()
	t.scroll.ScrollToOffset(fyne.NewPos(0, to))
	t.following = t.following || !t.hasNewer && to >= end-1
	t.updateDownButton()
}

// showNewestFromTop scrolls to where the newest message begins if it is higher than what
// is in sight, so that it is read from its beginning.
func (t *timeline) showNewestFromTop() {
	newest := len(t.elements) - 1
	for newest >= 0 && t.elements[newest].kind != bubbleElement {
		newest--
	}
	if newest < 0 || t.objects[newest].Size().Height <= t.scroll.Size().Height {
		return
	}
	t.adjusting = true
	t.scroll.ScrollToOffset(fyne.NewPos(0, t.tops[newest]))
	t.adjusting = false
	t.following = false
	t.updateDownButton()
}

// recycle keeps the widgets in use for the next elements.
func (t *timeline) recycle() {
	for _, o := range t.objects {
		switch o := o.(type) {
		case *bubble:
			t.spareBubbles = append(t.spareBubbles, o)
		case *widgets.Pill:
			t.sparePills = append(t.sparePills, o)
		}
	}
	t.objects, t.tops = nil, nil
}

func (t *timeline) objectFor(e element, same map[int64]*bubble, agent string) fyne.CanvasObject {
	switch e.kind {
	case bubbleElement:
		b, ok := same[e.item.Message.ID]
		if !ok {
			b = t.newOrRecycledBubble()
		}
		b.setActs(e.item.Acts)
		b.set(*e.item.Message, e.last, agent, e.retryEntry)
		return b
	case unreadElement:
		return newUnreadDivider(e.text)
	}
	if len(t.sparePills) == 0 {
		t.sparePills = append(t.sparePills, widgets.NewPill())
	}
	p := t.sparePills[len(t.sparePills)-1]
	t.sparePills = t.sparePills[:len(t.sparePills)-1]
	p.Set(e.text, e.time)
	return p
}

// reuseBubbles returns the spare bubbles that show messages of the elements already, so
// that a selection in them stays.
func (t *timeline) reuseBubbles(elements []element) map[int64]*bubble {
	same := make(map[int64]*bubble, len(elements))
	for _, e := range elements {
		if e.kind == bubbleElement {
			same[e.item.Message.ID] = nil
		}
	}
	spare := t.spareBubbles[:0]
	for _, b := range t.spareBubbles {
		if taken, wanted := same[b.message.ID]; wanted && taken == nil {
			same[b.message.ID] = b
		} else {
			spare = append(spare, b)
		}
	}
	t.spareBubbles = spare
	for id, b := range same {
		if b == nil {
			delete(same, id)
		}
	}
	return same
}

// newOrRecycledBubble returns a bubble that is not in use.
func (t *timeline) newOrRecycledBubble() *bubble {
	if last := len(t.spareBubbles) - 1; last >= 0 {
		b := t.spareBubbles[last]
		t.spareBubbles = t.spareBubbles[:last]
		return b
	}
	b := newBubble(t.onLink, t.onCopy, func(entry int64) { t.onRetry(entry) })
	b.text.OnSelectionStart = t.startSelection
	b.text.OnMenu = t.textMenu
	b.onResize = t.remeasure
	return b
}

// remeasure lays the elements out anew after one has changed its size.
func (t *timeline) remeasure() {
	anchor, offset := t.anchor()
	t.layoutElements()
	t.restoreScroll(anchor, offset)
	t.content.Refresh()
}

// layoutElements sizes and places every element.
func (t *timeline) layoutElements() {
	t.width = t.scroll.Size().Width
	if t.width <= 0 {
		return
	}
	room := t.width - 2*sidePad
	t.tops = make([]float32, len(t.objects))
	sizes := make([]fyne.Size, len(t.objects))
	y := float32(0)
	for i, o := range t.objects {
		y += t.elements[i].gap
		t.tops[i] = y
		switch o := o.(type) {
		case *bubble:
			sizes[i] = o.measure(room)
		default:
			sizes[i] = fyne.NewSize(room, o.MinSize().Height)
		}
		y += sizes[i].Height
	}
	y += endPad
	fill := max(0, t.scroll.Size().Height-y) // a short chat stands at the bottom
	t.height = y + fill
	for i, o := range t.objects {
		t.tops[i] += fill
		x := sidePad
		if b, ok := o.(*bubble); ok && b.message.Direction == data.Out {
			x = t.width - sidePad - sizes[i].Width
		}
		o.Resize(sizes[i])
		o.Move(fyne.NewPos(x, t.tops[i]))
	}
}

func (t *timeline) scrolled(at fyne.Position) {
	if t.adjusting {
		return
	}
	end := t.height - t.scroll.Size().Height
	before := t.following
	t.following = !t.hasNewer && at.Y >= end-1
	t.updateDownButton()
	if t.following && !before {
		t.onReachEnd()
	}
	t.loadMoreIfNear()
}

// loadMoreIfNear asks for more if the reader is near an end of what is loaded.
func (t *timeline) loadMoreIfNear() {
	if t.width <= 0 {
		return
	}
	if t.scroll.Offset.Y < loadMoreDistance {
		t.onOlder()
	}
	if t.hasNewer && t.scroll.Offset.Y > t.height-t.scroll.Size().Height-loadMoreDistance {
		t.onNewer()
	}
}

// arrowScroll is how far an arrow key scrolls.
const arrowScroll float32 = 60

// scrollPage scrolls by most of the height in sight, up if by is negative.
func (t *timeline) scrollPage(by float32) { t.scrollBy(by * 0.9 * t.scroll.Size().Height) }

func (t *timeline) scrollBy(by float32) {
	end := max(0, t.height-t.scroll.Size().Height)
	to := max(0, min(t.scroll.Offset.Y+by, end))
	t.scroll.ScrollToOffset(fyne.NewPos(0, to))
	t.scrolled(t.scroll.Offset)
}

func (t *timeline) updateDownButton() {
	widgets.SetVisible(t.downButton, !t.following)
	widgets.SetVisible(t.downBorder, !t.following)
}

// startSelection clears the selection elsewhere and takes the focus, so that Ctrl+C
// copies.
func (t *timeline) startSelection(p *widgets.SelectableText) {
	if t.selected != nil && t.selected != p {
		t.selected.ClearSelection()
	}
	t.selected = p
	if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil {
		widgets.Focus(c, t)
	}
	t.showRing()
}

// textMenu opens a menu to copy the selection, or else the chat's menu.
func (t *timeline) textMenu(at fyne.Position) {
	if t.selectedText() == "" {
		t.onMenu(at)
		return
	}
	c := fyne.CurrentApp().Driver().CanvasForObject(t)
	widgets.ShowMenu(c, []widgets.MenuItem{{Label: "Copy", Shortcut: "Ctrl+C", Action: t.copySelection}}, at)
}

func (t *timeline) selectedText() string {
	if t.selected == nil {
		return ""
	}
	return t.selected.SelectedText()
}

func (t *timeline) copySelection() {
	if text := t.selectedText(); text != "" {
		t.onCopy(t.selectedMessage().CopyText(text))
	}
}

// selectedMessage returns the message of which text is selected, the zero value for what
// is none.
func (t *timeline) selectedMessage() data.Message {
	for _, o := range t.objects {
		if b, ok := o.(*bubble); ok && b.text == t.selected {
			return b.message
		}
	}
	return data.Message{}
}

// TypedShortcut copies and selects; other shortcuts go to the window.
func (t *timeline) TypedShortcut(shortcut fyne.Shortcut) {
	switch shortcut.(type) {
	case *fyne.ShortcutCopy:
		t.copySelection()
	case *fyne.ShortcutSelectAll:
		if t.selected != nil {
			t.selected.SelectAll()
		}
	default:
		if c, ok := fyne.CurrentApp().Driver().CanvasForObject(t).(fyne.Shortcutable); ok {
			c.TypedShortcut(shortcut)
		}
	}
}

// TypedKey scrolls; other keys go to the window.
func (t *timeline) TypedKey(key *fyne.KeyEvent) {
	switch key.Name {
	case fyne.KeyUp:
		t.scrollBy(-arrowScroll)
	case fyne.KeyDown:
		t.scrollBy(arrowScroll)
	case fyne.KeyPageUp:
		t.scrollPage(-1)
	case fyne.KeyPageDown:
		t.scrollPage(1)
	case fyne.KeyHome:
		t.scrollBy(-t.scroll.Offset.Y)
	case fyne.KeyEnd:
		t.onEnd()
	default:
		if c := fyne.CurrentApp().Driver().CanvasForObject(t); c != nil && c.OnTypedKey() != nil {
			c.OnTypedKey()(key)
		}
	}
}

// TypedRune types into the composer.
func (t *timeline) TypedRune(r rune) { t.onRune(r) }

// FocusGained shows the focus ring, unless the mouse is selecting.
func (t *timeline) FocusGained() {
	t.focused = true
	t.showRing()
}

// FocusLost hides the focus ring; the selection stays.
func (t *timeline) FocusLost() {
	t.focused = false
	t.showRing()
}

func (t *timeline) showRing() {
	t.ring.Hidden = !t.focused || t.selected != nil
	t.ring.StrokeColor = theme.Color(theme.Focus)
	t.ring.Refresh()
}

// TappedSecondary opens the chat's menu.
func (t *timeline) TappedSecondary(e *fyne.PointEvent) { t.onMenu(e.AbsolutePosition) }

func (t *timeline) CreateRenderer() fyne.WidgetRenderer {
	return &timelineRenderer{widgets.RendererObjects{t.background, t.scroll, t.downBorder, t.downButton, t.ring}, t}
}

type timelineRenderer struct {
	widgets.RendererObjects
	timeline *timeline
}

func (r *timelineRenderer) Layout(size fyne.Size) {
	t := r.timeline
	anchor, offset := t.anchor()
	t.background.Resize(size)
	t.adjusting = true // ignore what the scroll reports until all is placed
	t.scroll.Resize(size)
	if t.width != t.scroll.Size().Width || t.height < size.Height || t.following {
		t.layoutElements()
	}
	t.restoreScroll(anchor, offset)
	t.ring.Resize(size)
	at := fyne.NewPos(size.Width-downButtonSize-sidePad, size.Height-downButtonSize-endPad)
	t.downButton.Resize(fyne.NewSquareSize(downButtonSize))
	t.downButton.Move(at)
	t.downBorder.Resize(fyne.NewSquareSize(downButtonSize))
	t.downBorder.Move(at)
}

func (r *timelineRenderer) MinSize() fyne.Size { return fyne.NewSize(240, 80) }

func (r *timelineRenderer) Refresh() {
	t := r.timeline
	t.downBorder.FillColor = theme.Color(theme.Background)
	t.downBorder.StrokeColor = theme.Color(theme.Separator)
	t.downBorder.StrokeWidth = 1
	t.downBorder.Refresh()
	t.background.Refresh()
	for _, o := range t.objects {
		o.Refresh()
	}
}

// timelineLayout leaves the layout to the timeline.
type timelineLayout struct{ timeline *timeline }

func (l timelineLayout) Layout([]fyne.CanvasObject, fyne.Size) {}

func (l timelineLayout) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(0, l.timeline.height)
}
