package blocking

import (
	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	untilUnblocked = "Until I unblock"
	keepTerm       = "Leave the end as it is"
	untilOther     = "Until a date…"
)

// terms are the ends that can be chosen at once, as data.ParseTerm reads them.
var terms = []struct{ words, term string }{
	{untilUnblocked, ""},
	{"1 hour", "1h"},
	{"8 hours", "8h"},
	{"1 day", "1d"},
	{"7 days", "7d"},
	{untilOther, ""},
}

// termChoice is until when a block lasts: one of the usual ends, or a date.
type termChoice struct {
	choice *widgets.Select
	other  *widgets.Entry
}

// newTermChoice offers the usual ends, with usual chosen unless something was
// typed.
func newTermChoice(typed, usual string) *termChoice {
	t := &termChoice{other: widgets.NewEntry()}
	t.other.SetPlaceHolder("2026-12-24, 2026-12-24 18:00, 3d or 2w")
	t.other.Hide()
	var words []string
	if usual == keepTerm {
		words = append(words, keepTerm)
	}
	for _, term := range terms {
		words = append(words, term.words)
	}
	t.choice = widgets.NewSelect("", words, func(chosen string) {
		t.other.Hidden = chosen != untilOther
		if c := fyne.CurrentApp().Driver().CanvasForObject(t.choice); c != nil {
			for _, layer := range c.Overlays().List() {
				layer.Refresh()
			}
			if chosen == untilOther {
				c.Focus(t.other)
			}
		}
	})
	t.choice.SetSelected(usual)
	for _, term := range terms {
		if typed != "" && term.term == typed {
			t.choice.SetSelected(term.words)
			return t
		}
	}
	if typed != "" {
		t.other.SetText(typed)
		t.choice.SetSelected(untilOther)
	}
	return t
}

// moment is the end that was chosen, none for good.
func (t *termChoice) moment(now data.Moment) (data.Moment, error) {
	chosen := t.choice.Selected()
	if chosen == untilOther {
		return data.ParseTerm(t.other.Text, now)
	}
	for _, term := range terms {
		if term.words == chosen && term.term != "" {
			return data.ParseTerm(term.term, now)
		}
	}
	return 0, nil
}

// typed is the end that was chosen, as somebody would type it.
func (t *termChoice) typed() string {
	chosen := t.choice.Selected()
	if chosen == untilOther {
		return t.other.Text
	}
	for _, term := range terms {
		if term.words == chosen {
			return term.term
		}
	}
	return ""
}
