package ui

import (
	"context"

	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/filedialog"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// messageImport imports messages from a file.
type messageImport struct {
	dialogs *dialogs.Presenter
	files   *filedialog.Chooser
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
			d.SetError("") // it can be confirmed again, once the file dialog over it was left
			m.files.Open("Import messages", func(path string) {
				d.Close()
				m.importFile(path)
			})
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
