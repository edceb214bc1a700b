package dialogs

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
)

// ChooseFile asks for a file to read and calls open with its path, if one is chosen.
func (p *Presenter) ChooseFile(parent fyne.Window, open func(path string)) {
	d := dialog.NewFileOpen(func(file fyne.URIReadCloser, err error) {
		switch {
		case err != nil:
			p.NotifyError(err)
		case file != nil:
			path := file.URI().Path()
			file.Close()
			open(path)
		}
	}, parent)
	d.Show() // before Resize, which needs what Show makes
	d.Resize(fyne.NewSize(720, 520))
}
