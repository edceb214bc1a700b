package ui

import (
	"context"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// messageImport imports messages from a file.
type messageImport struct {
	dialogs *dialogs.Presenter
	win     fyne.Window
	run     func(ctx context.Context, path string) (string, error) // Options.ImportMessages
}

// open says how messages come in, and asks for the file.
func (m *messageImport) open() {
	m.dialogs.Ask("Import messages",
		dialogs.Form(
			dialogs.Paragraph("Latchdesk reads messages as DoubleTick delivers them (MESSAGE_RECEIVED): one JSON object, an array of them, or one on each line."),
			widgets.NewBullet("From a file: choose it here. Messages that are already here are not taken in twice."),
			widgets.NewBullet("From a script: latchdesk receive FILE, or - for what is piped in."),
		),
		"Choose a file", widgets.Primary, func(d *widgets.Dialog) {
			d.Close()
			m.dialogs.ChooseFile(m.win, m.importFile)
		})
}

func (m *messageImport) importFile(path string) {
	var text string
	m.dialogs.Runner.Enqueue(func(ctx context.Context) (err error) {
		text, err = m.run(ctx, path)
		return err
	}, func(err error) {
		if err != nil {
			text = desk.Explain(err)
		}
		m.dialogs.Notify("Import messages", text)
	})
}
