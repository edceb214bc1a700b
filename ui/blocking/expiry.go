package blocking

import (
	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	untilUnblocked = "Until I unblock"
	keepExpiry     = "Leave the end as it is"
	untilCustom    = "Until a date…"
)

// expiryPresets are the ends that can be chosen at once, as data.ParseTerm reads them.
var expiryPresets = []struct{ words, term string }{
	{untilUnblocked, ""},
	{"1 hour", "1h"},
	{"8 hours", "8h"},
	{"1 day", "1d"},
	{"7 days", "7d"},
	{untilCustom, ""},
}

// expiryChoice is until when a block lasts: one of the usual ends, or a date.
type expiryChoice struct {
	preset *widgets.Select
	custom *widgets.Entry
}

// newExpiryChoice offers the usual ends, with usual chosen unless something was
// typed.
func newExpiryChoice(typed, usual string) *expiryChoice {
	t := &expiryChoice{custom: widgets.NewEntry()}
	t.custom.SetPlaceHolder("2026-12-24, 2026-12-24 18:00, 3d or 2w")
	t.custom.Hide()
	var words []string
	if usual == keepExpiry {
		words = append(words, keepExpiry)
	}
	for _, term := range expiryPresets {
		words = append(words, term.words)
	}
	t.preset = widgets.NewSelect("", words, func(chosen string) {
		t.custom.Hidden = chosen != untilCustom
		if c := fyne.CurrentApp().Driver().CanvasForObject(t.preset); c != nil {
			for _, layer := range c.Overlays().List() {
				layer.Refresh()
			}
			if chosen == untilCustom {
				c.Focus(t.custom)
			}
		}
	})
	t.preset.SetSelected(usual)
	for _, term := range expiryPresets {
		if typed != "" && term.term == typed {
			t.preset.SetSelected(term.words)
			return t
		}
	}
	if typed != "" {
		t.custom.SetText(typed)
		t.preset.SetSelected(untilCustom)
	}
	return t
}

// expiry is the end that was chosen, none for good.
func (t *expiryChoice) expiry(now data.Moment) (data.Moment, error) {
	chosen := t.preset.Selected()
	if chosen == untilCustom {
		return data.ParseTerm(t.custom.Text, now)
	}
	for _, term := range expiryPresets {
		if term.words == chosen && term.term != "" {
			return data.ParseTerm(term.term, now)
		}
	}
	return 0, nil
}

// text is the end that was chosen, as somebody would type it.
func (t *expiryChoice) text() string {
	chosen := t.preset.Selected()
	if chosen == untilCustom {
		return t.custom.Text
	}
	for _, term := range expiryPresets {
		if term.words == chosen {
			return term.term
		}
	}
	return ""
}
