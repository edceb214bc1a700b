package ui

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/assets"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// showAbout shows the program's version, and where the profile at path lies.
func showAbout(p *dialogs.Presenter, version, path string) {
	p.Show("Latchdesk "+version, dialogs.Form(
		dialogs.Paragraph("A support desk where you decide who may keep writing, and see who decided it and what it stops."),
		dialogs.Caption(fmt.Sprintf("Profile: %s\n%s, %s/%s", filepath.Dir(path), runtime.Version(), runtime.GOOS, runtime.GOARCH)),
		dialogs.Caption("Latchdesk is built on the work of others, under their own licences:"),
		container.NewHBox(widgets.NewButton("Licences", widgets.Ghost, func() { showLicences(p) })),
		dialogs.Caption(assets.License),
	))
}

// showLicences shows the licences of all that is linked in.
func showLicences(p *dialogs.Presenter) {
	text := newLicenceText(assets.ThirdPartyLicenses)
	p.Show("Licences", text.root, widgets.WithWidth(760), widgets.WithFocus(text.list))
}

// licenceText is a text of thousands of lines, of which only those in sight are
// laid out.
type licenceText struct {
	root   fyne.CanvasObject
	list   *widgets.VirtualList
	border *canvas.Rectangle

	text    string
	columns int
	lines   []string
}

const (
	licenceLineHeight float32 = 16
	licenceHeight     float32 = 420
)

var licenceStyle = fyne.TextStyle{Monospace: true}

func newLicenceText(text string) *licenceText {
	p := &licenceText{text: text, border: canvas.NewRectangle(theme.Color(theme.Transparent))}
	p.list = widgets.NewVirtualList(licenceLineHeight, func() fyne.CanvasObject {
		line := widgets.NewEllipsisLabel(theme.Muted, theme.Caption)
		line.SetStyle(licenceStyle)
		return line
	}, func(i int, row fyne.CanvasObject) { row.(*widgets.EllipsisLabel).SetText(p.lines[i]) })
	p.list.OnKey = p.handleKey
	p.list.OnFocus = p.setFocused
	p.border.StrokeWidth = 2
	p.border.CornerRadius = theme.Radius
	p.setFocused(false)
	p.root = container.New(p, container.New(layout.NewCustomPaddedLayout(8, 8, 8, 8), p.list), p.border)
	return p
}

// Layout wraps the text anew if the width has changed.
func (p *licenceText) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
	}
	columns := int(p.list.Size().Width / fyne.MeasureText("0", theme.Caption, licenceStyle).Width)
	if columns == p.columns {
		return
	}
	p.columns, p.lines = columns, wrapColumns(p.text, columns)
	p.list.SetLength(len(p.lines))
}

// MinSize returns a height that is good to read in; a smaller window scrolls it.
func (p *licenceText) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(120, licenceHeight) }

func (p *licenceText) setFocused(focused bool) {
	role := theme.Separator
	if focused {
		role = theme.Focus
	}
	p.border.StrokeColor = theme.Color(role)
	p.border.Refresh()
}

func (p *licenceText) handleKey(key *fyne.KeyEvent) bool {
	page := float32(p.list.PageSize()) * licenceLineHeight
	to, ok := map[fyne.KeyName]float32{
		fyne.KeyDown: p.list.Offset() + licenceLineHeight, fyne.KeyUp: p.list.Offset() - licenceLineHeight,
		fyne.KeyPageDown: p.list.Offset() + page, fyne.KeyPageUp: p.list.Offset() - page,
		fyne.KeyHome: 0, fyne.KeyEnd: float32(len(p.lines)) * licenceLineHeight,
	}[key.Name]
	if ok {
		p.list.ScrollTo(min(to, float32(len(p.lines))*licenceLineHeight-page))
	}
	return ok
}

// wrapColumns breaks a text into lines of at most so many characters, between
// words where it can.
func wrapColumns(text string, columns int) []string {
	columns = max(columns, 20)
	var lines []string
	for line := range strings.Lines(text) {
		rest := []rune(strings.ReplaceAll(strings.TrimRight(line, " \t\r\n\f"), "\t", "    "))
		for len(rest) > columns {
			at := columns
			for at > 0 && rest[at] != ' ' {
				at--
			}
			if at == 0 {
				at = columns
			}
			lines = append(lines, strings.TrimRight(string(rest[:at]), " "))
			rest = []rune(strings.TrimLeft(string(rest[at:]), " "))
		}
		lines = append(lines, string(rest))
	}
	return lines
}
