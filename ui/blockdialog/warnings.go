package blockdialog

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/precheck"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const acknowledgeText = "I have read this and want to block"

// riskWarnings are the signs that a block may be a mistake, with the box that has
// to be ticked because of them.
type riskWarnings struct {
	box          fyne.CanvasObject
	acknowledged *widgets.Check
}

const errNotAcknowledged data.UserError = "This block may be a mistake. Tick the box first."

// newRiskWarnings returns nil if there are no warnings.
func newRiskWarnings(warnings []precheck.Warning) *riskWarnings {
	if len(warnings) == 0 {
		return nil
	}
	r := &riskWarnings{acknowledged: widgets.NewCheck(acknowledgeText, nil)}
	var texts []string
	for _, w := range warnings {
		texts = append(texts, w.Text)
	}
	r.box = newCautionBox(texts, r.acknowledged)
	return r
}

// newCautionBox shows what speaks against an act, above what is asked because of it.
func newCautionBox(texts []string, questions ...fyne.CanvasObject) fyne.CanvasObject {
	lines := container.New(layout.NewCustomPaddedVBoxLayout(6))
	for _, text := range texts {
		lines.Add(newWarningLine(text))
	}
	for _, o := range questions {
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

// check returns errNotAcknowledged while the box is not ticked.
func (r *riskWarnings) check() error {
	if r != nil && !r.acknowledged.Checked {
		return errNotAcknowledged
	}
	return nil
}
