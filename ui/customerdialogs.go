package ui

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/data/transcript"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/filedialog"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// customerDialogs are those that a chat's menu opens, but for blocking.
type customerDialogs struct {
	dialogs   *dialogs.Presenter
	files     *filedialog.Chooser
	desk      *desk.Desk
	actor     func() data.Actor
	onCleared func(data.Event)
}

func (c *customerDialogs) rename(customer data.Customer) {
	name := widgets.NewEntry()
	name.SetText(customer.Name)
	nameless := customer
	nameless.Name = ""
	name.SetPlaceHolder(nameless.Title())
	by := c.actor()
	c.dialogs.Ask("Rename customer",
		dialogs.Form(dialogs.Caption("The name everybody at this desk sees. Left empty, the number or username is shown."), name),
		"Rename", widgets.Primary, func(d *widgets.Dialog) {
			text := name.Text
			c.dialogs.Run(d, func(ctx context.Context) error { return c.desk.Rename(ctx, by, customer.ID, text) })
		}, widgets.WithFocus(name))
	name.TypedShortcut(&fyne.ShortcutSelectAll{})
}

func (c *customerDialogs) editTags(customer data.Customer) {
	tags := widgets.NewEntry()
	tags.SetText(strings.Join(customer.Tags, ", "))
	tags.SetPlaceHolder("VIP, wholesale")
	c.dialogs.Ask("Tags of "+data.OneLine(customer.Title(), 40),
		dialogs.Form(dialogs.Caption("Tags for this customer, separated by commas."), tags),
		"Save", widgets.Primary, func(d *widgets.Dialog) {
			list := strings.Split(tags.Text, ",")
			c.dialogs.Run(d, func(ctx context.Context) error { return c.desk.SetTags(ctx, customer.ID, list) })
		}, widgets.WithFocus(tags))
}

func (c *customerDialogs) clearChat(customer data.Customer) {
	by := c.actor()
	body := []fyne.CanvasObject{
		dialogs.Paragraph("Are you sure you want to clear the chat with " + data.OneLine(customer.Title(), 60) + "?"),
		widgets.NewBullet("All messages in the chat are hidden, for everybody at this desk."),
		widgets.NewBullet("Blocks, unblocks and other events stay. So does the customer."),
	}
	if customer.Held > 0 {
		body = append(body, widgets.NewBullet("Held messages stay held. Unblocking the customer brings them into the chat."))
	}
	body = append(body, widgets.NewBullet("You can undo this for ten seconds. Export the chat first to keep it."))
	c.dialogs.Ask("Clear chat", dialogs.Form(body...),
		"Clear", widgets.DangerOutline, func(d *widgets.Dialog) {
			var cleared data.Event
			c.dialogs.Run(d, func(ctx context.Context) (err error) {
				cleared, err = c.desk.Clear(ctx, by, customer.ID)
				return err
			}, func() { c.onCleared(cleared) })
		})
}

var exportFormats = map[string]transcript.Format{"Plain text": transcript.Text, "HTML page": transcript.HTML}

func (c *customerDialogs) exportChat(customer data.Customer) {
	format := widgets.NewSelect("Format", []string{"Plain text", "HTML page"}, nil)
	format.SetSelected("Plain text")
	events := widgets.NewCheck("With events (blocks, names, assignments)", nil)
	events.SetChecked(true)
	notes := widgets.NewCheck("With notes, which only this desk has seen", nil)
	c.dialogs.Ask("Export chat", dialogs.Form(format, events, notes),
		"Export…", widgets.Primary, func(d *widgets.Dialog) {
			d.SetError("") // it can be confirmed again, once the file dialog over it was left
			options := transcript.Options{Format: exportFormats[format.Selected()], Events: events.Checked, Notes: notes.Checked}
			c.files.Save("Export chat", exportPath(customer, c.desk.Now(), options.Format), func(file string, replace bool) {
				c.dialogs.Run(d, func(ctx context.Context) error {
					return saveFile(file, replace, func(path string) error { return transcript.Save(ctx, c.desk, customer.ID, path, options) })
				}, func() { c.dialogs.Notify("Chat exported", "It was saved to "+file) })
			})
		})
}
