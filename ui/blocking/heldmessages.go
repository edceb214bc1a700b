package blocking

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/async"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// maxHeldShown is how many held messages are shown; and maxHeldText how much of each.
const (
	maxHeldShown = 100
	maxHeldText  = 1000
)

// OpenHeld shows the held messages of a customer, to be read and nothing else: the
// customer stays blocked and nothing is marked.
func (a *Controller) OpenHeld(c data.Customer) {
	async.Load(a.Slot, func(ctx context.Context) ([]data.Message, error) {
		return a.Desk.Held(ctx, c.ID, maxHeldShown)
	}, func(held []data.Message) {
		var d *widgets.Dialog
		d = widgets.NewDialog(a.Canvas, "Held Messages", newHeldBody(c, held, a.Desk.Now()),
			widgets.WithCancel("", nil), widgets.WithConfirm("Close", widgets.Primary, func() { d.Close() }))
		d.Show()
	})
}

func newHeldBody(c data.Customer, held []data.Message, now data.Moment) fyne.CanvasObject {
	body := container.New(layout.NewCustomPaddedVBoxLayout(4))
	about := "They stay held until the customer is unblocked."
	if c.Held > len(held) {
		about = fmt.Sprintf("The first %d of %d. %s", len(held), c.Held, about)
	}
	body.Add(widgets.NewParagraph(about, theme.Muted, 13))
	for _, m := range held {
		body.Add(widgets.NewParagraph(m.At.Day(now)+" "+m.At.TimeOfDay(), theme.Muted, theme.Caption))
		body.Add(widgets.NewParagraph(heldMessageText(m), theme.Text, theme.Body))
	}
	return body
}

func heldMessageText(m data.Message) string {
	text := m.Text
	if runes := []rune(text); len(runes) > maxHeldText {
		text = string(runes[:maxHeldText]) + "…"
	}
	switch label := m.Label(); {
	case label == "":
		return text
	case text == "":
		return label
	default:
		return label + ": " + text
	}
}
