package widgets

import (
	"strconv"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var _ fyne.Widget = (*Badge)(nil)

const (
	badgeHeight float32 = 20
	badgeDot    float32 = 12
)

// Badge shows the number of unread messages, or a dot for a chat that was marked
// as unread by hand.
type Badge struct {
	widget.BaseWidget

	n          int
	background *canvas.Rectangle
	text       *canvas.Text
}

// NewBadge returns a hidden Badge.
func NewBadge() *Badge {
	b := &Badge{background: canvas.NewRectangle(theme.Color(theme.Accent))}
	b.text = canvas.NewText("", theme.Color(theme.OnAccent))
	b.text.TextSize = theme.Caption
	b.text.TextStyle.Bold = true
	b.ExtendBaseWidget(b)
	b.Hide()
	return b
}

// Set shows n, a dot if n is negative, or nothing if it is zero.
func (b *Badge) Set(n int) {
	if n == b.n {
		return
	}
	b.n = n
	if n == 0 {
		b.Hide()
		return
	}
	b.text.Text = badgeText(n)
	b.Show()
	b.Refresh()
}

func (b *Badge) CreateRenderer() fyne.WidgetRenderer {
	return &badgeRenderer{RendererObjects{b.background, b.text}, b}
}

func badgeText(n int) string {
	switch {
	case n < 0:
		return ""
	case n > 99:
		return "99+"
	}
	return strconv.Itoa(n)
}

type badgeRenderer struct {
	RendererObjects
	badge *Badge
}

func (r *badgeRenderer) Layout(size fyne.Size) {
	b := r.badge
	want := r.MinSize()
	at := fyne.NewPos((size.Width-want.Width)/2, (size.Height-want.Height)/2)
	b.background.CornerRadius = want.Height / 2
	b.background.Resize(want)
	b.background.Move(at)
	text := b.text.MinSize()
	b.text.Resize(text)
	b.text.Move(at.AddXY((want.Width-text.Width)/2, (want.Height-text.Height)/2))
}

func (r *badgeRenderer) MinSize() fyne.Size {
	if r.badge.n < 0 {
		return fyne.NewSquareSize(badgeDot)
	}
	return fyne.NewSize(max(badgeHeight, r.badge.text.MinSize().Width+12), badgeHeight)
}

func (r *badgeRenderer) Refresh() {
	r.badge.background.FillColor = theme.Color(theme.Accent)
	r.badge.text.Color = theme.Color(theme.OnAccent)
	r.Layout(r.badge.Size())
	r.badge.background.Refresh()
	r.badge.text.Refresh()
}
