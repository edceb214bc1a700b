package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var _ fyne.Widget = (*Banner)(nil)

// BannerKind says what a banner is about.
type BannerKind int

// The kinds of banner.
const (
	InfoBanner BannerKind = iota
	DangerBanner
	DemoBanner
)

// bannerStyle is the look of a BannerKind.
type bannerStyle struct {
	icon             string
	background, role fyne.ThemeColorName
}

var bannerStyles = map[BannerKind]bannerStyle{
	InfoBanner:   {"info", theme.Selected, theme.Accent},
	DangerBanner: {"warning", theme.DangerBackground, theme.Danger},
	DemoBanner:   {"demo", theme.CautionBackground, theme.Caution},
}

const bannerPad float32 = 16

// Banner is a bar across a pane with a message that stays.
type Banner struct {
	widget.BaseWidget

	kind       BannerKind
	background *canvas.Rectangle
	icon       *canvas.Image
	text       *Paragraph
	button     *Button
}

// NewBanner returns an empty banner of a kind.
func NewBanner(kind BannerKind) *Banner {
	m := bannerStyles[kind]
	b := &Banner{
		kind:       kind,
		background: canvas.NewRectangle(theme.Color(m.background)),
		icon:       canvas.NewImageFromResource(theme.Icon(m.icon, m.role)),
		text:       NewParagraph("", theme.Text, theme.Body),
		button:     NewButton("", Outline, nil),
	}
	b.icon.FillMode = canvas.ImageFillContain
	b.button.Hide()
	b.ExtendBaseWidget(b)
	return b
}

// Set shows text and, unless its label is empty, a button.
func (b *Banner) Set(text, button string, do func()) {
	b.text.SetText(text)
	b.button.SetText(button)
	b.button.OnTapped = do
	SetVisible(b.button, button != "")
	b.Refresh()
}

// Text returns the message.
func (b *Banner) Text() string { return b.text.Text() }

// Button returns the button, which may be hidden.
func (b *Banner) Button() *Button { return b.button }

func (b *Banner) CreateRenderer() fyne.WidgetRenderer {
	return &bannerRenderer{RendererObjects{b.background, b.icon, b.text, b.button}, b}
}

type bannerRenderer struct {
	RendererObjects
	banner *Banner
}

func (r *bannerRenderer) Layout(size fyne.Size) {
	b := r.banner
	b.background.Resize(size)
	b.icon.Resize(fyne.NewSquareSize(theme.IconSize))
	b.icon.Move(fyne.NewPos(bannerPad, (size.Height-theme.IconSize)/2))
	right := size.Width - bannerPad
	if b.button.Visible() {
		button := b.button.MinSize()
		right -= button.Width
		b.button.Resize(button)
		b.button.Move(fyne.NewPos(right, (size.Height-button.Height)/2))
		right -= bannerPad
	}
	left := bannerPad + theme.IconSize + 12
	b.text.Resize(fyne.NewSize(max(right-left, 0), b.text.MinSize().Height))
	b.text.Move(fyne.NewPos(left, (size.Height-b.text.MinSize().Height)/2))
}

func (r *bannerRenderer) MinSize() fyne.Size {
	height := max(r.banner.text.MinSize().Height+16, 36)
	width := 2*bannerPad + theme.IconSize + 12 + r.banner.text.MinSize().Width
	if r.banner.button.Visible() {
		height = max(height, controlHeight+16)
		width += r.banner.button.MinSize().Width + bannerPad
	}
	return fyne.NewSize(width, height)
}

func (r *bannerRenderer) Refresh() {
	r.banner.background.FillColor = theme.Color(bannerStyles[r.banner.kind].background)
	r.Layout(r.banner.Size())
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}
