package chat

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	thereHeight  float32 = 20 // of a line that says how far DoubleTick is told
	thereRoom    float32 = 20 // that the strip gives it
	noticeHeight float32 = 32
	thereIcon    float32 = 14
)

// longWait is how long an act waits for DoubleTick before the agent is offered
// to have it asked at once, or to keep it here only.
const longWait = 10 * time.Minute

// waiting is what an outbox entry says that nothing stands in the way of.
var waiting = data.OutboxEntry{State: data.EntryWaiting}.Text()

// told is what stands in a line on how far DoubleTick is told of a status.
type told struct {
	text  string // empty says nothing at all
	icon  string
	role  fyne.ThemeColorName
	retry bool
	keep  bool
}

// thereLine says how far DoubleTick is told, and offers what can be done about it.
type thereLine struct {
	widget.BaseWidget

	said  told
	icon  *canvas.Image
	text  *widgets.EllipsisLabel
	retry *widgets.Link
	keep  *widgets.Link
}

func newThereLine(retry, keep func()) *thereLine {
	l := &thereLine{
		icon:  canvas.NewImageFromResource(nil),
		text:  widgets.NewEllipsisLabel(theme.Muted, 13),
		retry: widgets.NewLink("Retry", retry),
		keep:  widgets.NewLink("Keep here only", keep),
	}
	l.icon.FillMode = canvas.ImageFillContain
	l.ExtendBaseWidget(l)
	l.Hide()
	return l
}

// show says it, and reports whether the line came or went.
func (l *thereLine) show(t told) (turned bool) {
	turned = l.Visible() != (t.text != "")
	if t == l.said {
		return turned
	}
	l.said = t
	if turned {
		l.Hidden = !l.Hidden
	}
	if t.text == "" {
		return turned
	}
	l.text.SetText(t.text)
	l.icon.Resource = theme.Icon(t.icon, t.role)
	l.retry.Hidden, l.keep.Hidden = !t.retry, !t.keep
	l.Refresh()
	return turned
}

// links are what can be pressed in the line.
func (l *thereLine) links() []*widgets.Link { return []*widgets.Link{l.retry, l.keep} }

// CreateRenderer is used by Fyne alone.
func (l *thereLine) CreateRenderer() fyne.WidgetRenderer {
	return &thereRenderer{l, []fyne.CanvasObject{l.icon, l.text, l.retry, l.keep}}
}

type thereRenderer struct {
	line    *thereLine
	objects []fyne.CanvasObject
}

func (r *thereRenderer) Layout(size fyne.Size) {
	l := r.line
	l.icon.Resize(fyne.NewSquareSize(thereIcon))
	l.icon.Move(fyne.NewPos(0, (size.Height-thereIcon)/2))
	left := thereIcon + 6
	room := max(0, size.Width-left)
	for _, link := range l.links() {
		if link.Visible() {
			room -= link.MinSize().Width
		}
	}
	text := min(l.text.NaturalSize().Width+1, max(0, room))
	l.text.Resize(fyne.NewSize(text, size.Height))
	l.text.Move(fyne.NewPos(left, 0))
	x := left + text + 4
	for _, link := range l.links() {
		if link.Visible() {
			link.Resize(fyne.NewSize(link.MinSize().Width, thereHeight))
			link.Move(fyne.NewPos(x, (size.Height-thereHeight)/2))
			x += link.MinSize().Width
		}
	}
}

func (r *thereRenderer) MinSize() fyne.Size { return fyne.NewSize(160, thereHeight) }

func (r *thereRenderer) Refresh() {
	r.Layout(r.line.Size())
	for _, o := range r.objects {
		o.Refresh()
	}
}

func (r *thereRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *thereRenderer) Destroy()                     {}

// notice stands above the composer as long as DoubleTick has not taken an
// unblock, or has refused it.
type notice struct {
	widget.BaseWidget

	background *widgets.Background
	separator  *widgets.Background
	there      *thereLine
}

func newNotice(retry, keep func()) *notice {
	n := &notice{
		background: widgets.NewBackground(theme.Sidebar),
		separator:  widgets.NewBackground(theme.Separator),
		there:      newThereLine(retry, keep),
	}
	n.ExtendBaseWidget(n)
	n.Hide()
	return n
}

// show says it, and reports whether the notice came or went.
func (n *notice) show(t told) (turned bool) {
	turned = n.there.show(t)
	n.Hidden = !n.there.Visible()
	return turned
}

// CreateRenderer is used by Fyne alone.
func (n *notice) CreateRenderer() fyne.WidgetRenderer {
	return &noticeRenderer{n, []fyne.CanvasObject{n.background, n.separator, n.there}}
}

type noticeRenderer struct {
	notice  *notice
	objects []fyne.CanvasObject
}

func (r *noticeRenderer) Layout(size fyne.Size) {
	n := r.notice
	n.background.Resize(size)
	n.separator.Resize(fyne.NewSize(size.Width, 1))
	n.there.Resize(fyne.NewSize(max(0, size.Width-32), thereHeight))
	n.there.Move(fyne.NewPos(16, (size.Height-thereHeight)/2))
}

func (r *noticeRenderer) MinSize() fyne.Size { return fyne.NewSize(240, noticeHeight) }

func (r *noticeRenderer) Refresh() {
	for _, o := range r.objects {
		o.Refresh()
	}
}

func (r *noticeRenderer) Objects() []fyne.CanvasObject { return r.objects }
func (r *noticeRenderer) Destroy()                     {}

// toldIn is what is said at now of how far DoubleTick is told: in the strip
// while the customer is blocked, else above the composer, where only what is
// not done is worth a line.
func toldIn(t data.RemoteStatus, blocked bool, now data.Moment) told {
	s := told{text: t.Text(), icon: "check", role: theme.Muted}
	if s.text == "" {
		return told{}
	}
	last := *t.Last
	refused := last.State == data.EntryRejected
	if !blocked && !last.Open() && !refused {
		return told{}
	}
	switch {
	case refused:
		s.icon, s.role = "warning", theme.Danger
		if !strings.Contains(s.text, "DoubleTick") {
			s.text = "DoubleTick: " + s.text // these are its own words
		}
	case last.Open() && last.Text() != waiting:
		s.icon, s.role = "key", theme.Danger
	case last.Open():
		s.icon = "clock"
	case last.State == data.EntryLocalOnly:
		s.icon = "cloud-off"
	}
	stuck := refused || s.icon == "key" || now >= last.CreatedAt.Add(longWait)
	s.retry = last.CanRetry() || last.Open() && stuck
	s.keep = last.CanKeepLocal() && stuck
	return s
}
