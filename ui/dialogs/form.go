package dialogs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// Form stacks the parts of a dialog's body.
func Form(parts ...fyne.CanvasObject) *fyne.Container {
	return container.New(layout.NewCustomPaddedVBoxLayout(8), parts...)
}

// Paragraph returns text as wide as the dialog.
func Paragraph(text string) *widgets.Paragraph {
	return widgets.NewParagraph(text, theme.Text, theme.Body)
}

// Bold returns a Paragraph in bold.
func Bold(text string) *widgets.Paragraph {
	p := Paragraph(text)
	p.SetStyle(fyne.TextStyle{Bold: true})
	return p
}

// Caption returns a small, muted Paragraph, such as stands over a field.
func Caption(text string) *widgets.Paragraph {
	return widgets.NewParagraph(text, theme.Muted, theme.Caption)
}

// LinkRow puts links beside each other, their words flush with what stands above.
func LinkRow(links ...fyne.CanvasObject) *fyne.Container {
	return container.New(linkRowLayout{}, links...)
}

type linkRowLayout struct{}

const (
	linkInset float32 = 4 // what a link keeps beside its word
	linkGap   float32 = 8
)

func (linkRowLayout) MinSize(links []fyne.CanvasObject) (size fyne.Size) {
	for _, l := range links {
		size.Width += l.MinSize().Width + linkGap
		size.Height = max(size.Height, l.MinSize().Height)
	}
	return size
}

func (linkRowLayout) Layout(links []fyne.CanvasObject, size fyne.Size) {
	x := -linkInset
	for _, l := range links {
		l.Resize(fyne.NewSize(l.MinSize().Width, size.Height))
		l.Move(fyne.NewPos(x, 0))
		x += l.MinSize().Width + linkGap
	}
}
