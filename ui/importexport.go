package ui

import (
	"context"
	"fmt"
	"path/filepath"

	"fyne.io/fyne/v2"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/blocklist"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/widgets"
)

// importExport writes the list of blocked customers to a file and imports one.
type importExport struct {
	dialogs *dialogs.Presenter
	desk    *desk.Desk
	win     fyne.Window
}

func (ie *importExport) exportList() {
	path := widgets.NewEntry()
	path.SetText(filepath.Join(downloadsFolder(), "blocked-"+ie.desk.Now().Time().Format("20060102-150405")+".csv"))
	ie.dialogs.Ask("Export blocked customers",
		dialogs.Form(
			dialogs.Caption("A list with phone number, name, reason, note, who blocked, since when and until when, which any spreadsheet can read."),
			dialogs.Caption("Save as"), path,
		),
		"Export", widgets.Primary, func(d *widgets.Dialog) {
			file := path.Text
			var customers int
			ie.dialogs.Run(d, func(ctx context.Context) (err error) {
				customers, err = blocklist.Export(ctx, ie.desk, file)
				return exportError(file, err)
			}, func() {
				ie.dialogs.Notify("List exported", fmt.Sprintf("%s written to %s", data.Count(customers, "customer"), file))
			})
		})
}
