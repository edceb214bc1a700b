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
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

func (w *Window) showAbout() {
	licences := widgets.NewButton("Licences", widgets.Ghost, w.showLicences)
	var d *widgets.Dialog
	d = widgets.NewDialog(w.win.Canvas(), "Latchdesk "+w.Version,
		form(
			paragraph("The support desk that says who may keep writing, who decided it, and what it stops."),
			caption(fmt.Sprintf("Profile: %s\n%s, %s/%s", filepath.Dir(w.Desk.Path()), runtime.Version(), runtime.GOOS, runtime.GOARCH)),
			caption("It stands on the work of others, under terms of their own:"),
			container.NewHBox(licences),
			caption(assets.License),
		),
		widgets.WithCancel("", nil), widgets.WithConfirm("Close", widgets.Primary, func() { d.Close() }))
	d.Show()
}

// showLicences shows the terms of all that is linked in.
func (w *Window) showLicences() {
	print := newFinePrint(assets.ThirdPartyLicenses)
	var d *widgets.Dialog
	d = widgets.NewDialog(w.win.Canvas(), "Licences", print.frame,
		widgets.WithWidth(760), widgets.WithFocus(print.rows),
		widgets.WithCancel("", nil), widgets.WithConfirm("Close", widgets.Primary, func() { d.Close() }))
	d.Show()
}

// finePrint is a text of thousands of lines, of which only those in sight are
// laid out.
type finePrint struct {
	frame fyne.CanvasObject
	rows  *widgets.VirtualList
	edge  *canvas.Rectangle

	text    string
	columns int
	lines   []string
}

const (
	printLine   float32 = 16
	printHeight float32 = 420
)

var printStyle = fyne.TextStyle{Monospace: true}

func newFinePrint(text string) *finePrint {
	p := &finePrint{text: text, edge: canvas.NewRectangle(theme.Color(theme.Transparent))}
	p.rows = widgets.NewVirtualList(printLine, func() fyne.CanvasObject {
		line := widgets.NewEllipsisLabel(theme.Muted, theme.Caption)
		line.SetStyle(printStyle)
		return line
	}, func(i int, row fyne.CanvasObject) { row.(*widgets.EllipsisLabel).SetText(p.lines[i]) })
	p.rows.OnKey = p.key
	p.rows.OnFocus = p.ring
	p.edge.StrokeWidth = 2
	p.edge.CornerRadius = theme.Radius
	p.ring(false)
	p.frame = container.New(p, container.New(layout.NewCustomPaddedLayout(8, 8, 8, 8), p.rows), p.edge)
	return p
}

// Layout wraps the text anew where the width has changed.
func (p *finePrint) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
	}
	columns := int(p.rows.Size().Width / fyne.MeasureText("0", theme.Caption, printStyle).Width)
	if columns == p.columns {
		return
	}
	p.columns, p.lines = columns, wrap(p.text, columns)
	p.rows.SetLength(len(p.lines))
}

// MinSize is as high as is good to read in; a smaller window scrolls it.
func (p *finePrint) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(120, printHeight) }

func (p *finePrint) ring(focused bool) {
	role := theme.Separator
	if focused {
		role = theme.Focus
	}
	p.edge.StrokeColor = theme.Color(role)
	p.edge.Refresh()
}

func (p *finePrint) key(key *fyne.KeyEvent) bool {
	page := float32(p.rows.PageSize()) * printLine
	to, ok := map[fyne.KeyName]float32{
		fyne.KeyDown: p.rows.Offset() + printLine, fyne.KeyUp: p.rows.Offset() - printLine,
		fyne.KeyPageDown: p.rows.Offset() + page, fyne.KeyPageUp: p.rows.Offset() - page,
		fyne.KeyHome: 0, fyne.KeyEnd: float32(len(p.lines)) * printLine,
	}[key.Name]
	if ok {
		p.rows.ScrollTo(min(to, float32(len(p.lines))*printLine-page))
	}
	return ok
}

// wrap breaks a text into lines of so many letters, between words where it can.
func wrap(text string, columns int) []string {
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
