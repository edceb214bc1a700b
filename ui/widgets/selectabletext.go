package widgets

import (
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
	"github.com/rivo/uniseg"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var (
	_ fyne.Widget            = (*SelectableText)(nil)
	_ fyne.Tappable          = (*SelectableText)(nil)
	_ fyne.SecondaryTappable = (*SelectableText)(nil)
	_ fyne.Draggable         = (*SelectableText)(nil)
	_ desktop.Hoverable      = (*SelectableText)(nil)
	_ desktop.Mouseable      = (*SelectableText)(nil)
	_ desktop.Cursorable     = (*SelectableText)(nil)
)

// TextRange is a part of a text, as byte offsets.
type TextRange struct{ From, To int }

// SelectableText is text that wraps, can be selected with the mouse, and can hold
// links. It does not take the focus: whoever shows many of them takes it when
// something is selected in one.
type SelectableText struct {
	widget.BaseWidget

	// OnSelectionStart is called when the mouse begins to select.
	OnSelectionStart func(*SelectableText)
	// OnOpenLink is called when a link is pressed, with its index.
	OnLink func(int)
	// OnMenu is called on a secondary click.
	OnMenu func(fyne.Position)

	text  string
	links []TextRange
	size  float32

	width      float32
	lines      []TextRange
	anchor     int // where the selection began
	cursor     int // where it ends
	multiClick multiClick
	overLink   bool // the pointer is on a link

	objects []fyne.CanvasObject
}

// NewSelectableText returns an empty text in a size of the theme.
func NewSelectableText(size float32) *SelectableText {
	p := &SelectableText{size: size}
	p.ExtendBaseWidget(p)
	return p
}

// Set shows a text with its links, nothing selected.
func (p *SelectableText) Set(text string, links []TextRange) {
	p.text, p.links = text, links
	p.anchor, p.cursor, p.width = 0, 0, -1
	p.lines = nil
}

// Text returns the text.
func (p *SelectableText) Text() string { return p.text }

// SelectedText returns the text that is selected.
func (p *SelectableText) SelectedText() string {
	from, to := p.selection()
	return p.text[from:to]
}

func (p *SelectableText) selection() (from, to int) {
	return min(p.anchor, p.cursor), max(p.anchor, p.cursor)
}

// SelectAll selects the whole text.
func (p *SelectableText) SelectAll() { p.setSelection(0, len(p.text)) }

// ClearSelection deselects everything.
func (p *SelectableText) ClearSelection() { p.setSelection(0, 0) }

func (p *SelectableText) setSelection(from, to int) {
	if from == p.anchor && to == p.cursor {
		return
	}
	p.anchor, p.cursor = from, to
	p.Refresh()
}

// Wrap breaks the text for a width and returns its size.
func (p *SelectableText) Wrap(width float32) fyne.Size {
	if width != p.width {
		p.width = width
		p.lines, p.objects = breakLines(p.text, width, p.size), nil
	}
	widest := float32(0)
	for _, l := range p.lines {
		widest = max(widest, measure(p.text[l.From:l.To], p.size))
	}
	return fyne.NewSize(min(ceil(widest), width), float32(len(p.lines))*lineHeight(p.size))
}

// lineHeight returns the line height, on the grid of four: 20 for text of 14, 16 for
// 12.
func lineHeight(size float32) float32 { return ceil(size*1.3/4) * 4 }

func measure(text string, size float32) float32 {
	return fyne.MeasureText(text, size, fyne.TextStyle{}).Width
}

// breakLines breaks a text at its own line breaks, and each of those lines
// where Unicode allows it. A break at the very end opens no line.
func breakLines(text string, width, size float32) []TextRange {
	var lines []TextRange
	for from := 0; ; {
		length := strings.IndexByte(text[from:], '\n')
		if length < 0 {
			return breakLine(lines, text, from, len(text), width, size)
		}
		lines = breakLine(lines, text, from, from+length, width, size)
		if from += length + 1; from == len(text) {
			return lines
		}
	}
}

// breakLine breaks a part of a text that holds no line break, and a word wider than
// the line between graphemes. Words are measured one by one, so that the cost grows
// with the length only.
func breakLine(lines []TextRange, text string, from, to int, width, size float32) []TextRange {
	begin, used := from, float32(0)
	end := func(at int) {
		lines = append(lines, TextRange{begin, at})
		begin, used = at, 0
	}
	natural := func(s string) float32 { return measure(s, size) }
	state, rest := -1, text[from:to]
	for at := from; rest != ""; {
		var word string
		word, rest, _, state = uniseg.FirstLineSegmentInString(rest, state)
		next := at + len(word)
		visible := strings.TrimRightFunc(word, unicode.IsSpace)
		blank := word[len(visible):]
		wide := measure(visible, size)
		reach := used + wide
		if so := text[begin : at+len(visible)]; strings.Contains(so, "\t") { // whose width depends on where it stands
			reach = measure(so, size)
		}
		if reach > width && at > begin {
			end(at)
		}
		if wide > width && visible != "" {
			for head := fittingPrefix(visible, width, natural); head < len(visible); head = fittingPrefix(visible, width, natural) {
				at += head
				end(at)
				visible = visible[head:]
			}
			wide = measure(visible, size)
		}
		used += wide + spaceWidth(blank, size)
		at = next
	}
	return append(lines, TextRange{begin, to})
}

func spaceWidth(text string, size float32) float32 {
	if text == "" {
		return 0
	}
	return measure(text, size)
}

// fittingPrefix returns how many bytes of word fit on a line, one grapheme at least.
// It looks at no more than a line or two of the word, since a customer can send one
// that goes on for pages.
func fittingPrefix(word string, width float32, natural func(string) float32) int {
	ends := graphemeEnds(word, 16)
	for n := 32; ends[len(ends)-1] < len(word) && natural(word[:ends[len(ends)-1]]) <= width; n *= 2 {
		ends = graphemeEnds(word, n)
	}
	low, high := 1, len(ends)
	for low < high {
		mid := (low + high + 1) / 2
		if natural(word[:ends[mid-1]]) <= width {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return ends[low-1]
}

// edgeAt returns the edge between characters that is nearest to a position.
func (p *SelectableText) edgeAt(pos fyne.Position) int {
	i := p.lineAt(pos.Y)
	switch {
	case i < 0:
		return 0
	case i >= len(p.lines):
		return len(p.text)
	}
	before, after := p.edgesAround(i, pos.X)
	from := p.lines[i].From
	if pos.X-p.widthOf(from, before) > p.widthOf(from, after)-pos.X {
		return after
	}
	return before
}

// characterAt returns the character that a position is on, or is nearest to.
func (p *SelectableText) characterAt(pos fyne.Position) int {
	i := max(0, min(p.lineAt(pos.Y), len(p.lines)-1))
	if i >= len(p.lines) {
		return 0
	}
	before, after := p.edgesAround(i, pos.X)
	if l := p.lines[i]; before == after && before > l.From { // beyond the end
		ends := graphemeEnds(p.text[l.From:before], before)
		if len(ends) > 1 {
			return l.From + ends[len(ends)-2]
		}
		return l.From
	}
	return before
}

// lineAt returns the line at a height: -1 above the first, len(lines) below the last.
func (p *SelectableText) lineAt(y float32) int {
	if y < 0 || len(p.lines) == 0 {
		return -1
	}
	return min(int(y/lineHeight(p.size)), len(p.lines))
}

// edgesAround returns the edges before and after a position on a line; both are the
// end if it lies beyond.
func (p *SelectableText) edgesAround(line int, x float32) (before, after int) {
	l := p.lines[line]
	text := p.text[l.From:l.To]
	ends := append([]int{0}, graphemeEnds(text, len(text))...)
	low, high := 0, len(ends)-1
	for low < high { // the last edge that is left of the pointer
		mid := (low + high + 1) / 2
		if measure(text[:ends[mid]], p.size) <= x {
			low = mid
		} else {
			high = mid - 1
		}
	}
	return l.From + ends[low], l.From + ends[min(low+1, len(ends)-1)]
}

// widthOf returns the width of the text between two offsets in one line.
func (p *SelectableText) widthOf(from, to int) float32 { return measure(p.text[from:to], p.size) }

// linkAt returns the link that a position is on, or -1.
func (p *SelectableText) linkAt(pos fyne.Position) int {
	i := p.lineAt(pos.Y)
	if i < 0 || i >= len(p.lines) {
		return -1
	}
	l := p.lines[i]
	for n, link := range p.links {
		from, to := max(link.From, l.From), min(link.To, l.To)
		if from < to && pos.X >= p.widthOf(l.From, from) && pos.X < p.widthOf(l.From, to) {
			return n
		}
	}
	return -1
}

// MouseDown begins a selection; a double click selects a word, a triple click all.
func (p *SelectableText) MouseDown(e *desktop.MouseEvent) {
	if e.Button != desktop.MouseButtonPrimary {
		return
	}
	if p.OnSelectionStart != nil {
		p.OnSelectionStart(p)
	}
	at := p.edgeAt(e.Position)
	switch p.multiClick.register(e.AbsolutePosition) {
	case 1:
		p.setSelection(at, at)
	case 2:
		p.setSelection(wordAt(p.text, p.characterAt(e.Position)))
	default:
		p.SelectAll()
	}
}

// MouseUp does nothing; it is part of desktop.Mouseable.
func (p *SelectableText) MouseUp(*desktop.MouseEvent) {}

// Dragged selects up to the pointer.
func (p *SelectableText) Dragged(e *fyne.DragEvent) { p.setSelection(p.anchor, p.edgeAt(e.Position)) }

// DragEnd does nothing; it is part of fyne.Draggable.
func (p *SelectableText) DragEnd() {}

// Tapped follows a link.
func (p *SelectableText) Tapped(e *fyne.PointEvent) {
	if i := p.linkAt(e.Position); i >= 0 && p.SelectedText() == "" && p.OnLink != nil {
		p.OnLink(i)
	}
}

// TappedSecondary calls OnMenu.
func (p *SelectableText) TappedSecondary(e *fyne.PointEvent) {
	if p.OnMenu != nil {
		p.OnMenu(e.AbsolutePosition)
	}
}

// MouseIn notes whether the pointer is on a link.
func (p *SelectableText) MouseIn(e *desktop.MouseEvent) { p.MouseMoved(e) }

// MouseMoved notes whether the pointer is on a link.
func (p *SelectableText) MouseMoved(e *desktop.MouseEvent) {
	p.overLink = len(p.links) > 0 && p.linkAt(e.Position) >= 0
}

// MouseOut does nothing; it is part of desktop.Hoverable.
func (p *SelectableText) MouseOut() { p.overLink = false }

// Cursor returns the pointing hand over a link and the text cursor elsewhere.
func (p *SelectableText) Cursor() desktop.Cursor {
	if p.overLink {
		return desktop.PointerCursor
	}
	return desktop.TextCursor
}

// wordAt returns the range of the word at an offset.
func wordAt(text string, at int) (from, to int) {
	state, rest, begin := -1, text, 0
	for rest != "" {
		var word string
		word, rest, state = uniseg.FirstWordInString(rest, state)
		if at < begin+len(word) {
			return begin, begin + len(word)
		}
		begin += len(word)
	}
	return len(text), len(text)
}

func (p *SelectableText) CreateRenderer() fyne.WidgetRenderer { return &selectableTextRenderer{p} }

type selectableTextRenderer struct{ *SelectableText }

func (r *selectableTextRenderer) Destroy() {}

func (r *selectableTextRenderer) Objects() []fyne.CanvasObject {
	if r.objects == nil {
		r.draw()
	}
	return r.objects
}

// Layout does nothing: the owner calls Wrap.
func (r *selectableTextRenderer) Layout(fyne.Size) {}

func (r *selectableTextRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.size*2, lineHeight(r.size)*float32(max(1, len(r.lines))))
}

func (r *selectableTextRenderer) Refresh() {
	r.draw()
	canvas.Refresh(r.SelectableText)
}

// draw makes the objects: the selection, then the text line by line.
func (r *selectableTextRenderer) draw() {
	objects := make([]fyne.CanvasObject, 0, len(r.lines)+len(r.links))
	height := lineHeight(r.size)
	from, to := r.selection()
	for i, l := range r.lines {
		a, b := max(from, l.From), min(to, l.To)
		if a >= b {
			continue
		}
		x := measure(r.text[l.From:a], r.size)
		rect := canvas.NewRectangle(theme.Color(theme.Selection))
		rect.Resize(fyne.NewSize(measure(r.text[l.From:b], r.size)-x, height))
		rect.Move(fyne.NewPos(x, float32(i)*height))
		objects = append(objects, rect)
	}
	for i, l := range r.lines {
		objects = r.drawLine(objects, l, float32(i)*height, height)
	}
	r.objects = objects
}

func (r *selectableTextRenderer) drawLine(objects []fyne.CanvasObject, l TextRange, y, height float32) []fyne.CanvasObject {
	x := float32(0)
	piece := func(from, to int, role fyne.ThemeColorName) {
		if from >= to {
			return
		}
		t := canvas.NewText(r.text[from:to], theme.Color(role))
		t.TextSize = r.size
		natural := t.MinSize()
		t.Resize(natural)
		t.Move(fyne.NewPos(x, y+(height-natural.Height)/2))
		objects = append(objects, t)
		if role == theme.Accent {
			line := canvas.NewRectangle(theme.Color(role))
			line.Resize(fyne.NewSize(natural.Width, 1))
			line.Move(fyne.NewPos(x, y+height-3))
			objects = append(objects, line)
		}
		x += natural.Width
	}
	at := l.From
	for _, link := range r.links {
		from, to := max(link.From, l.From), min(link.To, l.To)
		if from >= to {
			continue
		}
		piece(at, from, theme.Text)
		piece(from, to, theme.Accent)
		at = to
	}
	piece(at, l.To, theme.Text)
	return objects
}
