package blockdialog

import (
	"context"
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/theme"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

const (
	maxHeldShown  = 100  // messages
	maxHeldText   = 1000 // characters of each
	maxHeldAuthor = 60
)

// OpenHeld shows a customer's held messages. They stay held and unread.
func (c *Controller) OpenHeld(customer data.Customer) {
	dialogs.Load(c.dialogs, func(ctx context.Context) ([]data.Message, error) {
		return c.desk.Held(ctx, customer.ID, maxHeldShown)
	}, func(held []data.Message) {
		c.dialogs.Show("Held messages", newHeldBody(customer, held, c.desk.Now()))
	})
}

func newHeldBody(customer data.Customer, held []data.Message, now data.Moment) fyne.CanvasObject {
	body := container.New(layout.NewCustomPaddedVBoxLayout(4))
	about := "They stay held until the customer is unblocked."
	if customer.Held > len(held) {
		about = fmt.Sprintf("The first %d of %d. %s", len(held), customer.Held, about)
	}
	body.Add(widgets.NewParagraph(about, theme.Muted, 13))
	for _, m := range held {
		body.Add(dialogs.Caption(heldCaption(customer, m, now)))
		body.Add(dialogs.Paragraph(heldMessageText(m)))
	}
	return body
}

// heldCaption says when a message was written, and in a group by whom.
func heldCaption(customer data.Customer, m data.Message, now data.Moment) string {
	caption := m.At.Day(now) + " " + m.At.TimeOfDay()
	switch {
	case m.CustomerID != customer.ID:
		caption += ", in a group"
	case m.Author != "":
		caption += ", " + data.OneLine(m.Author, maxHeldAuthor)
	}
	return caption
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
