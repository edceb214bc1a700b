package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
	"github.com/rivo/uniseg"

	"github.com/latchdesk/latchdesk/ui/theme"
)

const ellipsis = "…"

// TextLine is one line of text that ends in an ellipsis where it does not fit.
// Rows are built of it, so it measures only what changed.
type TextLine struct {
	widget.BaseWidget

	text  string
	role  fyne.ThemeColorName
	size  float32
	style fyne.TextStyle
	align fyne.TextAlign

	drawn    *canvas.Text
	fitted   float32 // the width drawn.Text was cut for; negative before the first cut
	measured fyne.Size
}

// NewTextLine makes an empty line in a role's colour and a size of the theme.
func NewTextLine(role fyne.ThemeColorName, size float32) *TextLine {
	l := &TextLine{role: role, size: size, fitted: -1}
	l.drawn = canvas.NewText("", theme.Color(role))
	l.drawn.TextSize = size
	l.ExtendBaseWidget(l)
	return l
}

// SetText shows text.
func (l *TextLine) SetText(text string) {
	if text == l.text {
		return
	}
	l.text = text
	l.remeasure()
}

// Text is the whole text, however much of it shows.
func (l *TextLine) Text() string { return l.text }

// Shown is what fits of the text.
func (l *TextLine) Shown() string { return l.drawn.Text }

// SetColor paints the line in a role's colour.
func (l *TextLine) SetColor(role fyne.ThemeColorName) {
	if role == l.role {
		return
	}
	l.role = role
	l.drawn.Color = theme.Color(role)
	l.drawn.Refresh()
}

// SetStyle sets bold, italic or monospace.
func (l *TextLine) SetStyle(style fyne.TextStyle) {
	if style == l.style {
		return
	}
	l.style = style
	l.drawn.TextStyle = style
	l.remeasure()
}

// SetAlign puts the text at the left, the middle or the right of the line.
func (l *TextLine) SetAlign(align fyne.TextAlign) {
	if align == l.align {
		return
	}
	l.align = align
	l.place(l.Size())
}

// Natural is the size at which nothing is cut.
func (l *TextLine) Natural() fyne.Size {
	if l.measured.IsZero() {
		l.measured = fyne.MeasureText(l.text, l.size, l.style)
	}
	return l.measured
}

// CreateRenderer is used by Fyne alone.
func (l *TextLine) CreateRenderer() fyne.WidgetRenderer {
	return &textLineRenderer{parts{l.drawn}, l}
}

func (l *TextLine) remeasure() {
	l.measured = fyne.Size{}
	l.fitted = -1
	l.place(l.Size())
	l.drawn.Refresh()
}

// place cuts the text for the width it has now and puts it where it belongs.
func (l *TextLine) place(size fyne.Size) {
	natural := l.Natural()
	if size.Width != l.fitted {
		l.fitted = size.Width
		shown := l.text
		if natural.Width > size.Width && l.text != "" {
			shown = truncate(l.text, size.Width, l.size, l.style)
		}
		if shown != l.drawn.Text {
			l.drawn.Text = shown
			l.drawn.Refresh()
		}
	}
	x := float32(0)
	if l.align != fyne.TextAlignLeading {
		x = size.Width - fyne.MeasureText(l.drawn.Text, l.size, l.style).Width
		if l.align == fyne.TextAlignCenter {
			x /= 2
		}
	}
	l.drawn.Move(fyne.NewPos(x, (size.Height-natural.Height)/2))
	l.drawn.Resize(fyne.NewSize(size.Width-x, natural.Height))
}

// truncate cuts text between two graphemes so that it fits width with an
// ellipsis after it.
func truncate(text string, width, size float32, style fyne.TextStyle) string {
	ends := graphemeEnds(text, int(max(width, 0)/minGlyph(size))+1)
	fits := func(n int) bool {
		return fyne.MeasureText(withEllipsis(text, ends, n), size, style).Width <= width
	}
	low, high := 0, len(ends) // low fits or is nothing, high does not fit
	guess := high / 2
	if len(ends) > 0 {
		whole := fyne.MeasureText(text[:ends[len(ends)-1]], size, style).Width
		guess = int(float32(len(ends)) * width / max(whole, 1))
	}
	for step := 1; low+1 < high; {
		n := min(max(guess, low+1), high-1)
		if fits(n) {
			low, guess = n, n+step
		} else {
			high, guess = n, n-step
		}
		step *= 2 // the first guess is near; then widen, then the bounds close in
		if step > high-low {
			guess = (low + high) / 2
		}
	}
	return withEllipsis(text, ends, low)
}

func withEllipsis(text string, ends []int, n int) string {
	if n == 0 {
		return ellipsis
	}
	head := text[:ends[n-1]]
	for head[len(head)-1] == ' ' && len(head) > 1 {
		head = head[:len(head)-1]
	}
	return head + ellipsis
}

// minGlyph is the width below which no letter of this size is worth counting;
// it bounds the work on a text that could never fit.
func minGlyph(size float32) float32 { return size / 6 }

// graphemeEnds returns the byte offsets after the first limit graphemes.
func graphemeEnds(text string, limit int) []int {
	limit = max(limit, 0)
	ends := make([]int, 0, min(limit, len(text)))
	state, at, rest := -1, 0, text
	for rest != "" && len(ends) < limit {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		at += len(cluster)
		ends = append(ends, at)
	}
	return ends
}

type textLineRenderer struct {
	parts
	line *TextLine
}

func (r *textLineRenderer) Layout(size fyne.Size) { r.line.place(size) }

func (r *textLineRenderer) MinSize() fyne.Size {
	return fyne.NewSize(min(r.line.Natural().Width, r.line.size*2), r.line.Natural().Height)
}

func (r *textLineRenderer) Refresh() {
	r.line.drawn.Color = theme.Color(r.line.role)
	r.line.drawn.Refresh()
}
