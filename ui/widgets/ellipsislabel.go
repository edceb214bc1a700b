package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
	"github.com/rivo/uniseg"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var _ fyne.Widget = (*EllipsisLabel)(nil)

const ellipsis = "…"

// EllipsisLabel is one line of text that ends in an ellipsis if it does not fit. Rows
// of lists are made of it, so it measures only what has changed.
type EllipsisLabel struct {
	widget.BaseWidget

	text  string
	role  fyne.ThemeColorName
	size  float32
	style fyne.TextStyle
	align fyne.TextAlign

	canvasText  *canvas.Text
	fittedWidth float32 // the width drawn.Text was cut for; negative before the first cut
	naturalSize fyne.Size
}

// NewEllipsisLabel returns an empty label in the colour of a role and a size of the theme.
func NewEllipsisLabel(role fyne.ThemeColorName, size float32) *EllipsisLabel {
	l := &EllipsisLabel{role: role, size: size, fittedWidth: -1}
	l.canvasText = canvas.NewText("", theme.Color(role))
	l.canvasText.TextSize = size
	l.ExtendBaseWidget(l)
	return l
}

// SetText shows text.
func (l *EllipsisLabel) SetText(text string) {
	if text == l.text {
		return
	}
	l.text = text
	l.remeasure()
}

// Text returns the whole text.
func (l *EllipsisLabel) Text() string { return l.text }

// VisibleText returns what fits of the text.
func (l *EllipsisLabel) VisibleText() string { return l.canvasText.Text }

// SetColor sets the role whose colour the text has.
func (l *EllipsisLabel) SetColor(role fyne.ThemeColorName) {
	if role == l.role {
		return
	}
	l.role = role
	l.canvasText.Color = theme.Color(role)
	l.canvasText.Refresh()
}

// SetStyle sets bold, italic or monospace.
func (l *EllipsisLabel) SetStyle(style fyne.TextStyle) {
	if style == l.style {
		return
	}
	l.style = style
	l.canvasText.TextStyle = style
	l.remeasure()
}

// SetAlign sets where in its width the text stands.
func (l *EllipsisLabel) SetAlign(align fyne.TextAlign) {
	if align == l.align {
		return
	}
	l.align = align
	l.layout(l.Size())
}

// NaturalSize returns the size at which nothing is cut off.
func (l *EllipsisLabel) NaturalSize() fyne.Size {
	if l.naturalSize.IsZero() {
		l.naturalSize = fyne.MeasureText(l.text, l.size, l.style)
	}
	return l.naturalSize
}

func (l *EllipsisLabel) CreateRenderer() fyne.WidgetRenderer {
	return &ellipsisLabelRenderer{RendererObjects{l.canvasText}, l}
}

func (l *EllipsisLabel) remeasure() {
	l.naturalSize = fyne.Size{}
	l.fittedWidth = -1
	l.layout(l.Size())
	l.canvasText.Refresh()
}

// layout truncates the text to the current width and aligns it.
func (l *EllipsisLabel) layout(size fyne.Size) {
	natural := l.NaturalSize()
	if size.Width != l.fittedWidth {
		l.fittedWidth = size.Width
		shown := l.text
		if natural.Width > size.Width && l.text != "" {
			shown = truncate(l.text, size.Width, l.size, l.style)
		}
		if shown != l.canvasText.Text {
			l.canvasText.Text = shown
			l.canvasText.Refresh()
		}
	}
	x := float32(0)
	if l.align != fyne.TextAlignLeading {
		x = size.Width - fyne.MeasureText(l.canvasText.Text, l.size, l.style).Width
		if l.align == fyne.TextAlignCenter {
			x /= 2
		}
	}
	l.canvasText.Move(fyne.NewPos(x, (size.Height-natural.Height)/2))
	l.canvasText.Resize(fyne.NewSize(size.Width-x, natural.Height))
}

// truncate cuts text between two graphemes so that it fits width with an ellipsis.
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

// minGlyph is a lower bound for the width of a letter of this size. It bounds the
// work on a text that could never fit.
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

type ellipsisLabelRenderer struct {
	RendererObjects
	label *EllipsisLabel
}

func (r *ellipsisLabelRenderer) Layout(size fyne.Size) { r.label.layout(size) }

func (r *ellipsisLabelRenderer) MinSize() fyne.Size {
	return fyne.NewSize(min(r.label.NaturalSize().Width, r.label.size*2), r.label.NaturalSize().Height)
}

func (r *ellipsisLabelRenderer) Refresh() {
	r.label.canvasText.Color = theme.Color(r.label.role)
	r.label.canvasText.Refresh()
}
