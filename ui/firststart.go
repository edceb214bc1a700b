package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// askFirstStart asks who works here, at the first start of a profile, and offers to join
// the desk to its DoubleTick account. Left, it keeps the name that the system has for the
// agent. Once it was answered or left it does not come again.
func (w *Window) askFirstStart(joined bool) {
	name := widgets.NewEntry()
	name.SetText(w.settings.Agent)
	body := dialogs.Form(
		dialogs.Caption("Your name, as shown in chats and in the history"), name,
	)
	later := "You can change it under Settings."
	if !joined {
		later = "Both can be changed later in Settings."
		body.Add(dialogs.Paragraph("Does your business answer its customers with DoubleTick? Then this desk can fetch the chats, send what you reply, and tell it who is blocked."))
		body.Add(dialogs.LinkRow(widgets.NewLink("DoubleTick account…", w.accountDialogs.Open)))
	}
	body.Add(dialogs.Caption(later))
	w.dialogs.Ask("Welcome to Latchdesk", body, "Continue", widgets.Primary, func(d *widgets.Dialog) {
		s := w.settings
		s.Agent = name.Text
		w.dialogs.Run(d, func(ctx context.Context) error { return w.Desk.SaveSettings(ctx, s) }, func() { w.settings.Agent = s.Agent })
	}, widgets.WithFocus(name), widgets.WithCancel("Skip", w.saveSettings))
	name.TypedShortcut(&fyne.ShortcutSelectAll{})
}
