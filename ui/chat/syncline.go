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
	syncNoticePad    float32 = 6 // above and below the line
	syncLineIconSize float32 = 14
)

// stuckAfter is how long an entry waits for DoubleTick before the agent may send it
// at once, or keep it here only.
const stuckAfter = 10 * time.Minute

// syncStatus is what a syncLine shows.
type syncStatus struct {
	text      string // empty hides the line
	icon      string
	role      fyne.ThemeColorName
	retry     bool
	keepLocal bool
}

// syncLine shows whether DoubleTick knows the customer's status, and links to what can
// be done about it. It has as many lines as that takes.
type syncLine struct {
	widget.BaseWidget

	status    syncStatus
	icon      *canvas.Image
	text      *widgets.Paragraph
	retry     *widgets.Link
	keepLocal *widgets.Link
	height    float32 // that the width of the last fit takes
}

func newSyncLine(retry, keepLocal func()) *syncLine {
	l := &syncLine{
		icon:      canvas.NewImageFromResource(nil),
		text:      widgets.NewParagraph("", theme.Muted, 13),
		retry:     widgets.NewLink("Retry", retry),
		keepLocal: widgets.NewLink("Keep here only", keepLocal),
	}
	l.icon.FillMode = canvas.ImageFillContain
	l.ExtendBaseWidget(l)
	l.Hide()
	return l
}

// show shows a status, and reports whether the line appeared or vanished.
func (l *syncLine) show(s syncStatus) (toggled bool) {
	toggled = l.Visible() != (s.text != "")
	if s == l.status {
		return toggled
	}
	l.status = s
	if toggled {
		l.Hidden = !l.Hidden
	}
	if s.text == "" {
		return toggled
	}
	l.text.SetText(s.text)
	l.icon.Resource = theme.Icon(s.icon, s.role)
	l.retry.Hidden, l.keepLocal.Hidden = !s.retry, !s.keepLocal
	l.Refresh()
	return toggled
}

// links returns the links of the line.
func (l *syncLine) links() []*widgets.Link { return []*widgets.Link{l.retry, l.keepLocal} }

// fit places the text and the links in a width, and returns the height that they take.
func (l *syncLine) fit(width float32) (height float32) {
	left := syncLineIconSize + 6
	l.height = fitText(l.text, l.links(), left, 0, width-left)
	l.icon.Resize(fyne.NewSquareSize(syncLineIconSize))
	l.icon.Move(fyne.NewPos(0, (footerLine-syncLineIconSize)/2))
	return l.height
}

func (l *syncLine) CreateRenderer() fyne.WidgetRenderer {
	return &syncLineRenderer{widgets.RendererObjects{l.icon, l.text, l.retry, l.keepLocal}, l}
}

type syncLineRenderer struct {
	widgets.RendererObjects
	line *syncLine
}

func (r *syncLineRenderer) Layout(size fyne.Size) { r.line.fit(size.Width) }

func (r *syncLineRenderer) MinSize() fyne.Size {
	return fyne.NewSize(160, max(footerLine, r.line.height))
}

func (r *syncLineRenderer) Refresh() {
	r.Layout(r.line.Size())
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}

// syncNotice stands above the composer as long as DoubleTick has not taken an unblock,
// or has rejected it.
type syncNotice struct {
	widget.BaseWidget

	background *widgets.Background
	separator  *widgets.Background
	line       *syncLine
}

func newSyncNotice(retry, keepLocal func()) *syncNotice {
	n := &syncNotice{
		background: widgets.NewBackground(theme.Sidebar),
		separator:  widgets.NewBackground(theme.Separator),
		line:       newSyncLine(retry, keepLocal),
	}
	n.ExtendBaseWidget(n)
	n.Hide()
	return n
}

// show shows a status, and reports whether the notice appeared or vanished.
func (n *syncNotice) show(s syncStatus) (toggled bool) {
	toggled = n.line.show(s)
	n.Hidden = !n.line.Visible()
	return toggled
}

// fit returns the height that the notice takes in a width.
func (n *syncNotice) fit(width float32) (height float32) {
	return n.line.fit(max(0, width-32)) + 2*syncNoticePad
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
	n.line.Resize(fyne.NewSize(max(0, size.Width-32), size.Height-2*syncNoticePad))
	n.line.Move(fyne.NewPos(16, syncNoticePad))
}

func (r *syncNoticeRenderer) MinSize() fyne.Size {
	return fyne.NewSize(240, r.notice.line.MinSize().Height+2*syncNoticePad)
}

func (r *syncNoticeRenderer) Refresh() {
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}

// syncStatusOf returns what is shown of a remote status: in the strip while the
// customer is blocked, and else above the composer, where only what is not done is
// shown.
func syncStatusOf(t data.RemoteStatus, blocked bool, now data.Moment) syncStatus {
	s := syncStatus{text: t.Text(), icon: "check", role: theme.Muted}
	if s.text == "" {
		return syncStatus{}
	}
	last := *t.Last
	rejected := last.State == data.EntryRejected
	if !blocked && !last.Open() && !rejected {
		return syncStatus{}
	}
	switch {
	case !t.Holds():
		s.icon, s.role = "warning", theme.Danger
	case rejected:
		s.icon, s.role = "warning", theme.Danger
		if !strings.Contains(s.text, "DoubleTick") {
			s.text = "DoubleTick: " + s.text // these are DoubleTick's own words
		}
	case last.Open() && last.HTTPStatus == 401:
		s.icon, s.role = "key", theme.Danger
	case last.Open():
		s.icon = "clock"
	case last.State == data.EntryLocalOnly:
		s.icon = "cloud-off"
	}
	stuck := rejected || s.icon == "key" || now >= last.CreatedAt.Add(stuckAfter)
	s.retry = last.CanRetry() || last.Open() && stuck || !t.Holds()
	s.keepLocal = last.CanKeepLocal() && stuck
	return s
}
