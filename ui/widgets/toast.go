package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"github.com/latchdesk/latchdesk/ui/theme"
)

var _ fyne.Widget = (*Toast)(nil)

const toastHeight float32 = 48

// Toast shows what was done, with a button such as Undo.
type Toast struct {
	widget.BaseWidget

	card   *canvas.Rectangle
	text   *EllipsisLabel
	hint   *EllipsisLabel
	button *Button
}

// NewToast returns a hidden toast without text.
func NewToast() *Toast {
	t := &Toast{
		card:   newCardBackground(),
		text:   NewEllipsisLabel(theme.Text, theme.Body),
		hint:   NewEllipsisLabel(theme.Muted, theme.Caption),
		button: NewButton("", Outline, nil),
	}
	t.ExtendBaseWidget(t)
	t.Hide()
	return t
}

// Set shows text, and a button with its shortcut.
func (t *Toast) Set(text, button, hint string, do func()) {
	t.text.SetText(text)
	t.hint.SetText(hint)
	t.button.SetText(button)
	t.button.OnTapped = do
	t.Show()
	t.Refresh()
}

// Text returns the text of the toast.
func (t *Toast) Text() string { return t.text.Text() }

// Button returns the button of the toast.
func (t *Toast) Button() *Button { return t.button }

func (t *Toast) CreateRenderer() fyne.WidgetRenderer {
	return &toastRenderer{RendererObjects{t.card, t.text, t.hint, t.button}, t}
}

type toastRenderer struct {
	RendererObjects
	toast *Toast
}

func (r *toastRenderer) Layout(size fyne.Size) {
	t := r.toast
	button, hint := t.button.MinSize(), t.hint.NaturalSize()
	t.card.Resize(size)
	t.button.Resize(button)
	t.button.Move(fyne.NewPos(size.Width-button.Width-6, (size.Height-button.Height)/2))
	right := size.Width - button.Width - 6 - 12
	t.hint.Resize(fyne.NewSize(ceil(hint.Width), size.Height))
	t.hint.Move(fyne.NewPos(right-ceil(hint.Width), 0))
	t.text.Resize(fyne.NewSize(max(0, right-ceil(hint.Width)-12-16), size.Height))
	t.text.Move(fyne.NewPos(16, 0))
}

// MinSize returns a width for the whole text; the owner may make it narrower.
func (r *toastRenderer) MinSize() fyne.Size {
	t := r.toast
	width := 16 + ceil(t.text.NaturalSize().Width) + 12 + ceil(t.hint.NaturalSize().Width) + 12 + t.button.MinSize().Width + 6
	return fyne.NewSize(width, toastHeight)
}

func (r *toastRenderer) Refresh() {
	paintCardBackground(r.toast.card)
	r.Layout(r.toast.Size())
	for _, o := range r.RendererObjects {
		o.Refresh()
	}
}
