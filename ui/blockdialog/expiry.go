package blockdialog

import (
	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	noEnd       = "For good"
	keepExpiry  = "Leave the end as it is"
	untilCustom = "Until a date…"
)

// expiryPresets are the ends on offer, with the term that data.ParseTerm reads.
var expiryPresets = []struct{ label, term string }{
	{noEnd, ""},
	{"1 hour", "1h"},
	{"8 hours", "8h"},
	{"1 day", "1d"},
	{"7 days", "7d"},
	{untilCustom, ""},
}

// expiryChoice asks until when a block lasts: a preset, or a date that is typed.
type expiryChoice struct {
	preset *widgets.Select
	custom *widgets.Entry
}

// newExpiryChoice offers the presets. It selects what was typed, or else initial,
// which is noEnd or keepExpiry.
func newExpiryChoice(typed, initial string) *expiryChoice {
	e := &expiryChoice{custom: widgets.NewEntry()}
	e.custom.SetPlaceHolder("2026-12-24, 2026-12-24 18:00, 3d or 2w")
	e.custom.Hide()
	var labels []string
	if initial == keepExpiry {
		labels = append(labels, keepExpiry)
	}
	for _, preset := range expiryPresets {
		labels = append(labels, preset.label)
	}
	e.preset = widgets.NewSelect("", labels, e.presetSelected)
	e.preset.SetSelected(initial)
	for _, preset := range expiryPresets {
		if typed != "" && preset.term == typed {
			e.preset.SetSelected(preset.label)
			return e
		}
	}
	if typed != "" {
		e.custom.SetText(typed)
		e.preset.SetSelected(untilCustom)
	}
	return e
}

// presetSelected shows the field for a date where it is needed.
func (e *expiryChoice) presetSelected(label string) {
	e.custom.Hidden = label != untilCustom
	c := fyne.CurrentApp().Driver().CanvasForObject(e.preset)
	if c == nil {
		return
	}
	for _, overlay := range c.Overlays().List() {
		overlay.Refresh()
	}
	if label == untilCustom {
		c.Focus(e.custom)
	}
}

// expiry returns the end that was chosen, 0 for none, or what is wrong with it.
func (e *expiryChoice) expiry(now data.Moment) (data.Moment, error) {
	selected := e.preset.Selected()
	if selected == untilCustom {
		return data.ParseTerm(e.custom.Text, now)
	}
	if term := presetTerm(selected); term != "" {
		return data.ParseTerm(term, now)
	}
	return 0, nil
}

// text returns the end that was chosen as it could have been typed.
func (e *expiryChoice) text() string {
	selected := e.preset.Selected()
	if selected == untilCustom {
		return e.custom.Text
	}
	return presetTerm(selected)
}

func presetTerm(label string) string {
	for _, preset := range expiryPresets {
		if preset.label == label {
			return preset.term
		}
	}
	return ""
}
