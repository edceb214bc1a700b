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
)

// timeline shows a part of a chat. When the pane replaces its elements, what the
// reader looks at stays where it is.
type timeline struct {
	widget.BaseWidget

	onOlder, onNewer func() // the reader comes near an end of what is loaded
	onEnd            func() // the reader wants to see the newest
	onDown           func() // the button down was pressed
	onSight          func() // other messages may be in sight
	onMenu           func(fyne.Position)
	onRune           func(rune) // a letter is typed that belongs in the composer
	onRetry          func(entry int64)
	onDone           func() // a link was followed, which took the keyboard
	simulated        bool   // the customers are a demo's

	elements  []element
	objects   []fyne.CanvasObject // one for each element
	tops      []float32
	wanted    place // what is to be in sight once there is room
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
	down         *jumpButton
	ring         *canvas.Rectangle
	onLink       func(*url.URL)
	onCopy       func(string)
}

func newTimeline(onLink func(*url.URL), onCopy func(string)) *timeline {
	t := &timeline{following: true, onLink: onLink, onCopy: onCopy, onDone: func() {}, background: widgets.NewBackground(theme.Canvas)}
	t.content = container.New(timelineLayout{t})
	t.scroll = widgets.NewVScroll(t.content)
	t.scroll.OnScrolled = t.scrolled
	t.down = newJumpButton(func() { t.onDown() })
	t.ring = canvas.NewRectangle(color.Transparent)
	t.ring.StrokeWidth = 2
	t.ring.Hide()
	t.ExtendBaseWidget(t)
	t.updateDownButton()
	return t
}

// place is what is to be in sight.
type place struct {
	end    bool       // the newest, and what comes after it
	key    elementKey // else this element; where that is zero, what is in sight already
	offset float32    // how far below the upper edge it begins
}

var (
	inSight = place{}
	newest  = place{end: true}
)

// setElements replaces the elements, and scrolls to a place among them; newer reports
// whether there are more below them.
func (t *timeline) setElements(elements []element, newer bool, to place, agent string) {
	if to == inSight {
		to = t.place()
	} else {
		t.following = to.end
	}
	t.wanted = to
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
	t.following = to.end || t.following && !newer
	t.content.Objects = t.objects
	t.layoutElements()
	t.scrollTo(to)
	t.content.Refresh()
}

// place returns the first element in sight and how far below the upper edge it begins, or
// what is to be in sight as long as there is no room for anything.
func (t *timeline) place() place {
	if t.tops == nil {
		return t.wanted
	}
	for i, top := range t.tops {
		if top+t.objects[i].Size().Height > t.scroll.Offset.Y && t.elements[i].kind >= pillElement {
			return place{key: t.elements[i].key(), offset: top - t.scroll.Offset.Y}
		}
	}
	return place{}
}

// scrollTo scrolls to the end as long as that is followed, or else to a place.
func (t *timeline) scrollTo(at place) {
	t.adjusting = true
	defer func() { t.adjusting = false }()
	end := max(0, t.height-t.scroll.Size().Height)
	to := end
	if !t.following {
		to = min(t.scroll.Offset.Y, end)
		if i, ok := t.find(at.key); ok {
			to = max(0, min(t.tops[i]-at.offset, end))
		}
	}
	t.content.Resize(fyne.NewSize(t.scroll.Size().Width, t.height))
	t.scroll.Refresh()
	t.scroll.ScrollToOffset(fyne.NewPos(0, to))
	t.following = t.following || t.tops != nil && !t.hasNewer && to >= end-1
	t.updateDownButton()
}

// find returns the index of an element that has room, or of the one that stands where it
// stood. It reports whether there is one.
func (t *timeline) find(key elementKey) (index int, ok bool) {
	for i := range t.tops {
		switch e := t.elements[i]; {
		case key == elementKey{}:
		case e.key() == key:
			return i, true
		case !ok && e.kind >= pillElement && !e.item.Key.Less(key.item):
			index, ok = i, true
		}
	}
	return index, ok
}

// showNewestFromTop scrolls to where the newest message begins if it is higher than what
// is in sight, so that it is read from its beginning.
func (t *timeline) showNewestFromTop() {
	last := len(t.tops) - 1
	for last >= 0 && t.elements[last].kind != bubbleElement {
		last--
	}
	if last < 0 || t.objects[last].Size().Height <= t.scroll.Size().Height {
		return
	}
	t.adjusting = true
	t.scroll.ScrollToOffset(fyne.NewPos(0, t.tops[last]))
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
	b.onDone = func() { t.onDone() }
	b.simulated = t.simulated
	return b
}

// remeasure lays the elements out anew after one has changed its size.
func (t *timeline) remeasure() {
	at := t.place()
	t.layoutElements()
	t.scrollTo(at)
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
	t.following = !t.hasNewer && at.Y >= end-1
	t.updateDownButton()
	t.onSight()
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

// scrollPage scrolls by most of the height in sight, up if by is negative.
func (t *timeline) scrollPage(by float32) { t.scrollBy(by * 0.9 * t.scroll.Size().Height) }

func (t *timeline) scrollBy(by float32) {
	end := max(0, t.height-t.scroll.Size().Height)
	to := max(0, min(t.scroll.Offset.Y+by, end))
	t.scroll.ScrollToOffset(fyne.NewPos(0, to))
	t.scrolled(t.scroll.Offset)
}

// lastSeen returns the newest message from the customer that is in sight: the whole of it,
// or as much as fills half of the room. It reports whether there is one.
func (t *timeline) lastSeen() (data.ItemKey, bool) {
	upper, room := t.scroll.Offset.Y, t.scroll.Size().Height
	for i := len(t.tops) - 1; i >= 0; i-- {
		e, height := t.elements[i], t.objects[i].Size().Height
		if e.kind != bubbleElement || e.item.Message.Direction != data.In {
			continue
		}
		seen := min(t.tops[i]+height, upper+room) - max(t.tops[i], upper)
		if seen > 0 && seen >= min(height, room/2)-1 {
			return e.item.Key, true
		}
	}
	return data.ItemKey{}, false
}

// isBelow reports whether a message is further down than what is in sight.
func (t *timeline) isBelow(key data.ItemKey) bool {
	lower := t.scroll.Offset.Y + t.scroll.Size().Height
	for i := len(t.tops) - 1; i >= 0; i-- {
		if t.tops[i] < lower {
			return t.elements[i].item.Key.Less(key)
		}
	}
	return false
}

func (t *timeline) updateDownButton() {
	widgets.SetVisible(t.down, !t.following)
}

// TappedSecondary opens the chat's menu.
func (t *timeline) TappedSecondary(e *fyne.PointEvent) { t.onMenu(e.AbsolutePosition) }

func (t *timeline) CreateRenderer() fyne.WidgetRenderer {
	return &timelineRenderer{widgets.RendererObjects{t.background, t.scroll, t.down, t.ring}, t}
}

type timelineRenderer struct {
	widgets.RendererObjects
	timeline *timeline
}

func (r *timelineRenderer) Layout(size fyne.Size) {
	t := r.timeline
	at := t.place()
	t.background.Resize(size)
	t.adjusting = true // ignore what the scroll reports until all is placed
	t.scroll.Resize(size)
	if t.width != t.scroll.Size().Width || t.height < size.Height || t.following {
		t.layoutElements()
	}
	t.scrollTo(at)
	t.ring.Resize(size)
	t.down.Resize(t.down.MinSize())
	t.down.Move(fyne.NewPos(size.Width-t.down.Size().Width-sidePad, size.Height-t.down.Size().Height-endPad))
	t.onSight()
}

func (r *timelineRenderer) MinSize() fyne.Size { return fyne.NewSize(240, 80) }

func (r *timelineRenderer) Refresh() {
	t := r.timeline
	t.down.Refresh()
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
