package blocking

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data/precheck"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// doubts are the signs that a block may be a mistake, with the second,
// deliberate confirmation they ask for.
type doubts struct {
	box  fyne.CanvasObject
	sure *widgets.Check
}

// sentence is an error that is said to the agent as it is.
type sentence string

func (s sentence) Error() string { return string(s) }

const errUnsure sentence = "This block may be a mistake. Tick the box first."

func newDoubts(warnings []precheck.Warning) *doubts {
	if len(warnings) == 0 {
		return nil
	}
	d := &doubts{sure: widgets.NewCheck("I have read this and want to block", nil)}
	var texts []string
	for _, w := range warnings {
		texts = append(texts, w.Text)
	}
	d.box = Caution(texts, d.sure)
	return d
}

// Caution is a box that says what speaks against an act, with what is asked
// because of it.
func Caution(texts []string, asked ...fyne.CanvasObject) fyne.CanvasObject {
	lines := container.New(layout.NewCustomPaddedVBoxLayout(6))
	for _, text := range texts {
		lines.Add(warning(text))
	}
	for _, o := range asked {
		lines.Add(o)
	}
	return container.NewStack(widgets.NewRoundedBackground(theme.CautionBackground),
		container.New(layout.NewCustomPaddedLayout(10, 10, 12, 12), lines))
}

func warning(text string) fyne.CanvasObject {
	icon := canvas.NewImageFromResource(theme.Icon("warning", theme.Caution))
	icon.SetMinSize(fyne.NewSquareSize(18))
	icon.FillMode = canvas.ImageFillContain
	return container.NewBorder(nil, nil, container.NewVBox(icon), nil,
		container.New(layout.NewCustomPaddedLayout(0, 0, 8, 0), widgets.NewParagraph(text, theme.Text, 13)))
}

// settled refuses until the agent has said to be sure.
func (d *doubts) settled() error {
	if d != nil && !d.sure.Checked {
		return errUnsure
	}
	return nil
}
