package settings

import (
	"fmt"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// reviewFields ask after how many days blocks are to be reviewed.
type reviewFields struct{ days, old *widgets.Entry }

func newReviewFields(p data.ReviewPeriods) reviewFields {
	f := reviewFields{widgets.NewEntry(), widgets.NewEntry()}
	f.days.SetText(strconv.Itoa(p.Days))
	f.old.SetText(strconv.Itoa(p.Old))
	return f
}

func (f reviewFields) rows() fyne.CanvasObject {
	row := func(label string, days *widgets.Entry) fyne.CanvasObject {
		text := widgets.NewEllipsisLabel(theme.Text, theme.Body)
		text.SetText(label)
		return container.NewBorder(nil, nil, nil, container.NewGridWrap(fyne.NewSize(72, days.MinSize().Height), days), text)
	}
	return dialogs.Form(row("Suggest a review after this many days", f.days), row("Remind me of blocks this old that have no review date", f.old))
}

// periods returns what was typed, or data.ErrInvalid.
func (f reviewFields) periods() (p data.ReviewPeriods, err error) {
	if p.Days, err = parseDays(f.days.Text); err != nil {
		return p, err
	}
	p.Old, err = parseDays(f.old.Text)
	return p, err
}

func parseDays(text string) (int, error) {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 || n > data.MaxReviewDays {
		return 0, fmt.Errorf("%q is not a number of days from 0 to %d: %w", data.OneLine(text, 20), data.MaxReviewDays, data.ErrInvalid)
	}
	return n, nil
}
