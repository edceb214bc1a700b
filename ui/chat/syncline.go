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

var (
	_ fyne.Widget = (*syncLine)(nil)
	_ fyne.Widget = (*syncNotice)(nil)
)

const (
	syncLineHeight   float32 = 20 // of a line that says how far DoubleTick is told
	syncLineRoom     float32 = 20 // that the strip gives it
	syncNoticeHeight float32 = 32
	syncLineIconSize float32 = 14
)

// stuckAfter is how long an act waits for DoubleTick before the agent is offered
// to have it asked at once, or to keep it here only.
const stuckAfter = 10 * time.Minute

// waitingText is what an outbox entry says that nothing stands in the way of.
var waitingText = data.OutboxEntry{State: data.EntryWaiting}.Text()

// syncStatus is what stands in a line on how far DoubleTick is told of a status.
type syncStatus struct {
	text  string // empty says nothing at all
	icon  string
	role  fyne.ThemeColorName
	retry bool
	keep  bool
}

// syncLine says how far DoubleTick is told, and offers what can be done about it.
type syncLine struct {
	widget.BaseWidget

	status syncStatus
	icon   *canvas.Image
	text   *widgets.EllipsisLabel
	retry  *widgets.Link
	keep   *widgets.Link
}

func newSyncLine(retry, keep func()) *syncLine {
	l := &syncLine{
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
func (l *syncLine) show(t syncStatus) (turned bool) {
	turned = l.Visible() != (t.text != "")
	if t == l.status {
		return turned
	}
	l.status = t
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
func (l *syncLine) links() []*widgets.Link { return []*widgets.Link{l.retry, l.keep} }

func (l *syncLine) CreateRenderer() fyne.WidgetRenderer {
	return &syncLineRenderer{widgets.RendererObjects{l.icon, l.text, l.retry, l.keep}, l}
}

type syncLineRenderer struct {
	widgets.RendererObjects
	line *syncLine
}

func (r *syncLineRenderer) Layout(size fyne.Size) {
	l := r.line
	l.icon.Resize(fyne.NewSquareSize(syncLineIconSize))
	l.icon.Move(fyne.NewPos(0, (size.Height-syncLineIconSize)/2))
	left := syncLineIconSize + 6
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
			link.Resize(fyne.NewSize(link.MinSize().Width, syncLineHeight))
			link.Move(fyne.NewPos(x, (size.Height-syncLineHeight)/2))
			x += link.MinSize().Width
		}
	}
}

func (r *syncLineRenderer) MinSize() fyne.Size { return fyne.NewSize(160, syncLineHeight) }

func (r *syncLineRenderer) Refresh() {
	r.Layout(r.line.Size())
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}

// syncNotice stands above the composer as long as DoubleTick has not taken an
// unblock, or has refused it.
type syncNotice struct {
	widget.BaseWidget

	background *widgets.Background
	separator  *widgets.Background
	line       *syncLine
}

func newSyncNotice(retry, keep func()) *syncNotice {
	n := &syncNotice{
		background: widgets.NewBackground(theme.Sidebar),
		separator:  widgets.NewBackground(theme.Separator),
		line:       newSyncLine(retry, keep),
	}
	n.ExtendBaseWidget(n)
	n.Hide()
	return n
}

// show says it, and reports whether the notice came or went.
func (n *syncNotice) show(t syncStatus) (turned bool) {
	turned = n.line.show(t)
	n.Hidden = !n.line.Visible()
	return turned
}

func (n *syncNotice) CreateRenderer() fyne.WidgetRenderer {
	return &syncNoticeRenderer{widgets.RendererObjects{n.background, n.separator, n.line}, n}
}

type syncNoticeRenderer struct {
	widgets.RendererObjects
	notice *syncNotice
}

func (r *syncNoticeRenderer) Layout(size fyne.Size) {
	n := r.notice
	n.background.Resize(size)
	n.separator.Resize(fyne.NewSize(size.Width, 1))
	n.line.Resize(fyne.NewSize(max(0, size.Width-32), syncLineHeight))
	n.line.Move(fyne.NewPos(16, (size.Height-syncLineHeight)/2))
}

func (r *syncNoticeRenderer) MinSize() fyne.Size { return fyne.NewSize(240, syncNoticeHeight) }

func (r *syncNoticeRenderer) Refresh() {
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}

// syncStatusOf is what is said at now of how far DoubleTick is told: in the strip
// while the customer is blocked, else above the composer, where only what is
// not done is worth a line.
func syncStatusOf(t data.RemoteStatus, blocked bool, now data.Moment) syncStatus {
	s := syncStatus{text: t.Text(), icon: "check", role: theme.Muted}
	if s.text == "" {
		return syncStatus{}
	}
	last := *t.Last
	refused := last.State == data.EntryRejected
	if !blocked && !last.Open() && !refused {
		return syncStatus{}
	}
	switch {
	case refused:
		s.icon, s.role = "warning", theme.Danger
		if !strings.Contains(s.text, "DoubleTick") {
			s.text = "DoubleTick: " + s.text // these are its own words
		}
	case last.Open() && last.Text() != waitingText:
		s.icon, s.role = "key", theme.Danger
	case last.Open():
		s.icon = "clock"
	case last.State == data.EntryLocalOnly:
		s.icon = "cloud-off"
	}
	stuck := refused || s.icon == "key" || now >= last.CreatedAt.Add(stuckAfter)
	s.retry = last.CanRetry() || last.Open() && stuck
	s.keep = last.CanKeepLocal() && stuck
	return s
}
