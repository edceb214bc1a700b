package widgets

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
	"github.com/rivo/uniseg"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var _ fyne.Widget = (*Paragraph)(nil)

// Paragraph is text that wraps. It has no inset as Fyne's label has, and so is flush
// with what is above and below it.
type Paragraph struct {
	widget.BaseWidget

	text  string
	role  fyne.ThemeColorName
	size  float32
	style fyne.TextStyle

	width       float32 // what lines were broken for
	lines       []string
	canvasTexts []fyne.CanvasObject
}

// NewParagraph returns a paragraph in the colour of a role and a size of the theme.
func NewParagraph(text string, role fyne.ThemeColorName, size float32) *Paragraph {
	p := &Paragraph{text: text, role: role, size: size, lines: strings.Split(text, "\n")}
	p.ExtendBaseWidget(p)
	return p
}

// SetText shows text.
func (p *Paragraph) SetText(text string) {
	if text == p.text {
		return
	}
	p.text = text
	p.Refresh()
}

// SetStyle sets bold, italic or monospace.
func (p *Paragraph) SetStyle(style fyne.TextStyle) {
	if style == p.style {
		return
	}
	p.style = style
	p.Refresh()
}

// SetColor sets the role whose colour the text has.
func (p *Paragraph) SetColor(role fyne.ThemeColorName) {
	if role == p.role {
		return
	}
	p.role = role
	p.Refresh()
}

// Text returns the text.
func (p *Paragraph) Text() string { return p.text }

// Lines returns the lines that the text is broken into.
func (p *Paragraph) Lines() []string { return p.lines }

// Fit breaks the text for a width and returns the height that it needs then.
func (p *Paragraph) Fit(width float32) (height float32) {
	p.Resize(fyne.NewSize(width, p.Size().Height))
	height = p.MinSize().Height
	p.Resize(fyne.NewSize(width, height))
	return height
}

// LastLineWidth returns how wide the last line is: behind it another thing can stand.
func (p *Paragraph) LastLineWidth() float32 {
	if len(p.lines) == 0 {
		return 0
	}
	return fyne.MeasureText(p.lines[len(p.lines)-1], p.size, p.style).Width
}

func (p *Paragraph) CreateRenderer() fyne.WidgetRenderer {
	r := &paragraphRenderer{p}
	r.draw()
	return r
}

func (p *Paragraph) wrap() {
	p.lines = p.lines[:0]
	for line := range strings.SplitSeq(p.text, "\n") {
		p.lines = wrapLine(p.lines, line, p.width, p.size, p.style)
	}
}

// wrapLine breaks a line where Unicode allows it, and between graphemes of a word
// that is wider than the line.
func wrapLine(lines []string, line string, width, size float32, style fyne.TextStyle) []string {
	natural := func(s string) float32 { return fyne.MeasureText(strings.TrimRight(s, " "), size, style).Width }
	fits := func(s string) bool { return width <= 0 || natural(s) <= width }
	if fits(line) {
		return append(lines, line)
	}
	held, state := "", -1
	for line != "" {
		var word string
		word, line, _, state = uniseg.FirstLineSegmentInString(line, state)
		if fits(held + word) {
			held += word
			continue
		}
		if held != "" {
			lines = append(lines, strings.TrimRight(held, " "))
		}
		held = word
		if fits(word) {
			continue
		}
		for head := fittingPrefix(held, width, natural); head < len(held); head = fittingPrefix(held, width, natural) {
			lines = append(lines, held[:head])
			held = held[head:]
		}
	}
	return append(lines, strings.TrimRight(held, " "))
}

type paragraphRenderer struct{ *Paragraph }

func (r *paragraphRenderer) Destroy()                     {}
func (r *paragraphRenderer) Objects() []fyne.CanvasObject { return r.canvasTexts }

func (r *paragraphRenderer) Layout(size fyne.Size) {
	if size.Width != r.width {
		r.width = size.Width
		r.wrap()
		r.draw()
	}
}

func (r *paragraphRenderer) MinSize() fyne.Size {
	return fyne.NewSize(r.size*4, float32(len(r.lines))*r.lineHeight())
}

func (r *paragraphRenderer) Refresh() {
	r.wrap()
	r.draw()
	canvas.Refresh(r.Paragraph)
}

// lineHeight returns the line height for a text size, on the grid of four: 20 for 14,
// 16 for 12.
func (r *paragraphRenderer) lineHeight() float32 {
	return ceil(r.size*1.3/4) * 4
}

func (r *paragraphRenderer) draw() {
	r.canvasTexts = r.canvasTexts[:0]
	height := r.lineHeight()
	for i, line := range r.lines {
		t := canvas.NewText(line, theme.Color(r.role))
		t.TextSize = r.size
		t.TextStyle = r.style
		natural := t.MinSize()
		t.Resize(natural)
		t.Move(fyne.NewPos(0, float32(i)*height+(height-natural.Height)/2))
		r.canvasTexts = append(r.canvasTexts, t)
	}
}
