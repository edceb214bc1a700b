package chat

import (
	"math"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

var _ fyne.Widget = (*composer)(nil)

const (
	maxComposerRows         = 6
	footerPad       float32 = 14 // above and below what stands in the footer
	entryInset      float32 = 16 // what Fyne's entry keeps beside its text
)

// composer is where a reply is written. Enter sends it, Shift+Enter starts a new line.
type composer struct {
	widget.BaseWidget

	entry      *widgets.Entry
	send       *widgets.Button
	background *widgets.Background
	separator  *widgets.Background
	rows       int

	onSend    func(text string)
	onChanged func()
	onResize  func()
	onKey     func(*fyne.KeyEvent) bool
}

func newComposer() *composer {
	c := &composer{
		entry:      widgets.NewMultiLineEntry(),
		background: widgets.NewBackground(theme.Background),
		separator:  widgets.NewBackground(theme.Separator),
	}
	c.send = widgets.NewButton("Send", widgets.Confirm, c.submit)
	c.entry.SetPlaceHolder("Type a message to send")
	c.entry.OnKey = c.handleKey
	c.entry.OnChanged = func(string) {
		c.fitHeight()
		c.onChanged()
	}
	c.ExtendBaseWidget(c)
	c.fitHeight()
	return c
}

func (c *composer) handleKey(key *fyne.KeyEvent) bool {
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if c.entry.ShiftHeld() {
			return false
		}
		if !c.entry.EnterHeld() {
			c.submit()
		}
		return true
	}
	return c.onKey(key)
}

func (c *composer) submit() {
	if strings.TrimSpace(c.entry.Text) == "" {
		return
	}
	c.onSend(c.entry.Text)
}

// fitHeight makes the entry as high as its text, up to maxComposerRows.
func (c *composer) fitHeight() {
	room := c.entry.Size().Width - 2*entryInset
	rows := 0
	for line := range strings.SplitSeq(c.entry.Text, "\n") {
		rows++
		if room > 0 && line != "" && len(line) < 4096 {
			rows += int(math.Ceil(float64(fyne.MeasureText(line, theme.Body, fyne.TextStyle{}).Width/room))) - 1
		}
		if rows >= maxComposerRows || len(line) >= 4096 {
			rows = maxComposerRows
			break
		}
	}
	if rows == c.rows {
		return
	}
	c.rows = rows
	c.entry.SetMinRowsVisible(rows)
	if c.onResize != nil {
		c.onResize()
	}
}

func (c *composer) CreateRenderer() fyne.WidgetRenderer {
	return &composerRenderer{widgets.RendererObjects{c.background, c.separator, c.entry, c.send}, c}
}

type composerRenderer struct {
	widgets.RendererObjects
	composer *composer
}

func (r *composerRenderer) Layout(size fyne.Size) {
	c := r.composer
	c.background.Resize(size)
	c.separator.Resize(fyne.NewSize(size.Width, 1))
	send := c.send.MinSize()
	send.Width = max(send.Width, 72)
	c.send.Resize(send)
	c.send.Move(fyne.NewPos(size.Width-send.Width-16, size.Height-send.Height-footerPad))
	c.entry.Resize(fyne.NewSize(max(0, size.Width-send.Width-16-12-16), size.Height-2*footerPad))
	c.entry.Move(fyne.NewPos(16, footerPad))
	c.fitHeight()
}

func (r *composerRenderer) MinSize() fyne.Size {
	return fyne.NewSize(240, max(footerHeight, r.composer.entry.MinSize().Height+2*footerPad))
}

func (r *composerRenderer) Refresh() {
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}
