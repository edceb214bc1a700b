package blocking

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data/guard"
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

func newDoubts(warnings []guard.Warning) *doubts {
	if len(warnings) == 0 {
		return nil
	}
	d := &doubts{sure: widgets.NewCheck("I have read this and want to block", nil)}
	lines := container.New(layout.NewCustomPaddedVBoxLayout(6))
	for _, w := range warnings {
		lines.Add(warning(w.Text))
	}
	lines.Add(d.sure)
	d.box = container.NewStack(widgets.NewTinted(theme.CautionGround),
		container.New(layout.NewCustomPaddedLayout(10, 10, 12, 12), lines))
	return d
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
