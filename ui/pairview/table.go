package pairview

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

var _ fyne.Widget = (*table)(nil)

const (
	smallText   float32 = 13
	rowLine     float32 = 20 // a line of text of that size
	cellPad     float32 = 16 // at the left and right of a cell
	rowPad      float32 = 6  // above and below it
	labelColumn float32 = 116
	sideBySide  float32 = 560 // narrower, the customers stand one under the other
)

// table compares two customers line by line: side by side, or one under the other where
// the width is too small for that.
type table struct {
	widget.BaseWidget

	ground *card
	heads  [2]*head
	labels [2][rowCount + 1]*widgets.Paragraph // the second only where one stands under the other
	ticks  [2][rowCount + 1]*canvas.Image
	cells  [2][rowCount]*widgets.Paragraph
	words  [2][maxWords]*line
	rules  []*widgets.Background // lines between the cells
	used   int                   // of them

	shown [rowCount + 1]bool // rows that say something
	match [rowCount + 1]bool
}

func newTable(open func(side int)) *table {
	t := &table{ground: newCard(theme.Background, theme.Separator, 1, theme.Radius)}
	for i := range 2 {
		t.heads[i] = newHead(func() { open(i) })
		for row := range rowCount + 1 {
			label := "Last words"
			if row < rowCount {
				label = rowLabels[row]
				t.cells[i][row] = widgets.NewParagraph("", theme.Text, smallText)
			}
			t.labels[i][row] = widgets.NewParagraph(label, theme.Muted, smallText)
			t.ticks[i][row] = canvas.NewImageFromResource(theme.Icon("check", theme.Accent))
		}
		for n := range maxWords {
			t.words[i][n] = newLine()
		}
	}
	for range 2*(rowCount+2) + 2 {
		t.rules = append(t.rules, widgets.NewBackground(theme.Separator))
	}
	t.ExtendBaseWidget(t)
	return t
}

// set shows a comparison.
func (t *table) set(c comparison, now data.Moment) {
	for row := range rowCount {
		texts, match := c.cells(row, now)
		t.shown[row], t.match[row] = texts[0] != "" || texts[1] != "", match
		for i, text := range texts {
			if text == "" {
				text = "none"
			}
			t.cells[i][row].SetText(text)
		}
	}
	for i, s := range c.sides {
		t.heads[i].set(s, now)
		blocked := s.customer.Status(now) == data.Blocked
		t.cells[i][statusRow].SetStyle(fyne.TextStyle{Bold: blocked})
		t.cells[i][statusRow].SetColor(theme.Text)
		if blocked {
			t.cells[i][statusRow].SetColor(theme.Danger)
		}
		for n, l := range t.words[i] {
			widgets.SetVisible(l, n < len(s.words))
			if n < len(s.words) {
				l.text.SetText(s.words[n].Preview())
				l.time.SetText(timeText(s.words[n], now))
				t.shown[rowCount] = true
			}
		}
	}
	t.shown[rowCount] = len(c.sides[0].words)+len(c.sides[1].words) > 0
}

// Fit places everything in a width and returns the height that it takes.
func (t *table) Fit(width float32) (height float32) {
	t.used = 0
	if width >= sideBySide {
		height = t.fitBeside(width)
	} else {
		height = t.fitUnder(width)
	}
	for _, rule := range t.rules[t.used:] {
		rule.Hide()
	}
	size := fyne.NewSize(width, height)
	t.ground.Resize(size)
	t.Resize(size)
	return height
}

func (t *table) fitBeside(width float32) (y float32) {
	column := (width - labelColumn) / 2
	xs := [2]float32{labelColumn, labelColumn + column}
	y = max(t.heads[0].Fit(column-2*cellPad), t.heads[1].Fit(column-2*cellPad)) + 2*cellPad
	for i, h := range t.heads {
		h.Move(fyne.NewPos(xs[i]+cellPad, cellPad))
	}
	for row := range rowCount + 1 {
		t.placeLabel(0, row, y, labelColumn-cellPad-4, t.shown[row])
		t.placeLabel(1, row, y, labelColumn-cellPad-4, false)
		high := rowLine
		for i := range 2 {
			high = max(high, t.placeCell(i, row, xs[i]+cellPad, y+rowPad, column-2*cellPad))
		}
		if t.shown[row] {
			t.rule(0, y, width, 1)
			y += high + 2*rowPad
		}
	}
	for _, x := range xs {
		t.rule(x, 0, 1, y)
	}
	return y
}

func (t *table) fitUnder(width float32) (y float32) {
	const label = 92
	for i, h := range t.heads {
		if i > 0 {
			t.rule(0, y, width, 2)
		}
		h.Move(fyne.NewPos(cellPad, y+cellPad))
		y += h.Fit(width-2*cellPad) + 2*cellPad - rowPad
		for row := range rowCount + 1 {
			t.placeLabel(i, row, y-4, label-4, t.shown[row])
			high := max(rowLine, t.placeCell(i, row, cellPad+label, y+4, width-2*cellPad-label))
			if t.shown[row] {
				y += high + rowPad
			}
		}
		y += rowPad
	}
	return y
}

func (t *table) placeLabel(i, row int, y, width float32, visible bool) {
	label, tick := t.labels[i][row], t.ticks[i][row]
	widgets.SetVisible(label, visible)
	widgets.SetVisible(tick, visible && t.match[row])
	label.Fit(width)
	label.Move(fyne.NewPos(cellPad, y+rowPad))
	tick.Resize(fyne.NewSquareSize(14))
	tick.Move(fyne.NewPos(cellPad+label.LastLineWidth()+4, y+rowPad+3))
}

// placeCell places what a row says of a customer, and returns its height.
func (t *table) placeCell(i, row int, x, y, width float32) (height float32) {
	if row < rowCount {
		cell := t.cells[i][row]
		widgets.SetVisible(cell, t.shown[row])
		cell.Move(fyne.NewPos(x, y))
		return cell.Fit(width)
	}
	for _, l := range t.words[i] {
		if !l.Visible() {
			continue
		}
		if height > 0 {
			height += 4
		}
		l.Move(fyne.NewPos(x, y+height))
		height += l.Fit(width)
	}
	return height
}

func (t *table) rule(x, y, width, height float32) {
	rule := t.rules[t.used]
	t.used++
	rule.Show()
	rule.Resize(fyne.NewSize(width, height))
	rule.Move(fyne.NewPos(x, y))
}

func (t *table) CreateRenderer() fyne.WidgetRenderer {
	parts := widgets.RendererObjects{t.ground}
	for _, rule := range t.rules {
		parts = append(parts, rule)
	}
	for i := range 2 {
		parts = append(parts, t.heads[i])
		for row := range rowCount + 1 {
			parts = append(parts, t.labels[i][row], t.ticks[i][row])
			if row < rowCount {
				parts = append(parts, t.cells[i][row])
			}
		}
		for _, l := range t.words[i] {
			parts = append(parts, l)
		}
	}
	return &partsRenderer{parts}
}

// head names a customer at the top of a column.
type head struct {
	widget.BaseWidget

	avatar  *widgets.Avatar
	name    *widgets.Paragraph
	status  *widgets.StatusLabel
	contact *widgets.Paragraph
	open    *widgets.Link
}

func newHead(open func()) *head {
	h := &head{
		avatar:  widgets.NewAvatar(40),
		name:    widgets.NewParagraph("", theme.Text, theme.Heading),
		status:  widgets.NewStatusLabel(),
		contact: widgets.NewParagraph("", theme.Muted, theme.Caption),
		open:    widgets.NewLink("Open chat", open),
	}
	h.name.SetStyle(fyne.TextStyle{Bold: true})
	h.ExtendBaseWidget(h)
	return h
}

func (h *head) set(s side, now data.Moment) {
	blocked := s.customer.Status(now) == data.Blocked
	h.avatar.Set(s.customer.Initials(), string(s.customer.Address), blocked)
	h.name.SetText(data.OneLine(s.customer.Title(), data.MaxName))
	h.contact.SetText(s.customer.Contact())
	widgets.SetVisible(h.status, blocked)
}

// Fit places the parts in a width and returns the height.
func (h *head) Fit(width float32) (height float32) {
	const left = 40 + 12
	h.avatar.Resize(fyne.NewSquareSize(40))
	room := max(0, width-left)
	link := h.open.MinSize()
	beside := room-link.Width >= 140
	if beside {
		room -= link.Width
		h.open.Move(fyne.NewPos(width-link.Width+4, (40-link.Height)/2))
	}
	h.open.Resize(link)
	height = h.name.Fit(room)
	h.name.Move(fyne.NewPos(left, 0))
	if h.status.Visible() {
		status := h.status.MinSize()
		at := fyne.NewPos(left+h.name.LastLineWidth()+8, height-rowLine)
		if at.X+status.Width > left+room {
			at = fyne.NewPos(left, height+2)
			height += status.Height + 2
		}
		h.status.Resize(status)
		h.status.Move(at)
	}
	h.contact.Move(fyne.NewPos(left, height))
	height += h.contact.Fit(room)
	if !beside {
		h.open.Move(fyne.NewPos(left-4, height+2))
		height += link.Height + 2
	}
	height = max(40, height)
	h.Resize(fyne.NewSize(width, height))
	return height
}

func (h *head) CreateRenderer() fyne.WidgetRenderer {
	return &partsRenderer{widgets.RendererObjects{h.avatar, h.name, h.status, h.contact, h.open}}
}
