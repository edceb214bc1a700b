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

// riskWarnings are the signs that a block may be a mistake, with the second,
// deliberate confirmation they ask for.
type riskWarnings struct {
	box          fyne.CanvasObject
	acknowledged *widgets.Check
}

// userError is an error that is said to the agent as it is.
type userError string

func (s userError) Error() string { return string(s) }

const errNotAcknowledged userError = "This block may be a mistake. Tick the box first."

func newRiskWarnings(warnings []precheck.Warning) *riskWarnings {
	if len(warnings) == 0 {
		return nil
	}
	d := &riskWarnings{acknowledged: widgets.NewCheck("I have read this and want to block", nil)}
	var texts []string
	for _, w := range warnings {
		texts = append(texts, w.Text)
	}
	d.box = NewCautionBox(texts, d.acknowledged)
	return d
}

// NewCautionBox is a box that says what speaks against an act, with what is asked
// because of it.
func NewCautionBox(texts []string, asked ...fyne.CanvasObject) fyne.CanvasObject {
	lines := container.New(layout.NewCustomPaddedVBoxLayout(6))
	for _, text := range texts {
		lines.Add(newWarningLine(text))
	}
	for _, o := range asked {
		lines.Add(o)
	}
	return container.NewStack(widgets.NewRoundedBackground(theme.CautionBackground),
		container.New(layout.NewCustomPaddedLayout(10, 10, 12, 12), lines))
}

func newWarningLine(text string) fyne.CanvasObject {
	icon := canvas.NewImageFromResource(theme.Icon("warning", theme.Caution))
	icon.SetMinSize(fyne.NewSquareSize(18))
	icon.FillMode = canvas.ImageFillContain
	return container.NewBorder(nil, nil, container.NewVBox(icon), nil,
		container.New(layout.NewCustomPaddedLayout(0, 0, 8, 0), widgets.NewParagraph(text, theme.Text, 13)))
}

// check refuses until the agent has said to be sure.
func (d *riskWarnings) check() error {
	if d != nil && !d.acknowledged.Checked {
		return errNotAcknowledged
	}
	return nil
}
