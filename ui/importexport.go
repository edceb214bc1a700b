package ui

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/latchdesk/latchdesk/data"
	"github.com/latchdesk/latchdesk/data/blocklist"
	"github.com/latchdesk/latchdesk/data/desk"
	"github.com/latchdesk/latchdesk/ui/dialogs"
	"github.com/latchdesk/latchdesk/ui/filedialog"
)

// importExport writes the list of blocked customers to a file and imports one.
type importExport struct {
	dialogs *dialogs.Presenter
	files   *filedialog.Chooser
	desk    *desk.Desk
}

// exportList writes phone number, name, reason, note, who blocked, since when and until
// when, for any spreadsheet.
func (ie *importExport) exportList() {
	path := filepath.Join(downloadsFolder(), "blocked-"+ie.desk.Now().Time().Format("20060102-150405")+".csv")
	ie.files.Save("Export blocked customers", path, func(file string, replace bool) {
		var customers int
		ie.dialogs.Runner.Enqueue(func(ctx context.Context) error {
			return saveFile(file, replace, func(path string) (err error) {
				customers, err = blocklist.Export(ctx, ie.desk, path)
				return err
			})
		}, func(err error) {
			if err != nil {
				ie.dialogs.NotifyError(err)
				return
			}
			ie.dialogs.Notify("List exported", fmt.Sprintf("%s written to %s", data.Count(customers, "customer"), file))
		})
	})
}
